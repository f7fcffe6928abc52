//! Ten digits, the third may be A.

use crate::{Rule, Severity, Text, example::Example};

/// Ten digits, the third may be A.
pub(crate) static RULE: Rule = Rule {
    id: "name.office",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: ファイル名",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "ファイル名の事業所番号が10桁ではありません。",
        en: "An office number in the name is not 10 digits.",
    },
    advice: Text {
        ja: "送信元・送信先の事業所番号を確かめてください。",
        en: "Check the sender's and the receiver's office number.",
    },
    example: Example::NONE,
};
