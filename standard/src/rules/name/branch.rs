//! A picture's name ends in a branch of four digits.

use crate::{Rule, Severity, Text, example::Example};

/// A picture's name ends in a branch of four digits.
pub(crate) static RULE: Rule = Rule {
    id: "name.branch",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: ファイル名",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "画像のファイル名の枝番が数字4桁ではありません。",
        en: "The branch in the picture's name is not 4 digits.",
    },
    advice: Text {
        ja: "枝番は 0001 からの4桁です。", en: "The branch is 4 digits, from 0001."
    },
    example: Example::NONE,
};
