//! Values by the item's name, written in and read from whatever order a version's layout has.
//!
//! A version that lacks an item drops its value; that is how V4 values become V3 files.

use std::fmt::Display;

use careplan_standard::{Item, Layout, Record, RecordWriter, Version, ms932::Unencodable};

use crate::person::PersonKey;

/// One record that is to be written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    cells: Vec<(&'static str, Cell)>,
}

#[derive(Debug, Clone)]
enum Cell {
    Code(String),
    Text(String),
}

impl Line {
    /// A record that begins as every one does: version and person.
    pub(crate) fn new(version: &Version, person: &PersonKey) -> Self {
        Self::default()
            .code("CSVバージョン", &version.value)
            .code("保険者番号", &person.insurer)
            .code("被保険者番号", &person.insured)
    }

    /// A code or a number. A name that the layout has twice takes its values in their order.
    pub(crate) fn code(mut self, name: &'static str, value: impl Display) -> Self {
        self.cells.push((name, Cell::Code(value.to_string())));
        self
    }

    /// Free text.
    pub(crate) fn text(mut self, name: &'static str, value: &str) -> Self {
        self.cells.push((name, Cell::Text(value.to_owned())));
        self
    }

    /// Every value with its item's name, in the order in which they were given.
    pub(crate) fn values(self) -> impl Iterator<Item = (&'static str, String)> {
        self.cells.into_iter().map(|(name, cell)| match cell {
            Cell::Code(value) | Cell::Text(value) => (name, value),
        })
    }

    fn cell(&self, name: &str, nth: usize) -> Option<&Cell> {
        self.cells.iter().filter(|(of, _)| *of == name).nth(nth).map(|(_, cell)| cell)
    }
}

/// Writes the records in the layout's order.
///
/// # Errors
/// A character that MS932 does not have.
pub(crate) fn write(layout: &Layout, lines: &[Line]) -> Result<Vec<u8>, Unencodable> {
    // Each item with how many of its name stand before it.
    let before = |at: usize| {
        let is_same = |other: &&Item| other.name == layout.items[at].name;
        layout.items[..at].iter().filter(is_same).count()
    };
    let items: Vec<(&Item, usize)> =
        layout.items.iter().enumerate().map(|(at, item)| (item, before(at))).collect();
    let mut writer = RecordWriter::new();
    for line in lines {
        for (item, nth) in &items {
            match line.cell(&item.name, *nth) {
                Some(Cell::Code(code)) if is_bare(code) => writer.code(code),
                Some(Cell::Code(text) | Cell::Text(text)) => writer.text(text)?,
                None => writer.empty(),
            }
        }
        writer.end();
    }
    Ok(writer.finish())
}

/// Codes that others wrote are passed on as they came, even where they are not plain ASCII.
fn is_bare(code: &str) -> bool {
    code.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',' && byte != b'"')
}

/// One record that is being read, by the items' names.
pub(crate) struct Values<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) record: Record<'a>,
}

/// The item that could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BadItem(pub(crate) &'static str);

impl Values<'_> {
    /// The item as text; empty where the version lacks it.
    pub(crate) fn text(&self, name: &str) -> String {
        self.layout
            .named(name)
            .and_then(|item| self.record.field(item.no))
            .map_or_else(String::new, |field| field.text())
    }

    /// The item as a value.
    pub(crate) fn parse<T: std::str::FromStr>(&self, name: &'static str) -> Result<T, BadItem> {
        self.text(name).parse().map_err(|_| BadItem(name))
    }

    /// Whose record it is.
    pub(crate) fn person(&self) -> PersonKey {
        PersonKey {
            insurer: self.text("保険者番号"), insured: self.text("被保険者番号")
        }
    }
}

#[cfg(test)]
impl Line {
    /// Names that the layout does not know: a slip of the pen in this crate.
    pub(crate) fn unknown_names(&self, layout: &Layout) -> Vec<&'static str> {
        let names = self.cells.iter().map(|(name, _)| *name);
        names.filter(|name| layout.named(name).is_none()).collect()
    }
}

#[cfg(test)]
mod tests {
    use careplan_standard::{FileKind, Standard, read_records};

    use super::*;

    fn version(value: &str) -> &'static Version {
        Standard::bundled().version(value).expect("the version is bundled")
    }

    fn person() -> PersonKey {
        PersonKey { insurer: "271004".to_owned(), insured: "H000000001".to_owned() }
    }

    #[test]
    fn a_version_without_an_item_drops_its_value() {
        let written = |value: &str| {
            let layout = version(value).layout(FileKind::Slip).expect("第6表 is in each version");
            let line = Line::new(version(value), &person())
                .code("TAISコード", "99001-000010")
                .text("サービス事業所名", "見本");
            let bytes = write(layout, &[line]).expect("all is MS932");
            let reading = read_records(&bytes);
            let record = reading.records().next().expect("one record");
            (record.len(), Values { layout, record }.text("サービス事業所名"))
        };
        assert_eq!(written("202407"), (25, "見本".to_owned()));
        assert_eq!(written("202208"), (22, "見本".to_owned()));
    }

    #[test]
    fn a_name_that_stands_twice_takes_its_values_in_order() {
        let layout = version("202407").layout(FileKind::PlanTable3).expect("V4 has 第3表");
        let line = Line::new(version("202407"), &person())
            .code("開始時間", "0930")
            .code("開始時間", "0600");
        let bytes = write(layout, &[line]).expect("all is MS932");
        let reading = read_records(&bytes);
        let record = reading.records().next().expect("one record");
        let at = |no| record.field(no).expect("the item is there").text();
        assert_eq!((at(8), at(11)), ("0930".to_owned(), "0600".to_owned()));
    }

    #[test]
    fn a_character_outside_the_encoding_is_an_error() {
        let layout = version("202407").layout(FileKind::Slip).expect("第6表 is in each version");
        let line = Line::new(version("202407"), &person()).text("サービス事業所名", "𠮷野家");
        assert_eq!(write(layout, &[line]).map_err(|error| error.character), Err('𠮷'));
    }
}
