//! 対象年月 is the one service month, and every サービス利用日 lies in it.

use crate::{
    Date, FileKind, Month, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
    rules::because::STATED,
};

/// 対象年月 is the one service month, and every サービス利用日 lies in it.
pub(crate) static RULE: Rule = Rule {
    id: "record.day-outside-month",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様: 項目定義",
    states: Text {
        ja: "第6表のサービス利用日は、そのレコードの対象年月の日です。",
        en: "サービス利用日 of 第6表 is a day of the record's 対象年月.",
    },
    text: Text {
        ja: "{item}「{found}」が対象年月（{wanted}）の日ではありません。",
        en: "The day of {item} ({found}) does not lie in the service month ({wanted}).",
    },
    advice: Text {
        ja: "利用日と対象年月を介護ソフトで確かめてください。",
        en: "Check the day and the service month in the care software.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::Set(FileKind::Slip, 2, "サービス利用日", "20250531")],
        refused: &[Edit::Set(FileKind::Slip, 2, "サービス利用日", "20250601")],
    },
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let [month_no, day_no] = ["対象年月", "サービス利用日"].map(|item| row.no_of(item));
    let (month, day) = (row.value(month_no), row.value(day_no));
    if month.len() == 6 && day.starts_with(month) {
        return None;
    }
    let item = row.layout.item(day_no)?;
    let (month, date) = (Month::from_bytes(month).ok()?, Date::from_bytes(day).ok()?);
    (date.month() != month).then(|| row.breach(&RULE, item, day).wanted(month.to_string()))
}
