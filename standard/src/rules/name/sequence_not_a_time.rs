//! ファイル連番 is a time.

use crate::{Rule, Severity, Text, example::Example};

/// ファイル連番 is a time.
pub(crate) static RULE: Rule = Rule {
    id: "name.sequence-not-a-time",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: ファイル名",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "ファイル名の連番「{found}」は実在する日時ではありません。",
        en: "The sequence {found} is no time that exists.",
    },
    advice: Text {
        ja: "連番は YYYYMMDDHHMMSS です。介護ソフトの提供元に連絡してください。",
        en: "The sequence is YYYYMMDDHHMMSS; tell the care software's vendor.",
    },
    example: Example::NONE,
};
