//! How `careplan software` speaks with people: at most 80 columns, where Japanese takes two.

use care_software::{
    Class, Entry, Imported, MonthlyPlan, PersonKey, Reconciliation, ServiceRow, home::KeptFile,
};
use careplan_standard::{Month, OfficeNumber};

use crate::{
    table::{fit, width},
    ui::Ui,
};

/// The width that tables are laid out for.
const COLUMNS: usize = 80;

/// How many rows a month has of each service kind.
pub(crate) fn plan(plan: &MonthlyPlan, ui: &Ui) {
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
pub(crate) fn import(office: OfficeNumber, imported: &Imported, ui: &Ui) {
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
pub(crate) fn file(name: &str, sha256: &str, ui: &Ui) {
    ui.line(&format!("  {name}"));
    ui.line(&format!("    SHA-256 {sha256}"));
}

/// 予実突合 as a table: the sums, the rows by person, the offices that have not answered.
pub(crate) fn reconciliation(
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
pub(crate) fn entries<'a>(
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
        ui.line(&entry_line(entry, ui));
    }
}

/// One line: class, day, planned time, provided time, code, count where it matters, office.
fn entry_line(entry: &Entry, ui: &Ui) -> String {
    let class = match entry.class {
        Class::AsPlanned => ui.pick("予定どおり", "as planned"),
        Class::Cancelled => ui.pick("中止", "cancelled"),
        Class::Added => ui.pick("追加", "added"),
        Class::ChangedTime => ui.pick("時刻変更", "time"),
        Class::ChangedCount => ui.pick("回数変更", "count"),
        Class::ChangedTimeAndCount => ui.pick("時刻と回数", "time+count"),
    };
    let Some(row) = entry.row() else { return String::new() };
    let line = format!(
        "  {} {:>2}/{:02} {} → {} {}{} {}",
        pad(class, 10),
        row.day.month().month(),
        row.day.day(),
        pad(&time_of(entry.planned.as_ref()), 11),
        pad(&time_of(entry.provided.as_ref()), 11),
        row.code,
        counts_of(entry),
        row.office_name,
    );
    fit(&line, COLUMNS)
}

fn time_of(row: Option<&ServiceRow>) -> String {
    let clock = |time: &str| match time.split_at_checked(2) {
        Some((hours, minutes)) => format!("{hours}:{minutes}"),
        None => time.to_owned(),
    };
    match row {
        None => "-".to_owned(),
        Some(row) if row.has_time() => format!("{}-{}", clock(&row.start), clock(&row.end)),
        Some(_) => "--:--".to_owned(),
    }
}

/// How many times a day, where it is not once.
fn counts_of(entry: &Entry) -> String {
    let count = |row: &Option<ServiceRow>| row.as_ref().map(|row| row.count);
    match (count(&entry.planned), count(&entry.provided)) {
        (Some(planned), Some(provided)) if planned != provided => {
            format!("×{planned}→{provided}")
        }
        (Some(1), _) | (None, Some(1)) => String::new(),
        (Some(count), _) | (None, Some(count)) => format!("×{count}"),
        (None, None) => String::new(),
    }
}

/// The text, cut or filled up to so many columns.
fn pad(text: &str, columns: usize) -> String {
    let text = fit(text, columns);
    let gap = columns.saturating_sub(width(&text));
    text + &" ".repeat(gap)
}

#[cfg(test)]
mod tests {
    use care_software::{CareSoftware, Cast, PlanOrder};

    use super::*;
    use crate::ui::{Format, Language};

    fn rows(change: impl Fn(&mut Cast)) -> Vec<ServiceRow> {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut cast = Cast::default();
        change(&mut cast);
        let month = "202504".parse().expect("a month");
        let order = PlanOrder { month, people: 12, seed: 1, cast };
        CareSoftware::plan(dir.path(), &order).expect("it can be planned").1.rows
    }

    fn ui() -> Ui {
        Ui::new(Some(Language::Ja), Format::Human)
    }

    #[test]
    fn a_line_of_the_table_fits_eighty_columns() {
        let long = rows(|cast| {
            for office in &mut cast.services {
                office.name = "長い名前の見本事業所".repeat(5);
            }
        });
        for row in long {
            let provided = ServiceRow { count: 2, ..row.clone() };
            let class = Class::ChangedTimeAndCount;
            let line =
                entry_line(&Entry { class, planned: Some(row), provided: Some(provided) }, &ui());
            assert!(width(&line) <= COLUMNS, "{line}");
        }
    }

    #[test]
    fn the_names_of_the_standard_cast_are_shown_whole() {
        for row in rows(|_| {}) {
            let name = row.office_name.clone();
            let entry = Entry { class: Class::Cancelled, planned: Some(row), provided: None };
            let line = entry_line(&entry, &ui());
            assert!(line.ends_with(&name), "{line}");
        }
    }

    #[test]
    fn a_changed_count_is_shown_and_an_ordinary_one_is_not() {
        let row = rows(|_| {}).swap_remove(0);
        let line = |count| {
            let provided = Some(ServiceRow { count, ..row.clone() });
            let entry = Entry { class: Class::ChangedCount, planned: Some(row.clone()), provided };
            entry_line(&entry, &ui())
        };
        assert!(line(2).contains("×1→2"), "{}", line(2));
        assert!(!line(1).contains('×'), "{}", line(1));
    }
}
