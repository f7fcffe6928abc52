//! Bytes that are no character of MS932.

use crate::{Rule, Severity, Text, example::Example};

/// Bytes that are no character of MS932.
pub(crate) static RULE: Rule = Rule {
    id: "encoding.broken",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 文字コード",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}に、MS932として読めない文字があります（{found}）。",
        en: "There are bytes in {item} that are no MS932 character ({found}).",
    },
    advice: Text {
        ja: "介護ソフトで入力し直し、出力し直してください。",
        en: "Type the text again in the care software and export again.",
    },
    example: Example::NONE,
};
