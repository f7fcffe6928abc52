//! Rows are sorted by their three numbers.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// Rows are sorted by their three numbers.
pub(crate) static RULE: Rule = Rule {
    id: "plan.not-sorted",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 第2表: 項目6・8・13、4.1 支援計画書 別表: 項目5・10・14",
    states: Text {
        ja: "第2表の行は課題ＮＯ、援助目標ＮＯ、援助内容ＮＯの順に、支援計画書の別表の行は課題ＮＯ、支援計画ＮＯ、利用サービスＮＯの順に並べます。",
        en: "Rows of 第2表 are sorted by 課題ＮＯ, 援助目標ＮＯ and 援助内容ＮＯ, those of the 支援計画書 別表 by 課題ＮＯ, 支援計画ＮＯ and 利用サービスＮＯ.",
    },
    text: Text {
        ja: "{item}が前の行の{wanted}から{found}に戻っています。",
        en: "{item} goes back from {wanted} to {found}.",
    },
    advice: Text {
        ja: "番号の順に並べて出力し直してください。介護ソフトの提供元に連絡してください。",
        en: "Export the rows in the order of their numbers; tell the care software's vendor.",
    },
    example: Example {
        of: Base::Plan,
        accepted: &[Edit::Set(FileKind::PlanTable2, 2, "援助内容ＮＯ", "10")],
        refused: &[Edit::Set(FileKind::PlanTable2, 1, "援助内容ＮＯ", "3")],
    },
};
