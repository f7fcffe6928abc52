//! Two characters, in V4 names.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// Two characters, in V4 names.
pub(crate) static RULE: Rule = Rule {
    id: "name.service-kind",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: ファイル名（サービス種類コード）",
    states: Text {
        ja: "バージョン4のファイル名には、送信元と送信先のサービス種類コードが2文字（半角の数字か大文字）で入ります。",
        en: "Names of version 4 hold the service kinds of sender and receiver, two digits or capital letters each.",
    },
    text: Text {
        ja: "ファイル名のサービス種類コードが英数字2文字ではありません。",
        en: "A service kind in the name is not 2 characters.",
    },
    advice: Text {
        ja: "送信元・送信先のサービス種類コードを確かめてください。",
        en: "Check the sender's and the receiver's service kind.",
    },
    example: Example {
        of: Base::ResultsWithdrawal,
        accepted: &[],
        refused: &[Edit::Rename(FileKind::ResultsWithdrawal, "_43_", "_4_")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn two_digits_or_capital_letters() {
        for to in ["_1_", "_111_", "_a2_", "__", "_1-_", "_１１_"] {
            let edit = Edit::Rename(FileKind::ResultsWithdrawal, "_11_", to);
            assert_eq!(found(Base::ResultsWithdrawal, &[edit]), ["name.service-kind"], "{to}");
        }
        for to in ["_A2_", "_2A_", "_15_"] {
            let edit = Edit::Rename(FileKind::ResultsWithdrawal, "_11_", to);
            let found = found(Base::ResultsWithdrawal, &[edit]);
            assert!(!found.contains(&"name.service-kind".to_owned()), "{to}: {found:?}");
        }
    }
}
