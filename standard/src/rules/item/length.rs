//! Codes and dates are exactly as long as the table says.

use crate::{
    FileKind, Item, Length, Rule, Severity, Text, Wanted,
    example::{Base, Edit, Example},
    item_check::Breach,
    ms932,
    rules::because::STATED,
};

/// Codes and dates are exactly as long as the table says.
pub(crate) static RULE: Rule = Rule {
    id: "item.length",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 各レイアウトの項目定義: 桁数（コード・年月日）",
    states: Text {
        ja: "コード・年月・年月日・時刻は、定められた桁数ちょうどで書きます。",
        en: "Codes, months, dates and times have exactly as many characters as their item says.",
    },
    text: Text {
        ja: "{item}「{found}」の桁数が違います（正しくは{wanted}）。",
        en: "The value of {item} ({found}) is not {wanted} long.",
    },
    advice: Text {
        ja: "介護ソフトで値を確かめ、出力し直してください。",
        en: "Check the value in the care software and export again.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::Set(FileKind::Slip, 1, "サテライト枝番", "01")],
        refused: &[Edit::Set(FileKind::Slip, 1, "サービスコード", "1111111")],
    },
};

/// A value that is there.
pub(crate) fn check(item: &Item, value: &[u8]) -> Option<Breach> {
    let Length::Chars(wanted) = item.length else { return None };
    (ms932::char_count(value) != usize::from(wanted))
        .then(|| Breach::new(&RULE, words(wanted)).unless(item.uncertain.length))
}

/// So many characters.
pub(super) fn words(count: u16) -> Wanted {
    Wanted { ja: format!("{count}桁"), en: format!("{count} characters") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item_check::tests::check_item;

    #[test]
    fn a_code_is_neither_shorter_nor_longer() {
        for (name, right, wrong) in [
            ("保険者番号", "271004", "2710040"),
            ("被保険者番号", "0000209001", "00002090010"),
            ("被保険者番号", "H000209001", "H00020900"),
            ("サービスコード", "111111", "11111"),
            ("対象年月", "202505", "20250"),
            ("作成年月日", "20250425", "202504250"),
            ("サテライト枝番", "A1", "A"),
            ("TAISコード", "00001-000010", "00001-00001"),
            ("サービス事業者コード", "2770200036", "27702000361"),
            ("サービス事業者コード", "2770200036", "27702000"),
        ] {
            assert_eq!(check_item(FileKind::Slip, name, right), "", "{name}");
            assert_eq!(check_item(FileKind::Slip, name, wrong), "item.length", "{name}");
        }
    }

    #[test]
    fn thirty_one_days_are_thirty_one_digits() {
        let days = |count: usize| check_item(FileKind::Slip, "日割対象日", &"1".repeat(count));
        assert_eq!([30, 31, 32].map(days), ["item.length", "", "item.length"]);
    }
}
