//! Rows of one number have the same words.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::SELDOM_MEANT,
};

/// Rows of one number have the same words.
pub(crate) static RULE: Rule = Rule {
    id: "plan.text-differs",
    severity: Severity::Warning,
    because: SELDOM_MEANT,
    clause: "標準仕様 第2表: 項目7・9・10・14",
    states: Text {
        ja: "同じ番号の行では、課題や目標の内容は最初の行と同じか、空です。",
        en: "Rows of one number repeat the words of its first row, or leave them empty.",
    },
    text: Text {
        ja: "{item}「{found}」が、同じ番号の最初の行と違います。",
        en: "{item} ({found}) differs from the first row of the same number.",
    },
    advice: Text {
        ja: "別の課題や目標なら番号を分け、同じなら内容をそろえてください。",
        en: "Give another problem or goal a number of its own, or make the words the same.",
    },
    example: Example {
        of: Base::Plan,
        accepted: &[Edit::Set(FileKind::PlanTable2, 2, "課題", "入浴が不安")],
        refused: &[Edit::Set(FileKind::PlanTable2, 2, "課題", "掃除が難しい")],
    },
};
