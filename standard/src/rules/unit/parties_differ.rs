//! The files of one 連番 have one sender and one receiver.

use crate::{Rule, Severity, Text, example::Example};

/// The files of one 連番 have one sender and one receiver.
pub(crate) static RULE: Rule = Rule {
    id: "unit.parties-differ",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 送信単位",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "同じ連番{found}のファイルで、送信元または送信先が違います（{wanted}）。",
        en: "Files of one sequence {found} have different senders or receivers ({wanted}).",
    },
    advice: Text {
        ja: "送信先ごとに別の連番で出力し直してください。",
        en: "Export again, with a sequence of its own for each receiver.",
    },
    example: Example::NONE,
};
