//! 第2表, 第3表, 第7表, 別表 and 補足 belong to a record of the base: 第1表, 第6表, 利用者基本情報, 支援計画書.

use crate::{Rule, Severity, Text, example::Example};

/// 第2表, 第3表, 第7表, 別表 and 補足 belong to a record of the base: 第1表, 第6表, 利用者基本情報,
/// 支援計画書.
pub(crate) static RULE: Rule = Rule {
    id: "unit.key-not-in-base",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 送信単位",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "このレコードの利用者と日付（{found}）が、「{wanted}」にありません。",
        en: "There is no record of this person and date ({found}) in {wanted}.",
    },
    advice: Text {
        ja: "同じ利用者・同じ日付（対象年月）で、まとめて出力し直してください。",
        en: "Export them again together, for the same persons and the same date or month.",
    },
    example: Example::NONE,
};
