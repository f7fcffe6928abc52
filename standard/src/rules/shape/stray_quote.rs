//! Free text stands in quotes and doubles an inner one.

use crate::{Rule, Severity, Text, example::Example};

/// Free text stands in quotes and doubles an inner one.
pub(crate) static RULE: Rule = Rule {
    id: "csv.stray-quote",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: CSV形式",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}の引用符（\"）の使い方が正しくありません。",
        en: "A quote stands in {item} where none may stand.",
    },
    advice: Text {
        ja: "文字列は \" で囲み、中の \" は2つ重ねます。介護ソフトの提供元に連絡してください。",
        en: "Text stands in quotes and doubles the ones within; tell the care software's vendor.",
    },
    example: Example::NONE,
};
