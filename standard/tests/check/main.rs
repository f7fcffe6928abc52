//! The check, from outside: samples of another writer, and what happens when they are changed.

mod cases;
mod files;
mod filter;
mod items;
#[path = "../samples/mod.rs"]
mod samples;
mod units;

use std::{fs, path::PathBuf};

use proptest::prelude::*;

use samples::{Files, sample};

use careplan_standard::{
    Check, CheckedFile, FileChecker, FileRole, Lang, SendingFile, Severity, Standard, UnitKind,
    Verdict, check_sending, check_together, ms932,
};

fn check(files: &Files) -> Check {
    let files: Vec<_> = files.iter().map(|(name, bytes)| SendingFile { name, bytes }).collect();
    check_sending(Standard::bundled(), &files)
}

/// `rule@record.item` of each finding, with `?` for a warning and `i` for a note.
fn found(files: &Files) -> Vec<String> {
    let check = check(files);
    let place = |finding: &careplan_standard::Finding| {
        let mark = match finding.severity {
            Severity::Error => "",
            Severity::Warning => "?",
            Severity::Info => "i",
        };
        let record = finding.place.record.map(|n| format!("@{n}")).unwrap_or_default();
        let item = finding.place.item.map(|n| format!(".{n}")).unwrap_or_default();
        format!("{mark}{}{record}{item}", finding.rule.id)
    };
    check.findings.iter().map(place).collect()
}

/// The sample with one item of one file changed; `no` counts from 1.
fn with_item(folder: &str, prefix: &str, record: usize, no: usize, value: &[u8]) -> Files {
    with_item_in(sample(folder), prefix, record, no, value)
}

fn with_item_in(mut files: Files, prefix: &str, record: usize, no: usize, value: &[u8]) -> Files {
    let file = files.iter_mut().find(|(name, _)| name.starts_with(prefix)).expect("the file");
    // None of the changed files has a comma or a line end within a text.
    let mut lines: Vec<Vec<u8>> = file.1.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    let mut values: Vec<Vec<u8>> =
        lines[record - 1].split(|b| *b == b',').map(<[u8]>::to_vec).collect();
    let end: &[u8] = if no == values.len() { b"\r" } else { b"" };
    values[no - 1] = [value, end].concat();
    lines[record - 1] = values.join(&b',');
    file.1 = lines.join(&b'\n');
    files
}

#[track_caller]
fn slip_item(no: usize, value: &str, want: &[&str]) {
    let value = ms932::encode(value).expect("MS932");
    assert_eq!(found(&with_item("v4-slip", "UPPLAN", 2, no, &value)), want, "item {no}");
}

fn renamed(folder: &str, from: &str, to: &str) -> Files {
    let mut files = sample(folder);
    for (name, _) in &mut files {
        *name = name.replace(from, to);
    }
    files
}

#[test]
fn every_sample_has_its_verdict() {
    let readme = include_str!("../../../samples/README.md");
    let mut folders = 0;
    for line in readme.lines().filter(|line| line.starts_with("| ") && !line.contains("folder")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let want = if cells[3] == "pass" { Verdict::Pass } else { Verdict::Fail };
        for folder in cells[0].split(", ") {
            let check = check(&sample(folder));
            assert_eq!(check.verdict(), want, "{folder}: {:?}", check.findings);
            folders += 1;
        }
    }
    assert_eq!(folders, 13);
}

#[test]
fn passing_samples_have_nothing_wrong_at_all() {
    for folder in [
        "v4-plan",
        "v4-slip",
        "v4-jisseki",
        "v4-slip-equipment",
        "v3-plan",
        "v3-slip",
        "v3-jisseki",
        "v4-prevention-record",
        "v4-prevention-plan",
        "v4-withdraw-month",
    ] {
        assert_eq!(found(&sample(folder)), [""; 0], "{folder}");
    }
}

#[test]
fn broken_samples_say_what_is_broken() {
    assert_eq!(found(&sample("broken-utf8")), ["encoding.utf-8"]);
    assert_eq!(found(&sample("broken-month")), ["name.month-differs@1.5"]);
    assert_eq!(found(&sample("broken-service-kind")), ["item.service-kind-not-carried@1.15"]);
}

fn in_chunks(files: &Files, size: usize) -> Check {
    let checked = |(name, bytes): &(String, Vec<u8>)| -> CheckedFile {
        let mut checker = FileChecker::new(Standard::bundled(), name);
        bytes.chunks(size).for_each(|chunk| checker.feed(chunk));
        checker.finish()
    };
    check_together(Standard::bundled(), files.iter().map(checked).collect())
}

#[test]
fn chunks_of_any_size_give_the_same_check() {
    for folder in fs::read_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../samples"))
        .expect("there are samples")
        .filter_map(|entry| entry.ok().filter(|entry| entry.path().is_dir()))
    {
        let files = sample(&folder.file_name().to_string_lossy());
        for size in [1, 2, 7, 64, 1000, 100_000] {
            assert_eq!(in_chunks(&files, size), check(&files), "{folder:?} in chunks of {size}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn chunks_of_any_size_give_the_same_check_of_damaged_files(
        folder in prop::sample::select(vec!["v4-plan", "v3-slip", "v4-prevention-record", "broken-utf8"]),
        at in 0..4000_usize,
        damage in "[0-9a,\"\r\n\u{8a}介]{0,20}",
        size in 1..300_usize,
    ) {
        let mut files = sample(folder);
        for (_, bytes) in &mut files {
            let at = at.min(bytes.len());
            bytes.splice(at..at, damage.bytes());
        }
        prop_assert_eq!(in_chunks(&files, size), check(&files));
    }

    /// Whatever is done to a file: an answer comes, and each finding has a place that exists.
    #[test]
    fn damaged_files_give_findings_with_places(
        at in 0..4000_usize,
        damage: Vec<u8>,
        cut in 0..4000_usize,
    ) {
        let mut files = sample("v4-slip");
        let bytes = &mut files[1].1;
        let at = at.min(bytes.len());
        bytes.splice(at..at, damage);
        bytes.truncate(cut.max(1));
        let check = check(&files);
        for finding in &check.findings {
            let record = finding.place.record.unwrap_or(1);
            let records = check.files.iter().map(|file| file.records).max().unwrap_or(0);
            // A fault of shape may lie in what follows the last whole record.
            prop_assert!((1..=records + 1).contains(&record), "{finding:?}");
            prop_assert!(!finding.message(Lang::Ja).contains("{item}"), "{finding:?}");
        }
    }
}
