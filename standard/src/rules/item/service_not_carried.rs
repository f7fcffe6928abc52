//! The first two characters are a service kind in scope.

use crate::{Rule, Severity, Text, example::Example};

/// The first two characters are a service kind in scope.
pub(crate) static RULE: Rule = Rule {
    id: "item.service-kind-not-carried",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 項目定義",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}「{found}」は標準仕様の対象外のサービス種類です。",
        en: "The value of {item} ({found}) is of a service kind that the standard does not carry.",
    },
    advice: Text {
        ja: "対象外のサービス（施設系など）は外し、種類コードの誤りなら介護ソフトで直してください。",
        en: "Leave services out of scope (facilities) out; mend the code if it is a mistake.",
    },
    example: Example::NONE,
};
