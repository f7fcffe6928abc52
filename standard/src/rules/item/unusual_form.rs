//! The published text contradicts itself, or does not say; such values never refuse.

use crate::{Rule, Severity, Text, example::Example};

/// The published text contradicts itself, or does not say; such values never refuse.
pub(crate) static RULE: Rule = Rule {
    id: "item.unusual-form",
    severity: Severity::Warning,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 項目定義",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}「{found}」は項目の定義と違う書き方です（定義は{wanted}）。",
        en: "The value of {item} ({found}) is written otherwise than defined ({wanted}).",
    },
    advice: Text {
        ja: "例示に見られる書き方なので送れますが、相手のソフトが読めないことがあります。",
        en: "The standard's examples write so, and it can be sent; the partner's software may not read it.",
    },
    example: Example::NONE,
};
