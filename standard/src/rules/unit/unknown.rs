//! The list of 送信単位.

use crate::{Rule, Severity, Text, example::Example};

/// The list of 送信単位.
pub(crate) static RULE: Rule = Rule {
    id: "unit.unknown",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 送信単位",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "連番{found}のファイルの組み合わせは、標準仕様の送信単位ではありません（{wanted}）。",
        en: "The files of sequence {found} make up no 送信単位 of the standard ({wanted}).",
    },
    advice: Text {
        ja: "一緒に送れる組み合わせを確かめ、別々に出力してください。",
        en: "Check which files go together, and export them separately.",
    },
    example: Example::NONE,
};
