//! サービス単位金額 is units times 回数／日数.

use crate::{
    FileKind, LineKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
    values::number,
};

/// サービス単位金額 is units times 回数／日数.
pub(crate) static RULE: Rule = Rule {
    id: "annex.amount-differs",
    severity: Severity::Warning,
    because: Text {
        ja: "計算の方法は標準仕様に定めがないので、拒みません。",
        en: "How it is calculated is not stated, so it never refuses.",
    },
    clause: "標準仕様 第7表: 項目 サービス単位金額",
    states: Text {
        ja: "サービス単位金額は、単位数（割引があれば割引後単位数）に回数／日数を掛けたものです。",
        en: "サービス単位金額 is 単位数, or 割引後単位数 where there is one, times 回数／日数.",
    },
    text: Text {
        ja: "{item}「{found}」が、単位数と回数を掛けた{wanted}と違います。",
        en: "{item} ({found}) is not units times 回数／日数 ({wanted}).",
    },
    advice: Text {
        ja: "単位数と回数を介護ソフトで確かめてください。",
        en: "Check the units and the times in the care software.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[],
        refused: &[Edit::Set(FileKind::SlipAnnex, 1, "サービス単位金額", "489")],
    },
};

pub(crate) fn check(row: &Row<'_>) -> Option<Breach> {
    let value = |item: &'static str| row.named(item).map(|(_, value)| value);
    let (item, amount) = row.named("サービス単位金額")?;
    let found = number(amount)?;
    let units = number(value("割引後単位数")?).or_else(|| number(value("単位数")?))?;
    let wanted = u64::from(units) * u64::from(number(value("回数／日数")?)?);
    // Units of 0 are not known: rate-based add-ons.
    let is_service = LineKind::of(value("サービスコード")?) == LineKind::Service;
    let is_other = is_service && units != 0 && u64::from(found) != wanted;
    is_other.then(|| row.breach(&RULE, item, amount).wanted(wanted.to_string()))
}
