//! kind + AAAA is required where a kind has several lines within the limit.

use crate::{Rule, Severity, Text, example::Example};

/// kind + AAAA is required where a kind has several lines within the limit.
pub(crate) static RULE: Rule = Rule {
    id: "annex.subtotal-missing",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 第6表・第7表",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "この利用者に、サービス種類{found}の小計行（{found}AAAA）がありません。",
        en: "This person has no subtotal line ({found}AAAA) for service kind {found}.",
    },
    advice: Text {
        ja: "第7表を介護ソフトで計算し直し、出力し直してください。",
        en: "Calculate the 第7表 again in the care software and export again.",
    },
    example: Example::NONE,
};
