//! プラン担当業者コード is the care manager office: the sender of 予定, the receiver of 実績.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::USUAL,
};

/// プラン担当業者コード is the care manager office: the sender of 予定, the receiver of 実績.
pub(crate) static RULE: Rule = Rule {
    id: "party.planner-differs",
    severity: Severity::Warning,
    because: USUAL,
    clause: "標準仕様 第6表: 項目6 プラン担当業者コード",
    states: Text {
        ja: "プラン担当業者コードは居宅介護支援事業所の番号で、予定では送信元、実績では送信先です。",
        en: "プラン担当業者コード is the care manager office: it sends the 予定 and receives the 実績.",
    },
    text: Text {
        ja: "{item}「{found}」は、計画を担当する事業所（{wanted}）ではありません。",
        en: "The office of {item} ({found}) is not the one that plans ({wanted}).",
    },
    advice: Text {
        ja: "送信先と、計画を担当する事業所を確かめてください。委託の場合は自事業所の名前で出力し直します。",
        en: "Check the receiver and who plans; an entrusted plan is exported again under the own name.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[
            Edit::Rename(
                FileKind::Slip,
                "2770100012_43_2770200036_11",
                "2700100021_46_2770100012_43",
            ),
            Edit::Rename(
                FileKind::SlipAnnex,
                "2770100012_43_2770200036_11",
                "2700100021_46_2770100012_43",
            ),
            Edit::Rename(
                FileKind::Supplement,
                "2770100012_43_2770200036_11",
                "2700100021_46_2770100012_43",
            ),
        ],
        refused: &[Edit::Set(FileKind::Slip, 1, "プラン担当業者コード", "2700100021")],
    },
};
