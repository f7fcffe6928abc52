//! Whether several offices with one line each make up several lines is not said.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// Whether several offices with one line each make up several lines is not said.
pub(crate) static RULE: Rule = Rule {
    id: "annex.subtotal-over-offices",
    severity: Severity::Warning,
    because: Text {
        ja: "小計が事業所ごとか、事業所をまたぐのかの定めが読み取れないので、拒みません。",
        en: "Whether a subtotal is of one office or of all is not clear from the text, so it never refuses.",
    },
    clause: "標準仕様 第7表: 項目 サービスコード（小計行）",
    states: Text {
        ja: "同じサービス種類の行が事業所をまたいで2行以上あれば、小計行（種類＋AAAA）を書く読み方もあります。",
        en: "One may read that lines of one kind of several offices want a subtotal, too.",
    },
    text: Text {
        ja: "サービス種類{found}の行が複数の事業所にありますが、小計行（{found}AAAA）がありません。",
        en: "Several offices have a line of service kind {found}, and there is no subtotal ({found}AAAA).",
    },
    advice: Text {
        ja: "事業所ごとに1行ずつなら、そのまま送れます。",
        en: "It can be sent as it is if each office has one line.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[],
        refused: &[
            Edit::DropRecord(FileKind::SlipAnnex, 3),
            Edit::Set(FileKind::SlipAnnex, 2, "サービス事業所コード", "2770200099"),
        ],
    },
};
