//! Either TAISコード or 福祉用具届出コード.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
};

use super::equipment::equipment_codes;

/// Either TAISコード or 福祉用具届出コード.
pub(crate) static RULE: Rule = Rule {
    id: "record.equipment-codes-both",
    severity: Severity::Warning,
    because: Text {
        ja: "どちらかを書くとありますが、両方を書いてはならないとは書かれていないので、拒みません。",
        en: "The text says either; it does not say that both are refused.",
    },
    clause: "標準仕様 4.1 第6表: 項目16・17、第7表: 項目10・11 TAISコード・福祉用具届出コード",
    states: Text {
        ja: "TAISコードと福祉用具届出コードは、どちらか一方を書きます。",
        en: "Either TAISコード or 福祉用具届出コード is filled.",
    },
    text: Text {
        ja: "{item}「{found}」とTAISコード（{wanted}）の両方があります。",
        en: "Both {item} ({found}) and TAISコード ({wanted}) are there.",
    },
    advice: Text {
        ja: "TAISコードのある用具なら、福祉用具届出コードを空にしてください。",
        en: "If the piece has a TAISコード, leave 福祉用具届出コード empty.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[
            Edit::Set(FileKind::Slip, 3, "サービスコード", "171001"),
            Edit::Set(FileKind::Slip, 3, "TAISコード", "00001-000010"),
        ],
        refused: &[
            Edit::Set(FileKind::Slip, 3, "サービスコード", "171001"),
            Edit::Set(FileKind::Slip, 3, "TAISコード", "00001-000010"),
            Edit::Set(FileKind::Slip, 3, "福祉用具届出コード", "F00001000010"),
        ],
    },
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let [(_, tais), (item, notified)] = equipment_codes(row)?;
    let are_both = !tais.is_empty() && !notified.is_empty();
    are_both.then(|| row.breach(&RULE, item, notified).wanted(String::from_utf8_lossy(tais)))
}
