//! What has to be true of a town when its month is over. Pure: values in, counts or a failure out.
//!
//! A failure tells of a person by their place in a practice's list: never by a name or a number.

use std::collections::{BTreeMap, BTreeSet};

use careplan_sandbox::care_software::{
    DifferentItem, Disagreed, Disagreement, Entry, Held, Ledger, PersonKey, Practice,
    RecordedMonth, ServiceRow, Town, disagreements,
};
use careplan_standard::OfficeNumber;

use crate::{Failure, redact::HIDDEN};

/// How many disagreements a failure lists.
const LISTED_MAX: usize = 10;

/// What each office has, by its number.
pub(super) type Of<T> = BTreeMap<OfficeNumber, T>;

/// Whether every practice shows the 実績 that the service offices recorded for it, and no others;
/// gives how many rows that are.
pub(super) fn results(
    town: &Town,
    recorded: &Of<RecordedMonth>,
    shown: &Of<Vec<Held>>,
) -> Result<usize, Failure> {
    let mut wrong = Vec::new();
    let mut rows = 0;
    for practice in &town.practices {
        let own = practice.people.cast.manager.number;
        let recorded: Vec<&ServiceRow> = recorded_for(own, recorded).collect();
        let shown = shown.get(&own).map_or(&[][..], Vec::as_slice);
        wrong.extend(strays(town, shown, |row| Some(row.office)));
        let shown: Vec<&ServiceRow> = shown.iter().map(|held| &held.row).collect();
        wrong.extend(compared(town, &recorded, &shown));
        rows += recorded.len();
    }
    verdict("サービス事業所が記録したとおりの実績だけ", wrong).map(|()| rows)
}

/// Whether every centre has the 予定 and 実績 of those whom it has entrusted, from the practice that
/// plans for them, and nothing else; gives how many rows that are.
pub(super) fn centres(
    town: &Town,
    planned: &Of<Vec<ServiceRow>>,
    recorded: &Of<RecordedMonth>,
    shown: &Of<Ledger>,
) -> Result<usize, Failure> {
    let mut wrong = Vec::new();
    let mut rows = 0;
    let nothing = Ledger::default();
    for centre in &town.centres {
        let practices = || town.practices.iter().filter(|one| one.centre.number == centre.number);
        let people = practices().flat_map(Practice::entrusted).map(|client| &client.person.key);
        let people: BTreeSet<&PersonKey> = people.collect();
        let own = || practices().map(|practice| practice.people.cast.manager.number);
        let theirs = |row: &&ServiceRow| people.contains(&row.person);
        let planned: Vec<&ServiceRow> =
            own().filter_map(|own| planned.get(&own)).flatten().filter(theirs).collect();
        let provided: Vec<&ServiceRow> =
            own().flat_map(|own| recorded_for(own, recorded)).filter(theirs).collect();
        let shown = shown.get(&centre.number).unwrap_or(&nothing);
        for (wanted, held) in [(&planned, &shown.planned), (&provided, &shown.provided)] {
            wrong.extend(strays(town, held, |row| row.planner));
            let held: Vec<&ServiceRow> = held.iter().map(|held| &held.row).collect();
            wrong.extend(compared(town, wanted, &held));
            rows += wanted.len();
        }
    }
    verdict("委託した利用者の予定と実績だけ", wrong).map(|()| rows)
}

/// The rows that came from somebody else than they have to.
fn strays(
    town: &Town,
    held: &[Held],
    sender: impl Fn(&ServiceRow) -> Option<OfficeNumber>,
) -> Vec<String> {
    let is_stray = |held: &&Held| sender(&held.row) != Some(held.from.office);
    let line = |held: &Held| {
        format!("{}: {}から届いている", told(town, &held.row), office(town, held.from.office))
    };
    held.iter().filter(is_stray).map(line).collect()
}

/// The rows that service offices recorded for this practice.
fn recorded_for(
    practice: OfficeNumber,
    recorded: &Of<RecordedMonth>,
) -> impl Iterator<Item = &ServiceRow> {
    let answers = recorded.values().flat_map(|month| &month.answers);
    answers.filter(move |answer| answer.to == practice).flat_map(|answer| &answer.rows)
}

/// Where two offices' rows disagree, in words.
fn compared(town: &Town, recorded: &[&ServiceRow], shown: &[&ServiceRow]) -> Vec<String> {
    let line = |Disagreement { row, what }: Disagreement| {
        let row = told(town, &row);
        match what {
            Disagreed::Missing => format!("{row}: 記録にあるが、届いていない"),
            Disagreed::Surplus => format!("{row}: 記録にないのに、ある"),
            Disagreed::Items(items) => {
                let items: Vec<String> = items.iter().map(different).collect();
                format!("{row}: {}", items.join("、"))
            }
        }
    };
    disagreements(recorded, shown).into_iter().map(line).collect()
}

/// Whether 予実突合 of the practices shows the deviations that were recorded, and no others. What
/// was cancelled of an office and service of which nothing was provided at all waits for an answer
/// for ever, and is not shown.
pub(super) fn deviations(
    town: &Town,
    recorded: &Of<RecordedMonth>,
    shown: &Of<Vec<Entry>>,
) -> Result<usize, Failure> {
    let mut wrong = Vec::new();
    let mut count = 0;
    for practice in &town.practices {
        let own = practice.people.cast.manager.number;
        let answered = |entry: &&Entry| {
            entry.row().is_some_and(|row| {
                row.planner == Some(own)
                    && recorded_for(own, recorded)
                        .any(|other| other.office == row.office && other.kind() == row.kind())
            })
        };
        let of_all = recorded.values().flat_map(|month| &month.deviations);
        let wanted: Vec<_> = of_all.filter(answered).map(|entry| deviation(town, entry)).collect();
        let found = shown.get(&own).into_iter().flatten();
        let found: Vec<_> = found.map(|entry| deviation(town, entry)).collect();
        count += wanted.len();
        let missing = without(&wanted, &found).into_iter();
        wrong.extend(missing.map(|line| format!("現れない: {line}")));
        let surplus = without(&found, &wanted).into_iter();
        wrong.extend(surplus.map(|line| format!("記録にない: {line}")));
    }
    verdict("記録された中止・変更・追加だけ", wrong).map(|()| count)
}

/// What is in one list and not, or not so often, in the other.
pub(super) fn without<T: PartialEq + Clone>(all: &[T], others: &[T]) -> Vec<T> {
    let mut others = others.to_vec();
    let is_left = |one: &&T| match others.iter().position(|other| other == *one) {
        Some(at) => {
            others.swap_remove(at);
            false
        }
        None => true,
    };
    all.iter().filter(is_left).cloned().collect()
}

/// Nothing wrong, or a failure that lists the first of what is.
pub(super) fn verdict(expected: &str, wrong: Vec<String>) -> Result<(), Failure> {
    if wrong.is_empty() {
        return Ok(());
    }
    let more = wrong.len().saturating_sub(LISTED_MAX);
    let mut lines: Vec<String> = wrong.into_iter().take(LISTED_MAX).collect();
    if 0 < more {
        lines.push(format!("ほか{more}件"));
    }
    Err(Failure::unlike(expected, lines.join("\n")))
}

/// An office by its name, or that it is none of the town.
fn office(town: &Town, number: OfficeNumber) -> String {
    let planners = town.practices.iter().map(|practice| &practice.people.cast.manager);
    let planners = planners.chain(&town.centres).map(|office| (office.number, &office.name));
    let services = town.services.iter().map(|office| (office.number, &office.name));
    let found = planners.chain(services).find(|(other, _)| *other == number);
    found.map_or_else(|| "町にない事業所".to_owned(), |(_, name)| name.clone())
}

/// Which row: whose, by place; which office's; which day and service.
fn told(town: &Town, row: &ServiceRow) -> String {
    let (month, day) = (row.day.month().month(), row.day.day());
    let (whose, office) = (place(town, &row.person), office(town, row.office));
    format!("{whose}の{month}月{day}日、{office}の{}", row.code)
}

fn place(town: &Town, person: &PersonKey) -> String {
    match town.place_of(person) {
        Some((practice, place)) => format!("{}の{place}人目", practice.people.cast.manager.name),
        None => "町の人ではない利用者".to_owned(),
    }
}

fn different(item: &DifferentItem) -> String {
    let DifferentItem { name, recorded, shown } = item;
    // プラン担当者名 names a person.
    let hide = |value: &str| match name.ends_with("者名") {
        true => HIDDEN.to_owned(),
        false => format!("「{value}」"),
    };
    format!("{name}は記録では{}、届いたのは{}", hide(recorded), hide(shown))
}

fn deviation(town: &Town, entry: &Entry) -> String {
    let time = |row: &Option<ServiceRow>| match row {
        Some(row) => format!("{}–{} {}回", row.start, row.end, row.count),
        None => "なし".to_owned(),
    };
    let row = entry.row().map(|row| told(town, row)).unwrap_or_default();
    format!(
        "{row}: {}（予定 {}、実績 {}）",
        entry.class,
        time(&entry.planned),
        time(&entry.provided)
    )
}

#[cfg(test)]
mod tests {
    use careplan_sandbox::care_software::{MonthlyPlan, TOWN_RATES, record};
    use careplan_standard::{Month, Party};

    use super::*;

    /// A town after its month, as if nothing had been lost on the way.
    struct After {
        town: Town,
        planned: Of<Vec<ServiceRow>>,
        recorded: Of<RecordedMonth>,
        /// 実績 at the practices.
        shown: Of<Vec<Held>>,
    }

    fn held(from: OfficeNumber, row: &ServiceRow) -> Held {
        Held {
            from: Party { office: from, kind: None },
            version: "202407".to_owned(),
            sequence: "20250702093000".parse().expect("a sequence"),
            row: row.clone(),
        }
    }

    fn after() -> After {
        let town = Town::of(5, Month::new(2025, 6).expect("June exists"), 1);
        let plan = |practice: &Practice| {
            let people = &practice.people;
            let rows = MonthlyPlan::of(town.month, &people.clients, &people.cast).rows;
            (people.cast.manager.number, rows)
        };
        let planned: Of<Vec<ServiceRow>> = town.practices.iter().map(plan).collect();
        let slips: Vec<Held> = planned
            .iter()
            .flat_map(|(practice, rows)| rows.iter().map(|row| held(*practice, row)))
            .collect();
        let record = |number| record(town.month, &slips, number, 5, TOWN_RATES);
        let offices = town.services.iter().map(|office| office.number);
        let recorded: Of<_> = offices.map(|number| (number, record(number))).collect();
        let shown = |practice: &OfficeNumber| {
            let rows = recorded_for(*practice, &recorded).map(|row| held(row.office, row));
            (*practice, rows.collect())
        };
        let shown = planned.keys().map(shown).collect();
        After { town, planned, recorded, shown }
    }

    /// What is said of a town in which something is wrong: it names nobody.
    fn said(after: &After) -> String {
        let failure = results(&after.town, &after.recorded, &after.shown).expect_err("is wrong");
        for client in after.town.practices.iter().flat_map(|one| &one.people.clients) {
            let person = &client.person;
            for secret in [&person.key.insured, &person.name, &person.kana] {
                assert!(!failure.found.contains(secret), "{failure:?}");
            }
        }
        failure.found
    }

    /// A row that one service office recorded.
    fn a_row(after: &mut After) -> &mut ServiceRow {
        let recorded = after.recorded.values_mut().nth(3).expect("a fourth office");
        &mut recorded.answers[0].rows[2]
    }

    #[test]
    fn a_month_in_which_nothing_was_lost_agrees() {
        let after = after();
        let rows = results(&after.town, &after.recorded, &after.shown).expect("agrees");
        assert!(5_000 < rows, "{rows}");
    }

    #[test]
    fn one_wrong_value_at_one_office_is_told_with_place_office_and_item() {
        let mut after = after();
        let row = a_row(&mut after);
        let right = std::mem::replace(&mut row.end, "2345".to_owned());
        let row = row.clone();
        let found = said(&after);
        let (practice, place) = after.town.place_of(&row.person).expect("is of the town");
        let whose = format!("{}の{place}人目", practice.people.cast.manager.name);
        assert_eq!(found.lines().count(), 1, "{found}");
        for wanted in [
            &*whose,
            &row.office_name,
            "サービス終了時刻は記録では「2345」",
            &format!("届いたのは「{right}」"),
            &format!("6月{}日", row.day.day()),
        ] {
            assert!(found.contains(wanted), "{wanted}: {found}");
        }
    }

    #[test]
    fn the_name_of_who_plans_is_hidden() {
        let mut after = after();
        a_row(&mut after).planner_name = "架空　担当".to_owned();
        let found = said(&after);
        assert!(found.contains("プラン担当者名") && !found.contains("架空　担当"), "{found}");
    }

    #[test]
    fn a_row_too_many_a_strangers_and_another_offices_are_told() {
        let first =
            |after: &mut After| after.shown.values_mut().next().expect("a practice")[0].clone();
        let add = |held: Held, after: &mut After| {
            after.shown.values_mut().next().expect("a practice").push(held);
        };
        let mut doubled = after();
        let row = first(&mut doubled);
        add(row, &mut doubled);
        assert!(said(&doubled).contains("記録にないのに、ある"));

        let mut strange = after();
        let mut row = first(&mut strange);
        row.row.person.insured = "9999999999".to_owned();
        add(row, &mut strange);
        assert!(said(&strange).contains("町の人ではない利用者"));

        let mut from_elsewhere = after();
        let other = from_elsewhere.town.services[29].number;
        from_elsewhere.shown.values_mut().next().expect("a practice")[0].from.office = other;
        assert!(said(&from_elsewhere).contains("から届いている"));
    }

    #[test]
    fn a_list_of_what_is_wrong_has_an_end() {
        let mut after = after();
        after.shown.clear();
        let found = said(&after);
        assert_eq!(found.lines().count(), LISTED_MAX + 1);
        assert!(found.lines().last().is_some_and(|line| line.starts_with("ほか")));
    }

    #[test]
    fn a_centre_has_what_it_entrusted_and_a_practices_own_person_is_too_much() {
        let After { town, planned, recorded, .. } = after();
        let ledger = |is_theirs: fn(&Practice, &ServiceRow) -> bool| {
            let mut ledger = Ledger::default();
            for practice in &town.practices {
                let own = practice.people.cast.manager.number;
                let theirs = |row: &&ServiceRow| is_theirs(practice, row);
                let rows = planned[&own].iter().filter(theirs);
                ledger.planned.extend(rows.map(|row| held(own, row)));
                let rows = recorded_for(own, &recorded).filter(theirs);
                ledger.provided.extend(rows.map(|row| held(own, row)));
            }
            Of::from([(town.centres[0].number, ledger)])
        };
        let entrusted = |practice: &Practice, row: &ServiceRow| {
            practice.entrusted().any(|client| client.person.key == row.person)
        };
        let rows = centres(&town, &planned, &recorded, &ledger(entrusted)).expect("agrees");
        assert!(200 < rows, "{rows}");
        let everybody = centres(&town, &planned, &recorded, &ledger(|_, _| true));
        assert!(everybody.is_err_and(|failure| failure.found.contains("記録にないのに、ある")));
    }

    #[test]
    fn a_deviation_that_is_not_shown_is_told() {
        let After { town, recorded, .. } = after();
        let entries = |practice: &Practice| {
            let own = practice.people.cast.manager.number;
            let all = recorded.values().flat_map(|month| &month.deviations);
            let theirs =
                all.filter(|entry| entry.row().is_some_and(|row| row.planner == Some(own)));
            (own, theirs.cloned().collect::<Vec<_>>())
        };
        let mut shown: Of<Vec<Entry>> = town.practices.iter().map(entries).collect();
        let count = deviations(&town, &recorded, &shown).expect("agrees");
        assert!(300 < count, "{count}");
        shown.values_mut().next().expect("a practice").pop();
        let failure = deviations(&town, &recorded, &shown).expect_err("one is missing");
        assert!(failure.found.starts_with("現れない: "), "{failure:?}");
    }
}
