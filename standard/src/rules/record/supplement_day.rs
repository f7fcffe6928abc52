//! 補足 has a day with 第1表, and 00000000 with 第6表 and 第7表.

use crate::{
    FileKind, Rule, Severity, Text, Wanted,
    example::{Base, Edit, Example},
    row::{Breach, Row},
    rules::because::STATED,
};

/// 補足 has a day with 第1表, and 00000000 with 第6表 and 第7表.
pub(crate) static RULE: Rule = Rule {
    id: "record.supplement-day",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 利用者補足情報: 項目4 居宅サービス計画作成（変更）日、項目63 対象年月",
    states: Text {
        ja: "補足の項目4は、第6表・第7表と送るときは00000000、第1表と送るとき（対象年月000000）は計画の作成（変更）日です。",
        en: "Item 4 of 補足 is 00000000 beside 第6表 and 第7表, and the day of the plan beside 第1表 (対象年月 000000).",
    },
    text: Text {
        ja: "{item}「{found}」が、対象年月と合いません（ここは{wanted}）。",
        en: "{item} ({found}) does not go with 対象年月; it is {wanted} here.",
    },
    advice: Text {
        ja: "補足を、一緒に送る第1表または第6表とまとめて出力し直してください。",
        en: "Export the 補足 again together with the 第1表 or 第6表 that it goes with.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[],
        refused: &[Edit::Set(
            FileKind::Supplement,
            1,
            "居宅サービス計画作成（変更）日",
            "20250320",
        )],
    },
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let (item, day) = row.named("居宅サービス計画作成（変更）日")?;
    let (_, month) = row.named("対象年月")?;
    let wanted = match (month, day) {
        (_, []) => return None,
        (b"000000", b"00000000") => Wanted {
            ja: "計画の作成（変更）日".to_owned(),
            en: "the day of the plan".to_owned(),
        },
        (b"000000", _) | (_, b"00000000") => return None,
        _ => Wanted::same("00000000"),
    };
    // A month that is none is a finding of its own.
    let is_month = month == b"000000" || row.month().is_some();
    is_month.then(|| Breach { wanted, ..row.breach(&RULE, item, day) })
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    #[test]
    fn each_unit_has_its_own_form_of_the_day() {
        let day = "居宅サービス計画作成（変更）日";
        let with = |base, day_of| found(base, &[Edit::Set(FileKind::Supplement, 1, day, day_of)]);
        assert_eq!(with(Base::Plan, "00000000"), ["record.supplement-day@1.4"]);
        assert_eq!(with(Base::PlanPlain, "00000000"), ["record.supplement-day@1.4"]);
        assert_eq!(with(Base::SlipPlain, "20250320"), ["record.supplement-day@1.4"]);
        assert_eq!(with(Base::Slip, ""), ["item.missing@1.4"]);
    }
}
