//! A name begins with the prefix of its kind.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// A name begins with the prefix of its kind.
pub(crate) static RULE: Rule = Rule {
    id: "name.prefix",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: ファイル名（接頭辞）",
    states: Text {
        ja: "ファイル名は、標準仕様のファイル種類の接頭辞（UPPLAN、UPJSK など）で始まります。",
        en: "A name begins with the prefix of a kind of file that the standard has (UPPLAN, UPJSK and so on).",
    },
    text: Text {
        ja: "ファイル名の先頭が標準仕様の種類ではありません。",
        en: "The name begins with no kind of file of the standard.",
    },
    advice: Text {
        ja: "介護ソフトが出力した名前のまま送ってください。",
        en: "Send it under the name that the care software gave it.",
    },
    example: Example {
        of: Base::ResultsWithdrawal,
        accepted: &[],
        refused: &[Edit::Rename(FileKind::ResultsWithdrawal, "DLTJSK", "DLJSK")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn a_name_begins_as_the_standard_has_it() {
        for to in ["DLJSK", "dltjsk", "DLTJSK2", "XDLTJSK", "DLTJSK "] {
            let edit = Edit::Rename(FileKind::ResultsWithdrawal, "DLTJSK", to);
            assert_eq!(found(Base::ResultsWithdrawal, &[edit]), ["name.prefix"], "{to}");
        }
    }
}
