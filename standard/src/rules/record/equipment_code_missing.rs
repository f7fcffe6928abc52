//! Not stated for add-ons of 福祉用具貸与, so it refuses nothing.

use crate::{
    Rule, Severity, Text,
    example::Example,
    row::{Breach, Row},
};

/// Not stated for add-ons of 福祉用具貸与, so it refuses nothing.
pub(crate) static RULE: Rule = Rule {
    id: "record.equipment-code-missing",
    severity: Severity::Warning,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 項目定義",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "福祉用具貸与（{found}）に、TAISコードも福祉用具届出コードもありません。",
        en: "Equipment on loan ({found}) has neither TAISコード nor 福祉用具届出コード.",
    },
    advice: Text {
        ja: "用具の行なら、どちらかのコードを介護ソフトで入力してください。",
        en: "If the row is a piece of equipment, enter one of the codes in the care software.",
    },
    example: Example::NONE,
};

/// Kinds of service that lend equipment.
const EQUIPMENT_KINDS: [&[u8]; 2] = [b"17", b"67"];
/// What follows the kind on lines of 第7表 that sum up.
const SUBTOTALS: [&[u8]; 3] = [b"AAAA", b"EEEE", b"ZZZZ"];

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let (_, tais) = row.named("TAISコード")?;
    let (_, notification) = row.named("福祉用具届出コード")?;
    let (item, code) = row.named("サービスコード")?;
    let is_equipment = EQUIPMENT_KINDS.iter().any(|kind| code.starts_with(kind));
    let is_subtotal = SUBTOTALS.iter().any(|subtotal| code.ends_with(subtotal));
    let is_missing = tais.is_empty() && notification.is_empty();
    (is_equipment && !is_subtotal && is_missing).then(|| row.breach(&RULE, item, code))
}
