//! Where the commas, quotes, line ends and broken characters of an MS932 file are.
//!
//! A [`Scanner`] looks at 64 bytes at a time and lists where the items and the records of a CSV
//! end, without decoding: in MS932 no second byte of a character is a comma, a quote, CR or LF. On
//! the way it finds out whether the text is MS932 without 外字.
//!
//! What it promises: a [`Row`] is what a reader that looks at every byte in turn would read. It
//! judges nothing, and where quotes do not stand as they should it stops and leaves the record to
//! such a reader.
//!
//! What it costs: one pass, and lists of offsets that are used again for the next window. Nothing
//! of the file is kept.
//!
//! ```
//! let window = b"202407,\"a, b\"\r\n202407,c\r\n2024";
//! let mut scanner = careplan_scan::Scanner::new();
//! let index = scanner.scan(window);
//! let rows: Vec<_> = index.rows().collect();
//! assert_eq!((rows[0].from, rows[0].ends), (0, &[6, 13][..]));
//! assert_eq!((rows[1].from, rows[1].ends), (15, &[21, 23][..]));
//! assert_eq!(index.rest(), 25, "what is not whole is left for the next window");
//! ```
//!
//! # Vector code and its twin
//!
//! A block becomes bit masks, and all the rest is arithmetic on 64 bits, the same for all machines.
//! On x86-64 with AVX2, asked for at run time, vector code makes the masks; everywhere else, and
//! with the feature `portable`, safe Rust does. AVX-512 and NEON have no code of their own: no
//! machine was at hand to try it on, and what nobody has run is not shipped.
//!
//! Both first sort out, with masks, the characters that texts consist of. A block with others is
//! looked through pair by pair against the whole table. That finds the same, and takes longer: for
//! signs from 81 AD on, Greek and Cyrillic letters, Ⅵ to Ⅹ and units (㍉), EA (熙, 凜) and small Roman
//! numerals; in the twin for full-width Latin letters, ruled lines and all of ED–EE, too.
//!
//! The vector code runs under Miri, which needs to be told what the machine has:
//!
//! ```sh
//! RUSTFLAGS="-C target-feature=+avx2,+pclmulqdq,+bmi1,+bmi2,+lzcnt,+popcnt" \
//!     cargo +nightly miri test -p careplan-scan --lib --tests
//! ```

#![deny(unsafe_op_in_unsafe_fn)]

mod blocks;
mod text;
mod twin;
#[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
#[expect(unsafe_code, reason = "registers are read and called for here, and nowhere else")]
mod vector;

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
    #[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
    Vectors(vector::Vectors),
    Portable,
}

/// What a [`Scanner`] found in a window.
#[derive(Debug, Clone, Copy)]
pub struct Index<'a> {
    bytes: &'a [u8],
    ends: &'a [u32],
    rows: &'a [u32],
    faults: &'a [u32],
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
    /// Whether all of its items are MS932 without 外字.
    pub is_ms932: bool,
}

impl Default for Scanner {
    fn default() -> Self {
        Self::new()
    }
}

impl Scanner {
    /// A scanner that uses the best that this machine has.
    pub fn new() -> Self {
        #[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
        if let Some(vectors) = vector::Vectors::of_this_machine() {
            return Self { code: Code::Vectors(vectors), ..Self::portable() };
        }
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
            #[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
            Code::Vectors(vectors) => vectors.scan(bytes, &mut self.lists),
            Code::Portable => twin::scan(bytes, &mut self.lists),
        };
        let rest = self.lists.leave_rest(bytes);
        let Lists { ends, rows, faults } = &self.lists;
        Index { bytes, ends: ends.found(), rows: rows.found(), faults, sure, rest }
    }
}

impl<'a> Index<'a> {
    /// The rows that are whole, in order. A blank line is a row of one item of no length.
    ///
    /// A row is left to the [`rest`](Self::rest) if its line end is a CR and the last byte of the
    /// window, since an LF may follow.
    pub fn rows(&self) -> Rows<'a> {
        Rows { index: *self, row: 0, ends_before: 0, from: 0, fault: 0 }
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
    fault: usize,
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
        Some(Row { from, ends, is_ms932: !self.has_fault_before(to) })
    }
}

impl Rows<'_> {
    /// Whether a fault is left before an offset. Passes all of them.
    #[inline]
    fn has_fault_before(&mut self, to: usize) -> bool {
        let first = self.fault;
        while self.index.faults.get(self.fault).is_some_and(|&at| (at as usize) < to) {
            self.fault += 1;
        }
        first < self.fault
    }
}
