//! A picture belongs to the record that names it.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::SELDOM_MEANT,
};

/// A picture belongs to the record that names it.
pub(crate) static RULE: Rule = Rule {
    id: "picture.not-named",
    severity: Severity::Warning,
    because: SELDOM_MEANT,
    clause: "標準仕様 4.1 利用者基本情報: 項目62 家族構成 画像ファイル名",
    states: Text {
        ja: "画像は、項目62にその名前がある利用者のものです。",
        en: "A picture is of the person whose item 62 names it.",
    },
    text: Text {
        ja: "画像「{found}」の名前が、どのレコードの項目62にもありません。",
        en: "No record names the picture {found} in its item 62.",
    },
    advice: Text {
        ja: "どの利用者の画像かが相手に分かりません。画像の名前を付けて出力し直してください。",
        en: "The partner cannot tell whose picture it is; export again with its name in the record.",
    },
    example: Example {
        of: Base::PersonRecord,
        accepted: &[],
        refused: &[Edit::Set(FileKind::PersonRecord, 1, "家族構成 画像ファイル名", "")],
    },
};
