//! A record as the rules see it: its items by No and by name, without quotes.

use std::cell::Cell;

use careplan_scan as scan;

use crate::{
    Date, Item, Layout, Month, Record, Rule, Severity, Wanted, gist::Gist, ms932, report::Report,
};

/// A set of items of one layout, by No.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ItemSet(u64);

impl ItemSet {
    /// Every item.
    pub(crate) const ALL: Self = Self(u64::MAX);

    /// The items of these Nos, from 1; 0, which stands for none, is in no set.
    pub(crate) fn of(nos: &[u16]) -> Self {
        nos.iter().fold(Self::default(), |set, no| set.with(*no))
    }

    /// The set and one more item. Items from 63 on share a place: to ask for one asks for all.
    #[inline]
    pub(crate) fn with(self, no: u16) -> Self {
        Self(self.0 | (u64::from(no != 0) << no.min(63)))
    }

    /// The items from a No on, up to, not including, another.
    #[inline]
    pub(crate) fn between(from: u16, to: u16) -> Self {
        let below = |no: u16| if no < 64 { (1_u64 << no) - 1 } else { u64::MAX };
        if to <= from { Self::default() } else { Self(below(to) & !below(from.min(63))) }
    }

    /// Whether an item is in both sets.
    #[inline]
    pub(crate) fn touches(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A record that has as many items as its layout.
///
/// It is a view: it holds nothing, and is made for every record, clean or not. A value that is
/// wrong in itself is the item rules' to report; a rule that compares takes it as not there.
#[derive(Debug, Clone)]
pub(crate) struct Row<'a> {
    pub(crate) layout: &'a Layout,
    number: u32,
    values: Values<'a>,
    changed: ItemSet,
    asked: Cell<ItemSet>,
}

/// Where the values stand.
#[derive(Debug, Clone, Copy)]
enum Values<'a> {
    /// As the slow reader took them apart.
    Read(&'a Record<'a>),
    /// As the index has them.
    Indexed(Cells<'a>),
}

/// A record of sound shape, as the index has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cells<'a> {
    window: &'a [u8],
    from: usize,
    ends: &'a [u32],
}

impl<'a> Cells<'a> {
    pub(crate) fn new(window: &'a [u8], row: &scan::Row<'a>) -> Self {
        Self { window, from: row.from, ends: row.ends }
    }

    /// Where the record begins.
    pub(crate) fn start(self) -> usize {
        self.from
    }

    /// Where its items end, counted as the start is.
    pub(crate) fn ends(self) -> &'a [u32] {
        self.ends
    }

    /// The whole record without its line end.
    #[inline]
    pub(crate) fn bytes(self) -> &'a [u8] {
        let end = self.ends.last().map_or(self.from, |end| *end as usize);
        self.window.get(self.from..end).unwrap_or_default()
    }

    /// An item, counted from 0, with its quotes; nothing where there is none.
    #[inline]
    pub(crate) fn cell(self, at: usize) -> &'a [u8] {
        let Some(end) = self.ends.get(at) else { return b"" };
        let start = if at == 0 { self.from } else { self.ends[at - 1] as usize + 1 };
        self.window.get(start..*end as usize).unwrap_or_default()
    }
}

impl<'a> Row<'a> {
    pub(crate) fn new(layout: &'a Layout, record: &'a Record<'a>) -> Self {
        Self {
            layout,
            number: record.number(),
            values: Values::Read(record),
            changed: ItemSet::ALL,
            asked: Cell::default(),
        }
    }

    /// A record of sound shape. The items that may differ from the record before are `changed`.
    pub(crate) fn indexed(
        layout: &'a Layout,
        number: u32,
        cells: Cells<'a>,
        changed: ItemSet,
    ) -> Self {
        let values = Values::Indexed(cells);
        Self { layout, number, values, changed, asked: Cell::default() }
    }

    /// Which record of the file it is, from 1.
    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    /// Whether an item of the set may differ from the row that the file rules were told before.
    /// If not, all of them are the same; this costs nothing.
    #[inline]
    pub(crate) fn has_changed(&self, items: ItemSet) -> bool {
        self.changed.touches(items)
    }

    /// The value of this No, without the quotes around it; doubled ones within stay double. Nothing
    /// where the layout has no such item, which is what No 0 stands for.
    #[inline]
    pub(crate) fn value(&self, no: u16) -> &'a [u8] {
        self.asked.set(self.asked.get().with(no));
        self.values.value(no)
    }

    /// The items that were asked for: what a rule has said of the row depends on them alone.
    pub(crate) fn take_asked(&self) -> ItemSet {
        self.asked.take()
    }

    /// The item of this name and its value, if the layout has it.
    ///
    /// A [`FileRule`], which is told every row, looks up its Nos once.
    #[inline]
    pub(crate) fn named(&self, name: &'static str) -> Option<(&'a Item, &'a [u8])> {
        let item = self.layout.named(name)?;
        Some((item, self.value(item.no)))
    }

    /// The No of the item of this name; 0 if the layout has none.
    #[inline]
    pub(crate) fn no_of(&self, name: &'static str) -> u16 {
        self.layout.no_of(name)
    }

    /// 対象年月, where it is a month.
    pub(crate) fn month(&self) -> Option<Month> {
        Month::from_bytes(self.named("対象年月")?.1).ok()
    }

    /// The date in the item of this name, where it is one.
    pub(crate) fn date(&self, name: &'static str) -> Option<(&'a Item, Date)> {
        let (item, value) = self.named(name)?;
        Date::from_bytes(value).ok().map(|date| (item, date))
    }

    /// The breach of a rule at an item of this record.
    pub(crate) fn breach(&self, rule: &'static Rule, item: &Item, found: &[u8]) -> Breach {
        Breach::new(rule).at(self.number()).item(item).found(&ms932::decode_lossy(found))
    }
}

impl<'a> Values<'a> {
    #[inline]
    fn value(self, no: u16) -> &'a [u8] {
        match self {
            Self::Read(record) => record.field(no).map_or(b"", |field| field.raw()),
            Self::Indexed(cells) => match usize::from(no).checked_sub(1) {
                Some(at) => unquoted(cells.cell(at)),
                None => b"",
            },
        }
    }
}

/// The value without the quotes around it.
#[inline]
fn unquoted(value: &[u8]) -> &[u8] {
    match value {
        [b'"', inner @ .., b'"'] => inner,
        bare => bare,
    }
}

/// A breach of a rule in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Breach {
    pub(crate) rule: &'static Rule,
    pub(crate) severity: Severity,
    /// The record, from 1; none where the file as a whole is meant.
    pub(crate) record: Option<u32>,
    /// No and name of the item, where one is meant.
    pub(crate) item: Option<(u16, String)>,
    pub(crate) found: String,
    pub(crate) wanted: Wanted,
}

impl Breach {
    /// Of the file as a whole.
    pub(crate) fn new(rule: &'static Rule) -> Self {
        let (found, wanted) = (String::new(), Wanted::default());
        Self { rule, severity: rule.severity, record: None, item: None, found, wanted }
    }

    pub(crate) fn at(self, record: u32) -> Self {
        Self { record: Some(record), ..self }
    }

    pub(crate) fn item(self, item: &Item) -> Self {
        Self { item: Some((item.no, item.name.clone())), ..self }
    }

    pub(crate) fn found(self, found: &str) -> Self {
        Self { found: found.to_owned(), ..self }
    }

    /// What should have stood there, in words that are the same in both languages.
    pub(crate) fn wanted(self, wanted: impl Into<String>) -> Self {
        Self { wanted: Wanted::same(wanted), ..self }
    }
}

/// A rule about the items of one record. What it finds depends on the values that it asks the row
/// for, and on nothing else: where they are those of the row before, it is not asked again.
pub(crate) type RecordRule = fn(&Row<'_>) -> Option<Breach>;

/// A rule about the records of a file taken together.
///
/// It is told every record of the file's first layout that has the right number of items, in the
/// order of the file, on the fast path of the check, too. So it looks up the Nos of its items once,
/// when it is made ([`Layout::no_of`]), returns at once where [`Row::has_changed`] says that nothing
/// is new, keeps little for each person, and allocates only where something new appears.
pub(crate) trait FileRule {
    /// Takes note of a record, and reports what it can tell already.
    fn note(&mut self, row: &Row<'_>, report: &mut Report);

    /// What is wrong, once all records are known; what other files are compared with goes into `gist`.
    fn finish(&mut self, report: &mut Report, gist: &mut Gist);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_its_items_and_those_beyond_its_places_together() {
        let set = ItemSet::of(&[1, 5, 70]);
        for (no, is_in) in [(1, true), (2, false), (5, true), (62, false), (63, true), (71, true)] {
            assert_eq!(set.touches(ItemSet::of(&[no])), is_in, "{no}");
            assert_eq!(set.touches(ItemSet::between(no, no + 1)), is_in, "{no}");
        }
        assert_eq!(ItemSet::of(&[0]), ItemSet::default());
        assert_eq!(ItemSet::between(3, 3), ItemSet::default());
        assert_eq!(ItemSet::between(3, 6), ItemSet::of(&[3, 4, 5]));
        assert_eq!(ItemSet::between(64, 64), ItemSet::default());
    }
}
