//! The list of 送信単位.

use crate::{
    Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// The list of 送信単位.
pub(crate) static RULE: Rule = Rule {
    id: "unit.unknown",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 送信単位: 一覧",
    states: Text {
        ja: "同じ連番のファイルは、標準仕様の一覧にある送信単位の組み合わせです。",
        en: "Files of one 連番 make up one of the 送信単位 that the standard lists.",
    },
    text: Text {
        ja: "連番{found}のファイルの組み合わせは、標準仕様の送信単位ではありません（{wanted}）。",
        en: "The files of sequence {found} make up no 送信単位 of the standard ({wanted}).",
    },
    advice: Text {
        ja: "一緒に送れる組み合わせを確かめ、別々に出力してください。",
        en: "Check which files go together, and export them separately.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::AddFile(
            "DLTPLAN_202505_2770100012_43_2770200036_11_20250501120001.CSV",
            b"202407,271004,0000209009,202505\r\n",
        )],
        refused: &[Edit::AddFile(
            "DLTPLAN_202505_2770100012_43_2770200036_11_20250501120000.CSV",
            b"202407,271004,0000209009,202505\r\n",
        )],
    },
};
