//! A person with no service of the destination does not go to a service office.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// A person with no service of the destination does not go to a service office.
pub(crate) static RULE: Rule = Rule {
    id: "slip.not-for-destination",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 4.1 第6表・第7表: 出力の対象",
    states: Text {
        ja: "送信先の事業所のサービスがない利用者は、その事業所への第6表に出力しません。",
        en: "A person who has no service of the receiver does not stand in a 第6表 for a service office.",
    },
    text: Text {
        ja: "この利用者に、送信先の事業所（{wanted}）のサービスがありません。",
        en: "This person has no service of the receiver ({wanted}).",
    },
    advice: Text {
        ja: "送信先のサービスを使う利用者だけを選んで出力してください。",
        en: "Export only persons who have a service of the receiver.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::Set(FileKind::Slip, 3, "サービス事業者コード", "2770300042")],
        refused: &[
            Edit::Set(FileKind::Slip, 1, "サービス事業者コード", "2770300042"),
            Edit::Set(FileKind::Slip, 2, "サービス事業者コード", "2770300042"),
            Edit::Set(FileKind::Slip, 3, "サービス事業者コード", "2770300042"),
        ],
    },
};
