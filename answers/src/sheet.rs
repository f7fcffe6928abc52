//! Records by the items' names, put into the order of a version's layout.
//!
//! A version that lacks an item drops its value: one description makes the files of each version.

use careplan_standard::{FileKind, ItemKind, Layout, RecordWriter, Version};

/// One record: values by the item's name. Of two items of one name the second is `名前(2)`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line(Vec<(String, String)>);

impl Line {
    /// Puts a value, in place of one that stands there already.
    pub(crate) fn put(mut self, item: &str, value: impl ToString) -> Self {
        self.set(item, value.to_string());
        self
    }

    /// As [`Line::put`], where the line is kept.
    pub(crate) fn set(&mut self, item: &str, value: String) {
        match self.0.iter_mut().find(|(name, _)| name == item) {
            Some((_, held)) => *held = value,
            None => self.0.push((item.to_owned(), value)),
        }
    }

    fn is_of(&self, names: &[String]) -> bool {
        self.0.iter().all(|(item, _)| names.contains(item))
    }

    fn value(&self, item: &str) -> &str {
        self.0.iter().find(|(name, _)| name == item).map_or("", |(_, value)| value)
    }
}

/// The records of one kind of file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sheet {
    pub(crate) kind: FileKind,
    pub(crate) lines: Vec<Line>,
}

/// One value as it will be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) value: String,
    /// Whether it is free text, which stands in quotes.
    pub(crate) is_text: bool,
}

/// The names of a layout's items, the second of one name as `名前(2)`.
pub(crate) fn item_names(layout: &Layout) -> Vec<String> {
    let mut names: Vec<String> = vec![];
    for item in &layout.items {
        let is_second = names.contains(&item.name);
        names.push(if is_second { format!("{}(2)", item.name) } else { item.name.clone() });
    }
    names
}

/// The sheet's records in the order of the version's layout; none if the version lacks the kind.
pub(crate) fn cells(sheet: &Sheet, version: &Version) -> Option<Vec<Vec<Cell>>> {
    let layout = version.layout(sheet.kind)?;
    let names = item_names(layout);
    debug_assert!(
        !version.names_have_kinds || sheet.lines.iter().all(|line| line.is_of(&names)),
        "{:?}: the newest layout has every item that the book names",
        sheet.kind,
    );
    let cell = |line: &Line, name: &str, kind: ItemKind| {
        let value = if name == "CSVバージョン" { &version.value } else { line.value(name) };
        Cell { value: value.to_owned(), is_text: kind == ItemKind::Text }
    };
    let record = |line: &Line| {
        let items = names.iter().zip(&layout.items);
        items.map(|(name, item)| cell(line, name, item.kind)).collect()
    };
    Some(sheet.lines.iter().map(record).collect())
}

/// The bytes of a file: MS932, CR LF, free text in quotes.
pub(crate) fn bytes(records: &[Vec<Cell>]) -> Vec<u8> {
    let mut writer = RecordWriter::new();
    for record in records {
        for cell in record {
            if cell.is_text || !is_plain(&cell.value) {
                writer.text(&cell.value).expect("a test writes every text of the book in MS932");
            } else {
                writer.code(&cell.value);
            }
        }
        writer.end();
    }
    writer.finish()
}

/// Codes are bare; a wrong one that is no code stands in quotes, so that it can be written at all.
fn is_plain(code: &str) -> bool {
    code.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',' && byte != b'"')
}
