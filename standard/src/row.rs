//! A record as the rules see it: its items by No and by name, without quotes.

use crate::{
    Date, Item, Layout, Month, Record, Rule, Severity, Wanted, gist::Gist, ms932, report::Report,
};

/// A record that has as many items as its layout.
///
/// A value that is wrong in itself is the item rules' to report; a rule that compares takes it as
/// not there.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) layout: &'a Layout,
    record: &'a Record<'a>,
}

impl<'a> Row<'a> {
    pub(crate) fn new(layout: &'a Layout, record: &'a Record<'a>) -> Self {
        Self { layout, record }
    }

    /// Which record of the file it is, from 1.
    pub(crate) fn number(&self) -> u32 {
        self.record.number()
    }

    /// The value of this No, without the quotes around it; doubled ones within stay double. Nothing
    /// where the layout has no such item.
    pub(crate) fn value(&self, no: u16) -> &'a [u8] {
        self.record.field(no).map_or(b"", |field| field.raw())
    }

    /// The item of this name and its value, if the layout has it.
    pub(crate) fn named(&self, name: &str) -> Option<(&'a Item, &'a [u8])> {
        let item = self.layout.named(name)?;
        Some((item, self.value(item.no)))
    }

    /// 対象年月, where it is a month.
    pub(crate) fn month(&self) -> Option<Month> {
        Month::from_bytes(self.named("対象年月")?.1).ok()
    }

    /// The date in the item of this name, where it is one.
    pub(crate) fn date(&self, name: &str) -> Option<(&'a Item, Date)> {
        let (item, value) = self.named(name)?;
        Date::from_bytes(value).ok().map(|date| (item, date))
    }

    /// The breach of a rule at an item of this record.
    pub(crate) fn breach(&self, rule: &'static Rule, item: &Item, found: &[u8]) -> Breach {
        Breach::new(rule).at(self.number()).item(item).found(&ms932::decode_lossy(found))
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

/// A rule about the items of one record.
pub(crate) type RecordRule = fn(&Row<'_>) -> Option<Breach>;

/// A rule about the records of a file taken together.
///
/// It is told every record in the order of the file, on the fast path of the check, too: it looks
/// up its items' Nos when it is made, and allocates only where something new appears.
pub(crate) trait FileRule {
    /// Takes note of a record, and reports what it can tell already.
    fn note(&mut self, row: &Row<'_>, report: &mut Report<'_>);

    /// What is wrong, once all records are known; what other files are compared with goes into `gist`.
    fn finish(&mut self, report: &mut Report<'_>, gist: &mut Gist);
}
