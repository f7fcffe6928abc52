//! Every service of 第6表 has its line in 第7表.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// Every service of 第6表 has its line in 第7表.
pub(crate) static RULE: Rule = Rule {
    id: "unit.service-not-in-annex",
    severity: Severity::Warning,
    because: Text {
        ja: "第6表と第7表の数え方は標準仕様に細かい定めがないので、拒みません。",
        en: "How 第6表 and 第7表 count is not stated in detail, so it never refuses.",
    },
    clause: "標準仕様 送信単位: 第6表と第7表",
    states: Text {
        ja: "第6表にあるサービスは、同じ利用者の第7表にもあります。",
        en: "A service of 第6表 stands in the person's 第7表, too.",
    },
    text: Text {
        ja: "第6表のサービスコード{found}が、この利用者の第7表にありません（事業所・枝番・用具のコードも比べます）。",
        en: "Service code {found} of 第6表 is not in this person's 第7表 (office, branch and equipment compared, too).",
    },
    advice: Text {
        ja: "第7表を介護ソフトで計算し直し、まとめて出力してください。",
        en: "Calculate the 第7表 again in the care software and export both together.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[],
        refused: &[Edit::Set(FileKind::Slip, 3, "サービスコード", "112115")],
    },
};
