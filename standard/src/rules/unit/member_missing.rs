//! A mandatory member missing means that the pair is not exchanging data by the standard.

use crate::{Rule, Severity, Text, example::Example};

/// A mandatory member missing means that the pair is not exchanging data by the standard.
pub(crate) static RULE: Rule = Rule {
    id: "unit.member-missing",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 送信単位",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "連番{found}の送信単位に「{wanted}」がありません。",
        en: "The unit of sequence {found} lacks {wanted}.",
    },
    advice: Text {
        ja: "足りないファイルを介護ソフトから出力し、まとめて送ってください。",
        en: "Export the missing file and send them together.",
    },
    example: Example::NONE,
};
