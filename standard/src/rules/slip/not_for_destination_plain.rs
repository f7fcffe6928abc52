//! V3 names do not say whether the receiver is a service office.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// V3 names do not say whether the receiver is a service office.
pub(crate) static RULE: Rule = Rule {
    id: "slip.not-for-destination-v3",
    severity: Severity::Warning,
    because: Text {
        ja: "V3のファイル名からは、送信先が地域包括支援センターかどうか分からないので、拒みません。",
        en: "V3 names do not say whether the receiver is a 地域包括支援センター, so it never refuses.",
    },
    clause: "標準仕様 3.2 第6表・第7表: 出力の対象",
    states: Text {
        ja: "サービス事業所への第6表には、その事業所のサービスがある利用者だけを出力します（V3）。",
        en: "In V3, too, a 第6表 for a service office holds persons with a service of that office only.",
    },
    text: Text {
        ja: "この利用者に、送信先の事業所（{wanted}）のサービスがありません。",
        en: "This person has no service of the receiver ({wanted}).",
    },
    advice: Text {
        ja: "送信先が地域包括支援センターでなければ、利用者を選び直して出力してください。",
        en: "Unless the receiver is a 地域包括支援センター, choose the persons again and export.",
    },
    example: Example {
        of: Base::SlipPlain,
        accepted: &[Edit::Set(FileKind::Slip, 3, "サービス事業者コード", "2770300042")],
        refused: &[
            Edit::Set(FileKind::Slip, 1, "サービス事業者コード", "2770300042"),
            Edit::Set(FileKind::Slip, 2, "サービス事業者コード", "2770300042"),
            Edit::Set(FileKind::Slip, 3, "サービス事業者コード", "2770300042"),
        ],
    },
};
