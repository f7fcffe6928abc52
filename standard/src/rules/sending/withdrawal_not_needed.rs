//! A month that is sent again replaces the earlier one, with no deletion in between.

use crate::{
    Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::USUAL,
};

/// A month that is sent again replaces the earlier one, with no deletion in between.
pub(crate) static RULE: Rule = Rule {
    id: "sending.withdrawal-not-needed",
    severity: Severity::Info,
    because: USUAL,
    clause: "標準仕様 取込の順序: 再送",
    states: Text {
        ja: "送り直しは前のものを丸ごと置き換えるので、間に削除は要りません。",
        en: "What is sent again replaces the earlier one whole, with no deletion in between.",
    },
    text: Text {
        ja: "この送信の先の連番で、「{wanted}」の同じ利用者と日付（{found}）を削除しています。送り直しに削除は要りません。",
        en: "An earlier unit of this sending withdraws {wanted} of {found}; to send again needs no withdrawal.",
    },
    advice: Text {
        ja: "そのまま送れます。次からは送り直すだけで足ります。",
        en: "It can be sent as it is; next time just send again.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[],
        refused: &[Edit::AddFile(
            "DLTJSK_202505_2770200036_11_2770100012_43_20250501115959.CSV",
            b"202407,271004,0000209001,202505,2770200036,11\r\n",
        )],
    },
};
