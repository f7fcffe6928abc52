//! One file per office number and service kind.

use crate::{Rule, Severity, Text, example::Example};

/// One file per office number and service kind.
pub(crate) static RULE: Rule = Rule {
    id: "unit.member-twice",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 送信単位",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "連番{found}の送信単位に「{wanted}」が2つ以上あります。",
        en: "The unit of sequence {found} has {wanted} more than once.",
    },
    advice: Text {
        ja: "1つにまとめて出力し直してください。", en: "Export again as one file."
    },
    example: Example::NONE,
};
