//! Free text stands in quotes; bare text can be read all the same. Reported once a file.

use crate::{Rule, Severity, Text, example::Example};

/// Free text stands in quotes; bare text can be read all the same. Reported once a file.
pub(crate) static RULE: Rule = Rule {
    id: "csv.text-unquoted",
    severity: Severity::Warning,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: CSV形式",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}の文字列が引用符（\"）で囲まれていません。",
        en: "The text in {item} does not stand in quotes.",
    },
    advice: Text {
        ja: "相手のソフトが読み違えることがあります。介護ソフトの提供元に連絡してください。",
        en: "Another office's software may misread it; tell the care software's vendor.",
    },
    example: Example::NONE,
};
