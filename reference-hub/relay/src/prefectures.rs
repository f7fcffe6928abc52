//! 都道府県: by code (JIS X 0401) and by name.

use std::{fmt, str::FromStr};

use careplan_standard::OfficeNumber;

/// In the order of their codes, from 01.
const NAMES: [&str; 47] = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
];

/// A prefecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefecture(u8);

/// A text that is no prefecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoPrefecture;

impl Prefecture {
    /// The prefecture of this code, 1 to 47.
    pub fn from_code(code: u8) -> Option<Self> {
        (1..=47).contains(&code).then_some(Self(code))
    }

    /// The prefecture that an office number begins with, as such numbers do.
    pub fn of(office: OfficeNumber) -> Option<Self> {
        Self::from_code(office.as_str().get(..2)?.parse().ok()?)
    }

    /// Its code, 1 to 47.
    pub fn code(self) -> u8 {
        self.0
    }

    /// Its name, as `大阪府`.
    pub fn name(self) -> &'static str {
        NAMES[usize::from(self.0) - 1]
    }
}

/// By code (`27`) or by name, with or without its last character (`大阪府`, `大阪`).
impl FromStr for Prefecture {
    type Err = NoPrefecture;

    fn from_str(text: &str) -> Result<Self, NoPrefecture> {
        if let Ok(code) = text.parse() {
            return Self::from_code(code).ok_or(NoPrefecture);
        }
        let is_it = |name: &&str| {
            let short = name.strip_suffix(['都', '府', '県']);
            **name == *text || short == Some(text)
        };
        let code = (1..).zip(&NAMES).find(|(_, name)| is_it(name)).ok_or(NoPrefecture)?.0;
        Ok(Self(code))
    }
}

impl fmt::Display for Prefecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for NoPrefecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("都道府県は 01～47 か名称です / a prefecture is 01 to 47, or its name")
    }
}

impl std::error::Error for NoPrefecture {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefecture_goes_by_code_and_by_name() {
        let osaka = Prefecture::from_code(27).expect("Osaka");
        for text in ["27", "大阪府", "大阪"] {
            assert_eq!(text.parse(), Ok(osaka), "{text}");
        }
        for (text, code) in [("01", 1), ("北海道", 1), ("京都", 26), ("東京", 13), ("沖縄県", 47)]
        {
            assert_eq!(text.parse().map(Prefecture::code), Ok(code), "{text}");
        }
        for none in ["", "0", "00", "48", "大阪市", "-1", "府"] {
            assert_eq!(none.parse::<Prefecture>(), Err(NoPrefecture), "{none}");
        }
        let office = "2770100012".parse().expect("an office number");
        assert_eq!(Prefecture::of(office), Some(osaka));
    }
}
