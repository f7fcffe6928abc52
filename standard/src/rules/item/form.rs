//! Each kind of item has its form.

use crate::{Rule, Severity, Text, example::Example};

/// Each kind of item has its form.
pub(crate) static RULE: Rule = Rule {
    id: "item.form",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 項目定義",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}「{found}」の書き方が違います（正しくは{wanted}）。",
        en: "The value of {item} ({found}) is not of the form: {wanted}.",
    },
    advice: Text {
        ja: "介護ソフトで値を確かめ、出力し直してください。",
        en: "Check the value in the care software and export again.",
    },
    example: Example::NONE,
};
