//! A name begins with the prefix of its kind.

use crate::{Rule, Severity, Text, example::Example};

/// A name begins with the prefix of its kind.
pub(crate) static RULE: Rule = Rule {
    id: "name.prefix",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: ファイル名",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "ファイル名の先頭が標準仕様の種類ではありません。",
        en: "The name begins with no kind of file of the standard.",
    },
    advice: Text {
        ja: "介護ソフトが出力した名前のまま送ってください。",
        en: "Send it under the name that the care software gave it.",
    },
    example: Example::NONE,
};
