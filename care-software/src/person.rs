//! 利用者: invented people who look invented.

use careplan_standard::{Date, Month, reconcile::limit_of};
use serde::{Deserialize, Serialize};

use crate::{
    as_text,
    dice::{Dice, Topic},
};

/// How many people one office can have: their numbers are counted with three digits.
pub const PEOPLE_MAX: u32 = 999;

/// Which person: 保険者番号 and 被保険者番号.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PersonKey {
    /// 保険者番号, 6 digits.
    pub insurer: String,
    /// 被保険者番号, 10 digits, or `H` and 9 digits for 生保単独.
    pub insured: String,
}

/// 利用者性別.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// 男性.
    Male,
    /// 女性.
    Female,
}

/// 要介護状態区分, the lightest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CareLevel {
    /// 事業対象者.
    #[serde(rename = "06")]
    Eligible,
    /// 要支援１.
    #[serde(rename = "12")]
    SupportOne,
    /// 要支援２.
    #[serde(rename = "13")]
    SupportTwo,
    /// 要介護１.
    #[serde(rename = "21")]
    One,
    /// 要介護２.
    #[serde(rename = "22")]
    Two,
    /// 要介護３.
    #[serde(rename = "23")]
    Three,
    /// 要介護４.
    #[serde(rename = "24")]
    Four,
    /// 要介護５.
    #[serde(rename = "25")]
    Five,
}

/// 利用者.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// 保険者番号 and 被保険者番号.
    #[serde(flatten)]
    pub key: PersonKey,
    /// 利用者氏名.
    pub name: String,
    /// 利用者氏名フリガナ, full or half width.
    pub kana: String,
    /// 利用者性別.
    pub sex: Sex,
    /// 利用者生年月日.
    #[serde(with = "as_text")]
    pub birthday: Date,
    /// 利用者郵便番号.
    pub postal: String,
    /// 利用者住所１.
    pub address: String,
    /// 利用者電話番号.
    pub phone: String,
    /// 要介護状態区分.
    pub care_level: CareLevel,
    /// 認定日.
    #[serde(with = "as_text")]
    pub certified_on: Date,
    /// 認定有効期間開始日, and that of the limit.
    #[serde(with = "as_text")]
    pub valid_from: Date,
    /// 認定有効期間終了日, and that of the limit.
    #[serde(with = "as_text")]
    pub valid_to: Date,
    /// 給付率, percent.
    pub benefit_rate: u32,
}

impl CareLevel {
    /// Those whom a 居宅介護支援事業所 plans for by itself.
    const CARE: [Self; 5] = [Self::One, Self::Two, Self::Three, Self::Four, Self::Five];
    /// Those of 介護予防, whom a 地域包括支援センター is responsible for.
    pub(crate) const PREVENTION: [Self; 3] = [Self::Eligible, Self::SupportOne, Self::SupportTwo];

    /// 要介護状態区分 as a code.
    pub const fn code(self) -> &'static str {
        ["06", "12", "13", "21", "22", "23", "24", "25"][self as usize]
    }

    /// The level of this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::PREVENTION.into_iter().chain(Self::CARE).find(|level| level.code() == code)
    }

    /// 区分支給限度基準額, units a month.
    pub fn limit(self) -> u32 {
        limit_of(self.code()).map_or(0, |(units, _)| units)
    }

    /// The place in a list from 要介護１ on, from 0; those of 介護予防 stand with 要介護１.
    pub(crate) const fn care_place(self) -> usize {
        (self as usize).saturating_sub(Self::One as usize)
    }

    /// 1 to 5; 0 for those of 介護予防.
    pub const fn number(self) -> u32 {
        (self as u32).saturating_sub(Self::SupportTwo as u32)
    }
}

impl Sex {
    /// 利用者性別 as a code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Male => "1",
            Self::Female => "2",
        }
    }
}

impl Person {
    /// The person at one place in the list of a seed, as of the reference month.
    pub fn invent(seed: u64, place: u32, reference: Month) -> Self {
        let mut dice = Dice::new(seed, Topic::Person, [u64::from(place), 0]);
        let sex = if dice.below(5) < 2 { Sex::Male } else { Sex::Female };
        let (name, kana) = invent_name(place, sex, &mut dice);
        let on_assistance = place % 9 == 6;
        // Three digits count the people of one office; a town has more.
        let room = if place <= PEOPLE_MAX { 1000 } else { 1_000_000 };
        let number = dice.between(100, 999) * room + place;
        let insured = if on_assistance { format!("H{number:09}") } else { format!("{number:010}") };
        // 生保単独 are people of 40 to 64 years, without the insurance that pays for the others.
        let age = if on_assistance { dice.between(45, 62) } else { dice.between(66, 99) };
        let birth_month = months_before(reference, age * 12 + dice.below(12));
        let begun = months_before(reference, dice.between(1, 10));
        Self {
            key: PersonKey { insurer: "271004".to_owned(), insured },
            name,
            kana,
            sex,
            birthday: day_of(birth_month, dice.between(1, 28)),
            postal: "599-9999".to_owned(),
            address: format!(
                "大阪府見本市{}{}－{}",
                dice.pick(&["練習町", "例題町", "試験通", "架空台"]),
                dice.between(1, 9),
                dice.between(1, 30)
            ),
            phone: "000-0000-0000".to_owned(),
            care_level: *dice.pick(&CareLevel::CARE),
            certified_on: day_of(begun.previous(), dice.between(10, 28)),
            valid_from: day_of(begun, 1),
            valid_to: last_day(months_after(begun, 23)),
            benefit_rate: if on_assistance { 100 } else { *dice.pick(&[90, 90, 90, 80, 70]) },
        }
    }
}

/// The month so many months earlier.
pub(crate) fn months_before(month: Month, count: u32) -> Month {
    (0..count).fold(month, |month, _| month.previous())
}

/// The month so many months later.
pub(crate) fn months_after(month: Month, count: u32) -> Month {
    (0..count).fold(month, |month, _| month.next())
}

/// A day of a month, or its last day if it is shorter.
pub(crate) fn day_of(month: Month, day: u32) -> Date {
    u8::try_from(day).ok().and_then(|day| month.day(day)).unwrap_or_else(|| last_day(month))
}

/// The last day of a month.
pub(crate) fn last_day(month: Month) -> Date {
    month.day(month.days()).expect("a month has its last day")
}

/// Characters that trip software stand in some names of every list: 髙 and 﨑 (IBM extension), ①
/// (NEC special), and kana of half width.
fn invent_name(place: u32, sex: Sex, dice: &mut Dice) -> (String, String) {
    let surname = match place % 8 {
        3 => ("髙見本", "タカミホン", "ﾀｶﾐﾎﾝ"),
        5 => ("架空﨑", "カクウザキ", "ｶｸｳｻﾞｷ"),
        _ => *dice.pick(&SURNAMES),
    };
    let given = match sex {
        Sex::Male => *dice.pick(&MALE),
        Sex::Female => *dice.pick(&FEMALE),
    };
    let mark = if place % 8 == 7 { "①" } else { "" };
    let name = format!("{}　{}{mark}", surname.0, given.0);
    let kana = if place % 6 == 4 {
        format!("{} {}", surname.2, given.2)
    } else {
        format!("{}　{}", surname.1, given.1)
    };
    (name, kana)
}

type Name = (&'static str, &'static str, &'static str);

const SURNAMES: [Name; 9] = [
    ("試験", "シケン", "ｼｹﾝ"),
    ("見本", "ミホン", "ﾐﾎﾝ"),
    ("練習", "レンシュウ", "ﾚﾝｼｭｳ"),
    ("架空", "カクウ", "ｶｸｳ"),
    ("例題", "レイダイ", "ﾚｲﾀﾞｲ"),
    ("模擬", "モギ", "ﾓｷﾞ"),
    ("演習", "エンシュウ", "ｴﾝｼｭｳ"),
    ("仮名", "カリナ", "ｶﾘﾅ"),
    ("何某", "ナニガシ", "ﾅﾆｶﾞｼ"),
];

const MALE: [Name; 8] = [
    ("一郎", "イチロウ", "ｲﾁﾛｳ"),
    ("二郎", "ジロウ", "ｼﾞﾛｳ"),
    ("三郎", "サブロウ", "ｻﾌﾞﾛｳ"),
    ("太郎", "タロウ", "ﾀﾛｳ"),
    ("甲太", "コウタ", "ｺｳﾀ"),
    ("乙彦", "オツヒコ", "ｵﾂﾋｺ"),
    ("丙吉", "ヘイキチ", "ﾍｲｷﾁ"),
    ("仮蔵", "カリゾウ", "ｶﾘｿﾞｳ"),
];

const FEMALE: [Name; 8] = [
    ("花代", "ハナヨ", "ﾊﾅﾖ"),
    ("例子", "レイコ", "ﾚｲｺ"),
    ("一子", "カズコ", "ｶｽﾞｺ"),
    ("仮名子", "カナコ", "ｶﾅｺ"),
    ("甲美", "コウミ", "ｺｳﾐ"),
    ("乙女", "オトメ", "ｵﾄﾒ"),
    ("丙江", "ヘイエ", "ﾍｲｴ"),
    ("ためし", "タメシ", "ﾀﾒｼ"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn april() -> Month {
        Month::new(2025, 4).expect("April exists")
    }

    #[test]
    fn a_person_is_the_same_each_time_and_another_with_another_seed() {
        assert_eq!(Person::invent(1, 4, april()), Person::invent(1, 4, april()));
        assert_ne!(Person::invent(1, 4, april()), Person::invent(2, 4, april()));
    }

    #[test]
    fn no_two_people_share_a_number() {
        let places = 3 * PEOPLE_MAX;
        let keys: BTreeSet<_> =
            (0..places).map(|place| Person::invent(9, place, april()).key).collect();
        assert_eq!(keys.len(), places as usize);
        assert!(keys.iter().all(|key| key.insured.len() == 10));
    }

    #[test]
    fn every_ten_people_have_a_rare_character_of_each_sort_and_one_on_assistance() {
        let people: Vec<_> = (0..10).map(|place| Person::invent(3, place, april())).collect();
        for rare in ["髙", "﨑", "①"] {
            assert!(people.iter().any(|person| person.name.contains(rare)), "{rare}");
        }
        let assisted: Vec<_> =
            people.iter().filter(|person| person.key.insured.starts_with('H')).collect();
        assert_eq!(assisted.len(), 1);
        assert!(assisted[0].birthday.month().year() > 1960, "between 40 and 64 years old");
    }

    #[test]
    fn the_certification_holds_in_the_reference_month() {
        for place in 0..200 {
            let person = Person::invent(5, place, april());
            assert!(person.certified_on < person.valid_from);
            assert!(person.valid_from.month() <= april());
            assert!(april() < person.valid_to.month());
        }
    }
}
