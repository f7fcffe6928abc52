//! The codes that stand in names and records. Holding one is proof of its form.

use std::{fmt, str::FromStr};

/// A text that is not the code it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadCode {
    /// What it should have been.
    pub wanted: &'static str,
}

impl fmt::Display for BadCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.wanted)
    }
}

impl std::error::Error for BadCode {}

/// 事業所番号: ten digits, of which the third may be the letter `A` (総合事業 alone).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OfficeNumber([u8; 10]);

/// サービス種類コード: two characters, digits or capital letters.
///
/// Whether the standard carries the kind is [`ServiceKind::scope`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceKind([u8; 2]);

/// ファイル連番: the fourteen digits that bind the files of one 送信単位 and order the import.
///
/// They are a time (YYYYMMDDHHMMSS); whether it is a real one is a rule, not a matter of form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequence([u8; 14]);

impl OfficeNumber {
    /// 9999999999, which stands for the total in 第7表.
    pub const TOTAL: Self = Self(*b"9999999999");

    /// Checks ten characters.
    ///
    /// # Errors
    /// Not ten characters, or one that is no digit (the third may be `A`).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadCode> {
        let wanted = "事業所番号は数字10桁です（3文字目のみAも可） / an office number is 10 digits (the third may be A)";
        let code: [u8; 10] = bytes.try_into().map_err(|_| BadCode { wanted })?;
        let holds = |(at, byte): (usize, &u8)| byte.is_ascii_digit() || (at == 2 && *byte == b'A');
        if code.iter().enumerate().all(holds) { Ok(Self(code)) } else { Err(BadCode { wanted }) }
    }
}

impl ServiceKind {
    /// 43 居宅介護支援.
    pub const CARE_MANAGEMENT: Self = Self(*b"43");
    /// 46 介護予防支援.
    pub const PREVENTION_SUPPORT: Self = Self(*b"46");
    /// AF 介護予防ケアマネジメント.
    pub const PREVENTION_CARE_MANAGEMENT: Self = Self(*b"AF");

    /// Checks two characters.
    ///
    /// # Errors
    /// Not two characters, or one that is neither a digit nor a capital letter.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadCode> {
        let wanted =
            "サービス種類コードは英数字2文字です / a service kind is 2 digits or capital letters";
        let code: [u8; 2] = bytes.try_into().map_err(|_| BadCode { wanted })?;
        let holds = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        if code.iter().all(holds) { Ok(Self(code)) } else { Err(BadCode { wanted }) }
    }

    /// サービス種類の名称, where the standard names the kind.
    pub fn name(self) -> Option<&'static str> {
        KINDS.iter().find(|(code, ..)| code.as_bytes() == self.0).map(|(_, name, _)| *name)
    }

    /// Whether the standard carries services of this kind.
    pub fn scope(self) -> ServiceScope {
        KINDS
            .iter()
            .find(|(code, ..)| code.as_bytes() == self.0)
            .map_or(ServiceScope::Unknown, |(.., scope)| *scope)
    }

    /// Every kind that the standard names, in its order.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().filter_map(|(code, ..)| code.parse().ok())
    }
}

impl Sequence {
    /// Checks fourteen digits.
    ///
    /// # Errors
    /// Not fourteen characters, or one that is no digit.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadCode> {
        let wanted = "ファイル連番は数字14桁（YYYYMMDDHHMMSS）です / a file sequence is 14 digits";
        let code: [u8; 14] = bytes.try_into().map_err(|_| BadCode { wanted })?;
        if code.iter().all(u8::is_ascii_digit) { Ok(Self(code)) } else { Err(BadCode { wanted }) }
    }

    /// Whether the digits are a time that exists.
    pub fn is_real_time(self) -> bool {
        let two = |at: usize| self.0.get(at..at + 2).and_then(digits);
        Date::from_bytes(&self.0[..8]).is_ok()
            && two(8).is_some_and(|hour| hour < 24)
            && two(10).is_some_and(|minute| minute < 60)
            && two(12).is_some_and(|second| second < 60)
    }
}

macro_rules! text_code {
    ($name:ident) => {
        impl $name {
            /// The code as it stands in a name or a record.
            pub fn as_str(&self) -> &str {
                // Only ASCII passes `from_bytes`.
                std::str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = BadCode;

            fn from_str(text: &str) -> Result<Self, BadCode> {
                Self::from_bytes(text.as_bytes())
            }
        }
    };
}

text_code!(OfficeNumber);
text_code!(ServiceKind);
text_code!(Sequence);

/// A calendar month, `YYYYMM`: サービス提供年月, 対象年月.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: u16,
    month: u8,
}

impl Month {
    /// The month, if there is one of that number.
    pub fn new(year: u16, month: u8) -> Option<Self> {
        ((1..=12).contains(&month) && (1..=9999).contains(&year)).then_some(Self { year, month })
    }

    /// Reads `YYYYMM`.
    ///
    /// # Errors
    /// Not six digits, or a month that does not exist.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadCode> {
        let wanted = "年月は YYYYMM の6桁です / a month is 6 digits, YYYYMM";
        let parsed = match bytes {
            [year @ .., _, _] if year.len() == 4 => digits(year)
                .zip(digits(&bytes[4..]))
                .and_then(|(y, m)| Self::new(u16::try_from(y).ok()?, u8::try_from(m).ok()?)),
            _ => None,
        };
        parsed.ok_or(BadCode { wanted })
    }

    /// The year, AD.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month of the year, 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// How many days the month has.
    pub fn days(self) -> u8 {
        time::Month::try_from(self.month).map_or(0, |month| month.length(i32::from(self.year)))
    }

    /// A day of this month.
    pub fn day(self, day: u8) -> Option<Date> {
        (1..=self.days()).contains(&day).then_some(Date { month: self, day })
    }

    /// The month after this one.
    pub fn next(self) -> Self {
        match self.month {
            12 => Self { year: self.year + 1, month: 1 },
            month => Self { year: self.year, month: month + 1 },
        }
    }

    /// The month before this one.
    pub fn previous(self) -> Self {
        match self.month {
            1 => Self { year: self.year - 1, month: 12 },
            month => Self { year: self.year, month: month - 1 },
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = BadCode;

    fn from_str(text: &str) -> Result<Self, BadCode> {
        Self::from_bytes(text.as_bytes())
    }
}

/// A calendar day, `YYYYMMDD`, that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    month: Month,
    day: u8,
}

impl Date {
    /// Reads `YYYYMMDD`.
    ///
    /// # Errors
    /// Not eight digits, or a day that does not exist.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadCode> {
        let wanted = "日付は実在する YYYYMMDD の8桁です / a date is 8 digits, YYYYMMDD, and exists";
        if bytes.len() != 8 {
            return Err(BadCode { wanted });
        }
        Month::from_bytes(&bytes[..6])
            .ok()
            .zip(digits(&bytes[6..]))
            .and_then(|(month, day)| month.day(u8::try_from(day).ok()?))
            .ok_or(BadCode { wanted })
    }

    /// The month that it lies in.
    pub fn month(self) -> Month {
        self.month
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u8 {
        self.day
    }

    /// Days since Monday: 0 is a Monday, 6 a Sunday.
    pub fn days_from_monday(self) -> u8 {
        time::Month::try_from(self.month.month)
            .ok()
            .and_then(|month| {
                time::Date::from_calendar_date(i32::from(self.month.year), month, self.day).ok()
            })
            .map_or(0, |date| date.weekday().number_days_from_monday())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:02}", self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = BadCode;

    fn from_str(text: &str) -> Result<Self, BadCode> {
        Self::from_bytes(text.as_bytes())
    }
}

/// The number that ASCII digits write; none if they are no digits.
fn digits(bytes: &[u8]) -> Option<u32> {
    let number =
        |sum: u32, byte: &u8| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0'));
    bytes.iter().try_fold(0, number)
}

/// Whether the standard carries a service, by the first two characters of its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceScope {
    /// 介護給付, carried.
    Care,
    /// 予防給付, carried.
    Prevention,
    /// 総合事業, carried.
    Municipal,
    /// Writes or receives plans, is no service in them: 43, 46, AF.
    Planner,
    /// 対象外: known, not carried (施設系 and the like).
    Outside,
    /// Not a kind that the standard names.
    Unknown,
}

impl ServiceScope {
    /// Whether a row of 第6表 or 第7表 may be of such a service.
    pub fn is_carried(self) -> bool {
        matches!(self, Self::Care | Self::Prevention | Self::Municipal)
    }
}

use ServiceScope::{Care, Municipal, Outside, Planner, Prevention};

/// Code, name, scope. The names of what is out of scope are not the standard's to give.
const KINDS: &[(&str, &str, ServiceScope)] = &[
    ("11", "訪問介護", Care),
    ("12", "訪問入浴介護", Care),
    ("13", "訪問看護", Care),
    ("14", "訪問リハビリテーション", Care),
    ("15", "通所介護", Care),
    ("16", "通所リハビリテーション", Care),
    ("17", "福祉用具貸与", Care),
    ("21", "短期入所生活介護", Care),
    ("22", "短期入所療養介護（介護老人保健施設）", Care),
    ("23", "短期入所療養介護（介護療養型医療施設等）", Care),
    ("2A", "短期入所療養介護（介護医療院）", Care),
    ("31", "居宅療養管理指導", Care),
    ("71", "夜間対応型訪問介護", Care),
    ("76", "定期巡回・随時対応型訪問介護看護", Care),
    ("72", "認知症対応型通所介護", Care),
    ("78", "地域密着型通所介護", Care),
    ("73", "小規模多機能型居宅介護", Care),
    ("68", "小規模多機能型居宅介護（短期利用）", Care),
    ("77", "看護小規模多機能型居宅介護", Care),
    ("79", "看護小規模多機能型居宅介護（短期利用）", Care),
    ("27", "特定施設入居者生活介護（短期利用）", Care),
    ("28", "地域密着型特定施設入居者生活介護（短期利用）", Care),
    ("38", "認知症対応型共同生活介護（短期利用）", Care),
    ("62", "介護予防訪問入浴介護", Prevention),
    ("63", "介護予防訪問看護", Prevention),
    ("64", "介護予防訪問リハビリテーション", Prevention),
    ("66", "介護予防通所リハビリテーション", Prevention),
    ("67", "介護予防福祉用具貸与", Prevention),
    ("24", "介護予防短期入所生活介護", Prevention),
    ("25", "介護予防短期入所療養介護（介護老人保健施設）", Prevention),
    ("26", "介護予防短期入所療養介護（介護療養型医療施設等）", Prevention),
    ("2B", "介護予防短期入所療養介護（介護医療院）", Prevention),
    ("34", "介護予防居宅療養管理指導", Prevention),
    ("74", "介護予防認知症対応型通所介護", Prevention),
    ("75", "介護予防小規模多機能型居宅介護", Prevention),
    ("69", "介護予防小規模多機能型居宅介護（短期利用）", Prevention),
    ("39", "介護予防認知症対応型共同生活介護（短期利用）", Prevention),
    ("A1", "訪問型サービス（みなし）", Municipal),
    ("A2", "訪問型サービス（独自）", Municipal),
    ("A3", "訪問型サービス（独自／定率）", Municipal),
    ("A4", "訪問型サービス（独自／定額）", Municipal),
    ("A5", "通所型サービス（みなし）", Municipal),
    ("A6", "通所型サービス（独自）", Municipal),
    ("A7", "通所型サービス（独自／定率）", Municipal),
    ("A8", "通所型サービス（独自／定額）", Municipal),
    ("43", "居宅介護支援", Planner),
    ("46", "介護予防支援", Planner),
    ("AF", "介護予防ケアマネジメント", Planner),
    ("33", "対象外", Outside),
    ("35", "対象外", Outside),
    ("36", "対象外", Outside),
    ("32", "対象外", Outside),
    ("37", "対象外", Outside),
    ("41", "対象外", Outside),
    ("42", "対象外", Outside),
    ("44", "対象外", Outside),
    ("45", "対象外", Outside),
    ("51", "対象外", Outside),
    ("52", "対象外", Outside),
    ("53", "対象外", Outside),
    ("54", "対象外", Outside),
    ("59", "対象外", Outside),
    ("81", "対象外", Outside),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn office_numbers_are_ten_digits_and_the_third_may_be_an_a() {
        for good in ["2770100012", "27A0100012"] {
            assert_eq!(good.parse::<OfficeNumber>().map(|n| n.to_string()), Ok(good.to_owned()));
        }
        for bad in ["", "277010001", "27701000120", "2A70100012", "27a0100012", "２７70100012"] {
            assert!(bad.parse::<OfficeNumber>().is_err(), "{bad}");
        }
    }

    #[test]
    fn months_and_days_exist() {
        assert!("202413".parse::<Month>().is_err());
        assert!("202400".parse::<Month>().is_err());
        assert!("20240".parse::<Month>().is_err());
        assert!("20240229".parse::<Date>().is_ok());
        assert!("20250229".parse::<Date>().is_err());
        assert!("20250431".parse::<Date>().is_err());
        assert!("20250400".parse::<Date>().is_err());
        let december: Month = "202412".parse().expect("a month");
        assert_eq!(december.next().to_string(), "202501");
        assert_eq!(december.next().previous(), december);
        // 1 April 2025 was a Tuesday.
        assert_eq!("20250401".parse::<Date>().map(Date::days_from_monday), Ok(1));
    }

    #[test]
    fn a_sequence_may_be_no_real_time() {
        let real: Sequence = "20250428171502".parse().expect("digits");
        assert!(real.is_real_time());
        for not_real in ["20250431000000", "20250428240000", "20250428236000", "20250428235960"] {
            let sequence: Sequence = not_real.parse().expect("digits");
            assert!(!sequence.is_real_time(), "{not_real}");
        }
    }

    #[test]
    fn scopes_follow_the_list() {
        let scope = |code: &str| code.parse::<ServiceKind>().expect("a code").scope();
        assert_eq!(scope("2A"), Care);
        assert_eq!(scope("33"), Outside);
        assert_eq!(scope("43"), Planner);
        assert_eq!(scope("A9"), ServiceScope::Unknown);
        assert!(scope("A8").is_carried() && !scope("43").is_carried());
        let codes: std::collections::BTreeSet<_> = KINDS.iter().map(|(code, ..)| code).collect();
        assert_eq!(codes.len(), KINDS.len(), "a code stands once");
    }
}
