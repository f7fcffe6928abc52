//! Prefix, month where the kind has one, sender, receiver, sequence.

use crate::{Rule, Severity, Text, example::Example};

/// Prefix, month where the kind has one, sender, receiver, sequence.
pub(crate) static RULE: Rule = Rule {
    id: "name.parts",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: ファイル名",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "ファイル名の区切り（_）の数が正しくありません。",
        en: "The name has too many or too few parts.",
    },
    advice: Text {
        ja: "介護ソフトが出力した名前のまま送ってください。「(1)」などが付いていないか確かめてください。",
        en: "Send it under the name that the care software gave it; look for a \"(1)\" that was added.",
    },
    example: Example::NONE,
};
