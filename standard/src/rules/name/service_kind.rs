//! Two characters, in V4 names.

use crate::{Rule, Severity, Text, example::Example};

/// Two characters, in V4 names.
pub(crate) static RULE: Rule = Rule {
    id: "name.service-kind",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: ファイル名",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "ファイル名のサービス種類コードが英数字2文字ではありません。",
        en: "A service kind in the name is not 2 characters.",
    },
    advice: Text {
        ja: "送信元・送信先のサービス種類コードを確かめてください。",
        en: "Check the sender's and the receiver's service kind.",
    },
    example: Example::NONE,
};
