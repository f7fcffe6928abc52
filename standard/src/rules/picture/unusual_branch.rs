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
