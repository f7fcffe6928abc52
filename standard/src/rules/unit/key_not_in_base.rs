//! 第2表, 第3表, 第7表, 別表 and 補足 belong to a record of the base: 第1表, 第6表, 利用者基本情報, 支援計画書.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// 第2表, 第3表, 第7表, 別表 and 補足 belong to a record of the base: 第1表, 第6表, 利用者基本情報, 支援計画書.
pub(crate) static RULE: Rule = Rule {
    id: "unit.key-not-in-base",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 送信単位: 各ファイルのキー項目",
    states: Text {
        ja: "第2表・第3表・第7表・別表・補足のレコードには、もとの表（第1表・第6表・利用者基本情報・支援計画書）に、保険者番号・被保険者番号・日付（または年月）が同じレコードがあります。",
        en: "Each record of 第2表, 第3表, 第7表, 別表 and 補足 has one in its base (第1表, 第6表, 利用者基本情報, 支援計画書) with the same insurer, person and day or month.",
    },
    text: Text {
        ja: "このレコードの利用者と日付（{found}）が、「{wanted}」にありません。",
        en: "There is no record of this person and date ({found}) in {wanted}.",
    },
    advice: Text {
        ja: "同じ利用者・同じ日付（対象年月）で、まとめて出力し直してください。",
        en: "Export them again together, for the same persons and the same date or month.",
    },
    example: Example {
        of: Base::Plan,
        accepted: &[Edit::Set(FileKind::PlanTable1, 1, "作成年月日", "20250319")],
        refused: &[Edit::Set(
            FileKind::PlanTable2,
            3,
            "居宅サービス計画作成（変更）日",
            "20250321",
        )],
    },
};
