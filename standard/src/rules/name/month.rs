//! The month is YYYYMM, where the kind has one; `000000` only for 補足 with 第1表–第3表.

use crate::{Rule, Severity, Text, example::Example};

/// The month is YYYYMM, where the kind has one; `000000` only for 補足 with 第1表–第3表.
pub(crate) static RULE: Rule = Rule {
    id: "name.month",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: ファイル名",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "ファイル名の年月が正しくありません。",
        en: "The month in the name is not as it should be.",
    },
    advice: Text {
        ja: "この種類のファイルに年月が要るか、実在する年月かを確かめてください。",
        en: "Check whether this kind of file carries a month, and whether it exists.",
    },
    example: Example::NONE,
};
