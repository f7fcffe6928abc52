//! Findings that are expected, by the names of things; resolved against the files.

use std::fmt;

use careplan_standard::{FileKind, FileName, Version};

use crate::{file::AnswerFile, sheet};

/// A finding that the check has to give.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expectation {
    /// The rule.
    pub rule: &'static str,
    /// The file's name; none where the sending as a whole is meant.
    pub file: Option<String>,
    /// The record, from 1.
    pub record: Option<u32>,
    /// The item's No.
    pub item: Option<u16>,
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.rule)?;
        if let Some(file) = &self.file {
            write!(f, " {file}")?;
        }
        if let Some(record) = self.record {
            write!(f, " {record}件目")?;
        }
        if let Some(item) = self.item {
            write!(f, " No.{item}")?;
        }
        Ok(())
    }
}

/// A finding by the kind of file and the name of the item.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    rule: &'static str,
    file: Option<Which>,
    record: Option<u32>,
    item: Option<&'static str>,
}

/// A file of a sending.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Which {
    /// The first, second … of its kind.
    Nth(FileKind, usize),
    /// The one whose name begins so.
    Named(&'static str),
}

impl From<FileKind> for Which {
    fn from(kind: FileKind) -> Self {
        Self::Nth(kind, 1)
    }
}

/// The second file of its kind.
pub(crate) fn second(kind: FileKind) -> Which {
    Which::Nth(kind, 2)
}

/// A finding of this rule, about the sending as a whole.
pub(crate) fn found(rule: &'static str) -> Expected {
    Expected { rule, file: None, record: None, item: None }
}

impl Expected {
    /// About a file.
    pub(crate) fn file(self, file: impl Into<Which>) -> Self {
        Self { file: Some(file.into()), ..self }
    }

    /// At a record, from 1.
    pub(crate) fn record(self, file: impl Into<Which>, record: u32) -> Self {
        Self { record: Some(record), ..self.file(file) }
    }

    /// At an item of a record.
    pub(crate) fn at(self, file: impl Into<Which>, record: u32, item: &'static str) -> Self {
        Self { item: Some(item), ..self.record(file, record) }
    }

    /// With the file's name and the item's No; none if the sending has no such file.
    pub(crate) fn resolve(&self, files: &[AnswerFile], version: &Version) -> Option<Expectation> {
        let Some(which) = self.file else {
            return Some(Expectation { rule: self.rule, file: None, record: None, item: None });
        };
        let file = &files[which.position(files)?];
        let item = self.item.map(|name| item_no(&file.name, version, name));
        Some(Expectation {
            rule: self.rule,
            file: Some(file.name.clone()),
            record: self.record,
            item,
        })
    }
}

impl Which {
    /// Where it stands in the sending.
    pub(crate) fn position(self, files: &[AnswerFile]) -> Option<usize> {
        match self {
            Self::Nth(kind, nth) => {
                let mut of_kind = (0..files.len()).filter(|at| is_of(&files[*at].name, kind));
                of_kind.nth(nth - 1)
            }
            Self::Named(start) => files.iter().position(|file| file.name.starts_with(start)),
        }
    }
}

/// Also where the rest of the name is wrong.
fn is_of(name: &str, kind: FileKind) -> bool {
    match FileName::parse(name) {
        Ok(name) => name.kind == kind,
        Err(_) => name.strip_prefix(kind.prefix()).is_some_and(|rest| rest.starts_with('_')),
    }
}

/// The No of an item in a file of this name.
pub(crate) fn item_no(file: &str, version: &Version, item: &str) -> u16 {
    let kind = FileKind::ALL.into_iter().find(|kind| is_of(file, *kind));
    let layout = kind.and_then(|kind| version.layout(kind));
    let at = layout.and_then(|layout| sheet::item_names(layout).iter().position(|n| n == item));
    let at = at.unwrap_or_else(|| panic!("{file} of {} has no item {item}", version.value));
    u16::try_from(at + 1).expect("a layout has fewer than 65,536 items")
}
