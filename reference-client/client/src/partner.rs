//! What the recipient's care software takes, as 利用事業所一覧 says it: looked at before a sending
//! goes out.

use careplan_protocol::{
    OfficeNumber, Problem, ProblemKind,
    hub::{Directory, DirectoryEntry},
};
use careplan_standard::Standard;

use crate::{ClientError, OutboxEntry, Terminal, terminal::Unanswered, wire::Request};

impl Terminal {
    /// 利用事業所一覧's line of an office; none if it does not take part.
    ///
    /// # Errors
    /// What the hub says, or an answer of another form.
    pub async fn partner(
        &mut self,
        office: OfficeNumber,
    ) -> Result<Option<DirectoryEntry>, ClientError> {
        self.look_up(office).await.map_err(|unanswered| unanswered.error)
    }

    /// Why the recipient could do nothing with the sending, if its software is known to be of other
    /// versions. A recipient that did not say is not held up, nor is a sending to a hub that keeps
    /// no such list. What was tried before is not looked at: the hub may have it already, and what
    /// is marked as refused here would be sent a second time.
    ///
    /// # Errors
    /// The hub does not let this terminal in, or nobody answers: the sending would not get through.
    pub(crate) async fn version_lacking(
        &mut self,
        entry: &OutboxEntry,
    ) -> Result<Option<Problem>, ClientError> {
        let is_looked_at = !entry.tried && !entry.versions.is_empty();
        let Some(to) = entry.to.as_ref().filter(|_| is_looked_at) else {
            return Ok(None);
        };
        match self.look_up(to.office).await {
            Ok(partner) => Ok(partner.and_then(|partner| lacking(&partner, &entry.versions))),
            Err(unanswered) if unanswered.judgement().is_some() => Ok(None),
            Err(Unanswered { error: ClientError::Answer { .. }, .. }) => Ok(None),
            Err(unanswered) => Err(unanswered.error),
        }
    }

    /// Looks twice for an office that is not there: a list may lag behind.
    async fn look_up(
        &mut self,
        office: OfficeNumber,
    ) -> Result<Option<DirectoryEntry>, Unanswered> {
        match self.look_once(office).await? {
            None => self.look_once(office).await,
            found => Ok(found),
        }
    }

    async fn look_once(
        &mut self,
        office: OfficeNumber,
    ) -> Result<Option<DirectoryEntry>, Unanswered> {
        let request = Request::get(["v1", "offices"]).query("number", office.as_str());
        let answer = self.ask_within_session(request).await?;
        let directory: Directory = answer.json().map_err(Unanswered::inside)?;
        Ok(directory.offices.into_iter().find(|entry| entry.office == office))
    }
}

/// The refusal, where the office takes none of what some file is of.
fn lacking(partner: &DirectoryEntry, versions: &[String]) -> Option<Problem> {
    let known = &partner.versions;
    let is_lacking = !known.is_empty() && versions.iter().any(|version| !known.contains(version));
    let detail = || format!("{}: {} ≠ {}", partner.office, labelled(known), labelled(versions));
    is_lacking.then(|| Problem::new(ProblemKind::RecipientVersion).with_detail(detail()))
}

/// CSVバージョン値 as people and files have them: `3.2 (202208)`.
fn labelled(versions: &[String]) -> String {
    let label = |value: &String| match Standard::bundled().version(value) {
        Some(version) => format!("{} ({value})", version.label),
        None => value.clone(),
    };
    versions.iter().map(label).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partner(versions: &[&str]) -> DirectoryEntry {
        DirectoryEntry {
            office: "2770200036".parse().expect("an office"),
            name: "みどりヘルパーステーション".to_owned(),
            kinds: Vec::new(),
            prefecture: None,
            versions: owned(versions),
        }
    }

    fn owned(versions: &[&str]) -> Vec<String> {
        versions.iter().map(|version| (*version).to_owned()).collect()
    }

    #[test]
    fn only_a_version_that_the_partner_is_known_not_to_take_is_lacking() {
        for (known, sent, is_lacking) in [
            (&["202208"][..], &["202407"][..], true),
            (&["202208"], &["202208", "202407"], true),
            (&["202407"], &["202208"], true),
            (&["202208", "202407"], &["202407"], false),
            (&["202208"], &["202208"], false),
            (&[], &["202407"], false),
        ] {
            let found = lacking(&partner(known), &owned(sent));
            assert_eq!(found.is_some(), is_lacking, "{sent:?} to {known:?}");
        }
    }

    #[test]
    fn the_refusal_says_whose_software_takes_what() {
        let problem = lacking(&partner(&["202208"]), &owned(&["202407"])).expect("is lacking");
        assert_eq!(problem.detail, "2770200036: 3.2 (202208) ≠ 4.1 (202407)");
    }
}
