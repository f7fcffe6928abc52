//! One file per office number and service kind.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// One file per office number and service kind.
pub(crate) static RULE: Rule = Rule {
    id: "unit.member-twice",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル: 作成の単位",
    states: Text {
        ja: "ファイルは、送る相手の事業所番号とサービス種類ごとに1つです。",
        en: "There is one file for each office number and service kind that it goes to.",
    },
    text: Text {
        ja: "連番{found}の送信単位に「{wanted}」が2つ以上あります。",
        en: "The unit of sequence {found} has {wanted} more than once.",
    },
    advice: Text {
        ja: "1つにまとめて出力し直してください。", en: "Export again as one file."
    },
    example: Example {
        of: Base::Slip,
        accepted: &[],
        refused: &[Edit::CopyFile(FileKind::Slip, ".CSV", ".csv")],
    },
};
