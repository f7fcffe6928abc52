//! 第3表 and the 介護予防 layouts exist since V4.

use crate::{Rule, Severity, Text, example::Example};

/// 第3表 and the 介護予防 layouts exist since V4.
pub(crate) static RULE: Rule = Rule {
    id: "version.layout-missing",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: CSVバージョン",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "CSVバージョン{found}にこの種類のファイルはありません。",
        en: "CSV version {found} has no file of this kind.",
    },
    advice: Text {
        ja: "相手がバージョン4に対応しているか確かめ、対応していなければPDFで送ってください。",
        en: "Check whether the partner's software has version 4; if not, send a PDF.",
    },
    example: Example::NONE,
};
