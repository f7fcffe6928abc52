//! 回数／日数 of 第7表 is the number of times in 第6表.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// 回数／日数 of 第7表 is the number of times in 第6表.
pub(crate) static RULE: Rule = Rule {
    id: "unit.times-differ",
    severity: Severity::Warning,
    because: Text {
        ja: "第6表と第7表の数え方は標準仕様に細かい定めがないので、拒みません。",
        en: "How 第6表 and 第7表 count is not stated in detail, so it never refuses.",
    },
    clause: "標準仕様 第7表: 項目 回数／日数、第6表: 項目14 サービス回数",
    states: Text {
        ja: "第7表の回数は、第6表のサービス回数を月で足したものです（日割りの行を除きます）。",
        en: "回数／日数 of 第7表 is the sum of the month's サービス回数 in 第6表, days billed by the day apart.",
    },
    text: Text {
        ja: "サービスコード{found}の回数が、第6表と第7表で違います（{wanted}）。",
        en: "The two tables count service code {found} differently ({wanted}).",
    },
    advice: Text {
        ja: "第7表を介護ソフトで計算し直し、まとめて出力してください。",
        en: "Calculate the 第7表 again in the care software and export both together.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::Set(FileKind::Slip, 1, "日割対象日", "1111111000000000000000000000000")],
        refused: &[Edit::DropRecord(FileKind::Slip, 2)],
    },
};
