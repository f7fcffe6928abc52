//! The rule of 予実突合: which provided row answers which planned one, and how they differ.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use crate::{BadCode, Date, Month, OfficeNumber, lends_equipment};

/// サービス開始時刻 and 終了時刻 of a service that has no time.
const NO_TIME: &str = "9999";

/// Which person: 保険者番号 and 被保険者番号.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonKey {
    /// 保険者番号.
    pub insurer: String,
    /// 被保険者番号.
    pub insured: String,
}

/// A row of 第6表, as far as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipRow {
    /// Whose row it is.
    pub person: PersonKey,
    /// サービス利用日.
    pub day: Date,
    /// サービス開始時刻, HHMM, or 9999.
    pub start: String,
    /// サービス終了時刻.
    pub end: String,
    /// サービス回数, times a day.
    pub count: u32,
    /// 単位数, a time.
    pub units: u32,
    /// サービスコード.
    pub code: String,
    /// 明細判別コード.
    pub running_number: String,
    /// サービス事業者コード.
    pub office: OfficeNumber,
    /// サービス事業所名; not compared.
    pub office_name: String,
    /// サテライト枝番.
    pub satellite: String,
}

/// How what was provided compares with what was planned.
///
/// As text it is `as-planned`, `cancelled`, `added`, or what has changed: `changed-time-and-count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Provided as planned.
    AsPlanned,
    /// Planned, but not provided on that day.
    Cancelled,
    /// Provided, but not planned for that day.
    Added,
    /// Provided on that day, but otherwise.
    Changed(Change),
}

/// What a provided row has otherwise than the planned one; something at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change {
    /// Another time of the day.
    pub time: bool,
    /// Another service code of the same kind.
    pub code: bool,
    /// More or fewer times.
    pub count: bool,
}

/// A planned row, the provided row that answers it, or both: places in the two lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// How they compare.
    pub class: Class,
    /// What was planned; none where something was added.
    pub planned: Option<usize>,
    /// What was provided; none where something was cancelled.
    pub provided: Option<usize>,
}

/// A part of the 予定 that nobody has answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The month.
    pub month: Month,
    /// サービス事業者コード.
    pub office: OfficeNumber,
    /// サービス種類コード.
    pub kind: String,
    /// The planned rows that wait: places in their list.
    pub planned: Vec<usize>,
}

/// The outcome of 予実突合. Every row stands in exactly one entry, or waits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reconciliation {
    /// The rows of the offices that have answered: by person, day, time and code.
    pub entries: Vec<Entry>,
    /// The offices that have not.
    pub waiting: Vec<Waiting>,
}

impl SlipRow {
    /// サービス種類コード: the first two characters of the code.
    pub fn kind(&self) -> &str {
        self.code.get(..2).unwrap_or_default()
    }

    /// Whether the service has a time of the day.
    pub fn has_time(&self) -> bool {
        self.start != NO_TIME
    }

    /// The units of the day.
    pub fn units_of_day(&self) -> u32 {
        self.units.saturating_mul(self.count)
    }
}

impl Class {
    /// How two rows that belong together compare.
    pub fn of(planned: &SlipRow, provided: &SlipRow) -> Self {
        let change = Change {
            time: !same_time(planned, provided),
            code: planned.code != provided.code,
            count: planned.count != provided.count,
        };
        if change == Change::NOTHING { Self::AsPlanned } else { Self::Changed(change) }
    }
}

impl Change {
    const NOTHING: Self = Self { time: false, code: false, count: false };
    /// Another time alone.
    pub const TIME: Self = Self { time: true, ..Self::NOTHING };
    /// Another code alone.
    pub const CODE: Self = Self { code: true, ..Self::NOTHING };
    /// Another count alone.
    pub const COUNT: Self = Self { count: true, ..Self::NOTHING };
    /// Another time and another count.
    pub const TIME_AND_COUNT: Self = Self { time: true, ..Self::COUNT };

    const WORDS: [&str; 3] = ["time", "code", "count"];

    fn flags(&mut self) -> [&mut bool; 3] {
        [&mut self.time, &mut self.code, &mut self.count]
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::AsPlanned => f.write_str("as-planned"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::Added => f.write_str("added"),
            Self::Changed(mut change) => {
                let changed = Change::WORDS.into_iter().zip(change.flags());
                let words: Vec<_> = changed.filter(|(_, is)| **is).map(|(word, _)| word).collect();
                write!(f, "changed-{}", words.join("-and-"))
            }
        }
    }
}

impl FromStr for Class {
    type Err = BadCode;

    fn from_str(text: &str) -> Result<Self, BadCode> {
        let wanted = "as-planned, cancelled, added, changed-…";
        match text {
            "as-planned" => Ok(Self::AsPlanned),
            "cancelled" => Ok(Self::Cancelled),
            "added" => Ok(Self::Added),
            _ => {
                let words = text.strip_prefix("changed-").ok_or(BadCode { wanted })?;
                let mut change = Change::NOTHING;
                for word in words.split("-and-") {
                    let at = Change::WORDS.iter().position(|known| *known == word);
                    *change.flags()[at.ok_or(BadCode { wanted })?] = true;
                }
                Ok(Self::Changed(change))
            }
        }
    }
}

impl Reconciliation {
    /// How many entries are of a class.
    pub fn count(&self, class: Class) -> usize {
        self.entries.iter().filter(|entry| entry.class == class).count()
    }
}

/// Compares by person, day, office, service kind, code, time and count.
///
/// An office has answered for a month and service kind once any row of it has come; until then its
/// planned rows wait, and are not called cancelled. Rows of one service on one day are paired by
/// time and count first, then by time, then by count, then as they stand; last, rows of another
/// code of the kind whose times meet.
pub fn reconcile(planned: &[SlipRow], provided: &[SlipRow]) -> Reconciliation {
    let part = |row: &SlipRow| (row.day.month(), row.office, row.kind().to_owned());
    let answered: BTreeSet<_> = provided.iter().map(part).collect();
    let mut places: BTreeMap<_, [Vec<usize>; 2]> = BTreeMap::new();
    let mut waiting: Vec<Waiting> = vec![];
    for (at, row) in planned.iter().enumerate() {
        if answered.contains(&part(row)) {
            places.entry(meeting_point(row)).or_default()[0].push(at);
        } else {
            let (month, office, kind) = part(row);
            let is_same = |known: &&mut Waiting| {
                (known.month, known.office, &known.kind) == (month, office, &kind)
            };
            match waiting.iter_mut().find(is_same) {
                Some(known) => known.planned.push(at),
                None => waiting.push(Waiting { month, office, kind, planned: vec![at] }),
            }
        }
    }
    for (at, row) in provided.iter().enumerate() {
        places.entry(meeting_point(row)).or_default()[1].push(at);
    }
    let meet = |[open, rest]: [Vec<usize>; 2]| compare(Both { planned, provided }, open, rest);
    let mut entries: Vec<Entry> = places.into_values().flat_map(meet).collect();
    entries.sort_by(|one, other| {
        let both = Both { planned, provided };
        both.order(one).cmp(&both.order(other))
    });
    Reconciliation { entries, waiting }
}

/// Where two rows must agree at least to be a pair.
fn meeting_point(row: &SlipRow) -> (&PersonKey, Date, OfficeNumber, &str, &str) {
    (&row.person, row.day, row.office, &row.satellite, row.kind())
}

/// The two lists.
#[derive(Clone, Copy)]
struct Both<'a> {
    planned: &'a [SlipRow],
    provided: &'a [SlipRow],
}

impl<'a> Both<'a> {
    fn order(self, entry: &Entry) -> impl Ord + use<'a> {
        let planned = entry.planned.and_then(|at| self.planned.get(at));
        let row = planned.or_else(|| self.provided.get(entry.provided?));
        let class = entry.class;
        row.map(|row| {
            let service = (&row.code, &row.running_number, row.office);
            (&row.person, row.day, &row.start, service, class)
        })
    }
}

fn compare(both: Both<'_>, mut open: Vec<usize>, mut rest: Vec<usize>) -> Vec<Entry> {
    let mut entries = vec![];
    for is_pair in PASSES {
        open.retain(|&planned| {
            let row = &both.planned[planned];
            let fits = |&provided: &usize| is_pair(row, &both.provided[provided]);
            let Some(at) = rest.iter().position(fits) else { return true };
            let provided = rest.remove(at);
            let class = Class::of(row, &both.provided[provided]);
            entries.push(Entry { class, planned: Some(planned), provided: Some(provided) });
            false
        });
    }
    let cancelled =
        |planned| Entry { class: Class::Cancelled, planned: Some(planned), provided: None };
    let added = |provided| Entry { class: Class::Added, planned: None, provided: Some(provided) };
    entries.extend(open.into_iter().map(cancelled));
    entries.extend(rest.into_iter().map(added));
    entries
}

type Pass = fn(&SlipRow, &SlipRow) -> bool;

/// How rows find each other, the surest way first.
const PASSES: [Pass; 7] = [
    |one, other| same_service(one, other) && same_time(one, other) && one.count == other.count,
    |one, other| same_service(one, other) && same_time(one, other),
    |one, other| same_service(one, other) && one.count == other.count,
    same_service,
    |one, other| can_change_code(one, other) && same_time(one, other),
    |one, other| can_change_code(one, other) && one.start == other.start,
    |one, other| can_change_code(one, other) && one.start < other.end && other.start < one.end,
];

fn same_time(one: &SlipRow, other: &SlipRow) -> bool {
    (&one.start, &one.end) == (&other.start, &other.end)
}

/// TAIS codes are not compared: V3 files do not carry them, the running number tells rows apart.
fn same_service(one: &SlipRow, other: &SlipRow) -> bool {
    (&one.code, &one.running_number) == (&other.code, &other.running_number)
        && (!is_equipment(one) || one.units == other.units)
}

/// A visit that took longer or shorter has another code. What has no time, and what is lent, is
/// another service.
fn can_change_code(one: &SlipRow, other: &SlipRow) -> bool {
    one.code != other.code && one.has_time() && other.has_time() && !is_equipment(one)
}

fn is_equipment(row: &SlipRow) -> bool {
    lends_equipment(row.code.as_bytes())
}

#[cfg(test)]
mod tests;
