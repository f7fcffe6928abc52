//! V3 names do not say whether the receiver is a service office.

use crate::{Rule, Severity, Text, example::Example};

/// V3 names do not say whether the receiver is a service office.
pub(crate) static RULE: Rule = Rule {
    id: "slip.not-for-destination-v3",
    severity: Severity::Warning,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 第6表・第7表",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "この利用者に、送信先の事業所（{wanted}）のサービスがありません。",
        en: "This person has no service of the receiver ({wanted}).",
    },
    advice: Text {
        ja: "送信先が地域包括支援センターでなければ、利用者を選び直して出力してください。",
        en: "Unless the receiver is a 地域包括支援センター, choose the persons again and export.",
    },
    example: Example::NONE,
};
