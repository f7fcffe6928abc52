//! That a base must have its dependents for every person is not stated.

use crate::{Rule, Severity, Text, example::Example};

/// That a base must have its dependents for every person is not stated.
pub(crate) static RULE: Rule = Rule {
    id: "unit.base-without-dependent",
    severity: Severity::Warning,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 送信単位",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "このレコードの利用者と日付（{found}）が、「{wanted}」にありません。",
        en: "There is no record of this person and date ({found}) in {wanted}.",
    },
    advice: Text {
        ja: "相手のソフトが取り込めないことがあります。出力の条件を確かめてください。",
        en: "The partner's software may not import it; check what was chosen for export.",
    },
    example: Example::NONE,
};
