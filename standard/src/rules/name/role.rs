//! 予定 and plans go from planners (43, 46, AF) to services; 実績 goes the other way.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// 予定 and plans go from planners (43, 46, AF) to services; 実績 goes the other way.
pub(crate) static RULE: Rule = Rule {
    id: "name.role",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 事業所の役割: 出力・取込の表",
    states: Text {
        ja: "計画と予定は、計画を作る側（43・46・AF）がサービスの側へ出し、実績はサービスの側が出します。サービスの事業所が計画を出すことも、実績を受け取ることもありません。",
        en: "Plans and planned services are written by those who plan (43, 46, AF) for those who provide; 実績 is written by those who provide. A service office neither writes a plan nor reads 実績.",
    },
    text: Text {
        ja: "サービス種類{found}の事業所は、この種類のファイルを{wanted}。",
        en: "An office of service kind {found} {wanted} files of this kind.",
    },
    advice: Text {
        ja: "送信元・送信先のサービス種類と、ファイルの種類を確かめてください。",
        en: "Check both sides' service kinds and the kind of file.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[],
        refused: &[Edit::Rename(FileKind::Results, "_43_", "_15_")],
    },
};
