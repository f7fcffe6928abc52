//! Exact for codes and dates.

use crate::{Rule, Severity, Text, example::Example};

/// Exact for codes and dates.
pub(crate) static RULE: Rule = Rule {
    id: "item.length",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 項目定義",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}「{found}」の桁数が違います（正しくは{wanted}）。",
        en: "The value of {item} ({found}) is not {wanted} long.",
    },
    advice: Text {
        ja: "先頭の0が消えていないか確かめてください。表計算ソフトで開いて保存すると消えます。",
        en: "Look for lost leading zeros: a spreadsheet drops them when it saves.",
    },
    example: Example::NONE,
};
