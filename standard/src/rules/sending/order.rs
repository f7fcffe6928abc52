//! Import runs 連番 by 連番, in ascending order: what a later unit does to an earlier one of the same
//! two sides.

use std::collections::{BTreeMap, HashMap};

use crate::{
    CheckedFile, FileKind, FileRole, Finding, Party, ServiceKind, ServiceScope, Unit, UnitKind,
    keys::Key, report::Report, row::Breach,
};

use super::{KEY_TWICE, SLIP_NOT_ATTACHED, WITHDRAWAL_NOT_NEEDED, WITHDRAWN};

/// What is wrong with how the units go together. They come in ascending order of their 連番.
pub(crate) fn check(units: &[Unit], files: &[CheckedFile]) -> Vec<Finding> {
    let mut exchanges: BTreeMap<(Party, Party), Vec<&Unit>> = BTreeMap::new();
    for unit in units {
        exchanges.entry((unit.from, unit.to)).or_default().push(unit);
    }
    let mut findings = vec![];
    for ((from, to), units) in exchanges {
        if 1 < units.len() {
            findings.extend(check_keys(&units, files));
        }
        let is_sent_on = from.kind == Some(ServiceKind::CARE_MANAGEMENT) && is_centre(to);
        if is_sent_on {
            findings.extend(check_slips(&units, files));
        }
    }
    findings
}

fn is_centre(side: Party) -> bool {
    let is_centre = |kind: ServiceKind| {
        kind.scope() == ServiceScope::Planner && kind != ServiceKind::CARE_MANAGEMENT
    };
    side.kind.is_some_and(is_centre)
}

/// The persons and days of one exchange, each with whether the unit before brings or withdraws it.
fn check_keys(units: &[&Unit], files: &[CheckedFile]) -> Vec<Finding> {
    let mut seen: HashMap<(FileKind, Key), bool> = HashMap::new();
    let mut findings = vec![];
    for file in units.iter().flat_map(|unit| &unit.files).map(|at| &files[*at]) {
        let FileRole::Member(name) = &file.facts.role else { continue };
        let Some(subject) = subject(name.kind) else { continue };
        let withdraws = name.kind.is_withdrawal();
        let mut report = Report::new(&file.name);
        for (key, record) in file.keys.iter() {
            let rule = match (seen.insert((subject, key), withdraws), withdraws) {
                (None, _) => continue,
                (Some(true), false) => &WITHDRAWAL_NOT_NEEDED,
                (Some(false), true) => &WITHDRAWN,
                (Some(_), _) => &KEY_TWICE,
            };
            let breach = Breach::new(rule).at(record).found(&key.to_string());
            report.breach(breach.wanted(subject.title()));
        }
        findings.extend(report.finish());
    }
    findings
}

/// What a base brings, or a withdrawal takes away; none for what depends on a base.
fn subject(kind: FileKind) -> Option<FileKind> {
    match kind {
        FileKind::PlanTable1 | FileKind::PlanWithdrawal => Some(FileKind::PlanTable1),
        FileKind::Slip | FileKind::SlipWithdrawal => Some(FileKind::Slip),
        FileKind::Results | FileKind::ResultsWithdrawal => Some(FileKind::Results),
        FileKind::PersonRecord | FileKind::PersonRecordWithdrawal => Some(FileKind::PersonRecord),
        FileKind::PreventionPlan | FileKind::PreventionPlanWithdrawal => {
            Some(FileKind::PreventionPlan)
        }
        _ => None,
    }
}

/// Each month's 実績 that a 委託先居宅 sends on to the centre has its 予定.
fn check_slips(units: &[&Unit], files: &[CheckedFile]) -> Vec<Finding> {
    let months = |kind| units.iter().filter(move |unit| unit.kind == Some(kind));
    let lacks_slip =
        |results: &&&Unit| months(UnitKind::Slip).all(|slip| slip.month != results.month);
    let mut findings = vec![];
    for results in months(UnitKind::Results).filter(lacks_slip) {
        let Some(file) = results.files.first().map(|at| &files[*at]) else { continue };
        let mut report = Report::new(&file.name);
        report.breach(Breach::new(&SLIP_NOT_ATTACHED).found(results.sequence.as_str()));
        findings.extend(report.finish());
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    const WITHDRAWS: &[u8] = b"202407,271004,0000209001,202505\r\n";

    /// A withdrawal of the slip's month, from the same office to this receiver at this time.
    fn withdrawal(name: &'static str) -> Edit {
        Edit::AddFile(name, WITHDRAWS)
    }

    #[test]
    fn what_a_sending_brings_and_withdraws_again_is_told_by_the_order_of_import() {
        let after = "DLTPLAN_202505_2770100012_43_2770200036_11_20250501120001.CSV";
        assert_eq!(found(Base::Slip, &[withdrawal(after)]), ["?sending.withdrawn@1"]);
        let before = "DLTPLAN_202505_2770100012_43_2770200036_11_20250501115959.CSV";
        assert_eq!(found(Base::Slip, &[withdrawal(before)]), ["~sending.withdrawal-not-needed@1"]);
        let elsewhere = "DLTPLAN_202505_2770100012_43_2770300042_15_20250501120001.CSV";
        assert_eq!(found(Base::Slip, &[withdrawal(elsewhere)]), [""; 0], "another receiver");
    }

    #[test]
    fn units_of_other_persons_and_other_subjects_leave_each_other_alone() {
        let plan = "DLT1KYO_2770100012_43_2770200036_11_20250501120001.CSV";
        let plan = Edit::AddFile(plan, b"202407,271004,0000209001,20250320\r\n");
        assert_eq!(found(Base::Slip, &[plan]), [""; 0]);
        let again = [FileKind::Slip, FileKind::SlipAnnex, FileKind::Supplement]
            .map(|kind| Edit::CopyFile(kind, "20250501120000", "20250501120001"));
        assert_eq!(found(Base::Slip, &again), ["~sending.key-twice@1"]);
    }

    #[test]
    fn a_centre_gets_the_slip_with_the_results_that_are_sent_on() {
        let on = ("2770200036_11_2770100012_43", "2770100012_43_2700100021_46");
        let on = Edit::Rename(FileKind::Results, on.0, on.1);
        assert_eq!(found(Base::Results, &[on]), ["?sending.slip-not-attached"]);
        let own = "UPJSK_202505_2770100012_43_2700100021_46_20250501120001.CSV";
        let results = b"202407,271004,0000209001,20250425,202505,2770100012,,244,,20250506,,1000,1030,1,111111,,,,,2770200036,,,0,2770200036,\r\n";
        let mut edits = [FileKind::Slip, FileKind::SlipAnnex, FileKind::Supplement]
            .map(|kind| Edit::Rename(kind, "2770200036_11", "2700100021_46"))
            .to_vec();
        edits.push(Edit::AddFile(own, results));
        assert_eq!(found(Base::Slip, &edits), [""; 0]);
    }
}
