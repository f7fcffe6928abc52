//! 予定 and plans go from planners (43, 46, AF) to services; 実績 goes the other way.

use crate::{Rule, Severity, Text, example::Example};

/// 予定 and plans go from planners (43, 46, AF) to services; 実績 goes the other way.
pub(crate) static RULE: Rule = Rule {
    id: "name.role",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: ファイル名",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "サービス種類{found}の事業所は、この種類のファイルを{wanted}。",
        en: "An office of service kind {found} {wanted} files of this kind.",
    },
    advice: Text {
        ja: "送信元・送信先のサービス種類と、ファイルの種類を確かめてください。",
        en: "Check both sides' service kinds and the kind of file.",
    },
    example: Example::NONE,
};
