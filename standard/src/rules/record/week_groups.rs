//! Each row of 第3表 fills one of its three groups.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
};

use super::week::groups;

/// Each row of 第3表 fills one of its three groups.
pub(crate) static RULE: Rule = Rule {
    id: "record.week-groups",
    severity: Severity::Info,
    because: Text {
        ja: "標準仕様の例がそうなっているだけなので、知らせるだけです。",
        en: "Only the example of the standard does so, so this is for knowing only.",
    },
    clause: "標準仕様 4.1 第3表: 項目6～13",
    states: Text {
        ja: "第3表の行は、介護サービス、日常生活上の活動、週単位以外のサービスのどれか一つを書きます。",
        en: "A row of 第3表 fills one of its groups: service, daily activity, or other service.",
    },
    text: Text {
        ja: "この行は、第3表の3つの欄のうち{found}つに書かれています（例では1つ）。",
        en: "This row fills {found} of the three groups of 第3表; the example fills one.",
    },
    advice: Text {
        ja: "相手のソフトの表で欄がずれて見えることがあります。",
        en: "The partner's software may show the row in an unexpected place.",
    },
    example: Example {
        of: Base::Plan,
        accepted: &[],
        refused: &[Edit::Set(FileKind::PlanTable3, 1, "週単位以外のサービス", "通院")],
    },
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let groups = groups(row);
    let filled =
        groups.into_iter().filter(|nos| nos.clone().any(|no| !row.value(no).is_empty())).count();
    let breach = || Breach::new(&RULE).at(row.number()).found(&filled.to_string());
    (filled != 1).then(breach)
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    #[test]
    fn a_row_with_no_group_and_one_with_two_are_told() {
        let week = |from, to| found(Base::Plan, &[Edit::Replace(FileKind::PlanTable3, from, to)]);
        assert_eq!(week(",\"通院\"", ","), ["~record.week-groups@3"]);
        assert_eq!(
            week("1000,1030,,,,", "1000,1030,\"起床\",0600,0600,"),
            ["~record.week-groups@1"]
        );
        assert_eq!(week("1000,1030", "1000,"), ["?record.week-time-missing@1.9"]);
        assert_eq!(week("0600,0600", ",0600"), ["?record.week-time-missing@2.11"]);
    }
}
