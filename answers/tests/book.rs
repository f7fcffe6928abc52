//! Every entry of the book is a test: the correct files are correct, the wrong ones are wrong in
//! exactly the way that the book says.

use std::collections::BTreeSet;

use careplan_answers::{AnswerFile, Expectation, Situation, book};
use careplan_standard::{RULES, SendingFile, Standard, check_sending};

fn situations() -> Vec<Situation> {
    book().into_iter().flat_map(|chapter| chapter.situations).collect()
}

/// What the check finds, in the order of the book's own words.
fn check(files: &[AnswerFile]) -> Vec<Expectation> {
    let bytes: Vec<Vec<u8>> = files.iter().map(AnswerFile::bytes).collect();
    let sending: Vec<SendingFile<'_>> = files
        .iter()
        .zip(&bytes)
        .map(|(file, bytes)| SendingFile { name: &file.name, bytes })
        .collect();
    let check = check_sending(Standard::bundled(), &sending);
    let mut found: Vec<Expectation> = check
        .findings
        .iter()
        .map(|finding| Expectation {
            rule: finding.rule.id,
            file: finding.place.file.clone(),
            record: finding.place.record,
            item: finding.place.item,
        })
        .collect();
    found.sort();
    found
}

fn sorted(expected: impl IntoIterator<Item = Expectation>) -> Vec<Expectation> {
    let mut expected: Vec<Expectation> = expected.into_iter().collect();
    expected.sort();
    expected
}

/// A line for each finding that only one of the two has.
fn difference(found: &[Expectation], expected: &[Expectation]) -> String {
    let only = |sign: &str, these: &[Expectation], those: &[Expectation]| -> String {
        let only = these.iter().filter(|one| !those.contains(one));
        only.map(|one| format!("\n    {sign} {one}")).collect()
    };
    only("found, not expected:", found, expected) + &only("expected, not found:", expected, found)
}

#[test]
fn correct_files_break_no_rule_but_for_what_is_justified() {
    let mut faults = vec![];
    for situation in situations() {
        for edition in situation.editions() {
            let accepted = sorted(edition.accepted.iter().map(|(finding, _)| finding.clone()));
            let found = check(&edition.files);
            if found != accepted {
                let label = &edition.version.label;
                faults.push(format!("{} {label}{}", situation.id, difference(&found, &accepted)));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn wrong_files_break_exactly_the_rules_that_are_named() {
    let mut faults = vec![];
    for situation in situations() {
        for wrong in situation.wrong_editions() {
            let (found, expected) = (check(&wrong.files), sorted(wrong.expected));
            if found != expected {
                let difference = difference(&found, &expected);
                faults.push(format!("{}/{}{difference}", situation.id, wrong.id));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn an_identifier_stands_once_and_begins_with_its_chapter() {
    let mut ids = BTreeSet::new();
    for chapter in book() {
        for situation in &chapter.situations {
            assert_eq!(situation.chapter(), chapter.id, "{}", situation.id);
            assert!(ids.insert(situation.id), "{} stands twice", situation.id);
            let is_word = |byte: u8| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte)
            };
            assert!(situation.id.bytes().all(is_word), "{} is of words", situation.id);
        }
    }
}

#[test]
fn every_entry_tells_its_story_and_has_something_wrong() {
    for situation in situations() {
        let id = situation.id;
        for text in [situation.happens, situation.hard, situation.says] {
            assert!(text.ends_with('。') || text.ends_with('）'), "{id}: {text}");
        }
        let wrongs = situation.wrong_editions();
        assert!(wrongs.iter().any(|wrong| !wrong.expected.is_empty()), "{id} has nothing wrong");
        let names: BTreeSet<_> = wrongs.iter().map(|wrong| wrong.id).collect();
        assert_eq!(names.len(), wrongs.len(), "{id}: one word for each wrong sending");
        let versions = situation.editions().len();
        let all = Standard::bundled().versions().len();
        assert_eq!(versions == all, situation.only.is_none(), "{id}: says where it does not exist");
    }
}

#[test]
fn every_rule_is_broken_somewhere_in_the_book() {
    /// Rules without an entry, each with the reason.
    const EXCUSED: &[(&str, &str)] = &[];
    let wrongs = situations().into_iter().flat_map(|situation| situation.wrong_editions());
    let mut broken: BTreeSet<&str> =
        wrongs.flat_map(|wrong| wrong.expected).map(|finding| finding.rule).collect();
    for situation in situations() {
        for edition in situation.editions() {
            broken.extend(edition.accepted.iter().map(|(finding, _)| finding.rule));
        }
    }
    let is_excused = |id: &str| EXCUSED.iter().any(|(excused, _)| *excused == id);
    let ids = RULES.iter().map(|rule| rule.id);
    let wrong: Vec<&str> = ids.filter(|id| broken.contains(id) == is_excused(id)).collect();
    assert!(
        wrong.is_empty(),
        "{wrong:?}: write a wrong sending, or an excuse, and drop an excuse that is out of date",
    );
}
