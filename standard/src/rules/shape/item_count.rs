//! A record has the items of its layout, no more and no fewer.

use crate::{Rule, Severity, Text, example::Example};

/// A record has the items of its layout, no more and no fewer.
pub(crate) static RULE: Rule = Rule {
    id: "record.item-count",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: CSV形式",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "項目の数が{found}個です。正しくは{wanted}個です。",
        en: "The record has {found} items where {wanted} belong.",
    },
    advice: Text {
        ja: "CSVバージョンとファイルの種類を確かめ、出力し直してください。",
        en: "Check the CSV version and the kind of file, and export again.",
    },
    example: Example::NONE,
};
