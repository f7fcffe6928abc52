//! A monthly unit is of one month.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// A monthly unit is of one month.
pub(crate) static RULE: Rule = Rule {
    id: "unit.month-differs",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル名: サービス提供年月",
    states: Text {
        ja: "月ごとの送信単位のファイルは、同じサービス提供年月のものです。",
        en: "The files of a monthly unit are of one service month.",
    },
    text: Text {
        ja: "同じ連番{found}のファイルで、年月が違います（{wanted}）。",
        en: "Files of one sequence {found} are of different months ({wanted}).",
    },
    advice: Text {
        ja: "月ごとに別の連番で出力し直してください。",
        en: "Export again, with a sequence of its own for each month.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[],
        refused: &[Edit::Rename(FileKind::Supplement, "_202505_", "_202506_")],
    },
};
