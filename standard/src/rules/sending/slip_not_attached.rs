//! A 委託先居宅 attaches the 予定 to the 実績 that it sends on to the centre.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::USUAL,
};

/// A 委託先居宅 attaches the 予定 to the 実績 that it sends on to the centre.
pub(crate) static RULE: Rule = Rule {
    id: "sending.slip-not-attached",
    severity: Severity::Warning,
    because: USUAL,
    clause: "標準仕様 送信単位: 委託先居宅から地域包括支援センターへ",
    states: Text {
        ja: "委託先居宅は、地域包括支援センターへ実績を送るとき、予定（第6表・第7表・補足）を一緒に送ります。",
        en: "A 委託先居宅 that sends 実績 on to the centre sends the 予定 (第6表, 第7表, 補足) with it.",
    },
    text: Text {
        ja: "委託先居宅から地域包括支援センターへの実績（連番{found}）に、予定が付いていません。",
        en: "The 実績 of sequence {found}, from a 委託先居宅 to the centre, comes without the 予定.",
    },
    advice: Text {
        ja: "予定を別の連番で出力し、実績と一緒に送ってください。",
        en: "Export the 予定 with a sequence of its own and send it with the 実績.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[],
        refused: &[Edit::Rename(
            FileKind::Results,
            "2770200036_11_2770100012_43",
            "2770100012_43_2700100021_46",
        )],
    },
};
