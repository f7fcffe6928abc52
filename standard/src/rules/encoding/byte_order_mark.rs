//! A byte order mark never stands in MS932.

use crate::{Rule, Severity, Text, example::Example};

/// A byte order mark never stands in MS932.
pub(crate) static RULE: Rule = Rule {
    id: "encoding.byte-order-mark",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 文字コード",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "ファイルの先頭にBOM（UTF-8の印）があります。",
        en: "The file begins with a byte order mark.",
    },
    advice: Text {
        ja: "表計算ソフトなどで保存し直さず、介護ソフトが出力したファイルをそのまま送ってください。",
        en: "Send the file as the care software wrote it, not as a spreadsheet saved it.",
    },
    example: Example::NONE,
};
