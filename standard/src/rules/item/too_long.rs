//! A maximum for numbers, telephone numbers and limited text.

use crate::{Rule, Severity, Text, example::Example};

/// A maximum for numbers, telephone numbers and limited text.
pub(crate) static RULE: Rule = Rule {
    id: "item.too-long",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 項目定義",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}「{found}」が長すぎます（{wanted}まで）。",
        en: "The value of {item} ({found}) is longer than {wanted}.",
    },
    advice: Text {
        ja: "介護ソフトで値を確かめてください。",
        en: "Check the value in the care software.",
    },
    example: Example::NONE,
};
