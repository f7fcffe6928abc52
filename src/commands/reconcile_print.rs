//! How `careplan reconcile` speaks with people: at most 80 columns, where Japanese takes two.

use careplan_standard::reconcile::{
    Class, LimitSource, Outcome, PersonUnits, SlipRow, Unused, Waiting, limit_of,
};

use super::reconcile::{by_person, planned, provided};
use crate::{
    entry_line::{Shown, entry_line},
    table::{COLUMNS, fit, wrap},
    ui::Ui,
};

/// The sums, then everybody's rows and units, then who has not answered and what was left aside.
pub(super) fn outcome(outcome: &Outcome, all: bool, ui: &Ui) {
    ui.line(&sums(outcome, ui));
    let entries = by_person(outcome);
    for units in &outcome.people {
        person(units, ui);
        let entries = entries.get(&(&units.person, units.month)).into_iter().flatten();
        for entry in entries.filter(|entry| all || entry.class != Class::AsPlanned) {
            let planned = planned(outcome, entry).map(shown);
            let provided = provided(outcome, entry).map(shown);
            ui.line(&entry_line(entry.class, planned, provided, ui));
        }
    }
    for part in &outcome.compared.waiting {
        let (office, kind, rows) = (part.office, &part.kind, part.planned.len());
        let name = fit(name_of(outcome, part), 34);
        ui.line(&ui.pick(
            format!("実績待ち: {office} {kind} {name}（予定{rows}行）"),
            format!("no answer yet: {office} {kind} {name} ({rows} rows)"),
        ));
    }
    for unused in &outcome.unused {
        text("※ ", &unused_line(unused, ui), ui);
    }
}

/// サービス事業所名, as the plan has it.
pub(super) fn name_of<'a>(outcome: &'a Outcome, part: &Waiting) -> &'a str {
    let row = part.planned.first().and_then(|at| outcome.planned.get(*at));
    row.map_or("", |row| row.office_name.as_str())
}

fn sums(outcome: &Outcome, ui: &Ui) -> String {
    let count = |class| outcome.compared.count(class);
    let (same, cancelled, added) =
        (count(Class::AsPlanned), count(Class::Cancelled), count(Class::Added));
    let changed = outcome.compared.entries.len() - same - cancelled - added;
    let over = outcome.people.iter().filter(|units| 0 < units.expected_over()).count();
    ui.pick(
        format!(
            "予実突合: 予定どおり {same}  中止 {cancelled}  追加 {added}  変更 {changed}  限度額超過 {over}人"
        ),
        format!(
            "as planned {same}, cancelled {cancelled}, added {added}, changed {changed}, people over the limit {over}"
        ),
    )
}

/// Who it is, and the units against the limit.
fn person(units: &PersonUnits, ui: &Ui) {
    let month = units.month;
    let level = limit_of(&units.level).map_or("", |(_, name)| name);
    let head = format!(
        "{} {}/{:02} {} {level}",
        units.person.insured,
        month.year(),
        month.month(),
        units.name
    );
    ui.line(fit(&head, COLUMNS).trim_end());
    text("  ", &limit_line(units, ui), ui);
    for remark in remarks(units, ui) {
        text("  ※ ", &remark, ui);
    }
}

fn shown(row: &SlipRow) -> Shown<'_> {
    Shown {
        day: row.day,
        time: row.has_time().then_some((&row.start, &row.end)),
        count: row.count,
        code: &row.code,
        office_name: &row.office_name,
    }
}

/// Limit, units of 予定 and 実績, and by how much either exceeds it.
fn limit_line(units: &PersonUnits, ui: &Ui) -> String {
    let number = |number: Option<u32>| number.map_or_else(|| "?".to_owned(), grouped);
    let over = |over: u32| match over {
        0 => String::new(),
        over => {
            let over = grouped(over);
            ui.pick(format!("（超過 {over}）"), format!(" (over by {over})"))
        }
    };
    let limit = number(units.limit.map(|limit| limit.units));
    let source = units.limit.map(|limit| match limit.source {
        LimitSource::Stated => ui.pick("補足の記載", "stated"),
        LimitSource::Level => ui.pick("要介護度から", "by level"),
        LimitSource::HeavierLevel => ui.pick("月途中の変更、重い方", "the heavier level"),
    });
    let source = source.unwrap_or_else(|| ui.pick("補足に記載なし", "not stated"));
    let (planned, provided) = (number(units.planned), number(units.provided));
    let (planned_over, expected_over) = (over(units.planned_over()), over(units.expected_over()));
    let waiting = match units.waiting {
        0 => String::new(),
        waiting => {
            let waiting = grouped(waiting);
            ui.pick(format!("＋実績待ち {waiting}"), format!(" + {waiting} waited for"))
        }
    };
    ui.pick(
        format!("限度額 {limit}（{source}） 予定 {planned}{planned_over} 実績 {provided}{waiting}{expected_over} 単位"),
        format!("limit {limit} ({source}), planned {planned}{planned_over}, provided {provided}{waiting}{expected_over} units"),
    )
}

/// Where the files disagree with what was computed, and what could not be.
fn remarks(units: &PersonUnits, ui: &Ui) -> Vec<String> {
    let mut remarks = vec![];
    let is_computed = units.limit.is_some() && units.planned.is_some();
    let stated = units.stated_over.filter(|over| is_computed && *over != units.planned_over());
    if let Some(stated) = stated.map(grouped) {
        remarks.push(ui.pick(
            format!("第7表の区分支給限度基準超単位数は {stated} と書かれています"),
            format!("第7表 states {stated} units over"),
        ));
    }
    let of_level = units.limit.and_then(|limit| limit.of_level.filter(|of| *of != limit.units));
    if let Some(of_level) = of_level.map(grouped) {
        remarks.push(ui.pick(
            format!("要介護状態区分の限度額は {of_level} です"),
            format!("the limit of the care level is {of_level}"),
        ));
    }
    if units.unlisted != 0 {
        let unlisted = units.unlisted;
        remarks.push(ui.pick(
            format!("第7表にないサービスの {unlisted:+} 単位は、実績に含めていません"),
            format!("without {unlisted:+} units of services that 第7表 does not list"),
        ));
    }
    remarks
}

/// With a comma before every three digits.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if 0 < at && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn unused_line(unused: &Unused, ui: &Ui) -> String {
    match unused {
        Unused::File { name } => ui.pick(
            format!("{name} は突き合わせに使いません"),
            format!("{name} has no part in this"),
        ),
        Unused::Row { name, record, item } => ui.pick(
            format!("{name} の{record}件目は「{item}」を読めないため、含めていません"),
            format!("record {record} of {name} is left out: its {item} cannot be read"),
        ),
        Unused::Replaced { name, rows } => ui.pick(
            format!("{name} の{rows}行は、後から送られたファイルに置き換わりました"),
            format!("{rows} rows of {name} were replaced by a later file"),
        ),
    }
}

fn text(indent: &str, text: &str, ui: &Ui) {
    for line in wrap(indent, text) {
        ui.line(&line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three_digits() {
        let numbers = [0, 999, 1_000, 36_217, 1_000_000].map(grouped);
        assert_eq!(numbers, ["0", "999", "1,000", "36,217", "1,000,000"]);
    }
}
