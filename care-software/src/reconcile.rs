//! 予実突合 of this software: the standard's rule, on whole rows of 第6表.

use careplan_standard::{
    OfficeNumber,
    reconcile::{self as standard, PersonKey as StandardKey, SlipRow},
};
use serde::{Deserialize, Serialize};

use crate::{as_text, slip::ServiceRow};

pub use careplan_standard::reconcile::{Change, Class};

/// A planned row, the provided row that answers it, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// How they compare.
    #[serde(with = "as_text")]
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
        let class = Class::of(&compared(&planned), &compared(&provided));
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

/// Compares by the standard's rule: see [`careplan_standard::reconcile::reconcile`].
pub fn reconcile(planned: &[ServiceRow], provided: &[ServiceRow]) -> Reconciliation {
    let rows = |rows: &[ServiceRow]| -> Vec<SlipRow> { rows.iter().map(compared).collect() };
    let done = standard::reconcile(&rows(planned), &rows(provided));
    let entry = |entry: standard::Entry| Entry {
        class: entry.class,
        planned: entry.planned.and_then(|at| planned.get(at)).cloned(),
        provided: entry.provided.and_then(|at| provided.get(at)).cloned(),
    };
    let waiting = |part: standard::Waiting| Waiting {
        office: part.office,
        name: part
            .planned
            .first()
            .and_then(|at| planned.get(*at))
            .map_or_else(String::new, |row| row.office_name.clone()),
        kind: part.kind,
        rows: u32::try_from(part.planned.len()).unwrap_or(u32::MAX),
    };
    Reconciliation {
        entries: done.entries.into_iter().map(entry).collect(),
        waiting: done.waiting.into_iter().map(waiting).collect(),
    }
}

/// What the rule looks at.
fn compared(row: &ServiceRow) -> SlipRow {
    SlipRow {
        person: StandardKey {
            insurer: row.person.insurer.clone(),
            insured: row.person.insured.clone(),
        },
        day: row.day,
        start: row.start.clone(),
        end: row.end.clone(),
        count: row.count,
        units: row.units,
        code: row.code.clone(),
        running_number: row.running_number.clone(),
        office: row.office,
        office_name: row.office_name.clone(),
        satellite: row.satellite.clone(),
    }
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

    #[test]
    fn each_entry_has_the_rows_that_it_is_about() {
        let planned = rows(4);
        let mut provided = planned.clone();
        provided[1].start = "0630".to_owned();
        provided[2].count = 2;
        provided.remove(3);
        provided.reverse();
        let done = reconcile(&planned, &provided);
        let classes: Vec<String> = done.entries.iter().map(|e| e.class.to_string()).collect();
        assert_eq!(classes, ["as-planned", "changed-time", "changed-count", "cancelled"]);
        for (entry, row) in done.entries.iter().zip(&planned) {
            assert_eq!(entry.planned.as_ref(), Some(row));
        }
        let times = done.entries.iter().map(|e| e.provided.as_ref().map(|row| row.count));
        assert_eq!(times.collect::<Vec<_>>(), [Some(1), Some(1), Some(2), None]);
        assert_eq!(done.deviations().count(), 3);
    }

    #[test]
    fn an_office_that_has_not_answered_waits_with_its_name() {
        let planned = rows(3);
        let done = reconcile(&planned, &[]);
        assert!(done.entries.is_empty());
        let [waiting] = &done.waiting[..] else { panic!("{done:?}") };
        assert_eq!((waiting.rows, &waiting.name), (3, &planned[0].office_name));
    }

    #[test]
    fn a_class_stands_in_json_as_its_word() {
        let row = rows(1).swap_remove(0);
        let entry = Entry::matched(row.clone(), ServiceRow { count: 2, ..row });
        let json = serde_json::to_string(&entry).expect("JSON");
        assert!(json.contains(r#""class":"changed-count""#), "{json}");
        assert_eq!(serde_json::from_str::<Entry>(&json).ok(), Some(entry));
    }
}
