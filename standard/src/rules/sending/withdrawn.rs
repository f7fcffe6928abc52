//! What is sent and withdrawn in one sending does not stay.

use crate::{
    Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::SELDOM_MEANT,
};

/// What is sent and withdrawn in one sending does not stay.
pub(crate) static RULE: Rule = Rule {
    id: "sending.withdrawn",
    severity: Severity::Warning,
    because: SELDOM_MEANT,
    clause: "標準仕様 取込の順序: ファイル連番",
    states: Text {
        ja: "取り込みは連番の順なので、後の連番で削除したものは残りません。",
        en: "Import runs in the order of the 連番: what a later one withdraws does not stay.",
    },
    text: Text {
        ja: "この送信の「{wanted}」の利用者と日付（{found}）を、後の連番で削除しています。",
        en: "This withdraws what the sending itself brings: {wanted} of {found}.",
    },
    advice: Text {
        ja: "削除だけ、または登録だけを送ってください。",
        en: "Send either the withdrawal or the data.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[Edit::AddFile(
            "DLTJSK_202505_2770200036_11_2770100012_43_20250501120001.CSV",
            b"202407,271004,0000209009,202505,2770200036,11\r\n",
        )],
        refused: &[Edit::AddFile(
            "DLTJSK_202505_2770200036_11_2770100012_43_20250501120001.CSV",
            b"202407,271004,0000209001,202505,2770200036,11\r\n",
        )],
    },
};
