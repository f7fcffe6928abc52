//! Keys: which records of a 送信単位 belong together.
//!
//! 保険者番号 + 被保険者番号 + the day or month of the plan. The base of a unit is 第1表, 第6表,
//! 利用者基本情報 or 支援計画書; every other file of the unit depends on it.

use std::collections::BTreeMap;

use crate::{FileKind, FileName, Layout, NameMonth, Record, item_check};

/// 保険者番号, 被保険者番号, and the day or month.
pub(crate) type Key = [Vec<u8>; 3];

/// The keys of a file, each with the first record that has it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys {
    first: BTreeMap<Key, u32>,
    has_unsound: bool,
}

impl Keys {
    /// Notes the key of a record, if it is sound: one that is not is a finding already.
    pub(crate) fn add(&mut self, name: &FileName, layout: &Layout, record: &Record<'_>) {
        let Some(day) = day_item(name) else { return };
        let value = |item: &str| {
            let item = layout.named(item)?;
            let value = record.field(item.no)?.bytes();
            item_check::check(item, &value, name.kind).is_none().then(|| value.into_owned())
        };
        let [insurer, person, day] = ["保険者番号", "被保険者番号", day].map(value);
        match (insurer, person, day) {
            (Some(insurer), Some(person), Some(day)) => {
                self.first.entry([insurer, person, day]).or_insert_with(|| record.number());
            }
            _ => self.has_unsound = true,
        }
    }

    /// Whether they can be compared: there are some, and each record's is sound.
    pub(crate) fn are_sound(&self) -> bool {
        !self.first.is_empty() && !self.has_unsound
    }

    /// The keys that `other` lacks, each with its first record here, in the order of the records.
    pub(crate) fn missing_in(&self, other: &Self) -> Vec<(u32, &Key)> {
        let is_missing = |(key, _): &(&Key, &u32)| !other.first.contains_key(*key);
        let mut missing: Vec<_> =
            self.first.iter().filter(is_missing).map(|(key, record)| (*record, key)).collect();
        missing.sort();
        missing
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
        FileKind::PlanTable1 => Some("居宅サービス計画作成（変更）日"),
        FileKind::Slip => Some("対象年月"),
        FileKind::PersonRecord => Some("相談日"),
        FileKind::PreventionPlan => Some("計画作成(変更)日"),
        _ => None,
    }
}
