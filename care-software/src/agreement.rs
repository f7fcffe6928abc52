//! Whether two offices hold the same rows: person by person, row by row, item by item.

use std::collections::BTreeMap;

use careplan_standard::Standard;

use crate::{person::PersonKey, slip::ServiceRow, slip_sheets};

/// A row about which two offices do not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The row: as it was recorded, or, where it was not, as it is shown.
    pub row: ServiceRow,
    /// What is wrong with it.
    pub what: Disagreed,
}

/// What two offices do not agree about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disagreed {
    /// It was recorded, and is not shown.
    Missing,
    /// It is shown, and was not recorded, or not so often.
    Surplus,
    /// Both have it, with different values in these items.
    Items(Vec<DifferentItem>),
}

/// An item that has one value here and another there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DifferentItem {
    /// The standard's name of the item.
    pub name: &'static str,
    /// Its value where the row was recorded.
    pub recorded: String,
    /// Its value where it is shown.
    pub shown: String,
}

/// In how many items two rows may differ and still be taken for one and the same.
const DIFFERENT_MAX: usize = 3;

/// Compares what was recorded with what is shown elsewhere: nothing if both have the same rows, each
/// as often. Their order plays no part.
///
/// Two rows of a person that differ in up to three items, and in the fewest, are taken for one whose
/// items differ; all else is missing here or too much there.
pub fn disagreements(recorded: &[&ServiceRow], shown: &[&ServiceRow]) -> Vec<Disagreement> {
    let mut people: BTreeMap<&PersonKey, [Vec<&ServiceRow>; 2]> = BTreeMap::new();
    for (side, rows) in [recorded, shown].into_iter().enumerate() {
        for row in rows {
            people.entry(&row.person).or_default()[side].push(row);
        }
    }
    people.into_values().flat_map(|[recorded, shown]| of_person(recorded, shown)).collect()
}

fn of_person(mut recorded: Vec<&ServiceRow>, mut shown: Vec<&ServiceRow>) -> Vec<Disagreement> {
    recorded.retain(|row| {
        let same = shown.iter().position(|other| other == row);
        same.map(|at| shown.swap_remove(at)).is_none()
    });
    let mut found = vec![];
    for row in recorded {
        let like = shown.iter().map(|other| different_items(row, other)).enumerate();
        let nearest = like.filter(|(_, items)| items.len() <= DIFFERENT_MAX);
        let what = match nearest.min_by_key(|(_, items)| items.len()) {
            Some((at, items)) => {
                shown.swap_remove(at);
                Disagreed::Items(items)
            }
            None => Disagreed::Missing,
        };
        found.push(Disagreement { row: row.clone(), what });
    }
    let surplus = |row: &ServiceRow| Disagreement { row: row.clone(), what: Disagreed::Surplus };
    found.extend(shown.into_iter().map(surplus));
    found
}

fn different_items(recorded: &ServiceRow, shown: &ServiceRow) -> Vec<DifferentItem> {
    let pairs = items(recorded).into_iter().zip(items(shown));
    let different = pairs.filter(|((_, recorded), (_, shown))| recorded != shown);
    different
        .map(|((name, recorded), (_, shown))| DifferentItem { name, recorded, shown })
        .collect()
}

/// The row as a record would have it; every row gives the same items in the same order.
fn items(row: &ServiceRow) -> Vec<(&'static str, String)> {
    let newest = Standard::bundled().versions().last().expect("the standard has a version");
    slip_sheets::slip_line(newest, row, row.office).values().collect()
}

#[cfg(test)]
mod tests {
    use careplan_standard::Month;

    use super::*;
    use crate::{cast::Cast, slip::MonthlyPlan, week::Client};

    fn rows() -> Vec<ServiceRow> {
        let april = Month::new(2025, 4).expect("April exists");
        let cast = Cast::default();
        let clients: Vec<_> = (0..3).map(|place| Client::invent(1, place, april, &cast)).collect();
        MonthlyPlan::of(april, &clients, &cast).rows
    }

    fn compare(recorded: &[ServiceRow], shown: &[ServiceRow]) -> Vec<Disagreement> {
        disagreements(&recorded.iter().collect::<Vec<_>>(), &shown.iter().collect::<Vec<_>>())
    }

    #[test]
    fn the_same_rows_in_another_order_are_the_same() {
        let recorded = rows();
        let shown: Vec<_> = recorded.iter().rev().cloned().collect();
        assert_eq!(compare(&recorded, &shown), []);
    }

    #[test]
    fn one_wrong_value_is_one_item_of_one_row() {
        let recorded = rows();
        let mut shown = recorded.clone();
        shown[4].end = "2359".to_owned();
        let [only] = &compare(&recorded, &shown)[..] else { panic!("one row differs") };
        assert_eq!(only.row, recorded[4]);
        let item = DifferentItem {
            name: "サービス終了時刻",
            recorded: recorded[4].end.clone(),
            shown: "2359".to_owned(),
        };
        assert_eq!(only.what, Disagreed::Items(vec![item]));
    }

    #[test]
    fn a_row_that_is_shown_twice_or_not_at_all_is_told() {
        let recorded = rows();
        let doubled = [&recorded[..], &recorded[..1]].concat();
        let surplus = Disagreement { row: recorded[0].clone(), what: Disagreed::Surplus };
        assert_eq!(compare(&recorded, &doubled), [surplus]);
        let missing = Disagreement { row: recorded[0].clone(), what: Disagreed::Missing };
        assert_eq!(compare(&recorded, &recorded[1..]), [missing]);
    }

    #[test]
    fn another_persons_row_is_no_answer() {
        let recorded = rows();
        let mut shown = recorded.clone();
        shown[0].person.insured = "9999999999".to_owned();
        let found = compare(&recorded, &shown);
        let what: Vec<_> = found.iter().map(|one| &one.what).collect();
        assert_eq!(what, [&Disagreed::Missing, &Disagreed::Surplus]);
    }
}
