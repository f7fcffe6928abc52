//! Recording 実績 at a service office: what was planned, and what happened instead.

use std::collections::{BTreeMap, BTreeSet};

use careplan_standard::{Date, Month, OfficeNumber, ServiceKind};
use serde::{Deserialize, Serialize};

use crate::{
    as_text,
    dice::{Dice, Topic},
    ledger::Held,
    person::PersonKey,
    reconcile::Entry,
    slip::ServiceRow,
    week::clock,
};

/// How often things go otherwise, in a thousand visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// A visit is cancelled.
    pub cancelled: u32,
    /// A visit takes place at another time of its day.
    pub moved: u32,
    /// A visit is added on a day without one.
    pub added: u32,
}

/// What one office is told: the answer to its 予定.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Whose 予定 it answers.
    #[serde(with = "as_text")]
    pub to: OfficeNumber,
    /// The service kind that it planned as, where its files named one.
    #[serde(with = "as_text::option")]
    pub to_kind: Option<ServiceKind>,
    /// The CSVバージョン of the 予定.
    pub version: String,
    /// What was provided.
    pub rows: Vec<ServiceRow>,
}

/// 実績 of one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedMonth {
    /// サービス提供年月.
    #[serde(with = "as_text")]
    pub month: Month,
    /// The answers, one for each office that planned.
    pub answers: Vec<Answer>,
    /// What went otherwise, by day, time and person.
    pub deviations: Vec<Entry>,
}

impl Rates {
    /// Everything as planned.
    pub const NONE: Self = Self { cancelled: 0, moved: 0, added: 0 };
    /// Nobody came at all.
    pub const NOBODY_CAME: Self = Self { cancelled: 1000, moved: 0, added: 0 };
}

impl Default for Rates {
    /// A month as months are.
    fn default() -> Self {
        Self { cancelled: 50, moved: 50, added: 30 }
    }
}

/// Records the month from the 予定 that an office holds: its own rows alone.
///
/// A visit with its add-ons goes otherwise as a whole, and no day of a person goes otherwise twice,
/// so that every deviation can be told from the rows alone; where nothing but cancelling happens, a
/// second visit of a day may be cancelled, too. A day of a stay is cancelled or as planned. What
/// stands for the month, such as a lease, is always as planned.
pub fn record(
    month: Month,
    planned: &[Held],
    own: OfficeNumber,
    seed: u64,
    rates: Rates,
) -> RecordedMonth {
    let place = u64::from_str_radix(own.as_str(), 36).unwrap_or(0);
    let stamp = u64::from(month.year()) * 100 + u64::from(month.month());
    let mut course = Course {
        dice: Dice::new(seed, Topic::Results, [stamp, place]),
        rates,
        month,
        deviations: vec![],
        changed_days: BTreeSet::new(),
        visits: BTreeMap::new(),
    };
    let is_own = |held: &&Held| held.row.office == own && held.row.day.month() == month;
    let own_rows: Vec<&Held> = planned.iter().filter(is_own).collect();
    for held in &own_rows {
        course.visits.entry(day_of(&held.row)).or_default().insert(held.row.start.clone());
    }
    let mut answers: Vec<Answer> = vec![];
    for visit in visits(&own_rows) {
        let Some(first) = visit.first() else { continue };
        let to = first.from.office;
        let rows: Vec<&ServiceRow> = visit.iter().map(|held| &held.row).collect();
        let provided = course.provide(&rows);
        match answers.iter_mut().find(|answer| answer.to == to) {
            Some(answer) => answer.rows.extend(provided),
            None => answers.push(Answer {
                to,
                to_kind: first.from.kind,
                version: first.version.clone(),
                rows: provided,
            }),
        }
    }
    let mut deviations = course.deviations;
    deviations.sort_by_cached_key(|entry| {
        entry.row().map(|row| (row.day, row.start.clone(), row.person.clone()))
    });
    RecordedMonth { month, answers, deviations }
}

/// How the month goes.
struct Course {
    dice: Dice,
    rates: Rates,
    month: Month,
    deviations: Vec<Entry>,
    /// Days on which something goes otherwise.
    changed_days: BTreeSet<PersonDay>,
    /// When the visits of each day begin, planned and added.
    visits: BTreeMap<PersonDay, BTreeSet<String>>,
}

type PersonDay = (PersonKey, Date);

fn day_of(row: &ServiceRow) -> PersonDay {
    (row.person.clone(), row.day)
}

impl Course {
    /// What becomes of one visit.
    fn provide(&mut self, visit: &[&ServiceRow]) -> Vec<ServiceRow> {
        let as_planned: Vec<ServiceRow> = visit.iter().map(|row| (*row).clone()).collect();
        let Some(first) = as_planned.first().filter(|row| row.is_of_a_day()) else {
            return as_planned;
        };
        // A stay has no time to be moved to, and none is added to it.
        let has_time = first.has_time();
        // Each visit takes the same number of rolls, so that one rate does not move another's.
        let is_cancelled = self.dice.happens(self.rates.cancelled);
        let is_moved = self.dice.happens(self.rates.moved) && has_time;
        let is_added = self.dice.happens(self.rates.added) && has_time;
        let shift = *self.dice.pick(&[-60, -30, 30, 60]);
        let new_day = self.dice.between(1, u32::from(self.month.days()));
        let day = day_of(first);
        let is_plain = self.rates.moved == 0 && self.rates.added == 0;
        if self.changed_days.contains(&day) && !is_plain {
            return as_planned;
        }
        if is_cancelled {
            self.changed_days.insert(day);
            self.deviations.extend(as_planned.into_iter().map(Entry::cancelled));
            return vec![];
        }
        if is_moved && let Some(moved) = self.moved(&as_planned, shift) {
            self.changed_days.insert(day);
            let pairs = as_planned.into_iter().zip(moved.clone());
            self.deviations.extend(pairs.map(|(planned, done)| Entry::matched(planned, done)));
            return moved;
        }
        let mut provided = as_planned;
        if is_added {
            provided.extend(self.add(visit, new_day));
        }
        provided
    }

    /// The visit so many minutes later, unless that leaves the day or meets another visit.
    fn moved(&self, visit: &[ServiceRow], shift: i32) -> Option<Vec<ServiceRow>> {
        let later = |row: &ServiceRow| {
            let (start, end) = (shifted(&row.start, shift)?, shifted(&row.end, shift)?);
            let is_taken = self.visits.get(&day_of(row))?.contains(&start);
            (!is_taken).then(|| ServiceRow { start, end, ..row.clone() })
        };
        visit.iter().map(later).collect()
    }

    /// The same visit once more, on a day on which the person has none here.
    fn add(&mut self, visit: &[&ServiceRow], day: u32) -> Vec<ServiceRow> {
        let Some(day) = u8::try_from(day).ok().and_then(|day| self.month.day(day)) else {
            return vec![];
        };
        let added: Vec<_> = visit.iter().map(|row| ServiceRow { day, ..(*row).clone() }).collect();
        let Some(first) = added.first() else { return vec![] };
        if self.visits.contains_key(&day_of(first)) {
            return vec![];
        }
        self.visits.entry(day_of(first)).or_default().insert(first.start.clone());
        self.deviations.extend(added.iter().cloned().map(Entry::added));
        added
    }
}

/// The visits: rows of one person at one time, the base with its add-ons, in the order of the rows.
fn visits<'a>(rows: &[&'a Held]) -> Vec<Vec<&'a Held>> {
    let mut visits: Vec<Vec<&Held>> = vec![];
    let mut places = BTreeMap::new();
    for held in rows {
        let row = &held.row;
        if !row.is_of_a_day() {
            visits.push(vec![held]);
            continue;
        }
        let place = *places
            .entry((held.from.office, day_of(row), row.kind(), &row.start, &row.end))
            .or_insert(visits.len());
        match visits.get_mut(place) {
            Some(visit) => visit.push(held),
            None => visits.push(vec![held]),
        }
    }
    visits
}

/// HHMM so many minutes later, between six and twenty-two o'clock.
fn shifted(time: &str, minutes: i32) -> Option<String> {
    let hours: i32 = time.get(..2)?.parse().ok()?;
    let rest: i32 = time.get(2..)?.parse().ok()?;
    let shifted = u32::try_from(hours * 60 + rest + minutes).ok()?;
    (6 * 60..=22 * 60).contains(&shifted).then(|| clock(shifted))
}
