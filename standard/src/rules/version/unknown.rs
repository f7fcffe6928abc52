//! Only these versions are carried.

use crate::{Rule, Severity, Text, example::Example};

/// Only these versions are carried.
pub(crate) static RULE: Rule = Rule {
    id: "version.unknown",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: CSVバージョン",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "CSVバージョン「{found}」は使えません（使えるのは {wanted}）。",
        en: "The CSV version {found} is not carried (carried are {wanted}).",
    },
    advice: Text {
        ja: "介護ソフトのバージョン設定を確かめてください。",
        en: "Check the version setting of the care software.",
    },
    example: Example::NONE,
};
