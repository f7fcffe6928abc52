//! How `careplan software` speaks with people: at most 80 columns, where Japanese takes two.

use care_software::{
    Class, Entry, Imported, MonthlyPlan, PersonKey, Reconciliation, ServiceRow, home::KeptFile,
};
use careplan_standard::{Month, OfficeNumber};

use crate::{
    entry_line::{Shown, entry_line},
    table::{COLUMNS, fit, pad},
    ui::Ui,
};

/// How many rows a month has of each service kind.
pub(super) fn plan(plan: &MonthlyPlan, ui: &Ui) {
    let mut kinds: Vec<(&str, &str, u32)> = vec![];
    for row in &plan.rows {
        match kinds.iter_mut().find(|(kind, ..)| *kind == row.kind()) {
            Some((.., count)) => *count += 1,
            None => kinds.push((row.kind(), &row.office_name, 1)),
        }
    }
    for (kind, name, count) in kinds {
        ui.line(&format!("  {kind} {} {count:>6}", pad(name, 40)));
    }
}

/// What came in, and what the check remarked.
pub(super) fn import(office: OfficeNumber, imported: &Imported, ui: &Ui) {
    let Imported { files, attachments, left_out, check } = imported;
    ui.line(&ui.pick(
        format!("{office}: {}件のファイルを取り込みました", files.len()),
        format!("{office}: imported {} files", files.len()),
    ));
    for KeptFile { name, sha256, .. } in files {
        file(name, sha256, ui);
    }
    for finding in &check.findings {
        let message = finding.message(ui.lang);
        ui.note(&ui.pick(format!("注意: {message}"), format!("note: {message}")));
    }
    for row in left_out {
        ui.note(&row.line(ui.lang));
    }
    for name in attachments {
        ui.note(&ui.pick(
            format!("標準仕様のファイルではないため取り込みません: {name}"),
            format!("not a file of the standard, left where it is: {name}"),
        ));
    }
}

/// A file with its digest, by which it can be known elsewhere.
pub(super) fn file(name: &str, sha256: &str, ui: &Ui) {
    ui.line(&format!("  {name}"));
    ui.line(&format!("    SHA-256 {sha256}"));
}

/// 予実突合 as a table: the sums, the rows by person, the offices that have not answered.
pub(super) fn reconciliation(
    month: Month,
    outcome: &Reconciliation,
    is_shown: impl Fn(&Entry) -> bool,
    name_of: impl Fn(&PersonKey) -> String,
    ui: &Ui,
) {
    let count = |class| outcome.count(class);
    let (planned, cancelled) = (count(Class::AsPlanned), count(Class::Cancelled));
    let added = count(Class::Added);
    let changed = outcome.entries.len() - planned - cancelled - added;
    ui.line(&ui.pick(
        format!(
            "{month} 予実突合: 予定どおり {planned}  中止 {cancelled}  追加 {added}  変更 {changed}"
        ),
        format!(
            "{month}: as planned {planned}, cancelled {cancelled}, added {added}, changed {changed}"
        ),
    ));
    entries(outcome.entries.iter().filter(|entry| is_shown(entry)), name_of, ui);
    for waiting in &outcome.waiting {
        let (office, kind, rows) = (waiting.office, &waiting.kind, waiting.rows);
        let name = fit(&waiting.name, 34);
        ui.line(&ui.pick(
            format!("実績待ち: {office} {kind} {name}（予定{rows}行）"),
            format!("no answer yet: {office} {kind} {name} ({rows} rows)"),
        ));
    }
}

/// A line an entry, below the number and name of its person wherever that changes.
pub(super) fn entries<'a>(
    entries: impl Iterator<Item = &'a Entry>,
    name_of: impl Fn(&PersonKey) -> String,
    ui: &Ui,
) {
    let mut last_person = None;
    for entry in entries {
        let Some(row) = entry.row() else { continue };
        if last_person != Some(&row.person) {
            let line = format!("{}  {}", row.person.insured, name_of(&row.person));
            ui.line(fit(&line, COLUMNS).trim_end());
            last_person = Some(&row.person);
        }
        ui.line(&line(entry, ui));
    }
}

fn line(entry: &Entry, ui: &Ui) -> String {
    entry_line(entry.class, shown(entry.planned.as_ref()), shown(entry.provided.as_ref()), ui)
}

fn shown(row: Option<&ServiceRow>) -> Option<Shown<'_>> {
    row.map(|row| Shown {
        day: row.day,
        time: row.has_time().then_some((&row.start, &row.end)),
        count: row.count,
        code: &row.code,
        office_name: &row.office_name,
    })
}
