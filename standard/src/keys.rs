//! Keys: which records of a 送信単位 belong together.
//!
//! 保険者番号 + 被保険者番号 + the day or month of the plan. The base of a unit is 第1表, 第6表,
//! 利用者基本情報 or 支援計画書; every other file of the unit depends on it.

use std::fmt;

use crate::{
    FileKind, FileName, Layout, NameMonth, item_check,
    row::{ItemSet, Row},
};

/// 保険者番号, 被保険者番号, and the day or month, in half a byte a character: files of many
/// persons have many of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key([u32; 3]);

/// How many characters the parts have at most.
const PARTS: [usize; 3] = [6, 10, 8];

/// What half a byte stands for; beyond it there is nothing.
const CHARACTERS: &[u8] = b"0123456789H";
const NOTHING: u32 = 0xF;

impl Key {
    /// The key of three values; none if one has other characters or more than keys have, and for
    /// the 00000000 that 補足 has instead of a day.
    fn new(parts: [&[u8]; 3]) -> Option<Self> {
        if parts[2] == b"00000000" {
            return None;
        }
        let mut key = [0; 3];
        let mut place = 0;
        for (part, length) in parts.into_iter().zip(PARTS) {
            if length < part.len() {
                return None;
            }
            for at in 0..length {
                let half = match part.get(at) {
                    Some(digit @ b'0'..=b'9') => u32::from(digit - b'0'),
                    Some(b'H') => 10,
                    Some(_) => return None,
                    None => NOTHING,
                };
                key[place / 8] = key[place / 8] << 4 | half;
                place += 1;
            }
        }
        Some(Self(key))
    }

    fn character(self, place: usize) -> Option<char> {
        let half = self.0[place / 8] >> (28 - 4 * (place % 8)) & 0xF;
        CHARACTERS.get(half as usize).copied().map(char::from)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut place = 0;
        for length in PARTS {
            let gap = if place == 0 { "" } else { " " };
            let part: String =
                (place..place + length).filter_map(|at| self.character(at)).collect();
            write!(f, "{gap}{part}")?;
            place += length;
        }
        Ok(())
    }
}

/// The keys of a file, each with the first record that has it.
///
/// They come sorted by person in most files and unsorted in some. Sorting now and then keeps them
/// small in both, without a table to look up for each record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys {
    first: Vec<(Key, u32)>,
    /// How many there may be before the next sorting.
    sort_at: usize,
    has_unsound: bool,
}

/// How many keys are kept unsorted at least.
const UNSORTED_MAX: usize = 4096;

impl Keys {
    /// Notes the key of a record. One that is not sound is a finding already.
    fn add(&mut self, key: Option<Key>, record: u32) {
        let Some(key) = key else { return self.has_unsound = true };
        if self.first.last().is_some_and(|(last, _)| *last == key) {
            return;
        }
        if self.sort_at.max(UNSORTED_MAX) <= self.first.len() {
            self.sort();
            self.sort_at = 2 * self.first.len();
        }
        self.first.push((key, record));
    }

    /// Sorts them, so that each stands once, with its first record.
    pub(crate) fn sort(&mut self) {
        self.first.sort_unstable();
        self.first.dedup_by_key(|(key, _)| *key);
    }

    /// Whether they can be compared: there are some, and each record's is sound.
    pub(crate) fn are_sound(&self) -> bool {
        !self.first.is_empty() && !self.has_unsound
    }

    /// Each key with its first record. They are [sorted](Self::sort).
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Key, u32)> {
        self.first.iter().copied()
    }

    /// The keys that `other` lacks, each with its first record here, in the order of the records.
    /// Both are [sorted](Self::sort).
    pub(crate) fn missing_in(&self, other: &Self) -> Vec<(u32, Key)> {
        let is_there = |key: &Key| other.first.binary_search_by_key(key, |(key, _)| *key).is_ok();
        let missing = self.first.iter().filter(|(key, _)| !is_there(key));
        let mut missing: Vec<_> = missing.map(|(key, record)| (*record, *key)).collect();
        missing.sort_unstable();
        missing
    }
}

/// Which items of a layout make up the key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeyItems {
    nos: [u16; 3],
    set: ItemSet,
}

impl KeyItems {
    /// None for files whose records belong to no others.
    pub(crate) fn new(name: &FileName, layout: &Layout) -> Option<Self> {
        let nos = ["保険者番号", "被保険者番号", day_item(name)?].map(|item| layout.no_of(item));
        Some(Self { nos, set: ItemSet::of(&nos) })
    }

    /// Notes the key of a row that the item rules have nothing against.
    pub(crate) fn note_sound(&self, row: &Row<'_>, keys: &mut Keys) {
        if row.has_changed(self.set) {
            keys.add(Key::new(self.nos.map(|no| row.value(no))), row.number());
        }
    }

    /// Notes the key of any row.
    pub(crate) fn note(&self, row: &Row<'_>, kind: FileKind, keys: &mut Keys) {
        let is_sound = |no: &u16| {
            let item = row.layout.item(*no);
            item.is_some_and(|item| item_check::check(item, row.value(*no), kind).is_none())
        };
        let key = self.nos.iter().all(is_sound).then(|| self.nos.map(|no| row.value(no)));
        keys.add(key.and_then(Key::new), row.number());
    }
}

/// The file that a kind of file depends on; none for a base, and where nothing depends on it.
pub(crate) fn base_of(name: &FileName) -> Option<FileKind> {
    match name.kind {
        FileKind::PlanTable2 | FileKind::PlanTable3 => Some(FileKind::PlanTable1),
        FileKind::Supplement if name.month == Some(NameMonth::Zero) => Some(FileKind::PlanTable1),
        FileKind::SlipAnnex | FileKind::Supplement => Some(FileKind::Slip),
        FileKind::PersonRecordDay | FileKind::PersonRecordIllness | FileKind::PersonRecordImage => {
            Some(FileKind::PersonRecord)
        }
        FileKind::PreventionPlanAnnex => Some(FileKind::PreventionPlan),
        _ => None,
    }
}

/// The item that holds the day or month of the key.
fn day_item(name: &FileName) -> Option<&'static str> {
    let base = base_of(name).unwrap_or(name.kind);
    match base {
        FileKind::PlanTable1 | FileKind::PlanWithdrawal => Some("居宅サービス計画作成（変更）日"),
        FileKind::Slip | FileKind::Results => Some("対象年月"),
        FileKind::SlipWithdrawal | FileKind::ResultsWithdrawal => Some("削除対象年月"),
        FileKind::PersonRecord | FileKind::PersonRecordWithdrawal => Some("相談日"),
        FileKind::PreventionPlan | FileKind::PreventionPlanWithdrawal => Some("計画作成(変更)日"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(insurer: &str, person: &str, day: &str) -> Option<Key> {
        Key::new([insurer, person, day].map(str::as_bytes))
    }

    #[test]
    fn a_key_is_exact_and_can_be_shown() {
        for parts in [
            ["271004", "0000201001", "202504"],
            ["271004", "0000201001", "20250401"],
            ["271004", "H000201001", "20250401"],
            ["000000", "0000000000", "000000"],
        ] {
            let [insurer, person, day] = parts;
            assert_eq!(key(insurer, person, day).map(|key| key.to_string()), Some(parts.join(" ")));
        }
        assert_ne!(key("271004", "0000201001", "202504"), key("271004", "0000201001", "20250400"));
        assert_eq!(key("2710040", "0000201001", "202504"), None, "longer than keys are");
        assert_eq!(key("27100A", "0000201001", "202504"), None);
        assert_eq!(key("271004", "0000201001", "00000000"), None, "no day");
    }

    #[test]
    fn keys_in_any_order_are_kept_once_with_their_first_record() {
        let mut keys = Keys::default();
        for record in 1..=100_000_u32 {
            keys.add(key("271004", &format!("{:010}", record % 1000 * 7 % 1000), "202504"), record);
        }
        assert!(keys.first.len() <= UNSORTED_MAX);
        keys.sort();
        assert_eq!(keys.first.len(), 1000);
        assert!(keys.first.iter().all(|(_, record)| *record <= 1000));
        assert_eq!(keys.missing_in(&Keys::default()).len(), 1000);
        assert_eq!(keys.missing_in(&Keys::default())[0].0, 1);
        assert!(keys.missing_in(&keys).is_empty());
    }
}
