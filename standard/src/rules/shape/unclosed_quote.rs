//! A quote that opens a text closes it.

use crate::{Rule, Severity, Text, example::Example};

/// A quote that opens a text closes it.
pub(crate) static RULE: Rule = Rule {
    id: "csv.unclosed-quote",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: CSV形式",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}の引用符（\"）が閉じていません。",
        en: "The quote that opens {item} is never closed.",
    },
    advice: Text {
        ja: "ファイルが途中で切れていないか確かめ、出力し直してください。",
        en: "Check whether the file was cut short, and export again.",
    },
    example: Example::NONE,
};
