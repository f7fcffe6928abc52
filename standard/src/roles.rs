//! Who writes and who reads what: the standard's table of roles, for V4 names, which carry the
//! service kinds of both sides.

use crate::{
    FileKind, FileName, Rule, ServiceKind, ServiceScope, Wanted,
    rules::name::{ROLE, SAME_OFFICE, UNUSUAL_ROLE},
};

/// What is wrong with the two sides of a name.
pub(crate) struct Breach {
    pub(crate) rule: &'static Rule,
    pub(crate) found: String,
    pub(crate) wanted: Wanted,
}

/// Whether offices of this service kind may send such a file to anybody. Those of a kind that the
/// table of roles does not know may.
pub fn may_send(kind: ServiceKind, file: FileKind) -> bool {
    role(kind).is_none_or(|role| writes(role, None, file) != Standing::Excluded)
}

/// Whether offices of this service kind may receive such a file from anybody, likewise.
pub fn may_receive(kind: ServiceKind, file: FileKind) -> bool {
    role(kind).is_none_or(|role| reads(role, None, file) != Standing::Excluded)
}

/// What an office is by its service kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// 居宅介護支援, 委託先 too.
    CareManager,
    /// 地域包括支援センター.
    Centre,
    /// 居宅サービス.
    Care,
    /// 介護予防・総合事業サービス.
    Prevention,
}

/// How the table sees a role with a kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// ○ or △.
    Listed,
    /// A dash between planners, or a blank.
    Unlisted,
    /// What the whole exchange excludes: a service that plans, a planner that provides.
    Excluded,
}

/// What is wrong with who sends to whom.
pub(crate) fn check(name: &FileName) -> Vec<Breach> {
    let mut breaches = vec![];
    if name.from.office == name.to.office {
        let found = name.from.office.to_string();
        breaches.push(Breach { rule: &SAME_OFFICE, found, wanted: Wanted::default() });
    }
    let sides = [name.from.kind, name.to.kind].map(|kind| Some((kind?, role(kind?)?)));
    let sends = (sides[0], sides[1], writes as Table, ("送れません", "送る"), "send");
    let receives = (sides[1], sides[0], reads as Table, ("受け取れません", "受け取る"), "receive");
    for (side, other, table, (cannot, does), verb) in [sends, receives] {
        let Some((kind, role)) = side else { continue };
        let (rule, ja, en) = match table(role, other.map(|(_, role)| role), name.kind) {
            Standing::Listed => continue,
            Standing::Unlisted => (&UNUSUAL_ROLE, does.to_owned(), format!("{verb}s")),
            Standing::Excluded => (&ROLE, cannot.to_owned(), format!("cannot {verb}")),
        };
        breaches.push(Breach { rule, found: kind.to_string(), wanted: Wanted { ja, en } });
    }
    breaches
}

/// What a role does with a kind of file, and, where that matters, whom it exchanges it with.
type Table = fn(Role, Option<Role>, FileKind) -> Standing;

/// None for a kind that is out of scope, which is a finding about the name already.
fn role(kind: ServiceKind) -> Option<Role> {
    match kind.scope() {
        ServiceScope::Planner if kind == ServiceKind::CARE_MANAGEMENT => Some(Role::CareManager),
        ServiceScope::Planner => Some(Role::Centre),
        ServiceScope::Care => Some(Role::Care),
        ServiceScope::Prevention | ServiceScope::Municipal => Some(Role::Prevention),
        ServiceScope::Outside | ServiceScope::Unknown => None,
    }
}

fn writes(role: Role, reader: Option<Role>, file: FileKind) -> Standing {
    match (role, is_results(file)) {
        (Role::Care | Role::Prevention, true) => Standing::Listed,
        (Role::Care | Role::Prevention, false) => Standing::Excluded,
        // A 委託先居宅 sends 実績 on to the centre; a 居宅介護支援事業所 writes none.
        (Role::CareManager, true) if reader == Some(Role::CareManager) => Standing::Unlisted,
        (Role::CareManager, _) => Standing::Listed,
        (Role::Centre, true) => Standing::Unlisted,
        (Role::Centre, false) if is_care_plan(file) => Standing::Unlisted,
        (Role::Centre, false) => Standing::Listed,
    }
}

fn reads(role: Role, _writer: Option<Role>, file: FileKind) -> Standing {
    let is_slip = matches!(file, FileKind::Slip | FileKind::SlipAnnex | FileKind::SlipWithdrawal);
    match role {
        Role::Care | Role::Prevention if is_results(file) => Standing::Excluded,
        Role::Care if is_prevention_paper(file) => Standing::Unlisted,
        Role::Care | Role::Prevention => Standing::Listed,
        Role::CareManager if is_slip || is_care_plan(file) => Standing::Unlisted,
        Role::Centre if is_care_plan(file) => Standing::Unlisted,
        Role::Centre if file == FileKind::SlipWithdrawal => Standing::Unlisted,
        Role::CareManager | Role::Centre => Standing::Listed,
    }
}

fn is_results(file: FileKind) -> bool {
    matches!(file, FileKind::Results | FileKind::ResultsWithdrawal)
}

fn is_care_plan(file: FileKind) -> bool {
    matches!(
        file,
        FileKind::PlanTable1
            | FileKind::PlanTable2
            | FileKind::PlanTable3
            | FileKind::PlanWithdrawal
    )
}

fn is_prevention_paper(file: FileKind) -> bool {
    matches!(
        file,
        FileKind::PersonRecord
            | FileKind::PersonRecordDay
            | FileKind::PersonRecordIllness
            | FileKind::PersonRecordImage
            | FileKind::PersonRecordWithdrawal
            | FileKind::PreventionPlan
            | FileKind::PreventionPlanAnnex
            | FileKind::PreventionPlanWithdrawal
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How the two sides stand with a file of this prefix: `.` listed, `?` unusual, `x` excluded.
    fn standing(prefix: &str, from: &str, to: &str) -> String {
        let kind = FileKind::from_prefix(prefix).expect("a prefix of the standard");
        let month = if kind.has_month() { "_202505" } else { "" };
        let name = format!("{prefix}{month}_2770100012_{from}_2770200036_{to}_20250501120000.CSV");
        let name = FileName::parse(&name).expect("a name of the standard");
        let breaches = check(&name);
        let of = |en: &str| match breaches.iter().find(|breach| breach.wanted.en.ends_with(en)) {
            Some(breach) if breach.rule == &ROLE => 'x',
            Some(_) => '?',
            None => '.',
        };
        let sides = [&["sends", "cannot send"][..], &["receives", "cannot receive"][..]];
        sides
            .map(|words| words.iter().map(|en| of(en)).find(|mark| *mark != '.').unwrap_or('.'))
            .iter()
            .collect()
    }

    #[test]
    fn the_table_of_roles_is_the_standards() {
        for (prefix, from, to, want) in [
            ("UPHOSOKU", "43", "11", ".."),
            ("UP1KYO", "43", "11", ".."),
            ("UP1KYO", "43", "46", ".?"),
            ("UP1KYO", "46", "11", "?."),
            ("UP1KYO", "11", "43", "x?"),
            ("UPPLAN", "43", "11", ".."),
            ("UPPLAN", "43", "A2", ".."),
            ("UPPLAN", "46", "11", ".."),
            ("UPPLAN", "43", "46", ".."),
            ("UPPLAN", "46", "43", ".?"),
            ("UPPLAN", "15", "11", "x."),
            ("DLTPLAN", "43", "11", ".."),
            ("DLTPLAN", "43", "AF", ".?"),
            ("UPJSK", "11", "43", ".."),
            ("UPJSK", "63", "46", ".."),
            ("UPJSK", "43", "46", ".."),
            ("UPJSK", "43", "43", "?."),
            ("UPJSK", "46", "43", "?."),
            ("UPJSK", "43", "11", ".x"),
            ("DLTJSK", "11", "15", ".x"),
            ("UPKIHON", "46", "43", ".."),
            ("UPKIHON", "43", "AF", ".."),
            ("UPKIHON", "43", "66", ".."),
            ("UPKIHON", "43", "15", ".?"),
            ("UPYOBO", "AF", "A6", ".."),
            ("UPYOBO", "A6", "AF", "x."),
        ] {
            assert_eq!(standing(prefix, from, to), want, "{prefix} {from} → {to}");
        }
    }
}
