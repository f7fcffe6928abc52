//! 実績 from a service office carries its own rows only. Sent on by a 委託先居宅 (43) it carries others'.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// 実績 from a service office carries its own rows only. Sent on by a 委託先居宅 (43) it carries others'.
pub(crate) static RULE: Rule = Rule {
    id: "results.other-office",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 4.1 第6表（実績）: 項目20 サービス事業者コード",
    states: Text {
        ja: "サービス事業所の実績は、自事業所が提供したサービスの行だけです。委託先居宅が送る実績は、サービス事業所の行です。",
        en: "実績 of a service office carries its own rows only; sent on by a 委託先居宅 it carries the service offices'.",
    },
    text: Text {
        ja: "{item}「{found}」は送信元の事業所（{wanted}）ではありません。",
        en: "The office of {item} ({found}) is not the sender ({wanted}).",
    },
    advice: Text {
        ja: "実績は自事業所の行だけを出力してください。",
        en: "Export the results of this office alone.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[Edit::Rename(
            FileKind::Results,
            "2770200036_11_2770100012_43",
            "2770100012_43_2700100021_46",
        )],
        refused: &[Edit::Set(FileKind::Results, 2, "サービス事業者コード", "2770300042")],
    },
};
