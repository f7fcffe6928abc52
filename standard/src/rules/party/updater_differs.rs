//! 更新業者コード is the office that writes the file.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::USUAL,
};

/// 更新業者コード is the office that writes the file.
pub(crate) static RULE: Rule = Rule {
    id: "party.updater-differs",
    severity: Severity::Warning,
    because: USUAL,
    clause: "標準仕様 各レイアウト: 項目 更新業者コード",
    states: Text {
        ja: "更新業者コードは、計画では居宅介護支援事業所、実績ではサービス事業所の番号です。",
        en: "更新業者コード is the care manager office in plans, and the service office in 実績.",
    },
    text: Text {
        ja: "{item}「{found}」は、ファイルを書いた事業所（{wanted}）ではありません。",
        en: "The office of {item} ({found}) is not the one that writes the file ({wanted}).",
    },
    advice: Text {
        ja: "介護ソフトの自事業所の設定を確かめてください。受け取ったデータを書き直さずに送っていることがあります。",
        en: "Check the own office in the care software; data that was received may have been sent on unchanged.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[Edit::Set(FileKind::Results, 1, "更新業者コード", "")],
        refused: &[Edit::Set(FileKind::Results, 1, "更新業者コード", "2770100012")],
    },
};
