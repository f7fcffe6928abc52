//! The first row of a number has its words.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::SELDOM_MEANT,
};

/// The first row of a number has its words.
pub(crate) static RULE: Rule = Rule {
    id: "plan.first-text-missing",
    severity: Severity::Warning,
    because: SELDOM_MEANT,
    clause: "標準仕様 第2表: 項目7・9・10・14、4.1 支援計画書 別表: 項目6～9・11～13・15～17",
    states: Text {
        ja: "課題や目標は、その番号の最初の行に書きます。続く行では空にできます。",
        en: "The words of a number stand on its first row; rows after it may leave them empty.",
    },
    text: Text {
        ja: "{item}「{found}」の最初の行に、「{wanted}」などの内容がありません。",
        en: "The first row of {item} {found} has none of its words ({wanted} and the like).",
    },
    advice: Text {
        ja: "介護ソフトで内容を書き足してください。",
        en: "Add the words in the care software.",
    },
    example: Example {
        of: Base::Plan,
        accepted: &[Edit::Set(FileKind::PlanTable2, 1, "短期目標", "")],
        refused: &[Edit::Set(FileKind::PlanTable2, 1, "課題", "")],
    },
};
