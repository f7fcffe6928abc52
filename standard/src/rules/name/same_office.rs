//! An office does not exchange data with itself.

use crate::{Rule, Severity, Text, example::Example};

/// An office does not exchange data with itself.
pub(crate) static RULE: Rule = Rule {
    id: "name.same-office",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: ファイル名",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "送信元と送信先が同じ事業所（{found}）です。",
        en: "Sender and receiver are one office ({found}).",
    },
    advice: Text {
        ja: "送信先を選び直して出力してください。自事業所あてには送れません。",
        en: "Choose the receiver again and export; an office cannot send to itself.",
    },
    example: Example::NONE,
};
