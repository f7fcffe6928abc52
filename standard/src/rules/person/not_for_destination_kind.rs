//! One file per office number and service kind; which kinds may share a file is not said.

use crate::{Rule, Severity, Text, example::Example};

/// One file per office number and service kind; which kinds may share a file is not said.
pub(crate) static RULE: Rule = Rule {
    id: "slip.not-for-destination-kind",
    severity: Severity::Warning,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 第6表・第7表",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "この利用者に、送信先の事業所のサービス種類{wanted}のサービスがありません。",
        en: "This person has no service of the receiver's service kind {wanted}.",
    },
    advice: Text {
        ja: "送信先のサービス種類を確かめてください。",
        en: "Check the receiver's service kind.",
    },
    example: Example::NONE,
};
