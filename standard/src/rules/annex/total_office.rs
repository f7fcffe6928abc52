//! The grand total stands under 9999999999.

use crate::{
    FileKind, LineKind, OfficeNumber, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
    rules::because::STATED,
};

/// The grand total stands under 9999999999.
pub(crate) static RULE: Rule = Rule {
    id: "annex.total-office",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 第7表: 項目7 サービス事業所コード",
    states: Text {
        ja: "合計行のサービス事業所コードは9999999999です。",
        en: "サービス事業所コード is 9999999999 on the total line.",
    },
    text: Text {
        ja: "合計行の{item}が「{found}」です（正しくは{wanted}）。",
        en: "{item} of the total line is {found}; it is {wanted} there.",
    },
    advice: Text {
        ja: "介護ソフトの提供元に連絡し、出力し直してください。",
        en: "Tell the care software's vendor, and export again.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[],
        refused: &[Edit::Set(FileKind::SlipAnnex, 4, "サービス事業所コード", "2770200036")],
    },
};

pub(crate) fn check(row: &Row<'_>) -> Option<Breach> {
    let (item, office) = row.named("サービス事業所コード")?;
    let is_total = LineKind::of(row.named("サービスコード")?.1) == LineKind::Total;
    let is_other =
        OfficeNumber::from_bytes(office).is_ok_and(|office| office != OfficeNumber::TOTAL);
    let breach = || row.breach(&RULE, item, office).wanted(OfficeNumber::TOTAL.to_string());
    (is_total && is_other).then(breach)
}
