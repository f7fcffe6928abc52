//! `.CSV` (or `.csv`) for records, `.jpg` for pictures.

use crate::{Rule, Severity, Text, example::Example};

/// `.CSV` (or `.csv`) for records, `.jpg` for pictures.
pub(crate) static RULE: Rule = Rule {
    id: "name.extension",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: ファイル名",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "ファイル名の拡張子が「{wanted}」ではありません。",
        en: "The name does not end in {wanted}.",
    },
    advice: Text { ja: "拡張子を確かめてください。", en: "Check the extension." },
    example: Example::NONE,
};
