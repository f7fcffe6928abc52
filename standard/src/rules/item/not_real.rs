//! Months, days and times exist.

use crate::{
    Date, FileKind, Item, Month, Rule, Severity, Text, Wanted,
    example::{Base, Edit, Example},
    item_check::Breach,
    rules::because::STATED,
};

/// Months, days and times exist.
pub(crate) static RULE: Rule = Rule {
    id: "item.date-not-real",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 各レイアウトの項目定義: 年月・年月日・時刻",
    states: Text {
        ja: "年月（YYYYMM）・年月日（YYYYMMDD）・時刻（HHMM）は、実在するものを書きます。0だけの値と9999は、項目がそれを認めるときだけです。",
        en: "A month (YYYYMM), a date (YYYYMMDD) and a time (HHMM) exist. All zeros and 9999 stand only where the item says so.",
    },
    text: Text {
        ja: "{item}「{found}」は実在しません。",
        en: "The value of {item} ({found}) does not exist.",
    },
    advice: Text {
        ja: "日付や時刻を介護ソフトで確かめてください。",
        en: "Check the date or the time in the care software.",
    },
    example: Example {
        of: Base::Plan,
        accepted: &[Edit::Set(FileKind::PlanTable1, 1, "作成年月日", "20240229")],
        refused: &[Edit::Set(FileKind::PlanTable1, 1, "作成年月日", "20250229")],
    },
};

/// Six digits.
pub(crate) fn check_month(value: &[u8]) -> Option<Breach> {
    Month::from_bytes(value).is_err().then(breach)
}

/// Eight digits.
pub(crate) fn check_date(value: &[u8]) -> Option<Breach> {
    Date::from_bytes(value).is_err().then(breach)
}

/// Four digits. The table lets 9999 stand for "no time" where it says so.
pub(crate) fn check_time(item: &Item, value: &[u8]) -> Option<Breach> {
    let is_none = value == b"9999" && item.may_have_no_time();
    let is_time = value.get(..2) < Some(b"24") && value.get(2..) < Some(b"60");
    (!is_none && !is_time).then(breach)
}

fn breach() -> Breach {
    Breach::new(&RULE, Wanted::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item_check::tests::check_item;

    const NOT_REAL: &str = "item.date-not-real";

    #[test]
    fn dates_exist_leap_years_included() {
        let date = |value| check_item(FileKind::PlanTable1, "作成年月日", value);
        for real in ["20250430", "20240229", "20000229", "20251231", "20250101", "19400301"] {
            assert_eq!(date(real), "", "{real}");
        }
        for not in
            ["20250431", "20250229", "21000229", "20250001", "20251301", "20250400", "00000000"]
        {
            assert_eq!(date(not), NOT_REAL, "{not}");
        }
    }

    #[test]
    fn months_exist() {
        let month = |value| check_item(FileKind::Slip, "対象年月", value);
        assert_eq!(["202501", "202512"].map(month), ["", ""]);
        assert_eq!(["202500", "202513", "000000"].map(month), [NOT_REAL; 3]);
    }

    #[test]
    fn the_supplement_may_have_zeros_for_the_day_and_the_month() {
        let zeros = |name, value| check_item(FileKind::Supplement, name, value);
        assert_eq!(zeros("居宅サービス計画作成（変更）日", "00000000"), "");
        assert_eq!(zeros("対象年月", "000000"), "");
        assert_eq!(zeros("利用者生年月日", "00000000"), NOT_REAL);
        assert_eq!(zeros("認定日", "00000000"), NOT_REAL);
    }

    #[test]
    fn times_exist_and_9999_stands_where_it_may() {
        let time = |value| check_item(FileKind::Slip, "サービス開始時刻", value);
        assert_eq!(["0000", "0959", "2359", "9999"].map(time), [""; 4]);
        assert_eq!(["0960", "2500", "2460", "9998", "9900"].map(time), [NOT_REAL; 5]);
        let weekly = |value| check_item(FileKind::PlanTable3, "開始時間", value);
        assert_eq!(["0600", "9999"].map(weekly), ["", NOT_REAL]);
        assert_eq!(check_item(FileKind::Slip, "サービス終了時刻", "9999"), "");
    }
}
