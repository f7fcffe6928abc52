//! The whole file is UTF-8: one finding, not one a character.

use crate::{Rule, Severity, Text, example::Example};

/// The whole file is UTF-8: one finding, not one a character.
pub(crate) static RULE: Rule = Rule {
    id: "encoding.utf-8",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 文字コード",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "ファイルがUTF-8で書かれています。", en: "The file is written in UTF-8."
    },
    advice: Text {
        ja: "介護ソフトの出力をShift-JIS（MS932）にして出力し直してください。",
        en: "Set the care software to write Shift-JIS (MS932) and export again.",
    },
    example: Example::NONE,
};
