//! Every line of 第7表 has its service in 第6表.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// Every line of 第7表 has its service in 第6表.
pub(crate) static RULE: Rule = Rule {
    id: "unit.service-not-in-slip",
    severity: Severity::Warning,
    because: Text {
        ja: "第6表と第7表の数え方は標準仕様に細かい定めがないので、拒みません。",
        en: "How 第6表 and 第7表 count is not stated in detail, so it never refuses.",
    },
    clause: "標準仕様 送信単位: 第6表と第7表",
    states: Text {
        ja: "第7表にあるサービスは、同じ利用者の第6表にもあります。",
        en: "A service of 第7表 stands in the person's 第6表, too.",
    },
    text: Text {
        ja: "第7表のサービスコード{found}が、この利用者の第6表にありません（事業所・枝番・用具のコードも比べます）。",
        en: "Service code {found} of 第7表 is not in this person's 第6表 (office, branch and equipment compared, too).",
    },
    advice: Text {
        ja: "第6表の予定を確かめ、まとめて出力し直してください。",
        en: "Check the rows of 第6表 and export both together.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[],
        refused: &[Edit::DropRecord(FileKind::Slip, 3)],
    },
};
