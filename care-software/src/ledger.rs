//! What was received, as it stands after everything was read in the order of the ファイル連番.
//!
//! Invariant: the ledger is a function of the files that are kept. Whatever the order in which they
//! arrived, the same files give the same ledger: a month sent again replaces the earlier one whole,
//! and a withdrawal takes away what came before it, with what goes with it, and nothing that comes
//! after.

use std::collections::{BTreeMap, BTreeSet};

use careplan_standard::{
    FileKind, FileName, Lang, Layout, Month, NameMonth, OfficeNumber, Party, Reading, SendingFile,
    Sequence, Standard, check_sending, read_records,
};

use serde::Serialize;

use crate::{
    dependents::{self, HeldAnnex, HeldCarePlan, HeldSupplement},
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
    /// CSVバージョン of its file, as the check understands it.
    pub version: String,
    /// ファイル連番 of its file.
    pub sequence: Sequence,
    /// The row.
    pub row: ServiceRow,
}

/// A record that the check let pass with a warning, and that changes nothing: a row in no plan and in
/// no 実績, a withdrawal that takes nothing away. A value that it cannot do without is written in a
/// form that can be read in more than one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The file.
    pub name: String,
    /// The record, from 1.
    pub record: u32,
    /// The item's name.
    pub item: &'static str,
}

impl LeftOut {
    /// What happened and what to do next, in one line.
    pub fn line(&self, lang: Lang) -> String {
        let Self { name, record, item } = self;
        match lang {
            Lang::Ja => format!(
                "{name} の{record}件目は「{item}」を読めないため、取り込んだ内容に反映していません。送信元に出力し直してもらってください"
            ),
            Lang::En => format!(
                "record {record} of {name} is left out and changes nothing: its {item} cannot be read; ask the sender to export it again"
            ),
        }
    }
}

/// What an office holds of others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// 予定: rows of 第6表.
    pub planned: Vec<Held>,
    /// 実績.
    pub provided: Vec<Held>,
    /// 第7表, of the months that stand.
    pub annexes: Vec<HeldAnnex>,
    /// 補足, of the plans and months that stand.
    pub supplements: Vec<HeldSupplement>,
    /// 居宅サービス計画書.
    pub care_plans: Vec<HeldCarePlan>,
    /// 利用者氏名, from 補足.
    pub names: BTreeMap<PersonKey, String>,
    /// Records that change nothing, in the order in which they were read.
    pub left_out: Vec<LeftOut>,
}

impl Ledger {
    /// Reads files that passed the check, in ascending order of their ファイル連番.
    ///
    /// Files of 介護予防 are kept, and change nothing here.
    ///
    /// # Errors
    /// A file that no layout tells how to read, or a withdrawal of 予定 or 実績 that cannot be read. Any
    /// other record that cannot be read is left out, and said so.
    pub fn replay(files: &[ReceivedFile], standard: &Standard) -> Result<Self, SoftwareError> {
        let mut members: Vec<(FileName, &ReceivedFile)> = files
            .iter()
            .filter_map(|file| Some((FileName::parse(&file.name).ok()?, file)))
            .collect();
        // Withdrawals stand before what is sent again under the same sequence. Senders that wrote in
        // the same second stand by their numbers, and not as they happened to arrive.
        members.sort_by_key(|(name, _)| {
            (name.sequence, !name.kind.is_withdrawal(), name.kind, name.from, name.to)
        });
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
        if name.kind.is_image() {
            return Ok(());
        }
        let reading = read_records(&file.bytes);
        let version = version_of(file, standard);
        let layout = standard.version(&version).and_then(|version| version.layout(name.kind));
        let no_layout = || SoftwareError::NoLayout { name: file.name.clone() };
        let sheet = Sheet { name, file, reading: &reading, layout: layout.ok_or_else(no_layout)? };
        match name.kind {
            FileKind::Slip => {
                let rows = self.readable(sheet.rows(&version))?;
                replace(&mut self.planned, name, &sheet.people(), rows);
            }
            FileKind::Results => {
                let rows = self.readable(sheet.rows(&version))?;
                replace(&mut self.provided, name, &sheet.people(), rows);
            }
            FileKind::Supplement => {
                let named = |values: Values<'_>| (values.person(), slip_sheets::read_name(&values));
                self.names.extend(sheet.values().map(named));
            }
            FileKind::SlipWithdrawal => {
                let withdrawn = sheet.withdrawals()?;
                self.planned.retain(|held| !is_withdrawn(held, name.from.office, &withdrawn));
                dependents::withdraw_months(self, name.from.office, &withdrawn);
            }
            FileKind::ResultsWithdrawal => {
                let withdrawn = sheet.withdrawals()?;
                self.provided.retain(|held| !is_withdrawn(held, name.from.office, &withdrawn));
            }
            _ => {}
        }
        self.left_out.extend(sheet.values().filter_map(|values| {
            let BadItem(item) = dependents::key_fault(name, &values)?;
            Some(LeftOut { name: file.name.clone(), record: values.record.number(), item })
        }));
        dependents::read(self, name, sheet.values());
        Ok(())
    }

    /// The rows that can be read; the others are noted.
    fn readable(
        &mut self,
        rows: Vec<Result<Held, SoftwareError>>,
    ) -> Result<Vec<Held>, SoftwareError> {
        let mut held = vec![];
        for row in rows {
            match row {
                Ok(row) => held.push(row),
                Err(SoftwareError::Unreadable { name, record, item }) => {
                    self.left_out.push(LeftOut { name, record, item });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(held)
    }
}

/// The version that the check reads the file by: a value that it takes for another is the other's.
pub(crate) fn version_of(file: &ReceivedFile, standard: &Standard) -> String {
    let check = check_sending(standard, &[SendingFile { name: &file.name, bytes: &file.bytes }]);
    check.files.into_iter().find_map(|facts| facts.version).unwrap_or_default()
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

    fn people(&self) -> BTreeSet<PersonKey> {
        self.values().map(|values| values.person()).collect()
    }

    fn rows(&self, version: &str) -> Vec<Result<Held, SoftwareError>> {
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
/// A V4 name says for which service kind its sender speaks; the rows may be of further kinds, and a
/// correction has all of them again. A V3 name speaks for every kind.
fn replace(held: &mut Vec<Held>, name: &FileName, people: &BTreeSet<PersonKey>, rows: Vec<Held>) {
    let month = name.month.and_then(NameMonth::month);
    let new_kinds: BTreeSet<String> = rows.iter().map(|held| held.row.kind().to_owned()).collect();
    held.retain(|old| {
        let is_same_sender = old.from.office == name.from.office;
        let is_same_kind = match (old.from.kind, name.from.kind) {
            (Some(old), Some(new)) => old == new,
            (None, Some(new)) if new.scope().is_carried() => {
                old.row.kind() == new.as_str() || new_kinds.contains(old.row.kind())
            }
            (_, _) => true,
        };
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
