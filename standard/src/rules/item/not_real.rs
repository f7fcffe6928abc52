//! Months, days and times exist.

use crate::{Rule, Severity, Text, example::Example};

/// Months, days and times exist.
pub(crate) static RULE: Rule = Rule {
    id: "item.date-not-real",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 項目定義",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}「{found}」は実在しません。",
        en: "The value of {item} ({found}) does not exist.",
    },
    advice: Text { ja: "日付を確かめてください。", en: "Check the date." },
    example: Example::NONE,
};
