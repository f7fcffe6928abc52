//! What a form is made of, whatever it is printed on: fields, tables, the grids of a month and of a
//! week, pictures, notes.

use careplan_standard::Text;

use super::{month_grid::MonthGrid, week_grid::WeekGrid};
use crate::person::PersonKey;

/// One paper form of one person.
#[derive(Debug)]
pub(super) struct Form {
    /// What the style calls it: `plan-1`.
    pub(super) slug: &'static str,
    /// What stands at its upper left: `第１表`; empty where the paper has nothing there.
    pub(super) mark: &'static str,
    /// Its title.
    pub(super) title: Text,
    /// What stands at its upper right: when it was made.
    pub(super) aside: Option<Field>,
    /// Whose form it is; none for a notice about several people.
    pub(super) person: Option<Whose>,
    /// The month, where it is of one.
    pub(super) month: String,
    /// What is on it, from the top.
    pub(super) blocks: Vec<Block>,
    /// The files that it was read from, in the order in which they were first needed.
    pub(super) sources: Vec<Source>,
}

/// Whose form it is.
#[derive(Debug, Clone)]
pub(super) struct Whose {
    /// The numbers.
    pub(super) key: PersonKey,
    /// The name; empty where no file tells it.
    pub(super) name: String,
}

/// A file that a form was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    /// Its name.
    pub(super) file: String,
    /// ファイル連番; empty where the name cannot be read.
    pub(super) sequence: String,
}

/// A part of a form, as wide as the paper.
#[derive(Debug)]
pub(super) enum Block {
    /// Rows of fields.
    Fields(Vec<Vec<Field>>),
    /// Rows under headings.
    Table(Table),
    /// 第6表: services by days.
    Month(MonthGrid),
    /// 第3表: hours by weekdays.
    Week(WeekGrid),
    /// A JPEG: label, name, and byte for byte what the file holds.
    Picture(Text, String, Vec<u8>),
    /// Lines below a heading.
    Note(Text, Vec<String>),
}

/// A label and what was filled in.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// The label.
    pub(super) label: Text,
    /// What was filled in.
    pub(super) value: Value,
    /// Its share of the row's width, 1 to 12.
    pub(super) share: u8,
}

/// What was filled in.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// Words, with their newlines; empty where nothing was filled in.
    Words(String),
    /// Printed alternatives, those that hold with a ring around them.
    Choice(Vec<Alternative>),
}

/// One of the printed alternatives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alternative {
    /// What is printed.
    pub(super) words: String,
    /// Whether it holds.
    pub(super) holds: bool,
}

/// Rows under headings.
#[derive(Debug)]
pub(super) struct Table {
    /// Above it; the forms' main tables have none.
    pub(super) title: Option<Text>,
    /// From the left.
    pub(super) columns: Vec<Column>,
    /// From the top. None is one blank row, as on paper.
    pub(super) rows: Vec<TableRow>,
}

/// One column of a [`Table`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// Its heading.
    pub(super) label: Text,
    /// A heading above it, which neighbours share.
    pub(super) group: Option<Text>,
    /// Its width: columns of a terminal, and the share of the paper.
    pub(super) width: u8,
    /// Whether numbers stand in it, to the right.
    pub(super) is_number: bool,
}

/// One row of a [`Table`].
#[derive(Debug, Default)]
pub(super) struct TableRow {
    /// As many as there are columns.
    pub(super) cells: Vec<Cell>,
    /// A subtotal or a total.
    pub(super) is_sum: bool,
}

/// One cell of a [`Table`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cell {
    /// What stands in it.
    pub(super) text: String,
    /// It goes on with what stands above: no line between the two.
    pub(super) continues: bool,
}

/// The words in both languages.
pub(super) const fn t(ja: &'static str, en: &'static str) -> Text {
    Text { ja, en }
}

/// A field of so many twelfths of its row.
pub(super) fn field(share: u8, label: Text, value: impl Into<Value>) -> Field {
    Field { label, value: value.into(), share }
}

impl Column {
    /// A column of words.
    pub(super) const fn words(width: u8, label: Text) -> Self {
        Self { label, group: None, width, is_number: false }
    }

    /// A column of numbers.
    pub(super) const fn number(width: u8, label: Text) -> Self {
        Self { label, group: None, width, is_number: true }
    }

    /// The column, under a heading that its neighbours share.
    pub(super) const fn under(self, group: Text) -> Self {
        Self { group: Some(group), ..self }
    }
}

impl TableRow {
    /// A row of these texts.
    pub(super) fn of<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        let cell = |text: T| Cell { text: text.into(), continues: false };
        Self { cells: texts.into_iter().map(cell).collect(), is_sum: false }
    }
}

impl Table {
    /// The rows, or the blank one that stands for none.
    pub(super) fn rows_to_print(&self) -> Vec<TableRow> {
        let copy = |row: &TableRow| TableRow { cells: row.cells.clone(), is_sum: row.is_sum };
        if self.rows.is_empty() {
            return vec![TableRow::of(self.columns.iter().map(|_| ""))];
        }
        self.rows.iter().map(copy).collect()
    }
}

impl From<String> for Value {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl From<&str> for Value {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl From<Vec<Alternative>> for Value {
    fn from(alternatives: Vec<Alternative>) -> Self {
        Self::Choice(alternatives)
    }
}
