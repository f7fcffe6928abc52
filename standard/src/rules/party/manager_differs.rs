//! 介護支援事業者コード of 第1表 is the office that sends it.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::USUAL,
};

/// 介護支援事業者コード of 第1表 is the office that sends it.
pub(crate) static RULE: Rule = Rule {
    id: "party.manager-differs",
    severity: Severity::Warning,
    because: USUAL,
    clause: "標準仕様 第1表: 項目13 介護支援事業者コード",
    states: Text {
        ja: "第1表の介護支援事業者コードは、送る居宅介護支援事業所の番号です。",
        en: "介護支援事業者コード of 第1表 is the care manager office that sends it.",
    },
    text: Text {
        ja: "{item}「{found}」は送信元の事業所（{wanted}）ではありません。",
        en: "The office of {item} ({found}) is not the sender ({wanted}).",
    },
    advice: Text {
        ja: "介護ソフトの自事業所の設定と、送信元を確かめてください。",
        en: "Check the own office in the care software, and the sender.",
    },
    example: Example {
        of: Base::Plan,
        accepted: &[],
        refused: &[Edit::Set(FileKind::PlanTable1, 1, "介護支援事業者コード", "2770100099")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn the_manager_is_the_office_that_sends_the_plan() {
        let manager = |number| Edit::Set(FileKind::PlanTable1, 1, "介護支援事業者コード", number);
        let of = |number| found(Base::Plan, &[manager(number)]);
        assert!(!of("2770100012").iter().any(|id| id.contains(RULE.id)));
        assert!(of("2770200036").iter().any(|id| id.contains(RULE.id)));
    }
}
