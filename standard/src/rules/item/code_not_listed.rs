//! A code stands in its item's list.

use crate::{Rule, Severity, Text, example::Example};

/// A code stands in its item's list.
pub(crate) static RULE: Rule = Rule {
    id: "item.code-not-listed",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 項目定義",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}「{found}」は決められた値ではありません（{wanted}）。",
        en: "The value of {item} ({found}) is not a listed value ({wanted}).",
    },
    advice: Text {
        ja: "介護ソフトで選び直してください。",
        en: "Choose again in the care software.",
    },
    example: Example::NONE,
};
