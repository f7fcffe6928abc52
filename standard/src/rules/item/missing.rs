//! Y: 必須.

use crate::{Rule, Severity, Text, example::Example};

/// Y: 必須.
pub(crate) static RULE: Rule = Rule {
    id: "item.missing",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 項目定義",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}は必須ですが空です。",
        en: "There is nothing in {item}, which is required.",
    },
    advice: Text {
        ja: "介護ソフトで入力し、出力し直してください。",
        en: "Fill it in in the care software and export again.",
    },
    example: Example::NONE,
};
