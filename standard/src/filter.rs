//! Which records are sure to be good: most of most files, told without decoding or allocating.
//!
//! Invariant: what is accepted here, the [judge](crate::judge) finds nothing wrong with. The filter
//! is a conservative shortcut and never a second opinion: records that it is not sure of go to the
//! rules, and all findings are theirs.

use careplan_scan as scan;

use crate::{
    FileName, Layout,
    forms::{Form, Own},
    row::{Cells, ItemSet, RecordRule, Row},
    rules::record::rules_of,
};

/// The filter for records of one layout and version.
pub(crate) struct Filter<'s> {
    forms: &'s [Form],
    own: Own,
    /// Each with the items that it asked for when it last found nothing: as long as they are as they
    /// were, it finds nothing again.
    rules: Vec<(RecordRule, ItemSet)>,
}

impl<'s> Filter<'s> {
    /// For files of this name, whose records have this for a version.
    pub(crate) fn new(name: &FileName, layout: &'s Layout, version: &[u8]) -> Self {
        Self {
            forms: &layout.forms,
            own: Own::new(name, layout, version),
            rules: rules_of(name.kind).iter().map(|rule| (*rule, ItemSet::ALL)).collect(),
        }
    }

    /// Whether a record may be looked at: it has as many items as the layout, and is MS932.
    #[inline]
    pub(crate) fn fits(&self, row: &scan::Row<'_>) -> bool {
        row.ends.len() == self.forms.len() && row.is_ms932
    }

    /// Whether the items and what they say together are sure to be good. Items that are as in the
    /// record before, which was accepted, are.
    #[inline]
    pub(crate) fn accepts(&mut self, cells: Cells<'_>, changed: Changed, row: &Row<'_>) -> bool {
        let forms = &self.forms[changed.from..changed.to];
        let own = &self.own;
        let are_good =
            forms.iter().zip(changed.from..).all(|(form, at)| form.accepts(cells.cell(at), own));
        are_good
            && self.rules.iter_mut().all(|(rule, asked)| {
                if !row.has_changed(*asked) {
                    return true;
                }
                row.take_asked();
                let has_breach = rule(row).is_some();
                *asked = row.take_asked();
                !has_breach
            })
    }
}

/// The items that may differ from those of the record before; counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Changed {
    from: usize,
    to: usize,
}

impl Changed {
    /// All of so many items.
    pub(crate) fn all(items: usize) -> Self {
        Self { from: 0, to: items }
    }

    /// The items between the beginning and the end that two records of as many items share. Both are
    /// of sound shape, so that what follows an end of an item in one does in the other. Most often it
    /// is the same items as a record before, which are tried first; a guess of one item is taken even
    /// if not even that has changed.
    #[inline]
    pub(crate) fn between(before: Cells<'_>, now: Cells<'_>, guess: Self) -> Self {
        let (old, new) = (before.bytes(), now.bytes());
        let (ends, start) = (now.ends(), now.start());
        let end = |at: usize| ends[at] as usize - start;
        if guess.is_one_of(ends.len()) {
            let from = if guess.from == 0 { 0 } else { end(guess.from - 1) + 1 };
            if is_within(old, new, from, new.len() - end(guess.from)) {
                return guess;
            }
        }
        let shared = common_start(old, new);
        let mut from = guess.from.min(ends.len());
        while from < ends.len() && end(from) < shared {
            from += 1;
        }
        while 0 < from && shared <= end(from - 1) {
            from -= 1;
        }
        // An item is shared together with the comma before it.
        let unshared = new.len() - common_end(old, new);
        let mut to = guess.to.clamp(from, ends.len());
        while to < ends.len() && (to == 0 || end(to - 1) < unshared) {
            to += 1;
        }
        while from < to && 1 < to && unshared <= end(to - 2) {
            to -= 1;
        }
        Self { from, to }
    }

    /// Whether it is one item alone, and there are so many that it is among them.
    fn is_one_of(self, items: usize) -> bool {
        self.to == self.from + 1 && self.to <= items
    }

    /// The same as a set.
    pub(crate) fn items(self) -> ItemSet {
        let no = |at: usize| u16::try_from(at + 1).unwrap_or(u16::MAX);
        ItemSet::between(no(self.from), no(self.to))
    }
}

/// Whether two records share so many bytes at the beginning, and so many others at the end.
#[inline]
fn is_within(old: &[u8], new: &[u8], start: usize, end: usize) -> bool {
    let Some(between) = old.len().checked_sub(start + end) else { return false };
    old[..start] == new[..start] && old[start + between..] == new[new.len() - end..]
}

/// How many bytes two records have in common from the beginning on.
#[inline]
fn common_start(a: &[u8], b: &[u8]) -> usize {
    let length = a.len().min(b.len());
    let (a, b) = (&a[..length], &b[..length]);
    let ((a_blocks, a_rest), (b_blocks, b_rest)) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    for (at, (a, b)) in a_blocks.iter().zip(b_blocks).enumerate() {
        let differing = u128::from_le_bytes(*a) ^ u128::from_le_bytes(*b);
        if differing != 0 {
            return 16 * at + differing.trailing_zeros() as usize / 8;
        }
    }
    let rest = a_rest.iter().zip(b_rest).take_while(|(a, b)| a == b).count();
    length - a_rest.len() + rest
}

/// How many bytes two records have in common up to the end.
#[inline]
fn common_end(a: &[u8], b: &[u8]) -> usize {
    let length = a.len().min(b.len());
    let (a, b) = (&a[a.len() - length..], &b[b.len() - length..]);
    let ((a_rest, a_blocks), (b_rest, b_blocks)) = (a.as_rchunks::<16>(), b.as_rchunks::<16>());
    for (at, (a, b)) in a_blocks.iter().rev().zip(b_blocks.iter().rev()).enumerate() {
        let differing = u128::from_le_bytes(*a) ^ u128::from_le_bytes(*b);
        if differing != 0 {
            return 16 * at + differing.leading_zeros() as usize / 8;
        }
    }
    let rest = a_rest.iter().rev().zip(b_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    length - a_rest.len() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SendingFile, Standard, check_sending, example::Base};

    /// How many records of a clean file are left to the rules.
    fn left(name: &str, bytes: &[u8]) -> usize {
        let Ok(name) = FileName::parse(name) else { return 0 };
        let version = bytes.get(..6).unwrap_or_default();
        let versions = Standard::bundled().versions();
        let of = versions.iter().find(|known| known.value.as_bytes() == version);
        let Some(layout) = of.and_then(|version| version.layout(name.kind)) else { return 0 };
        let mut filter = Filter::new(&name, layout, version);
        let mut scanner = scan::Scanner::new();
        let index = scanner.scan(bytes);
        let accepts = |row: &scan::Row<'_>| {
            let cells = Cells::new(bytes, row);
            let seen = Row::indexed(layout, 1, cells, ItemSet::ALL);
            filter.fits(row) && filter.accepts(cells, Changed::all(row.ends.len()), &seen)
        };
        let rows = index.rows().count();
        assert_eq!(index.rest(), bytes.len(), "all of it is rows");
        rows - index.rows().filter(accepts).count()
    }

    #[test]
    fn clean_records_are_not_left_to_the_rules() {
        for base in Base::ALL {
            let files = base.files();
            let sending: Vec<_> =
                files.iter().map(|(name, bytes)| SendingFile { name, bytes }).collect();
            assert!(check_sending(Standard::bundled(), &sending).findings.is_empty(), "{base:?}");
            for (name, bytes) in &files {
                assert_eq!(left(name, bytes), 0, "{name}");
            }
        }
    }

    #[test]
    fn what_two_records_share_is_found_from_both_ends() {
        let changed = |lines: &str| {
            let mut scanner = scan::Scanner::new();
            let bytes = lines.as_bytes();
            let index = scanner.scan(bytes);
            let rows: Vec<_> = index.rows().map(|row| Cells::new(bytes, &row)).collect();
            let all = rows[0].ends().len();
            let guessed = |(from, to)| Changed::between(rows[0], rows[1], Changed { from, to });
            let found = [(0, 0), (0, all), (all, all), (90, 99)].map(guessed);
            let [Changed { from, to }, others @ ..] = found;
            assert_eq!(others, [found[0]; 3], "whatever is tried first");
            let is_same = rows[0].bytes() == rows[1].bytes();
            for one in (0..all).map(|at| guessed((at, at + 1))) {
                assert!(one == found[0] || is_same && one.is_one_of(all));
            }
            (from, to)
        };
        assert_eq!(changed("a,b,c\na,b,c\n"), (2, 2), "the last item has no end to compare");
        assert_eq!(changed("a,b,c\na,x,c\n"), (1, 2));
        assert_eq!(changed("a,b,c\nx,b,c\n"), (0, 1));
        assert_eq!(changed("a,b,c\na,b,x\n"), (2, 3));
        assert_eq!(changed("a,b,c\naa,b,c\n"), (0, 1));
        assert_eq!(changed("a,bb,c\na,b,c\n"), (1, 2));
        assert_eq!(changed("1,\"a,b\",c\n1,\"\",c\n"), (1, 2));
        assert_eq!(changed("1,\"x,b\",c\n1,\"b\",c\n"), (1, 2));
        let long = "0123456789abcdef,".repeat(9);
        assert_eq!(changed(&format!("{long}y,{long}z\n{long}n,{long}z\n")), (9, 10));
    }
}
