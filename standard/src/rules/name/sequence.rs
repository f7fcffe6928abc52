//! ファイル連番: YYYYMMDDHHMMSS.

use crate::{Rule, Severity, Text, example::Example};

/// ファイル連番: YYYYMMDDHHMMSS.
pub(crate) static RULE: Rule = Rule {
    id: "name.sequence",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: ファイル名",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "ファイル名の連番が数字14桁ではありません。",
        en: "The sequence in the name is not 14 digits.",
    },
    advice: Text {
        ja: "介護ソフトが出力した名前のまま送ってください。",
        en: "Send it under the name that the care software gave it.",
    },
    example: Example::NONE,
};
