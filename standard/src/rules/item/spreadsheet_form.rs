//! Values that a spreadsheet made of what stood there: 2.77E+09, 2025/4/1, 9:00, 1,200.

use crate::{
    Date, FileKind, Item, ItemKind, Month, Rule, Severity, Text, Wanted,
    example::{Base, Edit, Example},
    item_check::Breach,
    rules::item::form::is_digits,
};

/// Values that a spreadsheet made of what stood there: 2.77E+09, 2025/4/1, 9:00, 1,200.
pub(crate) static RULE: Rule = Rule {
    id: "item.spreadsheet-form",
    severity: Severity::Error,
    because: Text {
        ja: "項目の属性の定めに反します。同じ列がまとめて壊れるので、列ごとに1件だけ挙げます。",
        en: "It breaks the form that the standard states. Whole columns break at once, so it is said once a column.",
    },
    clause: "標準仕様 各レイアウトの項目定義: 属性",
    states: Text {
        ja: "コード・数値・日付・時刻は半角の数字と英字だけで書き、指数・斜線・コロン・桁区切りを使いません。",
        en: "Codes, numbers, dates and times are digits and letters alone: no exponents, slashes, colons or thousands separators.",
    },
    text: Text {
        ja: "{item}「{found}」は表計算ソフトが書き換えた形です（正しくは{wanted}）。",
        en: "The value of {item} ({found}) is what a spreadsheet made of it (it should be: {wanted}).",
    },
    advice: Text {
        ja: "Excelなどで開いて保存すると、こうなります。元の値は戻らないことがあるので、介護ソフトから出力し直し、開かずに送ってください。",
        en: "This is what a spreadsheet such as Excel does when it saves, and the value may be lost: export again from the care software, and send the file without opening it.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::Set(FileKind::Slip, 1, "サービス利用日", "20250501")],
        refused: &[Edit::Set(FileKind::Slip, 1, "サービス利用日", "2025/5/1")],
    },
};

/// The breach that names the cause, in place of another error of the same value.
pub(crate) fn instead(item: &Item, value: &[u8], breach: &Breach) -> Option<Breach> {
    let is_so = match item.kind {
        ItemKind::Text | ItemKind::ImageName | ItemKind::Telephone | ItemKind::PostalCode => false,
        ItemKind::Date | ItemKind::Month => is_slashed_date(value) || is_exponent(value),
        ItemKind::Time => is_clock(value) || is_exponent(value),
        ItemKind::Integer | ItemKind::Decimal => is_grouped(value) || is_exponent(value),
        _ => is_exponent(value),
    };
    let wanted = match item.kind {
        ItemKind::Date => Wanted::same("YYYYMMDD"),
        ItemKind::Month => Wanted::same("YYYYMM"),
        ItemKind::Time => Wanted::same("HHMM"),
        ItemKind::Integer => Wanted { ja: "半角数字".into(), en: "ASCII digits".into() },
        _ => breach.wanted.clone(),
    };
    is_so.then(|| Breach::new(&RULE, wanted))
}

/// 2.77E+09.
fn is_exponent(value: &[u8]) -> bool {
    let Some(at) = value.windows(2).position(|pair| pair == b"E+") else { return false };
    let (mantissa, power) = (&value[..at], &value[at + 2..]);
    let dots = mantissa.iter().filter(|byte| **byte == b'.').count();
    let is_mantissa = mantissa.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    !mantissa.is_empty() && is_mantissa && dots <= 1 && !power.is_empty() && is_digits(power)
}

/// 2025/4/1, or 2025/4.
fn is_slashed_date(value: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(value) else { return false };
    match text.split('/').collect::<Vec<_>>()[..] {
        [year, month] => format!("{year:0>4}{month:0>2}").parse::<Month>().is_ok(),
        [year, month, day] => format!("{year:0>4}{month:0>2}{day:0>2}").parse::<Date>().is_ok(),
        _ => false,
    }
}

/// 9:00, or 9:00:00.
fn is_clock(value: &[u8]) -> bool {
    let mut parts = value.split(|byte| *byte == b':');
    let is_hour = parts.next().is_some_and(|hour| (1..=2).contains(&hour.len()) && is_digits(hour));
    let rest: Vec<_> = parts.collect();
    let is_two = |part: &&[u8]| part.len() == 2 && is_digits(part);
    is_hour && (1..=2).contains(&rest.len()) && rest.iter().all(is_two)
}

/// 1,200.
fn is_grouped(value: &[u8]) -> bool {
    let mut groups = value.split(|byte| *byte == b',');
    let is_first =
        groups.next().is_some_and(|part| (1..=3).contains(&part.len()) && is_digits(part));
    let rest: Vec<_> = groups.collect();
    is_first && !rest.is_empty() && rest.iter().all(|part| part.len() == 3 && is_digits(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item_check::tests::check_item;

    #[test]
    fn what_a_spreadsheet_makes_of_codes_dates_times_and_numbers_is_named_so() {
        for (name, value) in [
            ("被保険者番号", "2.77E+09"),
            ("サービス事業者コード", "2.7702E+09"),
            ("サービス事業者コード", "3E+09"),
            ("日割対象日", "1.11111E+30"),
            ("作成年月日", "2025/4/1"),
            ("作成年月日", "2025/04/25"),
            ("対象年月", "2025/4"),
            ("サービス開始時刻", "9:00"),
            ("サービス開始時刻", "9:00:00"),
            ("単位数", "1,200"),
        ] {
            assert_eq!(check_item(FileKind::Slip, name, value), RULE.id, "{name}: {value}");
        }
    }

    #[test]
    fn other_faults_stay_what_they_are() {
        for (name, value) in [
            ("被保険者番号", "ABCDE+0900"),
            ("サービス事業者コード", "1.2.3E+09"),
            ("作成年月日", "2025/4/31"),
            ("作成年月日", "令和7/4/1"),
            ("サービス開始時刻", "9:0"),
            ("単位数", "1,20"),
            ("単位数", ",120"),
        ] {
            let found = check_item(FileKind::Slip, name, value);
            assert!(found != RULE.id && found.starts_with("item."), "{name} {value}: {found}");
        }
    }
}
