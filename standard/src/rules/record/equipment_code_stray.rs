//! TAISコード and 福祉用具届出コード are of 福祉用具貸与.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    lends_equipment,
    row::{Breach, Row},
    rules::because::STATED,
};

use super::equipment::equipment_codes;

/// TAISコード and 福祉用具届出コード are of 福祉用具貸与.
pub(crate) static RULE: Rule = Rule {
    id: "record.equipment-code-stray",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 4.1 第6表: 項目16・17、第7表: 項目10・11 TAISコード・福祉用具届出コード",
    states: Text {
        ja: "TAISコードと福祉用具届出コードは、福祉用具貸与（17・67）だけの項目です。",
        en: "TAISコード and 福祉用具届出コード are items of 福祉用具貸与 (17, 67) alone.",
    },
    text: Text {
        ja: "福祉用具貸与でないサービス（{wanted}）に、{item}「{found}」があります。",
        en: "A service that lends no equipment ({wanted}) has {item} ({found}).",
    },
    advice: Text {
        ja: "サービスコードと用具のコードを介護ソフトで確かめてください。",
        en: "Check the service code and the equipment code in the care software.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[
            Edit::Set(FileKind::Slip, 3, "サービスコード", "671001"),
            Edit::Set(FileKind::Slip, 3, "福祉用具届出コード", "F00001000010"),
        ],
        refused: &[Edit::Set(FileKind::Slip, 1, "TAISコード", "00001-000010")],
    },
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let codes = equipment_codes(row)?;
    let (item, found) = codes.into_iter().find(|(_, code)| !code.is_empty())?;
    let (_, code) = row.named("サービスコード")?;
    let breach = || row.breach(&RULE, item, found).wanted(String::from_utf8_lossy(code));
    (!lends_equipment(code)).then(breach)
}
