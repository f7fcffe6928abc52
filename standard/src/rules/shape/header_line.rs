//! No header line.

use crate::{Rule, Severity, Text, example::Example};

/// No header line.
pub(crate) static RULE: Rule = Rule {
    id: "csv.header-line",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: CSV形式",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "1行目が見出しになっています。", en: "The first line is a header."
    },
    advice: Text {
        ja: "見出しのない形で出力し直してください。",
        en: "Export again without a header line.",
    },
    example: Example::NONE,
};
