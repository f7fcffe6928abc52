//! One file per office number and service kind; which kinds may share a file is not said.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// One file per office number and service kind; which kinds may share a file is not said.
pub(crate) static RULE: Rule = Rule {
    id: "slip.not-for-destination-kind",
    severity: Severity::Warning,
    because: Text {
        ja: "ファイルは事業所番号とサービス種類ごとに作りますが、どの種類を一緒に書けるかの定めがないので、拒みません。",
        en: "Files are made by office number and service kind, but which kinds may share one is not stated, so it never refuses.",
    },
    clause: "標準仕様 4.1 ファイル名: 送信先サービス種類コード",
    states: Text {
        ja: "第6表の利用者は、送信先の事業所の、ファイル名にあるサービス種類のサービスを使っています。",
        en: "The persons of a 第6表 have a service of the receiver, of the kind in the file's name.",
    },
    text: Text {
        ja: "この利用者に、送信先の事業所のサービス種類{wanted}のサービスがありません。",
        en: "This person has no service of the receiver's service kind {wanted}.",
    },
    advice: Text {
        ja: "送信先のサービス種類を確かめてください。",
        en: "Check the receiver's service kind.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[],
        refused: &[
            Edit::Rename(FileKind::Supplement, "_11_", "_13_"),
            Edit::Rename(FileKind::Slip, "_11_", "_13_"),
            Edit::Rename(FileKind::SlipAnnex, "_11_", "_13_"),
        ],
    },
};
