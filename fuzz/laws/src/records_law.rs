//! Records.

use careplan_scan::Scanner;
use careplan_standard::{RecordWriter, ShapeKind, ms932, read_records, readable};

use crate::slow::{self, Slow};

/// More items of one record than are kept.
const ITEMS_MAX: usize = 256;

/// Any bytes are read, as the obvious reader reads them, and where they are sound as `csv` does;
/// what was read, written, read and written again is the same.
pub fn records(bytes: &[u8]) {
    let readable = readable(bytes);
    assert!(readable.bytes.len() <= bytes.len());
    let slow = slow::read(bytes);
    let mut faults = vec![];
    let mut count = 0;
    for (record, wanted) in read_records(bytes).records().zip(&slow.records) {
        count += 1;
        assert_eq!(record.number() as usize, count);
        assert_eq!(record.len(), wanted.len());
        for (field, item) in record.fields().zip(wanted) {
            assert_eq!(field.is_quoted(), item.is_quoted);
            // What an open quote swallowed is nobody's value.
            if !slow.has_unclosed_quote {
                assert_eq!(&*field.bytes(), item.value);
            }
        }
        assert_eq!(record.fields().count(), wanted.len().min(ITEMS_MAX));
        faults.extend(record.faults().iter().map(|fault| fault.kind));
    }
    assert_eq!(count, slow.records.len());
    assert_eq!(count, read_records(bytes).len());
    if slow.records.iter().all(|items| items.len() <= ITEMS_MAX) {
        assert_eq!(faults.contains(&ShapeKind::StrayQuote), slow.has_stray_quote);
        assert_eq!(faults.contains(&ShapeKind::UnclosedQuote), slow.has_unclosed_quote);
    }
    if !slow.has_stray_quote && !slow.has_unclosed_quote {
        as_csv_reads(bytes, &slow);
        written_again(&slow);
    }
}

/// The vector code finds what its portable twin finds, and both what the obvious reader reads, up
/// to where they stop.
pub fn scan(bytes: &[u8]) {
    let (mut vectors, mut portable) = (Scanner::new(), Scanner::portable());
    let (index, twin) = (vectors.scan(bytes), portable.scan(bytes));
    assert!(index.rows().eq(twin.rows()));
    assert_eq!((index.rest(), index.is_stopped()), (twin.rest(), twin.is_stopped()));
    let slow = slow::read(&bytes[..index.rest()]);
    assert!(!slow.has_stray_quote && !slow.has_unclosed_quote);
    let mut records = slow.records.iter();
    for row in index.rows() {
        if let [end] = row.ends
            && *end as usize == row.from
        {
            assert!(slow.has_blank_line);
            continue;
        }
        let record = records.next().expect("a row that is not blank is a record");
        assert_eq!(row.ends.len(), record.len());
        let is_ms932 = |item: &slow::Item| ms932::fault(&item.value).is_none();
        assert_eq!(row.is_ms932, record.iter().all(is_ms932));
        let mut from = row.from;
        for (item, end) in record.iter().zip(row.ends) {
            let raw = &bytes[from..*end as usize];
            assert_eq!(item.is_quoted, raw.starts_with(b"\""));
            if !item.is_quoted {
                assert_eq!(item.value, raw);
            }
            from = *end as usize + 1;
        }
    }
    assert_eq!(records.next(), None);
}

fn as_csv_reads(bytes: &[u8], slow: &Slow) {
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        return;
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let theirs = reader.byte_records().map(|record| record.expect("memory is read"));
    let theirs: Vec<Vec<Vec<u8>>> =
        theirs.map(|record| record.iter().map(<[u8]>::to_vec).collect()).collect();
    let ours = slow.records.iter().map(|items| items.iter().map(|item| item.value.clone()));
    assert_eq!(ours.map(Iterator::collect).collect::<Vec<Vec<_>>>(), theirs);
}

/// Of values that are MS932, and of records that are no blank line when they are written.
fn written_again(slow: &Slow) {
    let texts: Option<Vec<Vec<String>>> = slow
        .records
        .iter()
        .filter(|items| !matches!(&items[..], [item] if item.value.is_empty()))
        .map(|items| items.iter().map(|item| ms932::decode(&item.value).ok()).collect())
        .collect();
    let Some(texts) = texts.filter(|texts| texts.iter().all(|items| items.len() <= ITEMS_MAX))
    else {
        return;
    };
    let written = write(&texts);
    let reading = read_records(&written);
    let read: Vec<Vec<String>> = reading
        .records()
        .map(|record| record.fields().map(|field| field.text()).collect())
        .collect();
    assert_eq!(read, texts);
    assert_eq!(write(&read), written);
}

fn write(records: &[Vec<String>]) -> Vec<u8> {
    let mut writer = RecordWriter::new();
    for items in records {
        for item in items {
            writer.text(item).expect("it was MS932 before");
        }
        writer.end();
    }
    writer.finish()
}
