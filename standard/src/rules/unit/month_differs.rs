//! A monthly unit is of one month.

use crate::{Rule, Severity, Text, example::Example};

/// A monthly unit is of one month.
pub(crate) static RULE: Rule = Rule {
    id: "unit.month-differs",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 送信単位",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "同じ連番{found}のファイルで、年月が違います（{wanted}）。",
        en: "Files of one sequence {found} are of different months ({wanted}).",
    },
    advice: Text {
        ja: "月ごとに別の連番で出力し直してください。",
        en: "Export again, with a sequence of its own for each month.",
    },
    example: Example::NONE,
};
