//! Ten digits, the third may be A.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// Ten digits, the third may be A.
pub(crate) static RULE: Rule = Rule {
    id: "name.office",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: ファイル名（事業所番号）",
    states: Text {
        ja: "送信元と送信先の事業所番号は10桁です。総合事業だけの指定を受けた事業所では3文字目がAです（標準仕様に定めはなく、一般の番号の付け方です）。",
        en: "Sender's and receiver's office numbers have ten digits; the third is the letter A for offices designated for 総合事業 alone (not stated by this standard; numbers are given so in general).",
    },
    text: Text {
        ja: "ファイル名の事業所番号が10桁ではありません。",
        en: "An office number in the name is not 10 digits.",
    },
    advice: Text {
        ja: "送信元・送信先の事業所番号を確かめてください。",
        en: "Check the sender's and the receiver's office number.",
    },
    example: Example {
        of: Base::ResultsWithdrawal,
        accepted: &[Edit::Rename(FileKind::ResultsWithdrawal, "2770200036", "27A0200036")],
        refused: &[Edit::Rename(FileKind::ResultsWithdrawal, "2770200036", "277020003")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn ten_digits_of_which_the_third_may_be_an_a() {
        for to in
            ["277020003", "27702000361", "2770-20036", "2A70200036", "27a0200036", "２770200036"]
        {
            let edit = Edit::Rename(FileKind::ResultsWithdrawal, "2770200036", to);
            assert_eq!(found(Base::ResultsWithdrawal, &[edit]), ["name.office"], "{to}");
        }
        for from in ["2770200036", "2770100012"] {
            let edit = Edit::Rename(FileKind::ResultsWithdrawal, from, "27A0300077");
            assert!(!found(Base::ResultsWithdrawal, &[edit]).contains(&"name.office".to_owned()));
        }
    }
}
