//! A dash in the table of roles between planners; whether it forbids is not said.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// A dash in the table of roles between planners; whether it forbids is not said.
pub(crate) static RULE: Rule = Rule {
    id: "name.unusual-role",
    severity: Severity::Warning,
    because: Text {
        ja: "表の空欄が禁止を意味するかは書かれておらず、委託では計画を作る側どうしのやり取りがあるので、拒みません。",
        en: "Whether a blank of the table forbids is not said, and planners exchange files where a person is entrusted (委託): no reason to refuse.",
    },
    clause: "標準仕様 事業所の役割: 出力・取込の表",
    states: Text {
        ja: "ファイルは、標準仕様の表に○か△のある組み合わせでやり取りします。",
        en: "Files go between those whom the table marks (○, △).",
    },
    text: Text {
        ja: "サービス種類{found}の事業所が、この種類のファイルを{wanted}組み合わせは標準仕様の表にありません。",
        en: "The standard's table of who writes and reads what has no {found} that {wanted} files of this kind.",
    },
    advice: Text {
        ja: "委託など、相手と取り決めた使い方なら送れます。",
        en: "It can be sent where both sides have agreed on it.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[
            Edit::Rename(FileKind::Slip, "_11_", "_46_"),
            Edit::Rename(FileKind::SlipAnnex, "_11_", "_46_"),
            Edit::Rename(FileKind::Supplement, "_11_", "_46_"),
        ],
        refused: &[
            Edit::Rename(FileKind::Slip, "_11_", "_43_"),
            Edit::Rename(FileKind::SlipAnnex, "_11_", "_43_"),
            Edit::Rename(FileKind::Supplement, "_11_", "_43_"),
        ],
    },
};
