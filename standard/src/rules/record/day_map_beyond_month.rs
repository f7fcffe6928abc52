//! 日割対象日 has 31 digits in every month; those beyond its end are 0.

use crate::{
    Rule, Severity, Text,
    example::Example,
    row::{Breach, Row},
};

/// 日割対象日 has 31 digits in every month; those beyond its end are 0.
pub(crate) static RULE: Rule = Rule {
    id: "record.day-map-beyond-month",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 項目定義",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "{item}に、その月にない日（{found}日）の印があります（{wanted}日まで）。",
        en: "A day that the month does not have ({found}) is marked in {item}; it ends with {wanted}.",
    },
    advice: Text {
        ja: "介護ソフトで日割りの日を確かめてください。",
        en: "Check the days that are billed by the day in the care software.",
    },
    example: Example::NONE,
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let (item, map) = row.named("日割対象日")?;
    let days = row.month()?.days();
    let beyond = map.iter().skip(usize::from(days)).position(|mark| *mark == b'1')?;
    let found = (usize::from(days) + beyond + 1).to_string();
    Some(row.breach(&RULE, item, found.as_bytes()).wanted(days.to_string()))
}
