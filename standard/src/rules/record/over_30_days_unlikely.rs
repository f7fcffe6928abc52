//! Only stays are counted to 30 days.

use crate::{
    FileKind, LineKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
    rules::because::SELDOM_MEANT,
};

/// Only stays are counted to 30 days.
pub(crate) static RULE: Rule = Rule {
    id: "record.over-30-days-unlikely",
    severity: Severity::Warning,
    because: SELDOM_MEANT,
    clause: "標準仕様 第6表: 項目23、第7表: 項目33 ３０日超区分",
    states: Text {
        ja: "３０日超区分が1になるのは、短期入所などの泊まるサービスです。",
        en: "Only services that people stay for are beyond 30 days.",
    },
    text: Text {
        ja: "泊まらないサービス（{wanted}）の{item}が1です。",
        en: "{item} is 1 on a service that nobody stays for ({wanted}).",
    },
    advice: Text {
        ja: "介護ソフトで３０日超の区分を確かめてください。",
        en: "Check in the care software which services are beyond 30 days.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[
            Edit::Set(FileKind::Slip, 3, "サービスコード", "212111"),
            Edit::Set(FileKind::Slip, 3, "３０日超区分", "1"),
        ],
        refused: &[Edit::Set(FileKind::Slip, 1, "３０日超区分", "1")],
    },
};

/// 短期入所 and the short uses of homes, 介護給付 and 予防給付.
const STAYS: [&[u8]; 15] = [
    b"21", b"22", b"23", b"2A", b"27", b"28", b"38", b"68", b"79", // 介護給付
    b"24", b"25", b"26", b"2B", b"39", b"69", // 予防給付
];

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let (item, over) = row.named("３０日超区分")?;
    if over != b"1" {
        return None;
    }
    let (_, code) = row.named("サービスコード")?;
    let is_stay =
        STAYS.iter().any(|kind| code.starts_with(kind)) || LineKind::of(code) == LineKind::Total;
    (!is_stay).then(|| row.breach(&RULE, item, over).wanted(String::from_utf8_lossy(code)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn visits_are_never_beyond_30_days_and_stays_may_be() {
        let of = |code: &'static str| {
            let edits = [
                Edit::Set(FileKind::Slip, 3, "サービスコード", code),
                Edit::Set(FileKind::Slip, 3, "３０日超区分", "1"),
            ];
            found(Base::Slip, &edits).iter().any(|id| id.contains(RULE.id))
        };
        assert_eq!(["111111", "152441", "A21111"].map(of), [true; 3]);
        assert_eq!(["212111", "221111", "241111"].map(of), [false; 3]);
    }
}
