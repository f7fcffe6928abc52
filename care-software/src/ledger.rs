//! What was received, as it stands after everything was read in the order of the ファイル連番.
//!
//! Invariant: the ledger is a function of the files that are kept. Whatever the order in which they
//! arrived, the same files give the same ledger: a month sent again replaces the earlier one whole,
//! and a withdrawal takes away what came before it and nothing that comes after.

use std::collections::{BTreeMap, BTreeSet};

use careplan_standard::{
    FileKind, FileName, Layout, Month, NameMonth, OfficeNumber, Party, Reading, Sequence, Standard,
    read_records,
};

use crate::{
    error::SoftwareError,
    person::PersonKey,
    sheet::{BadItem, Values},
    slip::ServiceRow,
    slip_sheets::{self, Withdrawal},
};

/// A file as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedFile {
    /// Its name, without a folder.
    pub name: String,
    /// Its content, byte for byte.
    pub bytes: Vec<u8>,
}

/// A row that was received, with where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// 送信元 of its file.
    pub from: Party,
    /// CSVバージョン of its record.
    pub version: String,
    /// ファイル連番 of its file.
    pub sequence: Sequence,
    /// The row.
    pub row: ServiceRow,
}

/// What an office holds of others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// 予定: rows of 第6表.
    pub planned: Vec<Held>,
    /// 実績.
    pub provided: Vec<Held>,
    /// 利用者氏名, from 補足.
    pub names: BTreeMap<PersonKey, String>,
}

impl Ledger {
    /// Reads files that passed the check, in ascending order of their ファイル連番.
    ///
    /// Files of the plan itself (第1表–第3表) and of 介護予防 are kept, and change nothing here.
    ///
    /// # Errors
    /// A value that is needed and cannot be read, though the check let it pass.
    pub fn replay(files: &[ReceivedFile], standard: &Standard) -> Result<Self, SoftwareError> {
        let mut members: Vec<(FileName, &ReceivedFile)> = files
            .iter()
            .filter_map(|file| Some((FileName::parse(&file.name).ok()?, file)))
            .collect();
        // Withdrawals stand before what is sent again under the same sequence.
        members.sort_by_key(|(name, _)| (name.sequence, !name.kind.is_withdrawal(), name.kind));
        let mut ledger = Self::default();
        for (name, file) in members {
            ledger.read(&name, file, standard)?;
        }
        Ok(ledger)
    }

    /// The latest month of which 予定 are held.
    pub fn latest_planned_month(&self) -> Option<Month> {
        self.planned.iter().map(|held| held.row.day.month()).max()
    }

    fn read(
        &mut self,
        name: &FileName,
        file: &ReceivedFile,
        standard: &Standard,
    ) -> Result<(), SoftwareError> {
        let reading = read_records(&file.bytes);
        let version = reading.records().next().map(slip_sheets::version_of).unwrap_or_default();
        let layout = standard.version(&version).and_then(|version| version.layout(name.kind));
        let Some(layout) = layout else { return Ok(()) };
        let sheet = Sheet { name, file, reading: &reading, layout };
        match name.kind {
            FileKind::Slip => {
                let rows = sheet.rows(&version)?;
                replace(&mut self.planned, name, rows);
            }
            FileKind::Results => {
                let rows = sheet.rows(&version)?;
                replace(&mut self.provided, name, rows);
            }
            FileKind::Supplement => {
                let named = |values: Values<'_>| (values.person(), slip_sheets::read_name(&values));
                self.names.extend(sheet.values().map(named));
            }
            FileKind::SlipWithdrawal => {
                let withdrawn = sheet.withdrawals()?;
                self.planned.retain(|held| !is_withdrawn(held, name.from.office, &withdrawn));
            }
            FileKind::ResultsWithdrawal => {
                let withdrawn = sheet.withdrawals()?;
                self.provided.retain(|held| !is_withdrawn(held, name.from.office, &withdrawn));
            }
            _ => {}
        }
        Ok(())
    }
}

/// One file that is being read.
struct Sheet<'a> {
    name: &'a FileName,
    file: &'a ReceivedFile,
    reading: &'a Reading<'a>,
    layout: &'a Layout,
}

impl Sheet<'_> {
    fn values(&self) -> impl Iterator<Item = Values<'_>> {
        self.reading.records().map(|record| Values { layout: self.layout, record })
    }

    fn rows(&self, version: &str) -> Result<Vec<Held>, SoftwareError> {
        let held = |values: Values<'_>| {
            let row =
                slip_sheets::read_slip(&values).map_err(|item| self.unreadable(&values, item))?;
            let FileName { from, sequence, .. } = *self.name;
            Ok(Held { from, version: version.to_owned(), sequence, row })
        };
        self.values().map(held).collect()
    }

    fn withdrawals(&self) -> Result<Vec<(PersonKey, Withdrawal)>, SoftwareError> {
        let withdrawal = |values: Values<'_>| {
            let read = slip_sheets::read_withdrawal(&values);
            Ok((values.person(), read.map_err(|item| self.unreadable(&values, item))?))
        };
        self.values().map(withdrawal).collect()
    }

    fn unreadable(&self, values: &Values<'_>, item: BadItem) -> SoftwareError {
        SoftwareError::Unreadable {
            name: self.file.name.clone(),
            record: values.record.number(),
            item: item.0,
        }
    }
}

/// Puts the rows of a file in the place of what its sender sent of the same people and month.
///
/// A V4 file of a service office speaks of one service kind only, a V3 file of all of them.
fn replace(held: &mut Vec<Held>, name: &FileName, rows: Vec<Held>) {
    let people: BTreeSet<&PersonKey> = rows.iter().map(|held| &held.row.person).collect();
    let month = name.month.and_then(NameMonth::month);
    let only_kind = name.from.kind.filter(|kind| kind.scope().is_carried());
    held.retain(|old| {
        let is_same_sender = old.from.office == name.from.office;
        let is_same_kind = only_kind.is_none_or(|kind| kind.as_str() == old.row.kind());
        let is_same_month = Some(old.row.day.month()) == month;
        !(is_same_sender && is_same_kind && is_same_month && people.contains(&old.row.person))
    });
    held.extend(rows);
}

fn is_withdrawn(held: &Held, sender: OfficeNumber, withdrawn: &[(PersonKey, Withdrawal)]) -> bool {
    let row = &held.row;
    let names = |(person, withdrawal): &(PersonKey, Withdrawal)| {
        let of = withdrawal.of.as_ref();
        *person == row.person
            && withdrawal.month == row.day.month()
            && of.is_none_or(|(office, kind)| *office == row.office && kind == row.kind())
    };
    held.from.office == sender && withdrawn.iter().any(names)
}
