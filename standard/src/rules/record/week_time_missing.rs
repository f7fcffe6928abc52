//! Times of 第3表 come in pairs.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
    rules::because::SELDOM_MEANT,
};

use super::week::times;

/// Times of 第3表 come in pairs.
pub(crate) static RULE: Rule = Rule {
    id: "record.week-time-missing",
    severity: Severity::Warning,
    because: SELDOM_MEANT,
    clause: "標準仕様 4.1 第3表: 項目8・9、項目11・12 開始時間・終了時間",
    states: Text {
        ja: "第3表の開始時間と終了時間は、組で書きます。",
        en: "Start and end in 第3表 are filled together.",
    },
    text: Text {
        ja: "{item}が空です。開始と終了の片方だけがあります。",
        en: "{item} is empty, and its other half is filled.",
    },
    advice: Text {
        ja: "介護ソフトで時間を確かめてください。",
        en: "Check the times in the care software.",
    },
    example: Example {
        of: Base::Plan,
        accepted: &[],
        refused: &[Edit::Replace(FileKind::PlanTable3, "1000,1030", "1000,")],
    },
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    times(row).into_iter().find_map(|[start, end]| {
        let missing = match (row.value(start).is_empty(), row.value(end).is_empty()) {
            (true, false) => start,
            (false, true) => end,
            _ => return None,
        };
        Some(row.breach(&RULE, row.layout.item(missing)?, b""))
    })
}
