//! An office withdraws its own 実績.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::USUAL,
};

/// An office withdraws its own 実績.
pub(crate) static RULE: Rule = Rule {
    id: "results-withdrawal.other-office",
    severity: Severity::Warning,
    because: USUAL,
    clause: "標準仕様 第6表_削除（実績）: 項目5 サービス事業者コード",
    states: Text {
        ja: "実績の削除は、送信元の事業所の実績を取り消します。",
        en: "The withdrawal of 実績 is of the sender's own.",
    },
    text: Text {
        ja: "{item}「{found}」は送信元の事業所（{wanted}）ではありません。",
        en: "The office of {item} ({found}) is not the sender ({wanted}).",
    },
    advice: Text {
        ja: "取り消す実績の事業所を確かめてください。",
        en: "Check whose 実績 is to be withdrawn.",
    },
    example: Example {
        of: Base::ResultsWithdrawal,
        accepted: &[],
        refused: &[Edit::Set(FileKind::ResultsWithdrawal, 1, "サービス事業者コード", "2770300042")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn the_office_whose_results_go_is_held_against_the_sender() {
        let of = |office| {
            let office = Edit::Set(FileKind::ResultsWithdrawal, 1, "サービス事業者コード", office);
            found(Base::ResultsWithdrawal, &[office]).iter().any(|id| id.contains(RULE.id))
        };
        assert_eq!(["2770200036", "2770300042", "27A0200036"].map(of), [false, true, true]);
    }
}
