//! A side of an exchange is a service in scope, or 43, 46, AF.

use crate::{Rule, Severity, Text, example::Example};

/// A side of an exchange is a service in scope, or 43, 46, AF.
pub(crate) static RULE: Rule = Rule {
    id: "name.service-kind-not-carried",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: ファイル名",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "ファイル名のサービス種類コード「{found}」は標準仕様の対象ではありません。",
        en: "The service kind {found} in the name is not carried by the standard.",
    },
    advice: Text {
        ja: "介護ソフトの事業所設定でサービス種類を確かめてください。",
        en: "Check the service kind in the care software's office settings.",
    },
    example: Example::NONE,
};
