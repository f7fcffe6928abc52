//! 識別子 is not used.

use crate::{Rule, Severity, Text, example::Example};

/// 識別子 is not used.
pub(crate) static RULE: Rule = Rule {
    id: "item.unused-filled",
    severity: Severity::Info,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 項目定義",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}は使わない項目ですが、値があります。",
        en: "There is a value in {item}, which is not used.",
    },
    advice: Text { ja: "そのまま送れます。", en: "It can be sent as it is." },
    example: Example::NONE,
};
