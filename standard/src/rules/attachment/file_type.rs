//! The types that the system carries.

use crate::{Rule, Severity, Text, example::Example};

/// The types that the system carries.
pub(crate) static RULE: Rule = Rule {
    id: "attachment.type",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "システムの案内: 添付ファイル",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "この種類のファイルは送信できません（PDF, CSV, JPEG, JPG, PNG, GIF, TXT だけです）。",
        en: "Files of this type cannot be sent (PDF, CSV, JPEG, JPG, PNG, GIF, TXT only).",
    },
    advice: Text {
        ja: "Word・Excel・PowerPoint はPDFに書き出してください。",
        en: "Export Word, Excel and PowerPoint as PDF.",
    },
    example: Example::NONE,
};
