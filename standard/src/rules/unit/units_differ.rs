//! 単位数 of 第6表 is the units after discount of 第7表.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// 単位数 of 第6表 is the units after discount of 第7表.
pub(crate) static RULE: Rule = Rule {
    id: "unit.units-differ",
    severity: Severity::Warning,
    because: Text {
        ja: "第6表と第7表の数え方は標準仕様に細かい定めがないので、拒みません。",
        en: "How 第6表 and 第7表 count is not stated in detail, so it never refuses.",
    },
    clause: "標準仕様 第6表: 項目8 単位数、第7表: 項目 割引後単位数",
    states: Text {
        ja: "第6表の単位数は割引後の単位数で、第7表の割引後単位数（割引がなければ単位数）と同じです。",
        en: "単位数 of 第6表 is after discount: 割引後単位数 of 第7表, or 単位数 where there is none.",
    },
    text: Text {
        ja: "サービスコード{found}の単位数（割引後・回数分）が、第6表と第7表で違います（{wanted}）。",
        en: "The two tables give service code {found} different units, after discount and in all ({wanted}).",
    },
    advice: Text {
        ja: "単位数と割引を介護ソフトで確かめてください。",
        en: "Check the units and the discount in the care software.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[
            Edit::Set(FileKind::Slip, 3, "単位数", "90"),
            Edit::Set(FileKind::SlipAnnex, 2, "割引後率", "90"),
            Edit::Set(FileKind::SlipAnnex, 2, "割引後単位数", "90"),
        ],
        refused: &[Edit::Set(FileKind::Slip, 3, "単位数", "90")],
    },
};
