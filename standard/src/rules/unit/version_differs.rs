//! The files of one unit are of one version.

use crate::{Rule, Severity, Text, example::Example};

/// The files of one unit are of one version.
pub(crate) static RULE: Rule = Rule {
    id: "unit.version-differs",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 送信単位",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "同じ連番{found}のファイルで、CSVバージョンが違います（{wanted}）。",
        en: "Files of one sequence {found} are of different CSV versions ({wanted}).",
    },
    advice: Text {
        ja: "1つのバージョンで出力し直してください。",
        en: "Export again in one version.",
    },
    example: Example::NONE,
};
