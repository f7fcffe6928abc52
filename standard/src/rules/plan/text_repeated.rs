//! In the 別表 the words of a number stand on its first line only.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::USUAL,
};

/// In the 別表 the words of a number stand on its first line only.
pub(crate) static RULE: Rule = Rule {
    id: "plan.text-repeated",
    severity: Severity::Warning,
    because: USUAL,
    clause: "標準仕様 4.1 支援計画書 別表: 項目6～9・11～13",
    states: Text {
        ja: "支援計画書の別表では、番号の内容はその番号の最初の行だけに書きます。",
        en: "In the 支援計画書 別表 the words of a number stand on its first line only.",
    },
    text: Text {
        ja: "{item}「{found}」が、同じ番号の2行目以後にもあります。",
        en: "{item} ({found}) stands on a later line of the same number, too.",
    },
    advice: Text {
        ja: "最初の行だけに書いて出力してください。相手のソフトで重なって見えることがあります。",
        en: "Export it on the first line only; the partner's software may show it twice.",
    },
    example: Example {
        of: Base::PreventionPlan,
        accepted: &[],
        refused: &[Edit::Set(FileKind::PreventionPlanAnnex, 2, "総合的課題", "転びやすい")],
    },
};
