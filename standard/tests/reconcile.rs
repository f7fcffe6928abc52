//! 予実突合, from outside: the samples' 予定 against their 実績, changed row by row.

mod samples;

use std::collections::BTreeMap;

use samples::{Files, sample};

use careplan_standard::{
    SendingFile, Standard, ms932,
    reconcile::{LimitSource, Outcome, PersonUnits, Refusal, Unused, reconcile_sendings},
};

fn with(mut files: Files, prefix: &str, change: impl Fn(&str) -> String) -> Files {
    let file = files.iter_mut().find(|(name, _)| name.starts_with(prefix)).expect("the file");
    let text = ms932::decode(&file.1).expect("MS932");
    file.1 = ms932::encode(&change(&text)).expect("MS932");
    files
}

/// Without the lines that contain all of these.
fn without(text: &str, parts: &[&str]) -> String {
    let is_kept = |line: &&str| !parts.iter().all(|part| line.contains(part));
    text.split_inclusive('\n').filter(is_kept).collect()
}

fn sending(files: &Files) -> Vec<SendingFile<'_>> {
    files.iter().map(|(name, bytes)| SendingFile { name, bytes }).collect()
}

fn run(plan: &Files, results: &[&Files]) -> Result<Outcome, Refusal> {
    let results: Vec<_> = results.iter().map(|files| sending(files)).collect();
    reconcile_sendings(Standard::bundled(), &sending(plan), &results)
}

#[track_caller]
fn compared(plan: &Files, results: &[&Files]) -> Outcome {
    run(plan, results).expect("it can be compared")
}

fn classes(outcome: &Outcome) -> BTreeMap<String, usize> {
    let mut classes = BTreeMap::new();
    for entry in &outcome.compared.entries {
        *classes.entry(entry.class.to_string()).or_insert(0) += 1;
    }
    classes
}

fn counts(pairs: &[(&str, usize)]) -> BTreeMap<String, usize> {
    pairs.iter().map(|(class, count)| ((*class).to_owned(), *count)).collect()
}

fn first(outcome: &Outcome) -> &PersonUnits {
    outcome.people.first().expect("a person")
}

#[test]
fn what_came_is_as_planned_or_cancelled_and_who_has_not_answered_waits() {
    let done = compared(&sample("v4-slip"), &[&sample("v4-jisseki")]);
    // The second service of the helpers, twice a person, did not come back.
    assert_eq!(classes(&done), counts(&[("as-planned", 8), ("cancelled", 4)]));
    let [waiting] = &done.compared.waiting[..] else { panic!("{:?}", done.compared.waiting) };
    assert_eq!((waiting.office.to_string().as_str(), waiting.kind.as_str()), ("2770300042", "15"));
    assert_eq!(waiting.planned.len(), 10);
    assert!(done.unused.is_empty());
    let person = first(&done);
    assert_eq!(
        (person.planned, person.stated_over, person.provided, person.waiting),
        (Some(4466), Some(0), Some(976), 3290)
    );
    assert_eq!(
        person.limit.map(|limit| (limit.units, limit.source)),
        Some((19_705, LimitSource::Stated))
    );
    assert_eq!((person.planned_over(), person.expected_over(), person.unlisted), (0, 0, 0));
    assert_eq!((person.name.as_str(), person.level.as_str()), ("試験　一郎", "22"));
}

#[test]
fn versions_and_their_order_do_not_matter() {
    let (v3, v4) = (sample("v3-slip"), sample("v4-slip"));
    for (plan, results) in [(&v3, "v4-jisseki"), (&v3, "v3-jisseki")] {
        let done = compared(plan, &[&sample(results)]);
        assert_eq!(classes(&done), counts(&[("as-planned", 8)]), "{results}");
    }
    let done = compared(&v4, &[&sample("v3-jisseki")]);
    assert_eq!(classes(&done), counts(&[("as-planned", 8), ("cancelled", 4)]));
}

#[test]
fn each_row_that_differs_is_one_entry() {
    let results = with(sample("v4-jisseki"), "UPJSK", |text| {
        let text = text.replacen(",20250401,,1000,1030,1,", ",20250401,,1100,1130,1,", 1);
        let text =
            text.replacen(",20250408,,1000,1030,1,111111", ",20250408,,1000,1100,1,111211", 1);
        let text = text.replacen(",20250415,,1000,1030,1,", ",20250415,,1000,1030,2,", 1);
        text.replacen(",20250422,,", ",20250423,,", 1)
    });
    let done = compared(&sample("v4-slip"), &[&results]);
    let want = [
        ("added", 1),
        ("as-planned", 4),
        ("cancelled", 5),
        ("changed-count", 1),
        ("changed-time", 1),
        ("changed-time-and-code", 1),
    ];
    assert_eq!(classes(&done), counts(&want));
    let person = first(&done);
    // 第7表 does not list 111211: its 244 units are left out and said so. One more of 111111 was
    // provided, 244, and one less, since another code took its place; 112111 was cancelled twice.
    assert_eq!((person.provided, person.unlisted), (Some(1176 + 244 - 244 - 200), 244));
}

#[test]
fn who_exceeds_the_limit_is_said_with_the_units() {
    let plan = with(sample("v4-slip"), "UPHOSOKU", |text| text.replace(",22,19705,", ",22,4400,"));
    let done = compared(&plan, &[&sample("v4-jisseki")]);
    let person = first(&done);
    assert_eq!((person.planned_over(), person.expected_over()), (66, 0));
    let limit = person.limit.expect("stated");
    assert_eq!((limit.units, limit.of_level), (4_400, Some(19_705)), "the table has another");
    let results = with(sample("v4-jisseki"), "UPJSK", |text| {
        text.replacen(",20250401,,1000,1030,1,", ",20250401,,1000,1030,3,", 1)
    });
    let done = compared(&plan, &[&results]);
    assert_eq!(first(&done).expected_over(), 4466 - 200 + 488 - 4400);
    assert_eq!(done.people[1].expected_over(), 0, "nobody else");
}

#[test]
fn without_a_stated_limit_the_level_says_it() {
    let supplement = |level: &str, before: &str, changed: &str| {
        with(sample("v4-slip"), "UPHOSOKU", |text| {
            let line = text.lines().next().expect("a line");
            let mut items: Vec<&str> = line.split(',').collect();
            (items[16], items[17], items[18], items[58]) = (changed, level, "", before);
            text.replacen(line, &items.join(","), 1)
        })
    };
    let limit = |plan: &Files| {
        let done = compared(plan, &[&sample("v4-jisseki")]);
        first(&done).limit.map(|limit| (limit.units, limit.source))
    };
    assert_eq!(limit(&supplement("22", "", "")), Some((19_705, LimitSource::Level)));
    let within = supplement("22", "23", "20250415");
    assert_eq!(limit(&within), Some((27_048, LimitSource::HeavierLevel)));
    assert_eq!(limit(&supplement("22", "23", "20250401")), Some((19_705, LimitSource::Level)));
    assert_eq!(limit(&supplement("", "", "")), None);
}

#[test]
fn of_what_was_sent_again_the_last_counts() {
    let first = sample("v4-jisseki");
    let later: Files =
        with(first.clone(), "UPJSK", |text| without(text, &["0000201001", "20250422"]))
            .into_iter()
            .map(|(name, bytes)| (name.replace("20250428171502", "20250506090000"), bytes))
            .collect();
    for results in [[&first, &later], [&later, &first]] {
        let done = compared(&sample("v4-slip"), &results);
        assert_eq!(classes(&done), counts(&[("as-planned", 7), ("cancelled", 5)]));
        let name = first[0].0.clone();
        assert_eq!(done.unused, [Unused::Replaced { name, rows: 4 }]);
    }
}

#[test]
fn a_slip_that_went_to_several_offices_counts_once() {
    let mut plan = sample("v4-slip");
    let other = sample("v4-slip").into_iter().map(|(name, bytes)| {
        let name = name.replace("2770200036_11", "2770300042_15");
        (name.replace("20250428171502", "20250428171503"), bytes)
    });
    plan.extend(other);
    let done = compared(&plan, &[&sample("v4-jisseki")]);
    assert_eq!((done.planned.len(), done.unused.len()), (22, 0));
}

#[test]
fn what_has_no_part_in_it_is_named() {
    let mut plan = sample("v4-slip");
    plan.extend(
        sample("v4-withdraw-month")
            .into_iter()
            .map(|(name, bytes)| (name.replace("20250428171502", "20250428171503"), bytes)),
    );
    let mut results = sample("v4-jisseki");
    results.push(("連絡.txt".to_owned(), b"8\x8c\x8e".to_vec()));
    let done = compared(&plan, &[&results]);
    let names: Vec<_> = done
        .unused
        .iter()
        .map(|unused| match unused {
            Unused::File { name } => name.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(names.len(), 2);
    assert!(names[0].starts_with("DLTPLAN_") && names[1] == "連絡.txt", "{names:?}");
}

#[test]
fn what_the_standard_forbids_is_not_compared() {
    let refusal = run(&sample("v4-slip"), &[&sample("broken-month")]).expect_err("refused");
    let Refusal::Findings(findings) = refusal else { panic!("{refusal:?}") };
    assert!(findings.iter().any(|found| found.rule.id == "name.month-differs"));
    let slip = sample("v4-slip");
    assert_eq!(run(&sample("v4-jisseki"), &[&slip]), Err(Refusal::NoSlip));
    assert_eq!(run(&slip, &[&slip]), Err(Refusal::NoResults));
}

#[test]
fn a_row_that_the_check_lets_pass_and_nobody_can_read_is_named() {
    // 単位数 is marked as uncertain in the published text: that it is missing is a warning.
    let results = with(sample("v4-jisseki"), "UPJSK", |text| {
        text.replacen(",244,,20250401,", ",,,20250401,", 1)
    });
    let done = compared(&sample("v4-slip"), &[&results]);
    let name = results[0].0.clone();
    assert_eq!(done.unused, [Unused::Row { name, record: 1, item: "単位数" }]);
    assert_eq!(classes(&done), counts(&[("as-planned", 7), ("cancelled", 5)]));
}

#[test]
fn offices_answer_for_themselves() {
    let results = |office: &str, kind: &str, code: &str| -> Files {
        let (name, bytes) = sample("v4-jisseki").swap_remove(0);
        let text = ms932::decode(&bytes).expect("MS932");
        let text = text.replace("2770200036", office).replace(",111111,", &format!(",{code},"));
        let name = name.replace("2770200036_11", &format!("{office}_{kind}"));
        vec![(name, ms932::encode(&text).expect("MS932"))]
    };
    let (helpers, day) = (sample("v4-jisseki"), results("2770300042", "15", "152441"));
    let done = compared(&sample("v4-slip"), &[&helpers, &day]);
    assert!(done.compared.waiting.is_empty());
    // The day service came on other days than planned: on none of them as planned.
    assert_eq!(classes(&done), counts(&[("added", 8), ("as-planned", 8), ("cancelled", 4 + 10)]));
    // A service that nobody planned, of an office that is in no plan.
    let stranger = results("2770400059", "13", "131111");
    let done = compared(&sample("v4-slip"), &[&helpers, &stranger]);
    assert_eq!((done.compared.waiting.len(), classes(&done)["added"]), (1, 8));
    assert_eq!(first(&done).unlisted, 4 * 244);
}

#[test]
fn who_was_not_planned_for_at_all_has_no_limit_and_is_there() {
    let results =
        with(sample("v4-jisseki"), "UPJSK", |text| text.replace("0000201002", "0000201009"));
    let done = compared(&sample("v4-slip"), &[&results]);
    let stranger = done.people.last().expect("a person");
    assert_eq!(stranger.person.insured, "0000201009");
    assert_eq!((stranger.limit, stranger.planned, stranger.provided), (None, None, None));
    assert_eq!((stranger.expected_over(), stranger.unlisted), (0, 4 * 244));
}

#[test]
fn a_plan_in_an_order_of_its_own_compares_the_same() {
    let reversed = |text: &str| -> String { text.split_inclusive('\n').rev().collect() };
    let plan = with(sample("v4-slip"), "UPPLAN", reversed);
    let results = with(sample("v4-jisseki"), "UPJSK", reversed);
    let (done, same) =
        (compared(&plan, &[&results]), compared(&sample("v4-slip"), &[&sample("v4-jisseki")]));
    assert_eq!(classes(&done), classes(&same));
    assert_eq!(done.people, same.people);
}
