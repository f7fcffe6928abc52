//! Dates as the paper forms write them: the era's year, with the year AD beside it.

use careplan_standard::{Date, Month};

/// The first day of each era, newest first. A date before them all is written in years AD alone.
const ERAS: [(&str, [u16; 3]); 5] = [
    ("令和", [2019, 5, 1]),
    ("平成", [1989, 1, 8]),
    ("昭和", [1926, 12, 25]),
    ("大正", [1912, 7, 30]),
    ("明治", [1868, 1, 25]),
];

/// `令和7(2025)年3月20日`.
pub(super) fn date(date: Date) -> String {
    let month = date.month();
    format!("{}{}月{}日", year(month, date.day()), month.month(), date.day())
}

/// `令和7(2025)年4月`. A month in which an era begins is of the new one.
pub(super) fn month(month: Month) -> String {
    format!("{}{}月", year(month, month.days()), month.month())
}

fn year(month: Month, day: u8) -> String {
    let day = [month.year(), u16::from(month.month()), u16::from(day)];
    let Some((era, [first, ..])) = ERAS.iter().find(|(_, from)| *from <= day) else {
        return format!("{}年", month.year());
    };
    match month.year() - first + 1 {
        1 => format!("{era}元({})年", month.year()),
        of_era => format!("{era}{of_era}({})年", month.year()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_era_begins_on_its_first_day() {
        let written = |text: &str| date(text.parse().expect("the day exists"));
        for (day, want) in [
            ("20250320", "令和7(2025)年3月20日"),
            ("20190501", "令和元(2019)年5月1日"),
            ("20190430", "平成31(2019)年4月30日"),
            ("19890107", "昭和64(1989)年1月7日"),
            ("19400301", "昭和15(1940)年3月1日"),
            ("19261224", "大正15(1926)年12月24日"),
            ("19120729", "明治45(1912)年7月29日"),
            ("16000101", "1600年1月1日"),
        ] {
            assert_eq!(written(day), want);
        }
    }

    #[test]
    fn a_month_in_which_an_era_begins_is_of_the_new_one() {
        let written = |text: &str| month(text.parse().expect("the month exists"));
        assert_eq!(written("201904"), "平成31(2019)年4月");
        assert_eq!(written("202504"), "令和7(2025)年4月");
        assert_eq!(written("198901"), "平成元(1989)年1月");
    }
}
