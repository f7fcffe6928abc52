//! 予実突合: what was planned against what was provided, row by row.
//!
//! Pure: two lists of rows in, one list of entries out. Every row stands in exactly one entry.

use std::collections::{BTreeMap, BTreeSet};

use careplan_standard::OfficeNumber;
use serde::{Deserialize, Serialize};

use crate::{as_text, person::PersonKey, slip::ServiceRow};

/// How what was provided compares with what was planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Provided as planned.
    AsPlanned,
    /// Planned, but not provided on that day.
    Cancelled,
    /// Provided, but not planned for that day.
    Added,
    /// Provided at another time of the day.
    ChangedTime,
    /// Provided more or fewer times.
    ChangedCount,
    /// Provided at another time, more or fewer times.
    ChangedTimeAndCount,
}

/// A planned row, the provided row that answers it, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// How they compare.
    pub class: Class,
    /// What was planned; none where something was added.
    pub planned: Option<ServiceRow>,
    /// What was provided; none where something was cancelled.
    pub provided: Option<ServiceRow>,
}

/// A part of the 予定 that nobody has answered yet: an office and a service kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// サービス事業者コード.
    #[serde(with = "as_text")]
    pub office: OfficeNumber,
    /// サービス事業所名.
    pub name: String,
    /// サービス種類コード.
    pub kind: String,
    /// How many planned rows wait for an answer.
    pub rows: u32,
}

/// The outcome of 予実突合.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// The rows of the offices that have answered: by person, day, time and code.
    pub entries: Vec<Entry>,
    /// The offices that have not.
    pub waiting: Vec<Waiting>,
}

impl Entry {
    /// The row that the entry is about: the planned one, else the provided one.
    pub fn row(&self) -> Option<&ServiceRow> {
        self.planned.as_ref().or(self.provided.as_ref())
    }

    /// Rows that belong together, with what sets them apart.
    pub(crate) fn matched(planned: ServiceRow, provided: ServiceRow) -> Self {
        let same_time = (&planned.start, &planned.end) == (&provided.start, &provided.end);
        let class = match (same_time, planned.count == provided.count) {
            (true, true) => Class::AsPlanned,
            (false, true) => Class::ChangedTime,
            (true, false) => Class::ChangedCount,
            (false, false) => Class::ChangedTimeAndCount,
        };
        Self { class, planned: Some(planned), provided: Some(provided) }
    }

    pub(crate) fn cancelled(planned: ServiceRow) -> Self {
        Self { class: Class::Cancelled, planned: Some(planned), provided: None }
    }

    pub(crate) fn added(provided: ServiceRow) -> Self {
        Self { class: Class::Added, planned: None, provided: Some(provided) }
    }
}

impl Reconciliation {
    /// How many entries are of a class.
    pub fn count(&self, class: Class) -> usize {
        self.entries.iter().filter(|entry| entry.class == class).count()
    }

    /// The entries that are not as planned.
    pub fn deviations(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.class != Class::AsPlanned)
    }
}

/// Compares by person, office, day, time, code and count.
///
/// An office has answered for a service kind once any row of it has come; until then its planned
/// rows wait, and are not called cancelled. Rows of the same service on the same day are paired by
/// time and count first, then by time, then by count, then as they stand.
pub fn reconcile(planned: &[ServiceRow], provided: &[ServiceRow]) -> Reconciliation {
    let part = |row: &ServiceRow| (row.office, row.kind().to_owned());
    let answered: BTreeSet<_> = provided.iter().map(part).collect();
    let mut people: BTreeMap<&PersonKey, Pair> = BTreeMap::new();
    let mut silent = vec![];
    for row in planned {
        if answered.contains(&part(row)) {
            people.entry(&row.person).or_default().planned.push(row.clone());
        } else {
            silent.push(row);
        }
    }
    for row in provided {
        people.entry(&row.person).or_default().provided.push(row.clone());
    }
    let entries = people.into_values().flat_map(compare).collect();
    Reconciliation { entries, waiting: waiting(&silent) }
}

/// The rows of one person.
#[derive(Default)]
struct Pair {
    planned: Vec<ServiceRow>,
    provided: Vec<ServiceRow>,
}

fn compare(person: Pair) -> Vec<Entry> {
    let Pair { planned: mut open, provided: mut rest } = person;
    let mut entries = vec![];
    for is_pair in PASSES {
        let mut unmatched = vec![];
        for row in open {
            let fits = |other: &ServiceRow| same_service(&row, other) && is_pair(&row, other);
            match rest.iter().position(fits) {
                Some(at) => entries.push(Entry::matched(row, rest.remove(at))),
                None => unmatched.push(row),
            }
        }
        open = unmatched;
    }
    entries.extend(open.into_iter().map(Entry::cancelled));
    entries.extend(rest.into_iter().map(Entry::added));
    entries.sort_by(|one, other| order(one).cmp(&order(other)));
    entries
}

type Pass = fn(&ServiceRow, &ServiceRow) -> bool;

/// How rows of the same service on the same day find each other, the surest way first.
const PASSES: [Pass; 4] = [
    |one, other| same_time(one, other) && one.count == other.count,
    same_time,
    |one, other| one.count == other.count,
    |_, _| true,
];

fn same_time(one: &ServiceRow, other: &ServiceRow) -> bool {
    (&one.start, &one.end) == (&other.start, &other.end)
}

/// TAIS codes are not compared: V3 files do not carry them, the running number tells rows apart.
fn same_service(one: &ServiceRow, other: &ServiceRow) -> bool {
    (one.day, one.office, &one.satellite) == (other.day, other.office, &other.satellite)
        && (&one.code, &one.running_number) == (&other.code, &other.running_number)
        && (one.kind() != "17" || one.units == other.units)
}

/// The order of the entries of one person.
fn order(entry: &Entry) -> impl Ord + '_ {
    entry.row().map(|row| {
        let service = (&row.code, &row.running_number, row.office);
        (row.day, &row.start, service, entry.class)
    })
}

fn waiting(silent: &[&ServiceRow]) -> Vec<Waiting> {
    let mut waiting: Vec<Waiting> = vec![];
    for row in silent {
        let is_same =
            |known: &&mut Waiting| (known.office, known.kind.as_str()) == (row.office, row.kind());
        match waiting.iter_mut().find(is_same) {
            Some(known) => known.rows += 1,
            None => waiting.push(Waiting {
                office: row.office,
                name: row.office_name.clone(),
                kind: row.kind().to_owned(),
                rows: 1,
            }),
        }
    }
    waiting
}

#[cfg(test)]
mod tests {
    use careplan_standard::Month;

    use super::*;
    use crate::{cast::Cast, slip::MonthlyPlan, week::Client};

    /// Rows of one helper office, one day each, all of one person and code.
    fn rows(count: usize) -> Vec<ServiceRow> {
        let april = Month::new(2025, 4).expect("April exists");
        let cast = Cast::default();
        let client = Client::invent(1, 2, april, &cast);
        let rows = MonthlyPlan::of(april, &[client], &cast).rows;
        rows.into_iter().filter(|row| row.kind() == "11").take(count).collect()
    }

    fn classes(planned: &[ServiceRow], provided: &[ServiceRow]) -> Vec<Class> {
        reconcile(planned, provided).entries.iter().map(|entry| entry.class).collect()
    }

    #[test]
    fn rows_in_another_order_are_as_planned() {
        let planned = rows(4);
        let mut provided = planned.clone();
        provided.reverse();
        assert_eq!(classes(&planned, &provided), [Class::AsPlanned; 4]);
    }

    #[test]
    fn each_difference_has_its_class() {
        let planned = rows(6);
        let mut provided = planned.clone();
        provided[1].start = "0630".to_owned();
        provided[2].count = 2;
        provided[3].start = "0630".to_owned();
        provided[3].count = 2;
        provided.remove(4);
        use Class::*;
        let seen = classes(&planned, &provided);
        let expected =
            [AsPlanned, ChangedTime, ChangedCount, ChangedTimeAndCount, Cancelled, AsPlanned];
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_visit_on_another_day_is_one_cancelled_and_one_added() {
        let planned = rows(3);
        let mut provided = planned[..2].to_vec();
        provided[1].day = planned[2].day;
        let planned = planned[..2].to_vec();
        assert_eq!(
            classes(&planned, &provided),
            [Class::AsPlanned, Class::Cancelled, Class::Added]
        );
    }

    #[test]
    fn of_two_visits_a_day_the_one_at_its_time_is_as_planned() {
        let mut planned = rows(2);
        planned[1] =
            ServiceRow { start: "1800".to_owned(), end: "1900".to_owned(), ..planned[0].clone() };
        let mut provided = planned.clone();
        // The first visit moved to the evening, before the one that was planned there.
        provided[0].start = "1730".to_owned();
        let done = reconcile(&planned, &provided);
        let moved = done.entries.iter().find(|entry| entry.class == Class::ChangedTime);
        assert_eq!(moved.and_then(|entry| entry.planned.clone()), Some(planned[0].clone()));
        assert_eq!(done.count(Class::AsPlanned), 1);
    }

    #[test]
    fn an_office_that_has_not_answered_waits_and_nothing_of_it_is_cancelled() {
        let planned = rows(3);
        let done = reconcile(&planned, &[]);
        assert!(done.entries.is_empty());
        assert_eq!((done.waiting.len(), done.waiting[0].rows), (1, 3));
    }

    #[test]
    fn what_nobody_planned_is_added() {
        let provided = rows(2);
        assert_eq!(classes(&[], &provided), [Class::Added, Class::Added]);
    }
}
