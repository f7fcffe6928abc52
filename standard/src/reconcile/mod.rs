//! 予実突合: what was planned (予定) against what was provided (実績), and the units against the
//! 区分支給限度基準額.
//!
//! [`reconcile()`] is the rule alone: two lists of rows in, one list of entries out.
//! [`reconcile_sendings`] reads the lists from files first.

mod compare;
mod limits;
mod sheets;

use std::collections::BTreeMap;

use crate::{Check, Finding, Month, SendingFile, Severity, Standard, check_sending};

pub use compare::{Change, Class, Entry, PersonKey, Reconciliation, SlipRow, Waiting, reconcile};
pub use limits::{Limit, LimitSource, PersonUnits, limit_of};
pub use sheets::Unused;
use sheets::{AnnexLine, Sheets, Supplement};

/// What came out of two lots of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The rows of 予定.
    pub planned: Vec<SlipRow>,
    /// The rows of 実績.
    pub provided: Vec<SlipRow>,
    /// How they compare: places in the two lists.
    pub compared: Reconciliation,
    /// Units and limits of everybody who stands in either, by person and month.
    pub people: Vec<PersonUnits>,
    /// Files and rows that were not looked at, each with the reason.
    pub unused: Vec<Unused>,
}

/// Why nothing was compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The standard forbids the files: the errors of the check.
    Findings(Vec<Finding>),
    /// There is no 予定 among the files of the plan.
    NoSlip,
    /// There is no 実績 among the results.
    NoResults,
}

/// Compares the 予定 of a sending with the 実績 of others.
///
/// Of a month that was sent several times the last counts, by ファイル連番: of 予定 by person, since
/// every receiver is sent the person's whole month, and of 実績 by sender and person.
///
/// # Errors
/// Files that the check refuses, or none to compare.
pub fn reconcile_sendings<'a>(
    standard: &Standard,
    plan: &'a [SendingFile<'a>],
    results: &'a [Vec<SendingFile<'a>>],
) -> Result<Outcome, Refusal> {
    let plan = Lot { files: plan, check: check_sending(standard, plan) };
    let lot =
        |files: &'a Vec<SendingFile<'a>>| Lot { files, check: check_sending(standard, files) };
    let results: Vec<Lot<'_>> = results.iter().map(lot).collect();
    let is_error = |finding: &&Finding| finding.severity == Severity::Error;
    let lots = std::iter::once(&plan).chain(&results);
    let findings: Vec<Finding> =
        lots.flat_map(|lot| lot.check.findings.iter().filter(is_error)).cloned().collect();
    if !findings.is_empty() {
        return Err(Refusal::Findings(findings));
    }
    let mut sheets = Sheets::default();
    sheets.read_plan(standard, &plan);
    for lot in &results {
        sheets.read_results(standard, lot);
    }
    match (sheets.has_slip, sheets.has_results) {
        (false, _) => return Err(Refusal::NoSlip),
        (true, false) => return Err(Refusal::NoResults),
        (true, true) => {}
    }
    let (planned, provided) = (sheets.planned(), sheets.provided());
    let compared = reconcile(&planned, &provided);
    let people = people(&sheets, &planned, &provided, &compared);
    Ok(Outcome { people, planned, provided, compared, unused: sheets.unused })
}

/// A sending, and what the standard says of it.
struct Lot<'a> {
    files: &'a [SendingFile<'a>],
    check: Check,
}

fn people(
    sheets: &Sheets,
    planned: &[SlipRow],
    provided: &[SlipRow],
    compared: &Reconciliation,
) -> Vec<PersonUnits> {
    let mut people: BTreeMap<(&PersonKey, Month), Vec<(i64, &SlipRow)>> = BTreeMap::new();
    for row in planned.iter().chain(provided) {
        people.entry((&row.person, row.day.month())).or_default();
    }
    for entry in &compared.entries {
        let planned = entry.planned.and_then(|at| planned.get(at)).map(|row| (-1, row));
        let provided = entry.provided.and_then(|at| provided.get(at)).map(|row| (1, row));
        for (sign, row) in planned.into_iter().chain(provided) {
            people.entry((&row.person, row.day.month())).or_default().push((sign, row));
        }
    }
    let units = |((person, month), rows): ((&PersonKey, Month), Vec<(i64, &SlipRow)>)| {
        let annex = sheets.annex_of(person, month);
        let supplement = sheets.supplement_of(person, month);
        let waits = compared.waiting.iter().filter(|part| part.month == month);
        let waiting = &waits.map(|part| (part.office, part.kind.as_str())).collect();
        let (annex, rows) = (&annex, &rows);
        limits::units(&limits::Facts { person, month, supplement, annex, rows, waiting })
    };
    people.into_iter().map(units).collect()
}
