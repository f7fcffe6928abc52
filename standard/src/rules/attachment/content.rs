//! A file is what its name says.

use crate::{Rule, Severity, Text, example::Example};

/// A file is what its name says.
pub(crate) static RULE: Rule = Rule {
    id: "attachment.content",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "システムの案内: 添付ファイル",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "ファイルの中身が拡張子の種類ではありません。",
        en: "The file's content is not of the type that its name says.",
    },
    advice: Text {
        ja: "正しい形式で保存し直してください。",
        en: "Save it again in the right format.",
    },
    example: Example::NONE,
};
