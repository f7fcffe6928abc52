//! Not stated, since an overnight service ends on the day after.

use crate::{
    Rule, Severity, Text,
    example::Example,
    row::{Breach, Row},
};

/// Not stated, since an overnight service ends on the day after.
pub(crate) static RULE: Rule = Rule {
    id: "record.end-before-start",
    severity: Severity::Warning,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 項目定義",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}「{found}」が開始時刻（{wanted}）より前です。",
        en: "The service ends ({item}, {found}) before it starts ({wanted}).",
    },
    advice: Text {
        ja: "夜間をまたぐサービスなら、このまま送れます。",
        en: "It can be sent as it is if the service lasts over midnight.",
    },
    example: Example::NONE,
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let (_, start) = row.named("サービス開始時刻")?;
    let (item, end) = row.named("サービス終了時刻")?;
    let is_time =
        |value: &[u8]| value.len() == 4 && value != b"9999" && value.iter().all(u8::is_ascii_digit);
    let is_before = is_time(start) && is_time(end) && end < start;
    is_before.then(|| row.breach(&RULE, item, end).wanted(String::from_utf8_lossy(start)))
}
