//! 日割対象日 has 31 digits in every month; those beyond its end are 0.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
    rules::because::STATED,
};

/// 日割対象日 has 31 digits in every month; those beyond its end are 0.
pub(crate) static RULE: Rule = Rule {
    id: "record.day-map-beyond-month",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 第6表: 項目11 日割対象日",
    states: Text {
        ja: "日割対象日は31桁で、日割りで算定できる日だけが1です。その月にない日は0です。",
        en: "日割対象日 has 31 digits, 1 on each day that may be billed by the day; days that the month does not have are 0.",
    },
    text: Text {
        ja: "{item}に、その月にない日（{found}日）の印があります（{wanted}日まで）。",
        en: "A day that the month does not have ({found}) is marked in {item}; it ends with {wanted}.",
    },
    advice: Text {
        ja: "介護ソフトで日割りの日を確かめてください。",
        en: "Check the days that are billed by the day in the care software.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::Set(FileKind::Slip, 1, "日割対象日", "1111111111111111111111111111111")],
        refused: &[
            Edit::Replace(FileKind::Slip, "202505", "202504"),
            Edit::Replace(FileKind::SlipAnnex, "202505", "202504"),
            Edit::Replace(FileKind::Supplement, "202505", "202504"),
            Edit::Rename(FileKind::Slip, "_202505_", "_202504_"),
            Edit::Rename(FileKind::SlipAnnex, "_202505_", "_202504_"),
            Edit::Rename(FileKind::Supplement, "_202505_", "_202504_"),
            Edit::Set(FileKind::Slip, 1, "日割対象日", "1111111111111111111111111111111"),
        ],
    },
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let (item, map) = row.named("日割対象日")?;
    let days = row.month()?.days();
    let beyond = map.iter().skip(usize::from(days)).position(|mark| *mark == b'1')?;
    let found = (usize::from(days) + beyond + 1).to_string();
    Some(row.breach(&RULE, item, found.as_bytes()).wanted(days.to_string()))
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    #[test]
    fn a_month_of_thirty_days_has_no_thirty_first() {
        let june = |map| {
            let edits = [
                Edit::Replace(FileKind::Results, "202505", "202506"),
                Edit::Rename(FileKind::Results, "_202505_", "_202506_"),
                Edit::Set(FileKind::Results, 1, "日割対象日", map),
            ];
            found(Base::Results, &edits)
        };
        assert_eq!(june("1111111111111111111111111111110"), [""; 0]);
        assert_eq!(june("1111111111111111111111111111111"), ["record.day-map-beyond-month@1.11"]);
        assert_eq!(june("0000000000000000000000000000000"), ["?record.day-map-empty@1.11"]);
    }
}
