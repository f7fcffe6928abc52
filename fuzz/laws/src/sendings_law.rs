//! Whole sendings: the check, mending, conversion.

use std::collections::BTreeSet;

use arbitrary::Unstructured;
use careplan_standard::{
    Check, FileChecker, FileKind, FileName, Lang, SendingFile, Severity, Standard, Verdict,
    check_sending,
    convert::{Order, convert as convert_sending},
    fix_sending,
};

use crate::sending::Sending;

/// A file is the same to the check in whatever chunks it comes. The first two bytes say what kind of
/// file it is and how long the chunks are.
pub fn chunks(bytes: &[u8]) {
    let [kind, length, bytes @ ..] = bytes else { return };
    let kind = FileKind::ALL[usize::from(*kind) % FileKind::ALL.len()];
    let month = if kind.has_month() { "_202504" } else { "" };
    let parties = "2770100012_43_2770200036_11";
    let name = format!("{}{month}_{parties}_20250328171502.CSV", kind.prefix());
    let check = |length: usize| {
        let mut checker = FileChecker::new(Standard::bundled(), &name);
        bytes.chunks(length).for_each(|chunk| checker.feed(chunk));
        checker.finish()
    };
    let whole = check(bytes.len().max(1));
    for length in [1, usize::from(*length) + 1] {
        let parts = check(length);
        assert_eq!(parts.facts(), whole.facts());
        assert_eq!(parts.findings(), whole.findings());
    }
}

/// A check always comes to an end, says the same of the same files, in whatever order they come,
/// and speaks of places that there are.
pub fn units(bytes: &[u8]) {
    let sending = Sending::new(&mut Unstructured::new(bytes));
    let files = sending.files();
    let check = check_sending(Standard::bundled(), &files);
    assert_eq!(check, check_sending(Standard::bundled(), &files));
    assert_eq!(check.files.len(), files.len());
    let mut backwards = files.clone();
    backwards.reverse();
    assert_eq!(check_sending(Standard::bundled(), &backwards).verdict(), check.verdict());
    places_exist(&check, &files);
    let in_units: Vec<usize> = check.units.iter().flat_map(|unit| unit.files.clone()).collect();
    assert_eq!(in_units.iter().collect::<BTreeSet<_>>().len(), in_units.len());
    if check.units.iter().any(|unit| unit.verdict == Verdict::Fail) {
        assert_eq!(check.verdict(), Verdict::Fail);
    }
}

/// What was mended needs no mending again, and mending never makes an error.
pub fn fix(bytes: &[u8]) {
    let sending = Sending::new(&mut Unstructured::new(bytes));
    let fixed = fix_sending(Standard::bundled(), &sending.files());
    assert_eq!(fixed.len(), sending.files.len());
    let files: Vec<SendingFile<'_>> =
        fixed.iter().map(|file| SendingFile { name: &file.name, bytes: &file.bytes }).collect();
    for (file, again) in fixed.iter().zip(fix_sending(Standard::bundled(), &files)) {
        assert_eq!(again.mends, [], "{file:?}");
        assert_eq!((&again.name, &again.bytes), (&file.name, &file.bytes));
    }
    for ((name, before), file) in sending.files.iter().zip(&fixed) {
        if file.mends.is_empty() {
            assert_eq!((&file.name, &file.bytes), (name, before));
        }
    }
}

/// A conversion gives all files or none; what it gives is of the version that was asked for, and
/// stays as it is when it is converted into that version once more.
pub fn convert(bytes: &[u8]) {
    let mut input = Unstructured::new(bytes);
    let versions = Standard::bundled().versions();
    let to = &versions[input.choose_index(versions.len()).unwrap_or(0)];
    let kind = |is_given: bool, kind: &str| is_given.then(|| kind.parse().expect("a kind"));
    let order = Order {
        to,
        from_kind: kind(input.arbitrary().unwrap_or(false), "43"),
        to_kind: kind(input.arbitrary().unwrap_or(false), "11"),
        adds_table3: input.arbitrary().unwrap_or(false),
    };
    let sending = Sending::new(&mut input);
    let files = sending.files();
    let converted = convert_sending(Standard::bundled(), &files, &order);
    assert_eq!(converted, convert_sending(Standard::bundled(), &files, &order));
    let converted = match converted {
        Ok(converted) => converted,
        Err(refused) => {
            assert!(!refused.notes.is_empty() || !refused.findings.is_empty());
            return;
        }
    };
    let files: Vec<SendingFile<'_>> = converted
        .files
        .iter()
        .map(|file| SendingFile { name: &file.name, bytes: &file.bytes })
        .collect();
    for name in files.iter().filter_map(|file| FileName::parse(file.name).ok()) {
        assert_eq!(name.has_kinds(), to.names_have_kinds, "{name}");
    }
    if let Ok(again) = convert_sending(Standard::bundled(), &files, &order) {
        let bytes = |at: usize| (&again.files[at].name, &again.files[at].bytes);
        assert_eq!(again.files.len(), files.len());
        for (at, file) in converted.files.iter().enumerate() {
            assert_eq!(bytes(at), (&file.name, &file.bytes));
        }
    }
}

/// Every finding lies in a file, a record and an item that there is, and has its words.
fn places_exist(check: &Check, files: &[SendingFile<'_>]) {
    for finding in &check.findings {
        assert!(finding.severity <= finding.rule.severity || finding.severity == Severity::Warning);
        for lang in [Lang::Ja, Lang::En] {
            assert!(!finding.message(lang).is_empty());
        }
        let Some(file) = &finding.place.file else { continue };
        let records = files.iter().zip(&check.files).filter(|(given, _)| given.name == *file);
        let records = records.map(|(_, facts)| facts.records).max();
        // A blank line at the end stands before the record that is not there.
        let last = records.expect("the file was given") + 1;
        assert!(finding.place.record.is_none_or(|record| (1..=last).contains(&record)));
        assert!(finding.place.item.is_none_or(|item| 0 < item));
    }
}
