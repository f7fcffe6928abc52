//! The check of a file's records, in one pass over bytes that come in chunks.
//!
//! Invariant: what is found depends on the bytes alone, not on where the chunks end. A record is
//! looked at when it is whole, and never more of it is kept than [`RECORD_BYTES_MAX`].

use careplan_scan::{self as scan, Index, Scanner};

use crate::{
    FileName, Finding, Layout, Record, Standard,
    encodings::Intake,
    filter::{Changed, Filter},
    gist::Gist,
    judge::Judge,
    keys::{KeyItems, Keys},
    records::{line_end, read_record},
    report::{Entry, Report},
    rest::Rest,
    row::{Cells, FileRule, ItemSet, Row},
    rules::{
        self,
        shape::{self, item_count},
    },
};

/// How long a record may be. What is longer is cut: no text of a care plan comes near.
const RECORD_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The check of the records of one file.
pub(crate) struct RecordsCheck<'s> {
    intake: Intake,
    rest: Rest,
    records: Records<'s>,
}

impl<'s> RecordsCheck<'s> {
    pub(crate) fn new(standard: &'s Standard, name: &FileName, report: Report) -> Self {
        Self {
            intake: Intake::default(),
            rest: Rest::default(),
            records: Records::new(name, Judge::new(standard, name, report)),
        }
    }

    /// Has every record judged by the rules.
    pub(crate) fn by_rules_alone(&mut self) {
        self.records.desk.is_filtered = false;
    }

    pub(crate) fn feed(&mut self, chunk: &[u8]) {
        let Self { intake, rest, records } = self;
        intake.feed(chunk, &mut |bytes| {
            rest.feed(bytes, RECORD_BYTES_MAX, &mut |bytes| records.take(bytes, false));
        });
    }

    /// Says what was learned; what concerns the file as a whole goes to its report.
    pub(crate) fn finish(self, report: &mut Report) -> Learned {
        let Self { mut intake, mut rest, mut records } = self;
        intake.finish(&mut |bytes| {
            rest.feed(bytes, RECORD_BYTES_MAX, &mut |bytes| records.take(bytes, false));
        });
        records.take(&rest.into_bytes(), true);
        // One cause, one finding, before all others: the rest of the check went on with the text
        // that was meant.
        intake.breaches.into_iter().for_each(|breach| report.breach(breach));
        if records.desk.number == 0 {
            report.add(Entry::new(&shape::EMPTY_FILE, ""));
        }
        records.desk.finish()
    }
}

/// What is known of a file's records.
#[derive(Default)]
pub(crate) struct Learned {
    /// CSVバージョン値, where there is one.
    pub(crate) version: Option<String>,
    /// How many there are.
    pub(crate) records: u32,
    pub(crate) keys: Keys,
    pub(crate) gist: Gist,
    pub(crate) findings: Vec<Finding>,
}

/// How much is indexed at a time.
const WINDOW_BYTES_MAX: usize = 64 * 1024;

/// The records as they come.
struct Records<'s> {
    scanner: Scanner,
    desk: Desk<'s>,
    state: State,
}

/// Where records are looked at one by one.
struct Desk<'s> {
    judge: Judge<'s>,
    name: FileName,
    /// How many records there were.
    number: u32,
    has_blank_before: bool,
    is_filtered: bool,
    first: Option<First<'s>>,
    keys: Keys,
}

/// What depends on the layout of the first record that has one.
struct First<'s> {
    layout: &'s Layout,
    filter: Option<Filter<'s>>,
    /// What changed from one record to the next.
    guess: Changed,
    key_items: Option<KeyItems>,
    rules: Vec<Box<dyn FileRule>>,
}

/// What the next bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The first record, which may be a header line.
    Start,
    Records,
    /// The end of a line that is longer than records are.
    EndOfLine,
    /// The inside of a quote that is not closed.
    Nothing,
}

impl<'s> Records<'s> {
    fn new(name: &FileName, judge: Judge<'s>) -> Self {
        Self { scanner: Scanner::new(), desk: Desk::new(name, judge), state: State::Start }
    }

    /// Looks at the records that are whole, and says how many bytes they are.
    fn take(&mut self, bytes: &[u8], is_last: bool) -> usize {
        let mut at = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            let used = match self.state {
                State::Start => self.start(rest, is_last),
                State::Records => self.window(rest, is_last),
                State::EndOfLine => self.end_of_line(rest, is_last),
                State::Nothing => rest.len(),
            };
            if used == 0 {
                break;
            }
            at += used;
        }
        at
    }

    /// A blank line at the beginning of the bytes.
    fn blank_line(&mut self, bytes: &[u8], is_last: bool) -> Option<usize> {
        let length = line_end(bytes);
        if length == 0 {
            return None;
        }
        if bytes == b"\r" && !is_last {
            return Some(0);
        }
        self.desk.has_blank_before = true;
        Some(length)
    }

    /// The first record, or nothing yet: a header line is known by the record below it.
    fn start(&mut self, bytes: &[u8], is_last: bool) -> usize {
        if let Some(length) = self.blank_line(bytes, is_last) {
            return length;
        }
        let shown = &bytes[..bytes.len().min(RECORD_BYTES_MAX)];
        let is_all = is_last || shown.len() == RECORD_BYTES_MAX;
        let Some((first, used)) = whole_record(shown, 1, is_all) else { return 0 };
        let mut below = &shown[used..];
        while 0 < line_end(below) {
            below = &below[line_end(below)..];
        }
        let second = whole_record(below, 2, is_all);
        if second.is_none() && !is_all {
            return 0;
        }
        self.state = State::Records;
        if !self.desk.judge.is_header(&first, second.as_ref().map(|(record, _)| record)) {
            self.desk.open(&first);
            return self.window(bytes, is_last);
        }
        self.desk.number = 1;
        self.desk.judge_shape(&first);
        used
    }

    /// The records that are whole in a window, or the one that no window takes in.
    fn window(&mut self, bytes: &[u8], is_last: bool) -> usize {
        let window = &bytes[..bytes.len().min(WINDOW_BYTES_MAX)];
        let index = self.scanner.scan(window);
        self.desk.take(window, &index);
        match index.rest() {
            0 => self.one(bytes, is_last),
            rest => rest,
        }
    }

    /// One record or blank line, by the reader that looks at every byte.
    fn one(&mut self, bytes: &[u8], is_last: bool) -> usize {
        if let Some(length) = self.blank_line(bytes, is_last) {
            return length;
        }
        let shown = &bytes[..bytes.len().min(RECORD_BYTES_MAX)];
        let is_all = is_last && shown.len() == bytes.len();
        let number = self.desk.number.saturating_add(1);
        let (record, used) = match whole_record(shown, number, is_all) {
            Some(whole) => whole,
            None if shown.len() < RECORD_BYTES_MAX => return 0,
            None => {
                let cut = read_record(shown, number);
                self.state = if cut.0.is_unclosed() { State::Nothing } else { State::EndOfLine };
                cut
            }
        };
        self.desk.judge(&record);
        used
    }

    /// The end of a line whose beginning was taken for a record.
    fn end_of_line(&mut self, bytes: &[u8], is_last: bool) -> usize {
        let end = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
        let Some(end) = end else { return bytes.len() };
        if &bytes[end..] == b"\r" && !is_last {
            return end;
        }
        self.state = State::Records;
        end + line_end(&bytes[end..])
    }
}

impl<'s> Desk<'s> {
    fn new(name: &FileName, judge: Judge<'s>) -> Self {
        Self {
            judge,
            name: *name,
            number: 0,
            has_blank_before: false,
            is_filtered: true,
            first: None,
            keys: Keys::default(),
        }
    }

    /// Looks at the rows of a window.
    fn take(&mut self, window: &[u8], index: &Index<'_>) {
        let mut before = None;
        for row in index.rows() {
            let cells = Cells::new(window, &row);
            if cells.bytes().is_empty() {
                self.has_blank_before = true;
            } else if self.accepts(&row, cells, before) {
                before = Some(cells);
            } else {
                let (record, _) = read_record(cells.bytes(), self.number.saturating_add(1));
                self.judge(&record);
                before = None;
            }
        }
    }

    /// Whether the record is sure to be good, so that no rule but those of the file has to see it.
    fn accepts(
        &mut self,
        row: &scan::Row<'_>,
        cells: Cells<'_>,
        before: Option<Cells<'_>>,
    ) -> bool {
        let Some(First { layout, filter: Some(filter), guess, key_items, rules }) = &mut self.first
        else {
            return false;
        };
        if self.has_blank_before || !filter.fits(row) {
            return false;
        }
        let (changed, items) = match before {
            Some(before) => {
                *guess = Changed::between(before, cells, *guess);
                (*guess, guess.items())
            }
            None => (Changed::all(row.ends.len()), ItemSet::ALL),
        };
        let number = self.number.saturating_add(1);
        let row = Row::indexed(layout, number, cells, items);
        if !filter.accepts(cells, changed, &row) {
            return false;
        }
        self.number = number;
        rules.iter_mut().for_each(|rule| rule.note(&row, &mut self.judge.report));
        if let Some(items) = key_items {
            items.note_sound(&row, &mut self.keys);
        }
        true
    }

    /// Learns from the file's first record what all are expected to be like, so that it may be sure
    /// to be good as well as any other.
    fn open(&mut self, record: &Record<'_>) {
        self.judge.check_version(record);
        let layout = self.judge.layout_of(record);
        if let Some(layout) = layout.filter(|layout| item_count::check(layout, record).is_none()) {
            self.meet(layout, &Row::new(layout, record));
        }
    }

    /// What depends on the layout of the first record that has one, which may be this.
    fn meet(&mut self, layout: &'s Layout, row: &Row<'_>) {
        self.first.get_or_insert_with(|| {
            let version = Some(row.value(1)).filter(|value| self.is_filtered && !value.is_empty());
            First::new(&self.name, layout, version)
        });
    }

    fn judge_shape(&mut self, record: &Record<'_>) -> Option<&'s Layout> {
        if std::mem::take(&mut self.has_blank_before) {
            self.judge.blank_line(record.number());
        }
        let layout = self.judge.layout_of(record);
        self.judge.check_shape(layout, record);
        layout
    }

    /// Has a record judged by the rules.
    fn judge(&mut self, record: &Record<'_>) {
        self.number = record.number();
        self.judge.check_version(record);
        let Some(layout) = self.judge_shape(record) else { return };
        if !self.judge.has_all_items(layout, record) {
            return;
        }
        self.judge.check_items(layout, record);
        let row = Row::new(layout, record);
        self.meet(layout, &row);
        let first = self.first.as_mut().filter(|first| std::ptr::eq(first.layout, layout));
        let key_items = match first {
            Some(First { rules, key_items, .. }) => {
                rules.iter_mut().for_each(|rule| rule.note(&row, &mut self.judge.report));
                *key_items
            }
            None => KeyItems::new(&self.name, layout),
        };
        if let Some(items) = key_items {
            items.note(&row, self.name.kind, &mut self.keys);
        }
    }

    fn finish(mut self) -> Learned {
        let rules = self.first.into_iter().flat_map(|first| first.rules);
        let mut gist = Gist::default();
        rules.for_each(|mut rule| rule.finish(&mut self.judge.report, &mut gist));
        self.keys.sort();
        let (version, records) = (self.judge.version(), self.number);
        Learned { version, records, keys: self.keys, gist, findings: self.judge.report.finish() }
    }
}

impl<'s> First<'s> {
    fn new(name: &FileName, layout: &'s Layout, version: Option<&[u8]>) -> Self {
        Self {
            layout,
            guess: Changed::all(layout.items.len()),
            filter: version.map(|version| Filter::new(name, layout, version)),
            key_items: KeyItems::new(name, layout),
            rules: rules::file_rules(name, layout),
        }
    }
}

/// The record at the beginning of the bytes, and how many bytes it takes; none if its end may be
/// still to come.
fn whole_record(bytes: &[u8], number: u32, is_all: bool) -> Option<(Record<'_>, usize)> {
    if bytes.is_empty() {
        return None;
    }
    let (record, used) = read_record(bytes, number);
    // A CR at the end may be half of a line end.
    let is_whole = used < bytes.len() || (bytes.ends_with(b"\n") && !record.is_unclosed());
    (is_all || is_whole).then_some((record, used))
}
