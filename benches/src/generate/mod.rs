//! Files of version 4.1 of any size, from a seed: the same bytes on every machine.
//!
//! Where nothing is to be faulty, whole units give no finding at all. What is held in memory is one
//! person's records, whatever the file's size.

mod bank;
mod person;
mod plan;
mod records;
mod sheet;
mod slip;

use std::io::{self, Write};

use crate::dice::{Dice, Topic};
use bank::Bank;
use person::Person;
use records::Records;
use sheet::Ending;

pub use sheet::Sheet;

/// What to generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Another seed gives other people and other words.
    pub seed: u64,
    /// Where to stop.
    pub size: Size,
    /// How many records of a hundred have something wrong with them, 0 to 100.
    pub faulty_percent: u8,
}

/// How much of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// As many whole records as fit into so many bytes, and at least one.
    Bytes(u64),
    /// All records of so many people.
    People(u64),
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Bytes.
    pub bytes: u64,
    /// Records.
    pub records: u64,
}

impl Order {
    /// A clean file of at most so many bytes.
    pub fn clean(bytes: u64) -> Self {
        Self { seed: 1, size: Size::Bytes(bytes), faulty_percent: 0 }
    }

    /// Writes the file, person by person.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write(&self, sheet: Sheet, out: &mut impl Write) -> io::Result<Written> {
        let bank = Bank::new();
        let mut records = Records::default();
        let mut written = Written::default();
        let people = match self.size {
            Size::Bytes(_) => u64::MAX,
            Size::People(count) => count,
        };
        for place in 0..people {
            let person = Person::new(self.seed, place);
            let mut ending = Ending {
                dice: Dice::new(self.seed, Topic::Faults, place),
                percent: self.faulty_percent,
                faults: sheet.faults(),
            };
            records.clear();
            sheet.write(&person, &bank, &mut ending, &mut records);
            let left = match self.size {
                Size::Bytes(bytes) => bytes - written.bytes.min(bytes),
                Size::People(_) => u64::MAX,
            };
            let (bytes, count) = records.up_to(left, written.records == 0);
            out.write_all(bytes)?;
            written.bytes += bytes.len() as u64;
            written.records += count as u64;
            if count < records.len() {
                break;
            }
        }
        Ok(written)
    }

    /// The file in memory.
    pub fn bytes(&self, sheet: Sheet) -> Vec<u8> {
        let mut out = match self.size {
            Size::Bytes(bytes) => Vec::with_capacity(usize::try_from(bytes).unwrap_or(0)),
            Size::People(_) => vec![],
        };
        self.write(sheet, &mut out).expect("a vector takes all bytes");
        out
    }
}

#[cfg(test)]
mod tests {
    use careplan_standard::{
        Check, FileKind, Finding, SendingFile, Standard, check_sending, read_records,
    };

    use super::*;

    fn check(sheets: &[Sheet], order: Order) -> Check {
        let files: Vec<(String, Vec<u8>)> =
            sheets.iter().map(|sheet| (sheet.file_name(61), order.bytes(*sheet))).collect();
        let files: Vec<SendingFile<'_>> =
            files.iter().map(|(name, bytes)| SendingFile { name, bytes }).collect();
        check_sending(Standard::bundled(), &files)
    }

    fn people(seed: u64, count: u64, faulty_percent: u8) -> Order {
        Order { seed, size: Size::People(count), faulty_percent }
    }

    #[test]
    fn clean_units_give_no_finding_at_all() {
        for (seed, count) in [(1, 120), (2, 1), (u64::MAX, 25)] {
            for unit in [&Sheet::SLIP_UNIT[..], &Sheet::PLAN_UNIT[..]] {
                let check = check(unit, people(seed, count, 0));
                assert_eq!(check.findings, [], "seed {seed}");
                assert_eq!(check.units.len(), 1);
            }
        }
    }

    #[test]
    fn a_file_of_its_own_lacks_only_the_rest_of_its_unit() {
        for sheet in [Sheet::Slip, Sheet::Plan2] {
            for bytes in [1_000, 30_000, 300_000] {
                let check = check(&[sheet], Order::clean(bytes));
                let of_file = check.findings.iter().filter(|finding| finding.place.file.is_some());
                assert_eq!(of_file.count(), 0, "{:?}", check.findings);
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_gives_others() {
        let digest = |bytes: &[u8]| {
            let step =
                |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3);
            bytes.iter().fold(0xCBF2_9CE4_8422_2325, step)
        };
        let digests = [Sheet::Slip, Sheet::Plan2].map(|sheet| {
            let bytes = Order::clean(100_000).bytes(sheet);
            assert_ne!(bytes, Order { seed: 2, ..Order::clean(100_000) }.bytes(sheet));
            digest(&bytes)
        });
        assert_eq!(digests, GOLDEN);
    }

    /// FNV-1a of the first 100 KB of seed 1; a change here changes every generated file.
    const GOLDEN: [u64; 2] = [1_916_156_666_532_150_596, 6_995_448_812_998_429_003];

    #[test]
    fn a_file_fills_what_was_asked_for_with_whole_records() {
        for sheet in [Sheet::Slip, Sheet::Plan2] {
            for wanted in [1, 1_000, 4_096, 250_000] {
                let bytes = Order::clean(wanted).bytes(sheet);
                let longest = 2_000;
                assert!(bytes.len() as u64 <= wanted.max(longest));
                assert!(wanted <= bytes.len() as u64 + longest);
                let items = if sheet == Sheet::Slip { 25 } else { 22 };
                assert!(read_records(&bytes).records().all(|record| record.len() == items));
            }
        }
        let (short, long) = (Order::clean(5_000), Order::clean(50_000));
        let (short, long) = (short.bytes(Sheet::Slip), long.bytes(Sheet::Slip));
        assert!(long.starts_with(&short), "a longer file begins as a shorter one does");
    }

    #[test]
    fn a_row_of_the_slip_has_the_size_of_a_real_one() {
        let mut out = vec![];
        let written = Order::clean(500_000).write(Sheet::Slip, &mut out).expect("a vector");
        let size = written.bytes / written.records;
        assert!((120..=160).contains(&size), "{size}");
    }

    #[test]
    fn records_are_spoilt_in_the_share_that_was_asked_for() {
        let rows = |percent| {
            let file = people(1, 60, percent).bytes(Sheet::Slip);
            file.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>()
        };
        let clean = rows(0);
        for (percent, wanted) in [(0, 0..=0), (10, 7..=13), (100, 99..=100)] {
            let spoilt = rows(percent);
            assert_eq!(spoilt.len(), clean.len());
            let count = spoilt.iter().zip(&clean).filter(|(one, other)| one != other).count();
            assert!(wanted.contains(&(count * 100 / clean.len())), "{percent} %: {count}");
        }
    }

    #[test]
    fn spoilt_records_are_errors() {
        for sheet in [Sheet::Slip, Sheet::Plan2] {
            let found = |percent| {
                let order = Order { faulty_percent: percent, ..Order::clean(200_000) };
                let in_a_record = |finding: &&Finding| finding.place.record.is_some();
                let found = check(&[sheet], order).findings;
                let found = found.iter().filter(in_a_record).map(|finding| 1 + finding.more);
                found.sum::<u32>()
            };
            assert_eq!(found(0), 0);
            assert!(10 < found(10) && 5 * found(10) < found(100), "{sheet:?}");
        }
    }

    #[test]
    fn names_are_names_of_the_standard() {
        for sheet in Sheet::SLIP_UNIT.into_iter().chain(Sheet::PLAN_UNIT) {
            let name =
                careplan_standard::FileName::parse(&sheet.file_name(86_399)).expect("a name");
            assert!(name.sequence.is_real_time());
            assert_eq!(name.kind == FileKind::Slip, sheet == Sheet::Slip);
        }
    }
}
