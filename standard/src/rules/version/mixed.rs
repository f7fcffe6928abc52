//! One file holds one CSVバージョン.

use crate::{Rule, Severity, Text, example::Example};

/// One file holds one CSVバージョン.
pub(crate) static RULE: Rule = Rule {
    id: "version.mixed",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: CSVバージョン",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "1つのファイルに2つのCSVバージョンがあります（{wanted} と {found}）。",
        en: "One file holds two CSV versions ({wanted} and {found}).",
    },
    advice: Text {
        ja: "1つのバージョンで出力し直してください。",
        en: "Export again in one version.",
    },
    example: Example::NONE,
};
