//! The grand total 999999 is required.

use crate::{Rule, Severity, Text, example::Example};

/// The grand total 999999 is required.
pub(crate) static RULE: Rule = Rule {
    id: "annex.total-missing",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 第6表・第7表",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "この利用者の合計行（サービスコード999999）がありません。",
        en: "This person has no total line (service code 999999).",
    },
    advice: Text {
        ja: "第7表を介護ソフトで計算し直し、出力し直してください。",
        en: "Calculate the 第7表 again in the care software and export again.",
    },
    example: Example::NONE,
};
