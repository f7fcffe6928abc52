//! A mandatory member missing means that the pair is not exchanging data by the standard.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// A mandatory member missing means that the pair is not exchanging data by the standard.
pub(crate) static RULE: Rule = Rule {
    id: "unit.member-missing",
    severity: Severity::Error,
    because: Text {
        ja: "必須のファイルが欠けると、標準仕様に沿った連携になりません。",
        en: "The standard says that without a mandatory member data are not exchanged by it.",
    },
    clause: "標準仕様 送信単位: 必須のファイル",
    states: Text {
        ja: "送信単位の必須のファイルは、すべて一緒に送ります。",
        en: "All mandatory files of a 送信単位 are sent together.",
    },
    text: Text {
        ja: "連番{found}の送信単位に「{wanted}」がありません。",
        en: "The unit of sequence {found} lacks {wanted}.",
    },
    advice: Text {
        ja: "足りないファイルを介護ソフトから出力し、まとめて送ってください。",
        en: "Export the missing file and send them together.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[],
        refused: &[Edit::DropFile(FileKind::Supplement)],
    },
};
