//! A line of 予実突合: what was planned, and what was provided instead.

use careplan_standard::{
    Date,
    reconcile::{Change, Class},
};

use crate::{
    table::{COLUMNS, fit, pad},
    ui::Ui,
};

/// A row of 第6表, as far as a line shows it.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub(crate) day: Date,
    /// HHMM; none where the service has no time.
    pub(crate) time: Option<(&'a str, &'a str)>,
    pub(crate) count: u32,
    pub(crate) code: &'a str,
    pub(crate) office_name: &'a str,
}

/// One line: class, day, planned time, provided time, code, count where it matters, office.
pub(crate) fn entry_line(
    class: Class,
    planned: Option<Shown<'_>>,
    provided: Option<Shown<'_>>,
    ui: &Ui,
) -> String {
    let Some(row) = planned.or(provided) else { return String::new() };
    let line = format!(
        "  {} {:>2}/{:02} {} → {} {}{} {}",
        pad(class_word(class, ui), 10),
        row.day.month().month(),
        row.day.day(),
        pad(&time_of(planned), 11),
        pad(&time_of(provided), 11),
        codes_of(planned, provided),
        counts_of(planned, provided),
        row.office_name,
    );
    fit(&line, COLUMNS)
}

/// What a class is called, in ten columns.
fn class_word(class: Class, ui: &Ui) -> &'static str {
    let Class::Changed(Change { time, code, count }) = class else {
        return match class {
            Class::AsPlanned => ui.pick("予定どおり", "as planned"),
            Class::Cancelled => ui.pick("中止", "cancelled"),
            _ => ui.pick("追加", "added"),
        };
    };
    match (time, code, count) {
        (true, true, true) => ui.pick("すべて変更", "all"),
        (true, true, false) => ui.pick("時刻と内容", "time+code"),
        (true, false, true) => ui.pick("時刻と回数", "time+count"),
        (false, true, true) => ui.pick("内容と回数", "code+count"),
        (true, false, false) => ui.pick("時刻変更", "time"),
        (false, true, false) => ui.pick("内容変更", "code"),
        (false, false, _) => ui.pick("回数変更", "count"),
    }
}

fn time_of(row: Option<Shown<'_>>) -> String {
    let clock = |time: &str| match time.split_at_checked(2) {
        Some((hours, minutes)) => format!("{hours}:{minutes}"),
        None => time.to_owned(),
    };
    match row.map(|row| row.time) {
        None => "-".to_owned(),
        Some(Some((start, end))) => format!("{}-{}", clock(start), clock(end)),
        Some(None) => "--:--".to_owned(),
    }
}

/// The code that was planned, and the one that was provided instead.
fn codes_of(planned: Option<Shown<'_>>, provided: Option<Shown<'_>>) -> String {
    match (planned, provided) {
        (Some(planned), Some(provided)) if planned.code != provided.code => {
            format!("{}→{}", planned.code, provided.code)
        }
        (Some(row), _) | (None, Some(row)) => row.code.to_owned(),
        (None, None) => String::new(),
    }
}

/// How many times a day, where it is not once.
fn counts_of(planned: Option<Shown<'_>>, provided: Option<Shown<'_>>) -> String {
    let count = |row: Option<Shown<'_>>| row.map(|row| row.count);
    match (count(planned), count(provided)) {
        (Some(planned), Some(provided)) if planned != provided => {
            format!("×{planned}→{provided}")
        }
        (Some(1), _) | (None, Some(1)) => String::new(),
        (Some(count), _) | (None, Some(count)) => format!("×{count}"),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        table::width,
        ui::{Format, Language},
    };

    fn line(class: &str, planned: Option<Shown<'_>>, provided: Option<Shown<'_>>) -> String {
        let class = class.parse().expect("a class");
        entry_line(class, planned, provided, &Ui::new(Some(Language::Ja), Format::Human))
    }

    fn row(code: &str, count: u32) -> Shown<'_> {
        Shown {
            day: "20250401".parse().expect("a day"),
            time: Some(("1000", "1030")),
            count,
            code,
            office_name: "みどりヘルパーステーション",
        }
    }

    #[test]
    fn a_line_fits_eighty_columns_whatever_has_changed() {
        let long = "長い名前の見本事業所".repeat(5);
        let planned = Shown { office_name: &long, ..row("111111", 1) };
        let line = line("changed-time-and-code-and-count", Some(planned), Some(row("111211", 2)));
        assert!(width(&line) <= COLUMNS && line.contains("111111→111211×1→2"), "{line}");
    }

    #[test]
    fn the_names_of_the_standard_cast_are_shown_whole() {
        let line = line("cancelled", Some(row("111111", 1)), None);
        assert_eq!(
            line,
            "  中止        4/01 10:00-10:30 → -           111111 みどりヘルパーステーション"
        );
    }

    #[test]
    fn a_changed_count_is_shown_and_an_ordinary_one_is_not() {
        let counted =
            |count| line("changed-count", Some(row("111111", 1)), Some(row("111111", count)));
        assert!(counted(2).contains("×1→2"), "{}", counted(2));
        assert!(!counted(1).contains('×'), "{}", counted(1));
        let lent = Shown { time: None, ..row("171001", 3) };
        let added = line("added", None, Some(lent));
        assert!(added.contains("- ") && added.contains("--:--") && added.contains("×3"), "{added}");
    }
}
