//! Rows of equipment with one code and price are told apart by 明細判別コード.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// Rows of equipment with one code and price are told apart by 明細判別コード.
pub(crate) static RULE: Rule = Rule {
    id: "slip.detail-code-missing",
    severity: Severity::Warning,
    because: Text {
        ja: "同じ用具を2つ貸すのか、重ねて書いたのかは決められないので、拒みません。",
        en: "Whether two pieces are meant or one row stands twice cannot be told, so it never refuses.",
    },
    clause: "標準仕様 4.1 第6表: 項目19 明細判別コード",
    states: Text {
        ja: "福祉用具貸与で、サービスコードと単位数が同じで用具が違う行には、1からの明細判別コードを付けて区別します。",
        en: "Rows of 福祉用具貸与 with equal code and units but another item are told apart by 明細判別コード, a running number.",
    },
    text: Text {
        ja: "サービスコードと単位数の同じ福祉用具の行が、{item}（{found}）で区別されていません（レコード{wanted}と同じ）。",
        en: "Rows of equipment with one code and price are not told apart by {item} ({found}); see record {wanted}.",
    },
    advice: Text {
        ja: "用具ごとに1、2…の明細判別コードを付けて出力してください。同じ行が2つあるなら1つにします。",
        en: "Export them with 明細判別コード 1, 2, …; if one row stands twice, keep one.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[
            Edit::Set(FileKind::Slip, 2, "サービスコード", "171001"),
            Edit::Set(FileKind::Slip, 2, "TAISコード", "00001-000010"),
            Edit::Set(FileKind::Slip, 2, "単位数", "300"),
            Edit::Set(FileKind::Slip, 2, "明細判別コード", "1"),
            Edit::Set(FileKind::Slip, 3, "サービスコード", "171001"),
            Edit::Set(FileKind::Slip, 3, "TAISコード", "00001-000011"),
            Edit::Set(FileKind::Slip, 3, "単位数", "300"),
            Edit::Set(FileKind::Slip, 3, "明細判別コード", "2"),
        ],
        refused: &[
            Edit::Set(FileKind::Slip, 2, "サービスコード", "171001"),
            Edit::Set(FileKind::Slip, 2, "TAISコード", "00001-000010"),
            Edit::Set(FileKind::Slip, 2, "単位数", "300"),
            Edit::Set(FileKind::Slip, 3, "サービスコード", "171001"),
            Edit::Set(FileKind::Slip, 3, "TAISコード", "00001-000011"),
            Edit::Set(FileKind::Slip, 3, "単位数", "300"),
        ],
    },
};
