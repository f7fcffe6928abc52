//! Ways of going through a file, each a function of its bytes: what is compared, and with what.

mod ordinary;

use std::{hint::black_box, io::Cursor};

use careplan_scan::Scanner;
use careplan_standard::{SendingFile, Standard, check_sending};

use crate::generate::Sheet;
pub use ordinary::{Ordinary, OrdinaryFaults};

/// A way of going through a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// `csv` splits, `encoding_rs` decodes, every item is checked against its row of the table.
    Ordinary,
    /// `csv` splits into one record that is used again; nothing is checked.
    Csv,
    /// `simd-csv` likewise.
    SimdCsv,
    /// `simd-csv` without copying the record.
    SimdCsvZeroCopy,
    /// `careplan-scan` finds items, records and broken characters; nothing is checked.
    Scan,
    /// The same by its portable twin.
    ScanPortable,
    /// Our check of a sending of this one file.
    Check,
    /// Adding the bytes up, eight at a time: the machine's limit.
    Memory,
}

impl Method {
    /// Every method: others', ours, the limit.
    pub const ALL: [Self; 8] = [
        Self::Ordinary,
        Self::Csv,
        Self::SimdCsv,
        Self::SimdCsvZeroCopy,
        Self::ScanPortable,
        Self::Scan,
        Self::Check,
        Self::Memory,
    ];

    /// What it is called in a table.
    pub fn title(self) -> &'static str {
        match self {
            Self::Ordinary => "an ordinary validator: csv + encoding_rs + the item checks",
            Self::Csv => "csv, splitting alone into a reused ByteRecord",
            Self::SimdCsv => "simd-csv, splitting alone into a reused ByteRecord",
            Self::SimdCsvZeroCopy => "simd-csv, splitting alone without copying",
            Self::ScanPortable => "careplan-scan, the index alone, portable twin",
            Self::Scan => "careplan-scan, the index alone",
            Self::Check => "careplan: the full check of the file",
            Self::Memory => "reading memory",
        }
    }

    /// Goes through the file. The number is there so that the work is done: records, faults, a sum.
    pub fn run(self, sheet: Sheet, bytes: &[u8]) -> u64 {
        match self {
            Self::Ordinary => Ordinary::of(sheet).check(bytes).faults,
            Self::Csv => csv_records(bytes),
            Self::SimdCsv => simd_csv_records(bytes),
            Self::SimdCsvZeroCopy => simd_csv_records_in_place(bytes),
            Self::ScanPortable => indexed_records(Scanner::portable(), bytes),
            Self::Scan => indexed_records(Scanner::new(), bytes),
            Self::Check => check(sheet, bytes),
            Self::Memory => sum(bytes),
        }
    }
}

fn csv_records(bytes: &[u8]) -> u64 {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    let mut count = 0;
    while reader.read_byte_record(&mut record).expect("memory is read without a fault") {
        count += 1;
        black_box(&record);
    }
    count
}

fn simd_csv_records(bytes: &[u8]) -> u64 {
    let mut reader = simd_csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(Cursor::new(bytes));
    let mut record = simd_csv::ByteRecord::new();
    let mut count = 0;
    while reader.read_byte_record(&mut record).expect("memory is read without a fault") {
        count += 1;
        black_box(&record);
    }
    count
}

fn simd_csv_records_in_place(bytes: &[u8]) -> u64 {
    let mut reader = simd_csv::ZeroCopyReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(Cursor::new(bytes));
    let mut count = 0;
    while let Some(record) = reader.read_byte_record().expect("memory is read without a fault") {
        count += 1;
        black_box(&record);
    }
    count
}

fn indexed_records(mut scanner: Scanner, bytes: &[u8]) -> u64 {
    let mut window = 1 << 16;
    let mut rest = bytes;
    let mut count = 0;
    while !rest.is_empty() {
        let index = scanner.scan(&rest[..rest.len().min(window)]);
        for row in index.rows() {
            count += 1;
            black_box(row);
        }
        match index.rest() {
            0 if rest.len() <= window || index.is_stopped() => break,
            0 => window *= 2,
            done => rest = &rest[done..],
        }
    }
    count
}

fn check(sheet: Sheet, bytes: &[u8]) -> u64 {
    let files = [SendingFile { name: &sheet.file_name(0), bytes }];
    let check = check_sending(Standard::bundled(), &files);
    check.findings.len() as u64
}

/// Lanes that do not wait for each other, so that loads are all that is measured.
fn sum(bytes: &[u8]) -> u64 {
    const LANES: usize = 16;
    let mut lanes = [0_u64; LANES];
    let (words, _) = bytes.as_chunks::<8>();
    let (blocks, _) = words.as_chunks::<LANES>();
    for block in blocks {
        for (lane, word) in lanes.iter_mut().zip(block) {
            *lane = lane.wrapping_add(u64::from_le_bytes(*word));
        }
    }
    lanes.into_iter().fold(0, u64::wrapping_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{Order, Size};

    const SPLITTERS: [Method; 5] =
        [Method::Csv, Method::SimdCsv, Method::SimdCsvZeroCopy, Method::Scan, Method::ScanPortable];

    #[test]
    fn every_splitter_finds_the_same_records() {
        for sheet in [Sheet::Slip, Sheet::Plan2] {
            let mut bytes = vec![];
            let written = Order::clean(200_000).write(sheet, &mut bytes).expect("a vector");
            for method in SPLITTERS {
                assert_eq!(method.run(sheet, &bytes), written.records, "{method:?}");
            }
        }
    }

    #[test]
    fn the_ordinary_validator_finds_nothing_in_a_clean_file() {
        for sheet in [Sheet::Slip, Sheet::Plan2] {
            let found = Ordinary::of(sheet).check(&Order::clean(300_000).bytes(sheet));
            assert_eq!((found.faults, found.first), (0, None));
            assert!(400 < found.records);
        }
    }

    #[test]
    fn the_ordinary_validator_finds_what_spoils_a_record() {
        let order = Order { seed: 1, size: Size::Bytes(300_000), faulty_percent: 100 };
        for sheet in [Sheet::Slip, Sheet::Plan2] {
            let found = Ordinary::of(sheet).check(&order.bytes(sheet));
            assert!(found.records * 8 / 10 < found.faults, "{found:?}");
        }
    }
}
