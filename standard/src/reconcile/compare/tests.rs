//! The rule, row by row and for any two months.

use proptest::prelude::*;

use super::*;

/// `day start-end code[×count]`, of one person and office.
fn row(text: &str) -> SlipRow {
    let words: Vec<&str> = text.split(' ').collect();
    let [day, time, code] = words[..] else { panic!("{text}") };
    let (start, end) = time.split_once('-').expect("a time");
    let (code, count) = code.split_once('×').unwrap_or((code, "1"));
    SlipRow {
        person: PersonKey { insurer: "271004".to_owned(), insured: "0000201001".to_owned() },
        day: format!("202504{day}").parse().expect("a day"),
        start: start.to_owned(),
        end: end.to_owned(),
        count: count.parse().expect("a count"),
        units: 244,
        code: code.to_owned(),
        running_number: String::new(),
        office: "2770200036".parse().expect("an office"),
        office_name: String::new(),
        satellite: String::new(),
    }
}

fn rows(texts: &[&str]) -> Vec<SlipRow> {
    texts.iter().map(|text| row(text)).collect()
}

/// The classes, in the order of the entries.
fn classes(planned: &[&str], provided: &[&str]) -> Vec<String> {
    let done = reconcile(&rows(planned), &rows(provided));
    done.entries.iter().map(|entry| entry.class.to_string()).collect()
}

#[test]
fn rows_in_another_order_are_as_planned() {
    let planned = ["01 1000-1030 111111", "08 1000-1030 111111", "08 1400-1430 111111"];
    let mut provided = planned;
    provided.reverse();
    assert_eq!(classes(&planned, &provided), ["as-planned"; 3]);
}

#[test]
fn each_difference_has_its_class() {
    let planned = [
        "01 1000-1030 111111",
        "02 1000-1030 111111",
        "03 1000-1030 111111",
        "04 1000-1030 111111",
        "05 1000-1030 111111",
        "06 1000-1030 111111",
    ];
    let provided = [
        "01 1000-1030 111111",
        "02 0630-0700 111111",
        "03 1000-1030 111111×2",
        "04 0630-0700 111111×2",
        "06 1000-1100 111211",
        "07 1000-1030 111111",
    ];
    let want = [
        "as-planned",
        "changed-time",
        "changed-count",
        "changed-time-and-count",
        "cancelled",
        "changed-time-and-code",
        "added",
    ];
    assert_eq!(classes(&planned, &provided), want);
    for word in want {
        assert_eq!(word.parse::<Class>().map(|class| class.to_string()), Ok(word.to_owned()));
    }
    assert!("changed-".parse::<Class>().is_err() && "changed-colour".parse::<Class>().is_err());
}

#[test]
fn of_two_visits_a_day_the_one_at_its_time_is_as_planned() {
    // The first visit moved to the evening, before the one that was planned there.
    let planned = ["01 1000-1030 111111", "01 1800-1900 111111"];
    let provided = ["01 1730-1800 111111", "01 1800-1900 111111"];
    assert_eq!(classes(&planned, &provided), ["changed-time", "as-planned"]);
}

#[test]
fn an_add_on_stays_with_itself_when_its_visit_takes_longer() {
    let planned = ["01 1000-1030 111111", "01 1000-1030 114001"];
    let provided = ["01 1000-1100 114001", "01 1000-1100 111211"];
    assert_eq!(classes(&planned, &provided), ["changed-time-and-code", "changed-time"]);
}

#[test]
fn another_kind_another_time_or_no_time_is_another_service() {
    let cases = [
        ("01 1000-1030 111111", "01 1000-1030 151111"),
        ("01 1000-1030 111111", "01 1500-1530 111211"),
        ("01 9999-9999 114000", "01 9999-9999 114001"),
        ("01 1000-1030 171001", "01 1000-1030 171002"),
    ];
    for (planned, provided) in cases {
        let answer = "02 1000-1030 111111";
        let seen = classes(&[planned], &[provided, answer]);
        assert!(seen.iter().all(|class| !class.starts_with("changed")), "{planned} / {provided}");
    }
}

#[test]
fn of_equal_codes_of_equipment_the_units_and_the_running_number_tell() {
    let lent = |units, running_number: &str| SlipRow {
        units,
        running_number: running_number.to_owned(),
        ..row("01 9999-9999 171001")
    };
    let planned = [lent(300, ""), lent(500, ""), lent(300, "1")];
    let provided = [lent(300, "1"), lent(300, ""), lent(400, "")];
    let done = reconcile(&planned, &provided);
    assert_eq!((done.count(Class::AsPlanned), done.count(Class::Cancelled)), (2, 1));
    assert_eq!(done.count(Class::Added), 1);
}

#[test]
fn who_has_not_answered_is_waited_for_by_month_office_and_kind() {
    let may = |text: &str| {
        let day = "20250501".parse().expect("a day");
        SlipRow { day, ..row(text) }
    };
    let april = rows(&["01 1000-1030 111111", "02 1000-1030 151111", "03 1000-1030 111111"]);
    let planned = [april.clone(), vec![may("01 1000-1030 111111")]].concat();
    let done = reconcile(&planned, &april[..1]);
    let waiting: Vec<_> =
        done.waiting.iter().map(|part| (part.kind.as_str(), part.planned.clone())).collect();
    assert_eq!(waiting, [("15", vec![1]), ("11", vec![3])]);
    assert_eq!((done.count(Class::AsPlanned), done.count(Class::Cancelled)), (1, 1));
    assert!(reconcile(&planned, &[]).entries.is_empty());
}

#[test]
fn another_person_office_or_satellite_is_no_answer() {
    let planned = row("01 1000-1030 111111");
    let other = |change: fn(&mut SlipRow)| {
        let mut row = planned.clone();
        change(&mut row);
        row
    };
    let others = [
        other(|row| row.person.insured = "0000201002".to_owned()),
        other(|row| row.person.insurer = "271005".to_owned()),
        other(|row| row.satellite = "01".to_owned()),
    ];
    for provided in others {
        let done = reconcile(std::slice::from_ref(&planned), &[provided]);
        assert_eq!((done.count(Class::Cancelled), done.count(Class::Added)), (1, 1));
    }
    let elsewhere = other(|row| row.office = "2770300042".parse().expect("an office"));
    let done = reconcile(std::slice::from_ref(&planned), &[elsewhere]);
    assert_eq!((done.waiting.len(), done.count(Class::Added)), (1, 1));
}

#[test]
fn what_is_not_compared_makes_no_difference() {
    let planned = row("01 1000-1030 111111");
    let provided =
        SlipRow { office_name: "別の書き方".to_owned(), units: 250, ..planned.clone() };
    assert_eq!(reconcile(&[planned], &[provided]).count(Class::AsPlanned), 1);
}

#[test]
fn entries_stand_by_person_day_time_and_code() {
    let texts = ["02 0900-1000 111111", "01 1800-1830 111111", "01 0900-1000 111111"];
    let mut planned = rows(&texts);
    planned.push(SlipRow {
        person: PersonKey { insurer: "271004".to_owned(), insured: "0000101001".to_owned() },
        ..row("03 0900-1000 111111")
    });
    let done = reconcile(&planned, &planned);
    let order: Vec<_> = done.entries.iter().map(|entry| entry.planned).collect();
    assert_eq!(order, [3, 2, 1, 0].map(Some));
}

fn any_row() -> impl Strategy<Value = SlipRow> {
    let times =
        prop_oneof![Just("1000-1030"), Just("1000-1100"), Just("1045-1200"), Just("9999-9999")];
    let codes = prop_oneof![Just("111111"), Just("111211"), Just("151111"), Just("171001")];
    (1..4_u8, times, codes, 1..3_u32, 1..3_u32).prop_map(|(day, times, code, count, person)| {
        let mut row = row(&format!("{day:02} {times} {code}×{count}"));
        row.person.insured = format!("000020100{person}");
        row
    })
}

proptest! {
    #[test]
    fn a_month_against_itself_is_as_planned(rows in proptest::collection::vec(any_row(), 0..20)) {
        let mut shuffled = rows.clone();
        shuffled.reverse();
        let done = reconcile(&rows, &shuffled);
        prop_assert_eq!(done.count(Class::AsPlanned), rows.len());
        prop_assert!(done.waiting.is_empty());
    }

    #[test]
    fn each_row_has_its_place_and_each_pair_differs_as_its_class_says(
        planned in proptest::collection::vec(any_row(), 0..20),
        provided in proptest::collection::vec(any_row(), 0..20),
    ) {
        let done = reconcile(&planned, &provided);
        let waits = done.waiting.iter().flat_map(|part| part.planned.clone());
        let mut seen: Vec<usize> =
            done.entries.iter().filter_map(|entry| entry.planned).chain(waits).collect();
        seen.sort();
        prop_assert_eq!(seen, (0..planned.len()).collect::<Vec<_>>());
        let mut seen: Vec<_> = done.entries.iter().filter_map(|entry| entry.provided).collect();
        seen.sort();
        prop_assert_eq!(seen, (0..provided.len()).collect::<Vec<_>>());
        for entry in &done.entries {
            match (entry.planned, entry.provided) {
                (Some(one), Some(other)) => {
                    let (one, other) = (&planned[one], &provided[other]);
                    prop_assert_eq!(entry.class, Class::of(one, other));
                    prop_assert_eq!(meeting_point(one), meeting_point(other));
                }
                (Some(_), None) => prop_assert_eq!(entry.class, Class::Cancelled),
                (None, _) => prop_assert_eq!(entry.class, Class::Added),
            }
        }
    }

    #[test]
    fn every_class_is_read_as_it_is_written(time: bool, code: bool, count: bool) {
        let change = Change { time, code, count };
        prop_assume!(change != Change::NOTHING);
        let class = Class::Changed(change);
        prop_assert_eq!(class.to_string().parse::<Class>(), Ok(class));
    }
}
