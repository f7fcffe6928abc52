//! W: the 必要 column of the 介護予防 layouts.

use crate::{Rule, Severity, Text, example::Example};

/// W: the 必要 column of the 介護予防 layouts.
pub(crate) static RULE: Rule = Rule {
    id: "item.wanted",
    severity: Severity::Warning,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 項目定義",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}は必要な項目ですが空です。",
        en: "There is nothing in {item}, which is wanted.",
    },
    advice: Text {
        ja: "わかるときは介護ソフトで入力してください。",
        en: "Fill it in in the care software if it is known.",
    },
    example: Example::NONE,
};
