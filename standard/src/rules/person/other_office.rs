//! 実績 from a service office carries its own rows only. Sent on by a 委託先居宅 (43) it carries others'.

use crate::{Rule, Severity, Text, example::Example};

/// 実績 from a service office carries its own rows only. Sent on by a 委託先居宅 (43) it carries others'.
pub(crate) static RULE: Rule = Rule {
    id: "results.other-office",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 第6表・第7表",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}「{found}」は送信元の事業所（{wanted}）ではありません。",
        en: "The office of {item} ({found}) is not the sender ({wanted}).",
    },
    advice: Text {
        ja: "実績は自事業所の行だけを出力してください。",
        en: "Export the results of this office alone.",
    },
    example: Example::NONE,
};
