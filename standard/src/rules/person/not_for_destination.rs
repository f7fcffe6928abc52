//! A person with no service of the destination does not go to a service office.

use crate::{Rule, Severity, Text, example::Example};

/// A person with no service of the destination does not go to a service office.
pub(crate) static RULE: Rule = Rule {
    id: "slip.not-for-destination",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 第6表・第7表",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "この利用者に、送信先の事業所（{wanted}）のサービスがありません。",
        en: "This person has no service of the receiver ({wanted}).",
    },
    advice: Text {
        ja: "送信先のサービスを使う利用者だけを選んで出力してください。",
        en: "Export only persons who have a service of the receiver.",
    },
    example: Example::NONE,
};
