//! That a base must have its dependents for every person is not stated.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// That a base must have its dependents for every person is not stated.
pub(crate) static RULE: Rule = Rule {
    id: "unit.base-without-dependent",
    severity: Severity::Warning,
    because: Text {
        ja: "すべての利用者の分がそろわなければならないとは書かれていないので、拒みません。",
        en: "That every person must have them all is not stated, so it never refuses.",
    },
    clause: "標準仕様 送信単位: 各ファイルのキー項目",
    states: Text {
        ja: "もとの表の利用者には、一緒に送る表と補足にもレコードがあります。",
        en: "Each person of the base has records in the tables and the 補足 that go with it.",
    },
    text: Text {
        ja: "このレコードの利用者と日付（{found}）が、「{wanted}」にありません。",
        en: "There is no record of this person and date ({found}) in {wanted}.",
    },
    advice: Text {
        ja: "相手のソフトが取り込めないことがあります。出力の条件を確かめてください。",
        en: "The partner's software may not import it; check what was chosen for export.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[],
        refused: &[
            Edit::Repeat(FileKind::Slip, 3),
            Edit::Set(FileKind::Slip, 4, "被保険者番号", "0000209008"),
        ],
    },
};
