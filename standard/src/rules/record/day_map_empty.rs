//! 日割対象日 is empty where no day is billed by the day.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
    rules::because::SELDOM_MEANT,
};

/// 日割対象日 is empty where no day is billed by the day.
pub(crate) static RULE: Rule = Rule {
    id: "record.day-map-empty",
    severity: Severity::Warning,
    because: SELDOM_MEANT,
    clause: "標準仕様 第6表: 項目11 日割対象日",
    states: Text {
        ja: "日割りで算定する日がなければ、日割対象日は空です。",
        en: "Where no day is billed by the day, 日割対象日 is empty.",
    },
    text: Text { ja: "{item}が31桁とも0です。", en: "All 31 digits of {item} are 0." },
    advice: Text {
        ja: "日割りでないサービスなら空にして出力してください。日割りなら、対象の日を確かめてください。",
        en: "Leave it empty if nothing is billed by the day; otherwise check the days.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::Set(FileKind::Slip, 1, "日割対象日", "1000000000000000000000000000000")],
        refused: &[Edit::Set(FileKind::Slip, 1, "日割対象日", "0000000000000000000000000000000")],
    },
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let (item, map) = row.named("日割対象日")?;
    let is_empty = map.len() == 31 && map.iter().all(|mark| *mark == b'0');
    is_empty.then(|| row.breach(&RULE, item, map))
}
