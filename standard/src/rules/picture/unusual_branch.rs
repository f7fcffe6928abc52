//! Branches count from 0001.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::NOT_STATED,
};

/// Branches count from 0001.
pub(crate) static RULE: Rule = Rule {
    id: "picture.unusual-branch",
    severity: Severity::Info,
    because: NOT_STATED,
    clause: "標準仕様 4.1 ファイル名: 画像の枝番",
    states: Text {
        ja: "画像の枝番は、ふつう0001から付けます。",
        en: "The branches of pictures usually count from 0001.",
    },
    text: Text {
        ja: "画像「{found}」の枝番が0000です。",
        en: "The picture {found} has the branch 0000.",
    },
    advice: Text {
        ja: "そのまま送れます。介護ソフトの提供元に知らせてください。",
        en: "It can be sent as it is; tell the care software's vendor.",
    },
    example: Example {
        of: Base::PersonRecord,
        accepted: &[],
        refused: &[Edit::Rename(FileKind::PersonRecordImage, "_0001.jpg", "_0000.jpg")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn a_branch_of_nought_is_noted_and_any_other_is_not() {
        let of = |branch: &'static str| {
            let edits = [
                Edit::Rename(FileKind::PersonRecordImage, "_0001.jpg", branch),
                Edit::Replace(FileKind::PersonRecord, "_0001.jpg", branch),
            ];
            found(Base::PersonRecord, &edits).iter().any(|id| id.contains(RULE.id))
        };
        assert_eq!(
            ["_0000.jpg", "_0001.jpg", "_0002.jpg", "_9999.jpg"].map(of),
            [true, false, false, false]
        );
    }
}
