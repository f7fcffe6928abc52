//! The shortcut for records that are sure to be good: it must not be seen in what is found.

use super::*;

/// Values of every kind of item, at the edges of what is allowed.
const VALUES: &[&str] = &[
    "",
    "\"\"",
    "0",
    "1",
    "01",
    "00",
    "99",
    "100",
    "000000",
    "00000000",
    "0000000000",
    "9999",
    "2400",
    "0000",
    "2359",
    "2360",
    "0930",
    "930",
    "09:30",
    "202504",
    "202505",
    "202513",
    "20250430",
    "20250431",
    "20240229",
    "20250229",
    "20250531",
    "00000101",
    "271004",
    "27100A",
    "0000201001",
    "H000201001",
    "h000201001",
    "HH00201001",
    "2770100012",
    "27A0100012",
    "277010001",
    "9999999999",
    "999999",
    "111111",
    "17AAAA",
    "331111",
    "11111a",
    "A11111",
    "43",
    "33",
    "11",
    "1.5",
    "10.21",
    "10.",
    ".5",
    "1.234",
    "-1",
    "+1",
    "\"1\"",
    "\"abc\"",
    "abc",
    "Y",
    "N",
    "06",
    "26",
    "00001-000010",
    "00001－000010",
    "542-0001",
    "5420001",
    "06-0000-0000",
    "(06)0000",
    "202407",
    "202208",
    "202404",
    "1111111111111111111111111111111",
    "0000000000000000000000000000001",
    "1111111111111111111111111111112",
    "介護",
    "\"介護\"",
    "\"㈱髙﨑①\"",
    "\"a\"\"b\"",
    "\"a,b\"",
    "\"a\r\nb\"",
    "a\"b",
    "\"a\"b",
    "２",
    " 1",
    "1 ",
    "12345678901234567890123456789012345678901234567890",
];

fn by_rules_alone(files: &Files) -> Check {
    let checked = |(name, bytes): &(String, Vec<u8>)| -> CheckedFile {
        let mut checker = FileChecker::new(Standard::bundled(), name).by_rules_alone();
        checker.feed(bytes);
        checker.finish()
    };
    check_together(Standard::bundled(), files.iter().map(checked).collect())
}

/// The file with each record there so many times, and then some items changed. A record without
/// commas and line ends in its texts, as most are.
fn changed(bytes: &[u8], times: usize, edits: &[(usize, usize, Vec<u8>)]) -> Vec<u8> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let mut lines: Vec<Vec<u8>> =
        lines.iter().flat_map(|line| std::iter::repeat_n(line.to_vec(), times)).collect();
    for (line, item, value) in edits {
        let at = line % lines.len();
        let mut items: Vec<&[u8]> = lines[at].split(|byte| *byte == b',').collect();
        let item = item % items.len();
        items[item] = value;
        lines[at] = items.join(&b',');
    }
    lines.concat()
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    let listed =
        prop::sample::select(VALUES).prop_map(|value| ms932::encode(value).expect("MS932"));
    let close = "[0-9AHYN:.,\"-]{0,12}".prop_map(String::into_bytes);
    prop_oneof![6 => listed, 3 => close, 1 => prop::collection::vec(any::<u8>(), 0..6)]
}

const FOLDERS: [&str; 10] = [
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
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_shortcut_is_not_seen_in_what_is_found(
        folder in prop::sample::select(&FOLDERS),
        file in 0..6_usize,
        times in 1..4_usize,
        edits in prop::collection::vec((0..40_usize, 0..72_usize, value()), 0..6),
    ) {
        let mut files = sample(folder);
        let file = file % files.len();
        files[file].1 = changed(&files[file].1, times, &edits);
        prop_assert_eq!(check(&files), by_rules_alone(&files));
    }
}

/// Each item of each layout with each of the values, one at a time.
#[test]
fn every_value_in_every_item_is_judged_as_by_the_rules() {
    for folder in ["v4-plan", "v4-slip", "v4-prevention-record", "v4-prevention-plan"] {
        for at in 0..sample(folder).len() {
            let mut files = sample(folder);
            let clean = files.remove(at);
            let records = clean.1.iter().filter(|byte| **byte == b'\n').count();
            let items = clean
                .1
                .split(|byte| *byte == b'\n')
                .next()
                .map_or(0, |line| line.iter().filter(|byte| **byte == b',').count() + 1);
            // A file of all the values of one item at once: a record for each.
            for item in 0..items {
                let edits: Vec<_> = VALUES
                    .iter()
                    .enumerate()
                    .map(|(n, value)| (n, item, ms932::encode(value).expect("MS932")))
                    .collect();
                let times = VALUES.len().div_ceil(records.max(1));
                let file = vec![(clean.0.clone(), changed(&clean.1, times, &edits))];
                assert_eq!(check(&file), by_rules_alone(&file), "{} item {}", clean.0, item + 1);
            }
        }
    }
}
