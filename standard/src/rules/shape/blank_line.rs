//! The standard does not speak of blank lines, so they refuse nothing.

use crate::{Rule, Severity, Text, example::Example};

/// The standard does not speak of blank lines, so they refuse nothing.
pub(crate) static RULE: Rule = Rule {
    id: "csv.blank-line",
    severity: Severity::Warning,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: CSV形式",
    states: Text { ja: "", en: "" },
    text: Text { ja: "何もない行があります。", en: "There is a blank line." },
    advice: Text {
        ja: "読み飛ばしました。続くときは介護ソフトの提供元に連絡してください。",
        en: "It was skipped; tell the care software's vendor if it goes on.",
    },
    example: Example::NONE,
};
