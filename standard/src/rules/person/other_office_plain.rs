//! V3 names do not say whether the sender is a service or a 委託先居宅.

use crate::{Rule, Severity, Text, example::Example};

/// V3 names do not say whether the sender is a service or a 委託先居宅.
pub(crate) static RULE: Rule = Rule {
    id: "results.other-office-v3",
    severity: Severity::Warning,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 第6表・第7表",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}「{found}」は送信元の事業所（{wanted}）ではありません。",
        en: "The office of {item} ({found}) is not the sender ({wanted}).",
    },
    advice: Text {
        ja: "委託先居宅が地域包括支援センターへ送る実績でなければ、自事業所の行だけを出力してください。",
        en: "Unless a 委託先居宅 sends them on to the centre, export the results of this office alone.",
    },
    example: Example::NONE,
};
