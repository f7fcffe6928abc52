//! 外字, lead bytes F0–F9.

use crate::{Rule, Severity, Text, example::Example};

/// 外字, lead bytes F0–F9.
pub(crate) static RULE: Rule = Rule {
    id: "encoding.user-defined",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 文字コード",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}に外字があります（{found}）。",
        en: "There is a user-defined character in {item} ({found}).",
    },
    advice: Text {
        ja: "外字は相手の画面で別の字になります。標準の字かかなに置き換えてください。",
        en: "It shows as another character elsewhere: replace it by a standard one or by kana.",
    },
    example: Example::NONE,
};
