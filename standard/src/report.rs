//! Findings of one file, as they are gathered.
//!
//! Invariant: however large and broken the file, their number stays bounded. Of one rule and item
//! the first [`PLACES_MAX`] places are listed, of what befalls a whole column the first alone, and the
//! others are counted. Of a sending with more than [`LISTED_MAX`] findings the first place alone is
//! listed from there on.

use std::collections::{HashMap, hash_map::Entry as Slot};

use crate::{Finding, Item, Place, Rule, Severity, Wanted, row::Breach, rules::is_of_a_column};

/// How many places of one rule and item are listed.
pub(crate) const PLACES_MAX: u32 = 100;

/// How many findings of a sending are listed with all their places: more than anybody reads.
const LISTED_MAX: usize = 20_000;

/// How many characters of a value a message shows.
const SHOWN_CHARS_MAX: usize = 40;

/// Findings of one file.
#[derive(Debug)]
pub(crate) struct Report {
    file: String,
    findings: Vec<Finding>,
    /// How many places there are.
    places: HashMap<Same, u32>,
}

/// What makes findings of one file the same but for their place: rule, item and severity.
type Same = (&'static str, Option<u16>, Severity);

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
        Self { file: file.to_owned(), findings: vec![], places: HashMap::new() }
    }

    pub(crate) fn add(&mut self, entry: Entry<'_>) {
        let Entry { rule, severity, record, item, found, wanted } = entry;
        let no = item.map(|(no, _)| no);
        let places = self.places.entry((rule.id, no, severity)).or_default();
        *places = places.saturating_add(1);
        if listed_max(rule) < *places {
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

    /// The findings, by record and item; what concerns the file as a whole first.
    pub(crate) fn finish(mut self) -> Vec<Finding> {
        sort(&mut self.findings);
        for finding in &mut self.findings {
            // The first of the same has the count of those that are not listed.
            let places = self.places.remove(&same(finding)).unwrap_or_default();
            finding.more = places.saturating_sub(listed_max(finding.rule));
        }
        self.findings
    }
}

/// Puts findings of one file in the order of their records and items.
pub(crate) fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| (finding.place.record, finding.place.item));
}

fn same(finding: &Finding) -> Same {
    (finding.rule.id, finding.place.item, finding.severity)
}

fn listed_max(rule: &Rule) -> u32 {
    if is_of_a_column(rule) { 1 } else { PLACES_MAX }
}

/// How many findings of a sending are listed so far.
#[derive(Debug, Default)]
pub(crate) struct Listed(usize);

impl Listed {
    /// Takes in findings in the order of their files. Once there are too many, those of one file
    /// that are the same but for their place become one, which has their number.
    pub(crate) fn take(&mut self, findings: &mut Vec<Finding>) {
        if LISTED_MAX < self.0.saturating_add(findings.len()) {
            *findings = joined(std::mem::take(findings));
        }
        self.0 += findings.len();
    }
}

fn joined(findings: Vec<Finding>) -> Vec<Finding> {
    let mut firsts = HashMap::new();
    let mut joined: Vec<Finding> = vec![];
    for finding in findings {
        // Findings of no file are of one unit each, and few.
        let Some(file) = finding.place.file.clone() else {
            joined.push(finding);
            continue;
        };
        match firsts.entry((file, same(&finding))) {
            Slot::Occupied(first) => {
                let first: &mut Finding = &mut joined[*first.get()];
                first.more = first.more.saturating_add(finding.more).saturating_add(1);
            }
            Slot::Vacant(slot) => {
                slot.insert(joined.len());
                joined.push(finding);
            }
        }
    }
    joined
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{item, shape};

    /// Findings of a file, one of a rule at each of the records.
    fn of_file(file: &str, records: impl Iterator<Item = u32>) -> Vec<Finding> {
        let mut report = Report::new(file);
        for record in records {
            report.add(Entry::new(&item::MISSING, "").at(record));
            report.add(Entry { item: Some((2, "")), ..Entry::new(&item::LENGTH, "").at(record) });
        }
        report.add(Entry::new(&shape::EMPTY_FILE, ""));
        report.finish()
    }

    fn more(findings: &[Finding]) -> Vec<(&'static str, Option<u32>, u32)> {
        let more = |finding: &Finding| (finding.rule.id, finding.place.record, finding.more);
        findings.iter().map(more).collect()
    }

    #[test]
    fn findings_are_in_the_order_of_the_file_and_the_first_has_the_count() {
        let findings = of_file("a.csv", (1..=103).rev());
        assert_eq!(findings.len(), 201);
        let (missing, length) = (item::MISSING.id, item::LENGTH.id);
        let first = [(missing, Some(4), 3), (length, Some(4), 3), (missing, Some(5), 0)];
        assert_eq!(more(&findings)[..1], [(shape::EMPTY_FILE.id, None, 0)]);
        assert_eq!(more(&findings)[1..4], first);
    }

    #[test]
    fn places_of_which_nobody_may_say_less_are_counted_by_themselves() {
        let mut report = Report::new("a.csv");
        for record in 1..=200 {
            let severity = if record == 200 { Severity::Error } else { Severity::Warning };
            report.add(Entry { severity, ..Entry::new(&item::MISSING, "").at(record) });
        }
        let findings = report.finish();
        assert_eq!((findings.len(), findings[0].more), (101, 99));
        assert_eq!(findings[100].severity, Severity::Error);
    }

    #[test]
    fn of_a_sending_with_too_many_the_first_places_are_listed_and_all_counted() {
        let files = (0..150).map(|file| of_file(&format!("{file}.csv"), 1..=200));
        let mut listed = Listed::default();
        let mut found: Vec<Vec<Finding>> = files.collect();
        found.iter_mut().for_each(|findings| listed.take(findings));
        let once = found.clone();
        let full = LISTED_MAX / 201;
        assert!(found[..full].iter().all(|findings| findings.len() == 201));
        assert!(found[full..].iter().all(|findings| findings.len() == 3));
        let count = |findings: &Vec<Finding>| findings.iter().map(|f| 1 + f.more).sum::<u32>();
        assert!(found.iter().all(|findings| count(findings) == 401));
        let mut again = Listed::default();
        found.iter_mut().for_each(|findings| again.take(findings));
        assert_eq!(found, once, "taken again, they stay");
    }
}
