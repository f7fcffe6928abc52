//! 9999999999 is the office of the grand total, and of no other line.

use crate::{
    FileKind, LineKind, OfficeNumber, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
    rules::because::NOT_STATED,
};

/// 9999999999 is the office of the grand total, and of no other line.
pub(crate) static RULE: Rule = Rule {
    id: "annex.total-office-elsewhere",
    severity: Severity::Warning,
    because: NOT_STATED,
    clause: "標準仕様 第7表: 項目7 サービス事業所コード",
    states: Text {
        ja: "9999999999は合計行のサービス事業所コードで、ほかの行には書きません。",
        en: "9999999999 is the office of the total line, and of no other.",
    },
    text: Text {
        ja: "合計行でない行（{wanted}）の{item}が9999999999です。",
        en: "{item} is 9999999999 on a line that is no total ({wanted}).",
    },
    advice: Text {
        ja: "サービスを提供する事業所の番号で出力してください。",
        en: "Export it with the number of the office that provides the service.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[],
        refused: &[Edit::Set(FileKind::SlipAnnex, 3, "サービス事業所コード", "9999999999")],
    },
};

pub(crate) fn check(row: &Row<'_>) -> Option<Breach> {
    let (item, office) = row.named("サービス事業所コード")?;
    if OfficeNumber::from_bytes(office) != Ok(OfficeNumber::TOTAL) {
        return None;
    }
    let (_, code) = row.named("サービスコード")?;
    let breach = || row.breach(&RULE, item, office).wanted(String::from_utf8_lossy(code));
    (LineKind::of(code) != LineKind::Total).then(breach)
}
