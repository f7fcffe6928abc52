//! A file of the standard holds at least one record.

use crate::{Rule, Severity, Text, example::Example};

/// A file of the standard holds at least one record.
pub(crate) static RULE: Rule = Rule {
    id: "csv.empty-file",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: CSV形式",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "ファイルにレコードが1件もありません。", en: "The file holds no record."
    },
    advice: Text {
        ja: "出力の条件を確かめて、出力し直してください。",
        en: "Check what was chosen for export, and export again.",
    },
    example: Example::NONE,
};
