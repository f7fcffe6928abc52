//! The withdrawal names the kind whose 実績 goes; the name says as what the office sends.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// The withdrawal names the kind whose 実績 goes; the name says as what the office sends.
pub(crate) static RULE: Rule = Rule {
    id: "results-withdrawal.other-kind",
    severity: Severity::Info,
    because: Text {
        ja: "実績は一つの事業所のすべての種類を運べるので、知らせるだけです。",
        en: "実績 may carry every kind of an office, so this is for knowing only.",
    },
    clause: "標準仕様 4.1 第6表_削除（実績）: 項目6 サービス種類コード",
    states: Text {
        ja: "取り消すサービス種類は、ふつうファイル名の送信元サービス種類コードと同じです。",
        en: "The kind that is withdrawn is usually the sender's kind in the file's name.",
    },
    text: Text {
        ja: "{item}「{found}」が、ファイル名の送信元サービス種類コード（{wanted}）と違います。",
        en: "{item} ({found}) is not the sender's kind in the file's name ({wanted}).",
    },
    advice: Text {
        ja: "取り消すサービス種類を確かめてください。",
        en: "Check which service kind is to be withdrawn.",
    },
    example: Example {
        of: Base::ResultsWithdrawal,
        accepted: &[],
        refused: &[Edit::Set(FileKind::ResultsWithdrawal, 1, "サービス種類コード", "15")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn the_kind_that_is_withdrawn_is_held_against_the_name() {
        let of = |kind| {
            let kind = Edit::Set(FileKind::ResultsWithdrawal, 1, "サービス種類コード", kind);
            found(Base::ResultsWithdrawal, &[kind]).iter().any(|id| id.contains(RULE.id))
        };
        assert_eq!(["11", "15", "62"].map(of), [false, true, true]);
    }
}
