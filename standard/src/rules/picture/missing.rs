//! A picture that a record names is in the sending.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// A picture that a record names is in the sending.
pub(crate) static RULE: Rule = Rule {
    id: "picture.missing",
    severity: Severity::Warning,
    because: Text {
        ja: "画像を一緒に送らなければならないとは書かれていないので、拒みません。",
        en: "That a picture must travel with its record is not stated, so it never refuses.",
    },
    clause: "標準仕様 4.1 利用者基本情報: 項目62 家族構成 画像ファイル名",
    states: Text {
        ja: "利用者基本情報の項目62に名前のある画像は、同じ送信単位にあります。",
        en: "A picture that item 62 names is in the same unit.",
    },
    text: Text {
        ja: "画像「{found}」の名前がレコードにありますが、ファイルがありません。",
        en: "The record names the picture {found}, and there is no such file.",
    },
    advice: Text {
        ja: "画像を一緒に出力するか、画像の名前を消して出力してください。",
        en: "Export the picture, too, or leave its name out.",
    },
    example: Example {
        of: Base::PersonRecord,
        accepted: &[],
        refused: &[Edit::DropFile(FileKind::PersonRecordImage)],
    },
};
