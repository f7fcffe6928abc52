//! A picture's name ends in a branch of four digits.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// A picture's name ends in a branch of four digits.
pub(crate) static RULE: Rule = Rule {
    id: "name.branch",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: ファイル名（画像の枝番）",
    states: Text {
        ja: "利用者基本情報の画像のファイル名は、4桁の枝番で終わります（_0001.jpg）。",
        en: "The name of a picture of 利用者基本情報 ends in a branch of four digits (_0001.jpg).",
    },
    text: Text {
        ja: "画像のファイル名の枝番が数字4桁ではありません。",
        en: "The branch in the picture's name is not 4 digits.",
    },
    advice: Text {
        ja: "枝番は 0001 からの4桁です。", en: "The branch is 4 digits, from 0001."
    },
    example: Example {
        of: Base::PersonRecord,
        accepted: &[],
        refused: &[Edit::Rename(FileKind::PersonRecordImage, "_0001.", "_1.")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn a_branch_has_four_digits() {
        for to in ["_1.", "_001.", "_00001.", "_000A.", "_."] {
            let edit = Edit::Rename(FileKind::PersonRecordImage, "_0001.", to);
            let found = found(Base::PersonRecord, &[edit]);
            assert!(found.contains(&"name.branch".to_owned()), "{to}: {found:?}");
        }
        let none = Edit::Rename(FileKind::PersonRecordImage, "_0001.", ".");
        assert!(found(Base::PersonRecord, &[none]).contains(&"name.branch".to_owned()));
    }
}
