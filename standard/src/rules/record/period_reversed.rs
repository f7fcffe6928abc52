//! A period ends after it begins.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
    rules::because::SELDOM_MEANT,
};

/// A period ends after it begins.
pub(crate) static RULE: Rule = Rule {
    id: "record.period-reversed",
    severity: Severity::Warning,
    because: SELDOM_MEANT,
    clause: "標準仕様 第1表: 項目15・14、項目19・20、補足: 項目14・15、支援計画書: 項目10・11、利用者基本情報: 項目24・25",
    states: Text {
        ja: "有効期間などの終わりの日は、始まりの日より後です。",
        en: "The end of a period is not before its beginning.",
    },
    text: Text {
        ja: "{item}「{found}」が、始まりの日（{wanted}）より前です。",
        en: "{item} ({found}) is before its beginning ({wanted}).",
    },
    advice: Text {
        ja: "介護ソフトで日付を確かめてください。",
        en: "Check the dates in the care software.",
    },
    example: Example {
        of: Base::Plan,
        accepted: &[Edit::Set(FileKind::PlanTable1, 1, "認定有効期間終了日", "20250201")],
        refused: &[Edit::Set(FileKind::PlanTable1, 1, "認定有効期間終了日", "20250131")],
    },
};

/// Beginnings and ends, in the layouts that have them.
const PERIODS: [(&str, &str); 6] = [
    ("認定有効期間開始日", "認定有効期間終了日"),
    ("認定有効期限開始日", "認定有効期間終了日"),
    ("限度額適用開始年月日", "限度額適用終了年月日"),
    ("初回居宅サービス計画作成日", "居宅サービス計画作成（変更）日"),
    ("初回作成日", "計画作成(変更)日"),
    ("前回相談日", "相談日"),
];

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    PERIODS.iter().find_map(|(begin, end)| {
        let (_, begin) = row.date(begin)?;
        let (item, end) = row.date(end)?;
        let breach = || row.breach(&RULE, item, end.to_string().as_bytes());
        (end < begin).then(|| breach().wanted(begin.to_string()))
    })
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    #[test]
    fn a_period_of_one_day_is_one() {
        let of = |base, kind, item, day| found(base, &[Edit::Set(kind, 1, item, day)]);
        let ends = |day| of(Base::Slip, FileKind::Supplement, "限度額適用終了年月日", day);
        assert_eq!(ends("20250201"), [""; 0]);
        assert_eq!(ends("20250131"), ["?record.period-reversed@1.15"]);
        let first = |day| of(Base::Plan, FileKind::PlanTable1, "初回居宅サービス計画作成日", day);
        assert_eq!(first("20250320"), [""; 0]);
        assert_eq!(first("20250321"), ["?record.period-reversed@1.14"]);
    }
}
