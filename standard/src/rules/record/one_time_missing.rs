//! 9999 stands for "no time", so both times or neither are 9999.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
    rules::because::STATED,
};

/// 9999 stands for "no time", so both times or neither are 9999.
pub(crate) static RULE: Rule = Rule {
    id: "record.one-time-missing",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 第6表: 項目12・13 サービス開始時刻・終了時刻",
    states: Text {
        ja: "時刻のないサービスは、開始時刻と終了時刻の両方を9999とします。",
        en: "A service without a time has 9999 as its start and as its end.",
    },
    text: Text {
        ja: "{item}だけが9999です。開始と終了の両方を9999にするか、両方に時刻を入れます。",
        en: "Only {item} is 9999: either both times are, or neither.",
    },
    advice: Text {
        ja: "介護ソフトでサービスの時刻を確かめてください。",
        en: "Check the times of the service in the care software.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[
            Edit::Set(FileKind::Slip, 1, "サービス開始時刻", "9999"),
            Edit::Set(FileKind::Slip, 1, "サービス終了時刻", "9999"),
        ],
        refused: &[Edit::Set(FileKind::Slip, 1, "サービス開始時刻", "9999")],
    },
};

/// What stands for "no time".
const NO_TIME: &[u8] = b"9999";

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let (start_item, start) = row.named("サービス開始時刻")?;
    let (end_item, end) = row.named("サービス終了時刻")?;
    let item = match (start == NO_TIME, end == NO_TIME) {
        (true, false) => start_item,
        (false, true) => end_item,
        _ => return None,
    };
    Some(row.breach(&RULE, item, NO_TIME))
}
