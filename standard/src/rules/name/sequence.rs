//! ファイル連番: YYYYMMDDHHMMSS.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// ファイル連番: YYYYMMDDHHMMSS.
pub(crate) static RULE: Rule = Rule {
    id: "name.sequence",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: ファイル名（ファイル連番）",
    states: Text {
        ja: "ファイル連番は14桁の数字（YYYYMMDDHHMMSS）です。1つの送信単位のファイルを結び、取り込みの順を決めます。",
        en: "The sequence is fourteen digits (YYYYMMDDHHMMSS). It binds the files of one 送信単位 and orders the import.",
    },
    text: Text {
        ja: "ファイル名の連番が数字14桁ではありません。",
        en: "The sequence in the name is not 14 digits.",
    },
    advice: Text {
        ja: "介護ソフトが出力した名前のまま送ってください。",
        en: "Send it under the name that the care software gave it.",
    },
    example: Example {
        of: Base::ResultsWithdrawal,
        accepted: &[],
        refused: &[Edit::Rename(FileKind::ResultsWithdrawal, "20250501120000", "202505011200")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn fourteen_digits() {
        for to in [
            "2025050112000",
            "202505011200000",
            "2025050112000A",
            "20250501-12000",
            "20250501120000 (1)",
        ] {
            let edit = Edit::Rename(FileKind::ResultsWithdrawal, "20250501120000", to);
            assert_eq!(found(Base::ResultsWithdrawal, &[edit]), ["name.sequence"], "{to}");
        }
    }
}
