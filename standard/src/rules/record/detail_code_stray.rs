//! 明細判別コード tells pieces of equipment apart; elsewhere it is empty.

use crate::{
    Rule, Severity, Text,
    example::Example,
    row::{Breach, Row},
};

/// 明細判別コード tells pieces of equipment apart; elsewhere it is empty.
pub(crate) static RULE: Rule = Rule {
    id: "record.detail-code-stray",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 項目定義",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}「{found}」は福祉用具貸与（17）だけの項目です（この行は{wanted}）。",
        en: "Only services of kind 17 have {item} ({found}); this one is of kind {wanted}.",
    },
    advice: Text {
        ja: "空にして出力し直してください。介護ソフトの提供元に連絡してください。",
        en: "Leave it empty and export again; tell the care software's vendor.",
    },
    example: Example::NONE,
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let (item, detail) = row.named("明細判別コード")?;
    let (_, code) = row.named("サービスコード")?;
    let kind = code.get(..2)?;
    let is_stray = !detail.is_empty() && kind != b"17";
    is_stray.then(|| row.breach(&RULE, item, detail).wanted(String::from_utf8_lossy(kind)))
}
