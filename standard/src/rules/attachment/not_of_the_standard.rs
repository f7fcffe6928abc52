//! CSV may be attached; a misspelt name looks the same.

use crate::{Rule, Severity, Text, example::Example};

/// CSV may be attached; a misspelt name looks the same.
pub(crate) static RULE: Rule = Rule {
    id: "attachment.csv",
    severity: Severity::Warning,
    because: Text { ja: "", en: "" },
    clause: "システムの案内: 添付ファイル",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "標準仕様のファイルではないCSVです。添付ファイルとして扱います。",
        en: "This CSV is no file of the standard; it is taken for an attachment.",
    },
    advice: Text {
        ja: "標準仕様のファイルのつもりなら、名前を介護ソフトが出力したものに戻してください。",
        en: "If it was meant to be one, give it back the name that the care software gave it.",
    },
    example: Example::NONE,
};
