//! A code that is too short, and right once zeros stand in front: a spreadsheet took it for a number.

use crate::{
    FileKind, Item, ItemKind, Length, Rule, Severity, Text, Wanted,
    example::{Base, Edit, Example},
    item_check::Breach,
    rules::item::form::is_digits,
};

/// A code that is too short, and right once zeros stand in front: a spreadsheet took it for a number.
pub(crate) static RULE: Rule = Rule {
    id: "item.leading-zeros-lost",
    severity: Severity::Error,
    because: Text {
        ja: "桁数の定めに反します。同じ列がまとめて壊れるので、列ごとに1件だけ挙げます。",
        en: "It breaks the length that the standard states. Whole columns break at once, so it is said once a column.",
    },
    clause: "標準仕様 各レイアウトの項目定義: 桁数（コード・年月日）",
    states: Text {
        ja: "コードと時刻は、先頭の0も含めて定められた桁数で書きます。",
        en: "Codes and times have all their characters, the leading zeros too.",
    },
    text: Text {
        ja: "{item}「{found}」は先頭の0が消えています（{wanted} と思われます）。",
        en: "The value of {item} ({found}) has lost its leading zeros (it was probably {wanted}).",
    },
    advice: Text {
        ja: "Excelなどの表計算ソフトで開いて保存すると消えます。介護ソフトが出力したファイルを、開かずにそのまま送ってください。",
        en: "A spreadsheet such as Excel drops them when it saves. Send the file as the care software wrote it, without opening it.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::Set(FileKind::Slip, 1, "サービス開始時刻", "0930")],
        refused: &[Edit::Set(FileKind::Slip, 1, "サービス開始時刻", "930")],
    },
};

/// The breach that names the cause, in place of another error of the same value. `is_right` says
/// whether a value of the item is as it should be.
pub(crate) fn instead(
    item: &Item,
    value: &[u8],
    is_right: impl Fn(&[u8]) -> bool,
) -> Option<Breach> {
    let has_zeros = matches!(
        item.kind,
        ItemKind::Insurer | ItemKind::Insured | ItemKind::Time | ItemKind::Code | ItemKind::Branch
    );
    let Length::Chars(length) = item.length else { return None };
    let missing = usize::from(length).checked_sub(value.len()).filter(|zeros| 0 < *zeros)?;
    if !has_zeros || !is_digits(value) {
        return None;
    }
    let whole = [&vec![b'0'; missing], value].concat();
    let wanted = || Wanted::same(String::from_utf8_lossy(&whole));
    is_right(&whole).then(|| Breach::new(&RULE, wanted()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item_check::tests::check_item;

    #[test]
    fn codes_that_lack_nothing_but_zeros_are_named_as_a_spreadsheet_s_work() {
        for (kind, name, value) in [
            (FileKind::Slip, "保険者番号", "11002"),
            (FileKind::Slip, "被保険者番号", "209001"),
            (FileKind::Slip, "サービス開始時刻", "900"),
            (FileKind::Slip, "サービス開始時刻", "0"),
            (FileKind::Slip, "サービス終了時刻", "30"),
            (FileKind::Slip, "サテライト枝番", "1"),
            (FileKind::PersonRecord, "相談方法", "1"),
            (FileKind::PlanTable1, "要介護状態区分", "6"),
        ] {
            assert_eq!(check_item(kind, name, value), "item.leading-zeros-lost", "{name}: {value}");
        }
    }

    #[test]
    fn what_zeros_would_not_mend_is_another_fault() {
        for (kind, name, value) in [
            (FileKind::Slip, "サービス開始時刻", "990"),
            (FileKind::Slip, "被保険者番号", "H00020900"),
            (FileKind::Slip, "対象年月", "50401"),
            (FileKind::Slip, "サービスコード", "11111"),
            (FileKind::Slip, "日割対象日", "111"),
            (FileKind::PersonRecord, "相談方法", "9"),
            (FileKind::Slip, "３０日超区分", "3"),
        ] {
            let found = check_item(kind, name, value);
            assert!(found != RULE.id && found.starts_with("item."), "{name} {value}: {found}");
        }
        assert_eq!(check_item(FileKind::Slip, "単位数", "44"), "", "numbers need no zeros");
    }
}
