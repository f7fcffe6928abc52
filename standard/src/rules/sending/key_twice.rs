//! The later of two units replaces the earlier one whole.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::NOT_STATED,
};

/// The later of two units replaces the earlier one whole.
pub(crate) static RULE: Rule = Rule {
    id: "sending.key-twice",
    severity: Severity::Info,
    because: NOT_STATED,
    clause: "標準仕様 取込の順序: ファイル連番",
    states: Text {
        ja: "同じ利用者の同じ月（同じ計画）を送り直すと、後の連番のものが前のものを丸ごと置き換えます。",
        en: "A person's month or plan that is sent again replaces the earlier one whole, in the order of the 連番.",
    },
    text: Text {
        ja: "「{wanted}」の同じ利用者と日付（{found}）が、この送信の先の連番にもあります。",
        en: "An earlier unit of this sending has {wanted} of this person and date ({found}), too.",
    },
    advice: Text {
        ja: "後のものだけが残ります。送るのは1つにしてください。",
        en: "Only the later one stays; send one of them.",
    },
    example: Example {
        of: Base::PlanWithdrawal,
        accepted: &[Edit::CopyFile(
            FileKind::PlanWithdrawal,
            "2770200036_11_20250501120000",
            "2770300042_15_20250501120001",
        )],
        refused: &[Edit::CopyFile(FileKind::PlanWithdrawal, "20250501120000", "20250501120001")],
    },
};
