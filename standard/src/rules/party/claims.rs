//! What records say of their offices, against the sender and the receiver in the file's name.

use crate::{
    FileKind, FileName, Layout, OfficeNumber, Rule, ServiceKind, ServiceScope,
    gist::Gist,
    report::Report,
    row::{FileRule, ItemSet, Row},
};

use super::{
    MANAGER_DIFFERS, OTHER_OFFICE, OTHER_OFFICE_PLAIN, PLANNER_DIFFERS, UPDATER_DIFFERS,
    WITHDRAWAL_KIND, WITHDRAWAL_OFFICE,
};

/// The claims of one file's records.
pub(crate) struct Claims {
    claims: Vec<Claim>,
    items: ItemSet,
}

/// An item that names one of the two sides.
struct Claim {
    rule: &'static Rule,
    item: &'static str,
    no: u16,
    /// What may stand there.
    sides: Vec<String>,
    /// An item of the same record whose value may stand there, too; 0 for none.
    or_as: u16,
    /// Once a file: the choice of what to export is one cause.
    is_broken: bool,
}

/// What a side is, as far as the name says: V3 names do not carry the service kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    CareManager,
    Centre,
    Service,
    Unknown,
}

impl Side {
    fn of(kind: Option<ServiceKind>) -> Self {
        match kind {
            None => Self::Unknown,
            Some(ServiceKind::CARE_MANAGEMENT) => Self::CareManager,
            Some(kind) if kind.scope() == ServiceScope::Planner => Self::Centre,
            Some(_) => Self::Service,
        }
    }
}

impl Claims {
    pub(crate) fn new(name: &FileName, layout: &Layout) -> Self {
        let claim = |(rule, item, sides): (&'static Rule, &'static str, Vec<String>)| {
            let is_results_updater = name.kind == FileKind::Results && item == "更新業者コード";
            let or_as = if is_results_updater { "サービス事業者コード" } else { "" };
            let (no, or_as) = (layout.no_of(item), layout.no_of(or_as));
            Claim { rule, item, no, sides, or_as, is_broken: no == 0 }
        };
        let claims: Vec<Claim> = claims(name).into_iter().map(claim).collect();
        let nos: Vec<u16> = claims.iter().flat_map(|claim| [claim.no, claim.or_as]).collect();
        Self { items: ItemSet::of(&nos), claims }
    }
}

/// Which item names whom, by the kind of file and what both sides are.
fn claims(name: &FileName) -> Vec<(&'static Rule, &'static str, Vec<String>)> {
    let (from, to) = (name.from.office.to_string(), name.to.office.to_string());
    let (sender, receiver) = (Side::of(name.from.kind), Side::of(name.to.kind));
    let mut claims = vec![];
    if from == to {
        // The name is at fault, and which side it means cannot be told.
        return claims;
    }
    match name.kind {
        FileKind::Results => {
            // Sent on by a planner (委託先居宅) it carries the service offices' rows.
            match sender {
                Side::Service => {
                    claims.push((&OTHER_OFFICE, "サービス事業者コード", vec![from.clone()]));
                }
                Side::Unknown => {
                    claims.push((&OTHER_OFFICE_PLAIN, "サービス事業者コード", vec![from.clone()]));
                }
                Side::CareManager | Side::Centre => {}
            }
            if (sender, receiver) == (Side::Service, Side::CareManager) {
                claims.push((&PLANNER_DIFFERS, "プラン担当業者コード", vec![to]));
            }
            claims.push((&UPDATER_DIFFERS, "更新業者コード", vec![from]));
        }
        FileKind::ResultsWithdrawal if matches!(sender, Side::Service | Side::Unknown) => {
            claims.push((&WITHDRAWAL_OFFICE, "サービス事業者コード", vec![from]));
            let kind = name.from.kind.map(|kind| kind.to_string());
            claims.extend(kind.map(|kind| (&WITHDRAWAL_KIND, "サービス種類コード", vec![kind])));
        }
        _ => {
            // A centre's file may name itself or the 居宅介護支援事業所 that it has entrusted.
            let managers = match sender {
                Side::CareManager => vec![from],
                Side::Centre | Side::Unknown => vec![from, to],
                Side::Service => return claims,
            };
            let rules: [(&'static Rule, _); 3] = [
                (&MANAGER_DIFFERS, "介護支援事業者コード"),
                (&PLANNER_DIFFERS, "プラン担当業者コード"),
                (&UPDATER_DIFFERS, "更新業者コード"),
            ];
            claims.extend(rules.map(|(rule, item)| (rule, item, managers.clone())));
        }
    }
    claims
}

impl FileRule for Claims {
    fn note(&mut self, row: &Row<'_>, report: &mut Report) {
        if !row.has_changed(self.items) {
            return;
        }
        for claim in self.claims.iter_mut().filter(|claim| !claim.is_broken) {
            let value = row.value(claim.no);
            let is_side = claim.sides.iter().any(|side| side.as_bytes() == value);
            if is_side || value.is_empty() || value == row.value(claim.or_as) {
                continue;
            }
            // A code that is none is a finding of its own.
            let is_code =
                OfficeNumber::from_bytes(value).is_ok() || ServiceKind::from_bytes(value).is_ok();
            if let Some((item, _)) = row.named(claim.item).filter(|_| is_code) {
                claim.is_broken = true;
                report.breach(row.breach(claim.rule, item, value).wanted(claim.sides.join(", ")));
            }
        }
    }

    fn finish(&mut self, _: &mut Report, _: &mut Gist) {}
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    #[test]
    fn items_that_name_a_side_are_compared_once_a_file() {
        let set = |kind, item, value| {
            let base = if kind == FileKind::Results { Base::Results } else { Base::Slip };
            let edits = [Edit::Set(kind, 1, item, value), Edit::Set(kind, 2, item, value)];
            found(base, &edits)
        };
        assert_eq!(
            set(FileKind::Slip, "更新業者コード", "2770200036"),
            ["?party.updater-differs@1.24"]
        );
        assert_eq!(set(FileKind::SlipAnnex, "更新業者コード", ""), [""; 0]);
        assert_eq!(
            set(FileKind::Results, "プラン担当業者コード", "2770100099"),
            ["?party.planner-differs@1.6"]
        );
        assert_eq!(
            set(FileKind::Results, "サービス事業者コード", "2770300042"),
            ["results.other-office@1.20"]
        );
        assert_eq!(
            set(FileKind::Results, "サービス事業者コード", "27703000421"),
            ["item.length@1.20", "item.length@2.20"]
        );
    }

    #[test]
    fn a_centre_may_name_itself_or_whom_it_entrusts() {
        let sent = |from, to| {
            let rename = |kind| Edit::Rename(kind, "2770100012_43_2770200036_11", to);
            let _ = from;
            let mut edits =
                [FileKind::Slip, FileKind::SlipAnnex, FileKind::Supplement].map(rename).to_vec();
            edits.push(Edit::Set(FileKind::Slip, 1, "プラン担当業者コード", from));
            found(Base::Slip, &edits)
        };
        let entrusted = "2700100021_46_2770100012_43";
        assert_eq!(sent("2700100021", entrusted).iter().filter(|w| w.contains("party")).count(), 0);
        assert_eq!(sent("2770100012", entrusted).iter().filter(|w| w.contains("party")).count(), 0);
        assert_eq!(sent("2770100099", entrusted).iter().filter(|w| w.contains("party")).count(), 1);
    }
}
