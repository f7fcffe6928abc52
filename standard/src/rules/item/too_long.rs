//! Numbers, telephone numbers and limited text are at most as long as the table says.

use crate::{
    FileKind, Item, Length, Rule, Severity, Text,
    example::{Base, Edit, Example},
    item_check::Breach,
    ms932,
    rules::{because::STATED, item::length},
};

/// Numbers, telephone numbers and limited text are at most as long as the table says.
pub(crate) static RULE: Rule = Rule {
    id: "item.too-long",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 各レイアウトの項目定義: 桁数（数値・電話番号）",
    states: Text {
        ja: "数値と電話番号は、定められた桁数以内で書きます。前に0を補う必要はありません。",
        en: "Numbers and telephone numbers have at most as many characters as their item says; they need no leading zeros.",
    },
    text: Text {
        ja: "{item}「{found}」が長すぎます（{wanted}まで）。",
        en: "The value of {item} ({found}) is longer than {wanted}.",
    },
    advice: Text {
        ja: "介護ソフトで値を確かめてください。",
        en: "Check the value in the care software.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::Set(FileKind::Slip, 1, "単位数", "999999")],
        refused: &[Edit::Set(FileKind::Slip, 1, "単位数", "1000000")],
    },
};

/// A value that is there.
pub(crate) fn check(item: &Item, value: &[u8]) -> Option<Breach> {
    let Length::Chars(wanted) = item.length else { return None };
    (usize::from(wanted) < ms932::char_count(value))
        .then(|| Breach::new(&RULE, length::words(wanted)).unless(item.uncertain.length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item_check::tests::{check_item, check_item_of};

    #[test]
    fn a_number_has_at_most_its_digits() {
        for (kind, name, longest) in [
            (FileKind::Slip, "単位数", "999999"),
            (FileKind::Slip, "サービス回数", "99"),
            (FileKind::Slip, "前月までの短期入所利用日数", "99999"),
            (FileKind::SlipAnnex, "回数／日数", "999"),
            (FileKind::SlipAnnex, "当月の計画利用日数", "99"),
            (FileKind::SlipAnnex, "入力者コード", "9999999999"),
            (FileKind::Supplement, "区分支給限度基準額", "9999999"),
            (FileKind::Supplement, "利用者電話番号", "072-000-0000-00"),
            (FileKind::PlanTable2, "課題ＮＯ", "99"),
        ] {
            assert_eq!(check_item(kind, name, longest), "", "{name}");
            let longer = format!("{longest}9");
            assert_eq!(check_item(kind, name, &longer), "item.too-long", "{name}");
            assert_eq!(check_item(kind, name, &longest[..1]), "", "{name}");
        }
    }

    #[test]
    fn version_3_has_two_digits_for_a_count() {
        let count = |value| check_item_of("202208", FileKind::SlipAnnex, "回数／日数", value);
        assert_eq!(count("99"), "");
        assert_eq!(count("100"), "item.too-long");
    }

    #[test]
    fn a_length_that_is_uncertain_refuses_nothing() {
        assert_eq!(check_item(FileKind::Slip, "明細判別コード", "123"), "?item.too-long");
        assert_eq!(
            check_item(FileKind::SlipAnnex, "前月までの利用日数", "123456"),
            "?item.too-long"
        );
    }

    #[test]
    fn free_text_has_no_limit() {
        let long = "長い文。".repeat(1_000);
        assert_eq!(check_item(FileKind::PlanTable1, "総合的な援助の方針", &long), "");
    }
}
