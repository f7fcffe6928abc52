//! V3 names do not say whether the sender is a service or a 委託先居宅.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// V3 names do not say whether the sender is a service or a 委託先居宅.
pub(crate) static RULE: Rule = Rule {
    id: "results.other-office-v3",
    severity: Severity::Warning,
    because: Text {
        ja: "V3のファイル名からは、送信元が委託先居宅かどうか分からないので、拒みません。",
        en: "V3 names do not say whether the sender is a 委託先居宅, so it never refuses.",
    },
    clause: "標準仕様 3.2 第6表（実績）: 項目17 サービス事業者コード",
    states: Text {
        ja: "サービス事業所の実績は、自事業所が提供したサービスの行だけです（V3）。",
        en: "In V3, too, 実績 of a service office carries its own rows only.",
    },
    text: Text {
        ja: "{item}「{found}」は送信元の事業所（{wanted}）ではありません。",
        en: "The office of {item} ({found}) is not the sender ({wanted}).",
    },
    advice: Text {
        ja: "委託先居宅が地域包括支援センターへ送る実績でなければ、自事業所の行だけを出力してください。",
        en: "Unless a 委託先居宅 sends them on to the centre, export the results of this office alone.",
    },
    example: Example {
        of: Base::ResultsPlain,
        accepted: &[],
        refused: &[Edit::Set(FileKind::Results, 2, "サービス事業者コード", "2770300042")],
    },
};
