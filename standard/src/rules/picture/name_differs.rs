//! The parts of a picture's name are those of the record file's name.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// The parts of a picture's name are those of the record file's name.
pub(crate) static RULE: Rule = Rule {
    id: "picture.name-differs",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 4.1 利用者基本情報: 項目62 家族構成 画像ファイル名",
    states: Text {
        ja: "画像の名前は、UPKIHON_IMAGE_、利用者基本情報のファイル名の各部分、4桁の枝番、.jpg からなります。",
        en: "A picture's name is UPKIHON_IMAGE_, the parts of the record file's name, four digits of branch, and .jpg.",
    },
    text: Text {
        ja: "{item}「{found}」の各部分が、このファイルの名前と違います（正しくは{wanted}）。",
        en: "The parts of {item} ({found}) are not those of this file's name ({wanted}).",
    },
    advice: Text {
        ja: "画像とレコードを一緒に出力し直してください。",
        en: "Export picture and record again together.",
    },
    example: Example {
        of: Base::PersonRecord,
        accepted: &[Edit::Set(
            FileKind::PersonRecord,
            1,
            "家族構成 画像ファイル名",
            "UPKIHON_IMAGE_2700100021_46_2770100012_43_20250501120000_0001.JPG",
        )],
        refused: &[Edit::Set(
            FileKind::PersonRecord,
            1,
            "家族構成 画像ファイル名",
            "UPKIHON_IMAGE_2700100021_46_2770100012_43_20250501120001_0001.jpg",
        )],
    },
};
