//! What the errors about the lines of a person hang on: kept of every person, however long the file.

use crate::{
    LineKind,
    runs::{Fact, Facts, Person},
};

use super::lines::Line;

/// A person, and where it matters a service kind and an office; nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Whose {
    person: Person,
    pub(super) kind: [u8; 2],
    office: [u8; 10],
}

/// What was seen of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    /// The first record.
    record: u32,
    /// How many lines within the limit, up to some.
    pub(super) limited: u8,
    pub(super) has_subtotal: bool,
    pub(super) has_total: bool,
}

impl Fact for Seen {
    fn join(&mut self, other: &Self) {
        self.record = self.record.min(other.record);
        self.limited = self.limited.saturating_add(other.limited);
        self.has_subtotal |= other.has_subtotal;
        self.has_total |= other.has_total;
    }
}

/// What was seen of one person.
pub(super) struct OfPerson<'a> {
    /// The person's first record.
    pub(super) record: u32,
    /// Ascending by kind; of one kind each office once.
    pub(super) seen: &'a [(Whose, Seen)],
}

/// What a line says.
pub(super) fn of_line(person: Person, line: &Line) -> (Whose, Seen) {
    let is_limited = line.kind == LineKind::Service && line.group() == LineKind::Limited;
    let has_subtotal = line.kind == LineKind::Limited;
    let kind = if is_limited || has_subtotal { line.service_kind() } else { [0; 2] };
    let office = if is_limited { line.tally.service.office } else { [0; 10] };
    let seen = Seen {
        record: line.tally.record,
        limited: u8::from(is_limited),
        has_subtotal,
        has_total: line.kind == LineKind::Total,
    };
    (Whose { person, kind, office }, seen)
}

/// Person by person, in the order of their first records.
pub(super) fn persons(facts: &mut Facts<Whose, Seen>) -> Vec<OfPerson<'_>> {
    let persons = facts.sorted().chunk_by(|(one, _), (other, _)| one.person == other.person);
    let of_person = |seen| OfPerson { record: first_record(seen), seen };
    let mut persons: Vec<_> = persons.map(of_person).collect();
    persons.sort_unstable_by_key(|person| person.record);
    persons
}

fn first_record(seen: &[(Whose, Seen)]) -> u32 {
    seen.iter().map(|(_, seen)| seen.record).min().unwrap_or_default()
}
