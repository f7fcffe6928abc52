//! Records of a CSV file, on bytes: comma, `"` around free text, `""` for a quote within.
//!
//! Reading never fails: whatever the bytes, records come out, with what was wrong about their
//! shape. Text is not decoded here; see [`ms932`](crate::ms932).

use std::borrow::Cow;

use crate::ms932;

/// A breach of the CSV's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// What is wrong.
    pub kind: ShapeKind,
    /// The record, from 1.
    pub record: u32,
    /// The item, from 1.
    pub item: u16,
}

/// How a CSV's shape can be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShapeKind {
    /// A `"` inside a value that does not stand in quotes, or text after a closing one.
    StrayQuote,
    /// A quote that is never closed.
    UnclosedQuote,
    /// A line with nothing on it. It is no record, and is not counted as one.
    BlankLine,
}

/// How many items of one record are kept; further ones are only counted. No layout comes near.
const ITEMS_KEPT_MAX: usize = 256;

/// A file that is taken apart record by record, each time it is gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading<'a> {
    bytes: &'a [u8],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    from: usize,
    to: usize,
    is_quoted: bool,
    has_doubled_quotes: bool,
}

/// One record of a [`Reading`].
#[derive(Debug, Clone)]
pub struct Record<'a> {
    bytes: &'a [u8],
    fields: Vec<Span>,
    items: usize,
    number: u32,
    faults: Vec<Shape>,
    is_unclosed: bool,
}

/// One value of a [`Record`].
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    raw: &'a [u8],
    is_quoted: bool,
    has_doubled_quotes: bool,
}

impl<'a> Reading<'a> {
    /// How many records there are. Goes through the file.
    pub fn len(&self) -> usize {
        self.records().count()
    }

    /// Whether there is no record at all.
    pub fn is_empty(&self) -> bool {
        self.records().next().is_none()
    }

    /// The records, in the order of the file.
    pub fn records(&self) -> impl Iterator<Item = Record<'a>> + use<'a> {
        let mut reader = Reader { bytes: self.bytes, at: 0 };
        let mut number = 0_u32;
        std::iter::from_fn(move || {
            number = number.saturating_add(1);
            reader.record(number)
        })
    }
}

impl<'a> Record<'a> {
    fn of_no_items(bytes: &'a [u8], number: u32) -> Self {
        Self { bytes, fields: vec![], items: 0, number, faults: vec![], is_unclosed: false }
    }

    /// Which record of the file it is, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Whether a quote of it is not closed, so that it goes on to the end of all that there is.
    pub(crate) fn is_unclosed(&self) -> bool {
        self.is_unclosed
    }

    /// How many items it has.
    pub fn len(&self) -> usize {
        self.items
    }

    /// Whether it has no item; never so for a record that was read.
    pub fn is_empty(&self) -> bool {
        self.items == 0
    }

    /// What is wrong with its shape, and with the lines before it.
    pub fn faults(&self) -> &[Shape] {
        &self.faults
    }

    /// The item of this No, from 1.
    pub fn field(&self, no: u16) -> Option<Field<'a>> {
        let span = self.fields.get(usize::from(no).checked_sub(1)?)?;
        Some(self.value(span))
    }

    /// The items, in order.
    pub fn fields(&self) -> impl Iterator<Item = Field<'a>> + use<'a, '_> {
        self.fields.iter().map(|span| self.value(span))
    }

    fn value(&self, span: &Span) -> Field<'a> {
        Field {
            raw: &self.bytes[span.from..span.to],
            is_quoted: span.is_quoted,
            has_doubled_quotes: span.has_doubled_quotes,
        }
    }
}

impl<'a> Field<'a> {
    /// The value's bytes without the quotes around it, doubled ones within left double.
    pub(crate) fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The value's bytes, without the quotes around it and with doubled ones made single.
    pub fn bytes(&self) -> Cow<'a, [u8]> {
        if !self.has_doubled_quotes {
            return Cow::Borrowed(self.raw);
        }
        let mut out = Vec::with_capacity(self.raw.len());
        let mut rest = self.raw;
        while let Some(at) = rest.windows(2).position(|pair| pair == b"\"\"") {
            out.extend_from_slice(&rest[..=at]);
            rest = &rest[at + 2..];
        }
        out.extend_from_slice(rest);
        Cow::Owned(out)
    }

    /// The value for showing: what is not MS932 becomes U+FFFD.
    pub fn text(&self) -> String {
        ms932::decode_lossy(&self.bytes())
    }

    /// Whether it stands in quotes.
    pub fn is_quoted(&self) -> bool {
        self.is_quoted
    }

    /// Whether nothing stands there. `""` is nothing, too.
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }
}

/// Takes a file apart. CR LF, LF and CR all end a record; the last one may lack its end.
///
/// What it holds at a time is one record, whatever the file's size.
pub fn read_records(bytes: &[u8]) -> Reading<'_> {
    Reading { bytes }
}

/// The record at the beginning of the bytes, and how many bytes it takes with its line end. It
/// begins with no line end, and there is a byte at least.
pub(crate) fn read_record(bytes: &[u8], number: u32) -> (Record<'_>, usize) {
    let mut reader = Reader { bytes, at: 0 };
    let mut record = Record::of_no_items(bytes, number);
    reader.items(&mut record);
    (record, reader.at)
}

/// How long the line end at the beginning of the bytes is; 0 if there is none.
pub(crate) fn line_end(bytes: &[u8]) -> usize {
    match bytes {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// A value, and whether its quotes are wrong.
struct Value {
    span: Span,
    fault: Option<ShapeKind>,
}

impl<'a> Reader<'a> {
    fn record(&mut self, number: u32) -> Option<Record<'a>> {
        let mut record = Record::of_no_items(self.bytes, number);
        while self.skip_line_end() {
            if record.faults.is_empty() {
                record.faults.push(Shape { kind: ShapeKind::BlankLine, record: number, item: 1 });
            }
        }
        self.peek()?;
        self.items(&mut record);
        Some(record)
    }

    /// Reads the items, and the line end behind them.
    fn items(&mut self, record: &mut Record<'a>) {
        loop {
            let Value { span, fault } = self.field();
            record.is_unclosed |= fault == Some(ShapeKind::UnclosedQuote);
            record.items += 1;
            if record.items <= ITEMS_KEPT_MAX {
                record.fields.push(span);
                let (number, item) = (record.number, u16::try_from(record.items));
                let item = item.unwrap_or(u16::MAX);
                record.faults.extend(fault.map(|kind| Shape { kind, record: number, item }));
            }
            if self.peek() != Some(b',') {
                break;
            }
            self.at += 1;
        }
        self.skip_line_end();
    }

    fn field(&mut self) -> Value {
        if self.peek() == Some(b'"') { self.quoted() } else { self.bare() }
    }

    fn bare(&mut self) -> Value {
        let from = self.at;
        let mut fault = None;
        while let Some(byte) = self.peek() {
            match byte {
                b',' | b'\r' | b'\n' => break,
                b'"' => fault = Some(ShapeKind::StrayQuote),
                _ => {}
            }
            self.at += 1;
        }
        let span = Span { from, to: self.at, is_quoted: false, has_doubled_quotes: false };
        Value { span, fault }
    }

    fn quoted(&mut self) -> Value {
        let open = self.at;
        self.at += 1;
        let mut has_doubled_quotes = false;
        loop {
            match (self.peek(), self.bytes.get(self.at + 1)) {
                (None, _) => {
                    let (from, to) = (open + 1, self.at);
                    let span = Span { from, to, is_quoted: true, has_doubled_quotes };
                    return Value { span, fault: Some(ShapeKind::UnclosedQuote) };
                }
                (Some(b'"'), Some(b'"')) => {
                    has_doubled_quotes = true;
                    self.at += 2;
                }
                (Some(b'"'), _) => break,
                _ => self.at += 1,
            }
        }
        let close = self.at;
        self.at += 1;
        if matches!(self.peek(), None | Some(b',' | b'\r' | b'\n')) {
            let span = Span { from: open + 1, to: close, is_quoted: true, has_doubled_quotes };
            return Value { span, fault: None };
        }
        // Text after the closing quote: nothing says what was meant, so the value stays as it is
        // written, quotes and all.
        while !matches!(self.peek(), None | Some(b',' | b'\r' | b'\n')) {
            self.at += 1;
        }
        let span = Span { from: open, to: self.at, is_quoted: false, has_doubled_quotes: false };
        Value { span, fault: Some(ShapeKind::StrayQuote) }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_line_end(&mut self) -> bool {
        let length = line_end(&self.bytes[self.at..]);
        self.at += length;
        0 < length
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::RecordWriter;

    /// The records as text: `[a][b] | [c]`, then the faults. A hundred cases use it and nothing else.
    fn read(bytes: &[u8]) -> String {
        let reading = read_records(bytes);
        let record = |record: Record<'_>| -> String {
            record.fields().map(|field| format!("[{}]", field.text())).collect()
        };
        let mut out = reading.records().map(record).collect::<Vec<_>>().join(" | ");
        let faults = reading.records().flat_map(|record| record.faults().to_vec());
        for fault in faults {
            out.push_str(&format!(" !{:?}@{}.{}", fault.kind, fault.record, fault.item));
        }
        out
    }

    #[track_caller]
    fn check(csv: &str, want: &str) {
        assert_eq!(read(csv.as_bytes()), want, "{csv:?}");
    }

    #[test]
    fn values_and_records_are_split() {
        check("", "");
        check("a,b", "[a][b]");
        check("a,,c\r\n", "[a][][c]");
        check("a\nb\r\nc\rd", "[a] | [b] | [c] | [d]");
        check(",\n", "[][]");
    }

    #[test]
    fn text_in_quotes_keeps_commas_newlines_and_quotes() {
        check("\"a,b\",c\n", "[a,b][c]");
        check("\"a\r\nb\"\n", "[a\r\nb]");
        check("\"say \"\"hi\"\"\",x", "[say \"hi\"][x]");
        check("\"\"\"\"", "[\"]");
        check("\"\",\"\"", "[][]");
    }

    #[test]
    fn broken_shapes_are_named_with_their_place() {
        check("a,b\"c\nd", "[a][b\"c] | [d] !StrayQuote@1.2");
        check("a,\"b\"c,d", "[a][\"b\"c][d] !StrayQuote@1.2");
        check("x\na,\"b\n", "[x] | [a][b\n] !UnclosedQuote@2.2");
        check("a\n\n\nb\n\n", "[a] | [b] !BlankLine@2.1");
    }

    #[test]
    fn what_is_written_comes_back() {
        let mut writer = RecordWriter::new();
        writer.code("202407");
        writer.text("改行\r\nと,と\"と髙").expect("MS932");
        writer.empty();
        writer.text("").expect("nothing");
        writer.end();
        let bytes = writer.finish();
        assert!(bytes.ends_with(b"\",,\r\n"));
        assert_eq!(read(&bytes), "[202407][改行\r\nと,と\"と髙][][]");
    }

    /// An independent reader, for files whose shape is sound.
    fn oracle(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes)
            .byte_records()
            .map(|record| record.expect("flexible").iter().map(<[u8]>::to_vec).collect())
            .collect()
    }

    #[test]
    fn items_beyond_reason_are_counted_and_not_kept() {
        let bytes = vec![b','; 100_000];
        let record = read_records(&bytes).records().next().expect("a record");
        assert_eq!((record.len(), record.fields().count()), (100_001, ITEMS_KEPT_MAX));
    }

    proptest! {
        #[test]
        fn sound_files_read_as_another_reader_reads_them(
            rows in proptest::collection::vec(
                proptest::collection::vec("[a-z,\"\r\n介護①]{0,8}", 1..6), 0..6),
        ) {
            let mut writer = RecordWriter::new();
            for row in &rows {
                // The other reader takes a record of one empty value for a blank line.
                writer.code("x");
                for value in row {
                    writer.text(value).expect("MS932");
                }
                writer.end();
            }
            let bytes = writer.finish();
            let reading = read_records(&bytes);
            let ours: Vec<Vec<Vec<u8>>> = reading
                .records()
                .map(|record| record.fields().map(|field| field.bytes().into_owned()).collect())
                .collect();
            prop_assert!(reading.records().all(|record| record.faults().is_empty()));
            prop_assert_eq!(ours, oracle(&bytes));
        }

        #[test]
        fn any_bytes_give_records_and_no_value_is_lost(bytes: Vec<u8>) {
            let reading = read_records(&bytes);
            let read: usize = reading.records().flat_map(|r| r.fields().map(|f| f.raw.len()).collect::<Vec<_>>()).sum();
            prop_assert!(read <= bytes.len());
            let structure = bytes.iter().filter(|b| matches!(b, b',' | b'"' | b'\r' | b'\n')).count();
            prop_assert!(bytes.len() <= read + structure);
        }
    }
}
