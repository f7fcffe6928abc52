//! 単位数 is 0 on subtotal and total lines.

use crate::{
    FileKind, LineKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
    rules::because::STATED,
    values::number,
};

/// 単位数 is 0 on subtotal and total lines.
pub(crate) static RULE: Rule = Rule {
    id: "annex.sum-line-units",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 第7表: 項目 単位数",
    states: Text {
        ja: "小計行と合計行の単位数は0です。",
        en: "単位数 is 0 on subtotal and total lines.",
    },
    text: Text {
        ja: "小計行・合計行の{item}が「{found}」です（正しくは{wanted}）。",
        en: "{item} is {found} on a subtotal or total line; it is {wanted} there.",
    },
    advice: Text {
        ja: "介護ソフトの提供元に連絡し、0で出力してください。",
        en: "Tell the care software's vendor, and export it as 0.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::Set(FileKind::SlipAnnex, 4, "単位数", "000000")],
        refused: &[Edit::Set(FileKind::SlipAnnex, 4, "単位数", "588")],
    },
};

pub(crate) fn check(row: &Row<'_>) -> Option<Breach> {
    let (item, units) = row.named("単位数")?;
    let is_sum = LineKind::of(row.named("サービスコード")?.1) != LineKind::Service;
    let is_other = number(units).is_some_and(|units| units != 0);
    (is_sum && is_other).then(|| row.breach(&RULE, item, units).wanted("0"))
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    #[test]
    fn sum_lines_have_their_fixed_values() {
        let annex = |record, item, value| {
            found(Base::Slip, &[Edit::Set(FileKind::SlipAnnex, record, item, value)])
        };
        assert_eq!(annex(3, "単位数", "588"), ["annex.sum-line-units@3.13"]);
        assert_eq!(annex(4, "割引後率", "90"), ["annex.sum-line-discount@4.14"]);
        assert_eq!(annex(3, "割引後単位数", "0"), ["annex.sum-line-discount@3.15"]);
        assert_eq!(annex(4, "サービス事業所コード", "2770200036"), ["annex.total-office@4.7"]);
        assert_eq!(
            annex(3, "サービス事業所コード", "9999999999"),
            ["?annex.total-office-elsewhere@3.7"]
        );
        assert_eq!(annex(1, "サービス単位金額", "244"), ["?annex.amount-differs@1.17"]);
    }
}
