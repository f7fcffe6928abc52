//! Findings of one file, as they are gathered.
//!
//! Invariant: however large and broken the file, their number stays bounded. Of one rule and item
//! the first [`PLACES_MAX`] places are listed, of what befalls a whole column the first alone, and the
//! others are counted.

use std::collections::HashMap;

use crate::{Finding, Item, Place, Rule, Severity, Wanted, row::Breach, rules::is_of_a_column};

/// How many places of one rule and item are listed.
pub(crate) const PLACES_MAX: u32 = 100;

/// How many characters of a value a message shows.
const SHOWN_CHARS_MAX: usize = 40;

/// Findings of one file.
#[derive(Debug)]
pub(crate) struct Report {
    file: String,
    findings: Vec<Finding>,
    /// By rule and item: how many places there are, and which finding is the first.
    seen: HashMap<(&'static str, Option<u16>), (u32, usize)>,
}

/// A finding, but for the file that it is in.
pub(crate) struct Entry<'a> {
    pub(crate) rule: &'static Rule,
    pub(crate) severity: Severity,
    pub(crate) record: Option<u32>,
    /// No and, where it is known, name.
    pub(crate) item: Option<(u16, &'a str)>,
    pub(crate) found: &'a str,
    pub(crate) wanted: Wanted,
}

impl<'a> Entry<'a> {
    /// A finding about the file as a whole.
    pub(crate) fn new(rule: &'static Rule, found: &'a str) -> Self {
        let wanted = Wanted::default();
        Self { rule, severity: rule.severity, record: None, item: None, found, wanted }
    }

    /// At a record, from 1.
    pub(crate) fn at(self, record: u32) -> Self {
        Self { record: Some(record), ..self }
    }

    /// At an item of the record.
    pub(crate) fn item(self, item: &'a Item) -> Self {
        Self { item: Some((item.no, &item.name)), ..self }
    }
}

impl Report {
    pub(crate) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), findings: vec![], seen: HashMap::new() }
    }

    pub(crate) fn add(&mut self, entry: Entry<'_>) {
        let Entry { rule, severity, record, item, found, wanted } = entry;
        let no = item.map(|(no, _)| no);
        let (places, first) =
            self.seen.entry((rule.id, no)).or_insert_with(|| (0, self.findings.len()));
        *places = places.saturating_add(1);
        let listed = if is_of_a_column(rule) { 1 } else { PLACES_MAX };
        if listed < *places {
            self.findings[*first].more = *places - listed;
            return;
        }
        self.findings.push(Finding {
            rule,
            severity,
            place: Place { file: Some(self.file.clone()), record, item: no },
            item_name: item.map(|(_, name)| name.to_owned()).filter(|name| !name.is_empty()),
            found: shown(found),
            wanted,
            more: 0,
        });
    }

    pub(crate) fn breach(&mut self, breach: Breach) {
        let Breach { rule, severity, record, item, found, wanted } = breach;
        let item = item.as_ref().map(|(no, name)| (*no, name.as_str()));
        self.add(Entry { rule, severity, record, item, found: &found, wanted });
    }

    /// The findings, in the order in which they were met.
    pub(crate) fn finish(self) -> Vec<Finding> {
        self.findings
    }
}

/// The value on one line, cut where it is long; what does not print is shown as an escape.
fn shown(value: &str) -> String {
    let mut text = String::new();
    for (at, character) in value.chars().enumerate() {
        if at == SHOWN_CHARS_MAX {
            text.push('…');
            break;
        }
        match character {
            '\r' | '\n' => text.push(' '),
            control if control.is_control() => text.extend(control.escape_default()),
            character => text.push(character),
        }
    }
    text
}
