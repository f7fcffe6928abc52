//! Where the commas, quotes, line ends and broken characters of an MS932 file are.
//!
//! A [`Scanner`] looks at 64 bytes at a time and lists where the items and the records of a CSV
//! end, without decoding: in MS932 no second byte of a character is a comma, a quote, CR or LF. On
//! the way it proves text to be MS932 without 外字, or says of a record that it has not.
//!
//! What it promises: a [`Row`] is what a reader that looks at every byte in turn would read, and a
//! row that is proven has no broken and no user-defined character. It judges nothing, and where
//! quotes do not stand as they should it stops and leaves the record to such a reader.
//!
//! It keeps offsets in lists that are used again and again; it never allocates twice for windows
//! of one size, and never keeps a byte of the file.

#![deny(unsafe_op_in_unsafe_fn)]

mod blocks;
mod text;
mod twin;

use blocks::Lists;

/// How many bytes one scan looks at; of more, the first of them. Offsets in it are `u32`.
pub const WINDOW_BYTES_MAX: usize = 1 << 30;

/// Finds the structure of windows of a file, one after the other.
#[derive(Debug, Clone)]
pub struct Scanner {
    code: Code,
    lists: Lists,
}

/// What does the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Code {
    Portable,
}

/// What a [`Scanner`] found in a window.
#[derive(Debug, Clone, Copy)]
pub struct Index<'a> {
    bytes: &'a [u8],
    ends: &'a [u32],
    rows: &'a [u32],
    doubts: &'a [u32],
    sure: usize,
    rest: usize,
}

/// One record, or a line with nothing on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// Where it begins.
    pub from: usize,
    /// Where its items end: offsets of the commas and, last, of the line end. There is at least
    /// one. An item begins behind the end before it; one that begins with a quote ends with
    /// another, and every quote within is doubled; no other item has quotes.
    pub ends: &'a [u32],
    /// Whether all of it is MS932 without 外字. If not, something is wrong in it or close to it.
    pub is_proven: bool,
}

impl Default for Scanner {
    fn default() -> Self {
        Self::new()
    }
}

impl Scanner {
    /// A scanner that uses the best that this machine has.
    pub fn new() -> Self {
        Self::portable()
    }

    /// A scanner that uses the portable twin, whatever the machine. It finds the same.
    pub fn portable() -> Self {
        Self { code: Code::Portable, lists: Lists::default() }
    }

    /// Whether vector code does the work.
    pub fn is_vectorized(&self) -> bool {
        self.code != Code::Portable
    }

    /// Finds the structure of a window, which begins where a record begins and may end anywhere.
    ///
    /// Goes once through the window, up to the first quote that stands where none should.
    pub fn scan<'a>(&'a mut self, bytes: &'a [u8]) -> Index<'a> {
        let bytes = &bytes[..bytes.len().min(WINDOW_BYTES_MAX)];
        let sure = match self.code {
            Code::Portable => twin::scan(bytes, &mut self.lists),
        };
        let rest = self.lists.leave_rest(bytes);
        let Lists { ends, rows, doubts } = &self.lists;
        Index { bytes, ends: ends.found(), rows: rows.found(), doubts, sure, rest }
    }
}

impl<'a> Index<'a> {
    /// The rows that are whole, in order. A blank line is a row of one item of no length.
    ///
    /// A row is left to the [`rest`](Self::rest) if its line end is a CR and the last byte of the
    /// window, since an LF may follow.
    pub fn rows(&self) -> Rows<'a> {
        Rows { index: *self, row: 0, ends_before: 0, from: 0, doubt: 0 }
    }

    /// Where the rows that are whole end, and the next window begins.
    ///
    /// If that is 0, no row is whole: the next window has to be longer, unless the scan
    /// [was stopped](Self::is_stopped).
    pub fn rest(&self) -> usize {
        self.rest
    }

    /// Whether the scan ended before the window did, at a quote that stands where none should: at
    /// one in the middle of an item, or with something behind it that is no end of an item. One of
    /// the records from [`rest`](Self::rest) on has it, very likely the first.
    pub fn is_stopped(&self) -> bool {
        self.sure < self.bytes.len()
    }
}

/// The rows of an [`Index`].
#[derive(Debug, Clone)]
pub struct Rows<'a> {
    index: Index<'a>,
    row: usize,
    ends_before: usize,
    from: usize,
    doubt: usize,
}

impl<'a> Iterator for Rows<'a> {
    type Item = Row<'a>;

    #[inline]
    fn next(&mut self) -> Option<Row<'a>> {
        let ends_to = *self.index.rows.get(self.row)? as usize;
        let ends = self.index.ends.get(self.ends_before..ends_to)?;
        let from = self.from;
        let to = blocks::behind_line_end(self.index.bytes, *ends.last()? as usize);
        self.row += 1;
        self.ends_before = ends_to;
        self.from = to;
        Some(Row { from, ends, is_proven: !self.is_doubted(from, to) })
    }
}

impl Rows<'_> {
    /// Whether a block that is doubted touches the bytes. Asked in the order of the rows.
    #[inline]
    fn is_doubted(&mut self, from: usize, to: usize) -> bool {
        while let Some(&block) = self.index.doubts.get(self.doubt) {
            let block = block as usize;
            if to <= block {
                return false;
            }
            if from < block + blocks::BYTES {
                return true;
            }
            self.doubt += 1;
        }
        false
    }
}
