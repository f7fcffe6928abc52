//! A dash in the table of roles between planners; whether it forbids is not said.

use crate::{Rule, Severity, Text, example::Example};

/// A dash in the table of roles between planners; whether it forbids is not said.
pub(crate) static RULE: Rule = Rule {
    id: "name.unusual-role",
    severity: Severity::Warning,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: ファイル名",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "サービス種類{found}の事業所が、この種類のファイルを{wanted}組み合わせは標準仕様の表にありません。",
        en: "The standard's table of who writes and reads what has no {found} that {wanted} files of this kind.",
    },
    advice: Text {
        ja: "委託など、相手と取り決めた使い方なら送れます。",
        en: "It can be sent where both sides have agreed on it.",
    },
    example: Example::NONE,
};
