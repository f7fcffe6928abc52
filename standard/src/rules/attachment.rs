//! Files that travel beside those of the standard.

use crate::{Rule, Severity, Text};

/// Where it is said: not the standard, but what its operator publishes of the system.
const CLAUSE: &str = "システムの案内: 添付ファイル";

/// The types that the system carries.
pub(crate) static TYPE: Rule = Rule {
    id: "attachment.type",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "この種類のファイルは送信できません（PDF, CSV, JPEG, JPG, PNG, GIF, TXT だけです）。",
        en: "Files of this type cannot be sent (PDF, CSV, JPEG, JPG, PNG, GIF, TXT only).",
    },
    advice: Text {
        ja: "Word・Excel・PowerPoint はPDFに書き出してください。",
        en: "Export Word, Excel and PowerPoint as PDF.",
    },
};

/// A file is what its name says.
pub(crate) static CONTENT: Rule = Rule {
    id: "attachment.content",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "ファイルの中身が拡張子の種類ではありません。",
        en: "The file's content is not of the type that its name says.",
    },
    advice: Text {
        ja: "正しい形式で保存し直してください。",
        en: "Save it again in the right format.",
    },
};

/// CSV may be attached; a misspelt name looks the same.
pub(crate) static NOT_OF_THE_STANDARD: Rule = Rule {
    id: "attachment.csv",
    severity: Severity::Warning,
    clause: CLAUSE,
    text: Text {
        ja: "標準仕様のファイルではないCSVです。添付ファイルとして扱います。",
        en: "This CSV is no file of the standard; it is taken for an attachment.",
    },
    advice: Text {
        ja: "標準仕様のファイルのつもりなら、名前を介護ソフトが出力したものに戻してください。",
        en: "If it was meant to be one, give it back the name that the care software gave it.",
    },
};
