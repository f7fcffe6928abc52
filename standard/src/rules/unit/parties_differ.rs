//! The files of one 連番 have one sender and one receiver.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// The files of one 連番 have one sender and one receiver.
pub(crate) static RULE: Rule = Rule {
    id: "unit.parties-differ",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル名: 送信元・送信先、ファイル連番",
    states: Text {
        ja: "同じ連番のファイルは、送信元と送信先（サービス種類も）が同じです。",
        en: "Files of one 連番 have one sender and one receiver, service kinds included.",
    },
    text: Text {
        ja: "同じ連番{found}のファイルで、送信元または送信先が違います（{wanted}）。",
        en: "Files of one sequence {found} have different senders or receivers ({wanted}).",
    },
    advice: Text {
        ja: "送信先ごとに別の連番で出力し直してください。",
        en: "Export again, with a sequence of its own for each receiver.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[],
        refused: &[Edit::Rename(FileKind::Supplement, "2770200036_11", "2770300042_15")],
    },
};
