//! The check, from outside: samples of another writer, and what happens when they are changed.

use std::{fs, path::PathBuf};

use proptest::prelude::*;

use careplan_standard::{
    Check, FileRole, Lang, SendingFile, Severity, Standard, UnitKind, Verdict, check_sending, ms932,
};

type Files = Vec<(String, Vec<u8>)>;

fn sample(folder: &str) -> Files {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../samples").join(folder);
    let mut files: Files = fs::read_dir(path)
        .expect("the sample is there")
        .map(|entry| {
            let path = entry.expect("readable").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(path).expect("readable"))
        })
        .collect();
    files.sort();
    files
}

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
    let readme = include_str!("../../samples/README.md");
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

#[test]
fn units_are_named_with_their_parties() {
    let check = check(&sample("v4-slip"));
    let [unit] = &check.units[..] else { panic!("{:?}", check.units) };
    assert_eq!(unit.kind, Some(UnitKind::Slip));
    assert_eq!(unit.from.to_string(), "2770100012_43");
    assert_eq!(unit.to.to_string(), "2770200036_11");
    assert_eq!(unit.version.as_deref(), Some("202407"));
    assert_eq!(unit.month.map(|month| month.to_string()).as_deref(), Some("202504"));
    assert_eq!(unit.files, [0, 1, 2]);
    assert_eq!(check.files[1].records, 22);
}

#[test]
fn items_are_checked_by_their_kind() {
    slip_item(2, "27100A", &["item.form@2.2"]);
    let public_assistance = with_item("v4-withdraw-month", "DLTPLAN", 1, 3, b"H000201001");
    assert_eq!(found(&public_assistance), [""; 0]);
    slip_item(3, "h000201001", &["item.form@2.3"]);
    slip_item(4, "20250230", &["item.date-not-real@2.4"]);
    slip_item(8, "1234567", &["item.too-long@2.8"]);
    slip_item(8, "-1", &["item.form@2.8"]);
    slip_item(11, &"1".repeat(30), &["item.length@2.11"]);
    slip_item(11, &"01".repeat(15), &["item.length@2.11"]);
    slip_item(11, &format!("{}2", "0".repeat(30)), &["item.form@2.11"]);
    slip_item(11, &format!("{}0", "1".repeat(30)), &[]);
    slip_item(12, "0960", &["item.date-not-real@2.12"]);
    slip_item(12, "900", &["item.length@2.12"]);
    slip_item(15, "43ABCD", &["item.service-kind-not-carried@2.15"]);
    slip_item(15, "A21111", &[]);
    slip_item(15, "11111a", &["item.form@2.15"]);
    slip_item(20, "27A0200036", &[]);
    slip_item(20, "277020003X", &["item.form@2.20"]);
    slip_item(23, "2", &["item.code-not-listed@2.23"]);
}

#[test]
fn the_items_of_a_record_agree() {
    slip_item(10, "20250501", &["record.day-outside-month@2.10"]);
    slip_item(11, &format!("{}1", "0".repeat(30)), &["record.day-map-beyond-month@2.11"]);
    slip_item(12, "9999", &["record.one-time-missing@2.12"]);
    slip_item(13, "9999", &["record.one-time-missing@2.13"]);
    slip_item(13, "0930", &["?record.end-before-start@2.13"]);
    slip_item(13, "2400", &["?item.unusual-form@2.13"]);
    slip_item(19, "1", &["record.detail-code-stray@2.19"]);
    let bare = with_item("v4-slip-equipment", "UPPLAN", 10, 16, b"");
    assert_eq!(found(&bare), ["?record.equipment-code-missing@10.15"]);
}

#[test]
fn requiredness_follows_the_table() {
    slip_item(15, "", &["item.missing@2.15"]);
    slip_item(20, "", &["item.missing@2.20"]);
    slip_item(21, "", &[]);
    let no_way = with_item("v4-prevention-record", "UPKIHON_27", 1, 6, b"");
    assert_eq!(found(&no_way), ["?item.wanted@1.6"]);
}

#[test]
fn what_is_uncertain_in_the_published_text_refuses_nothing() {
    slip_item(6, "", &["?item.missing@2.6"]);
    let detail = with_item("v4-slip-equipment", "UPPLAN", 10, 19, b"123");
    assert_eq!(found(&detail), ["?item.too-long@10.19"]);
    let storeys = with_item("v4-prevention-record", "UPKIHON_27", 1, 35, b"123");
    assert_eq!(found(&storeys), ["?item.too-long@1.35"]);
}

#[test]
fn what_the_published_text_writes_in_its_examples_refuses_nothing() {
    slip_item(10, "202504", &["?item.unusual-form@2.10"]);
    slip_item(12, "10:00", &["?item.unusual-form@2.12"]);
    slip_item(20, "277020003", &["?item.unusual-form@2.20"]);
    slip_item(16, "00001－000010", &["?item.unusual-form@2.16"]);
    let zero = renamed("v4-prevention-record", "UPKIHON_2700", "UPKIHON_000000_2700");
    assert_eq!(found(&zero), ["?name.unusual-form"]);
    let big = renamed("v4-prevention-record", ".jpg", ".JPG");
    assert_eq!(found(&big), [""; 0]);
    let mut printed = sample("v4-withdraw-month");
    printed[0].1 = b"202404,271004,0000201001,202504\r\n".to_vec();
    assert_eq!(found(&printed), ["?version.as-printed@1.1"]);
    assert_eq!(check(&printed).units[0].version.as_deref(), Some("202407"));
}

#[test]
fn text_is_ms932_without_user_defined_characters() {
    let user_defined = with_item("v4-slip", "UPPLAN", 2, 7, b"\"\xF0\x40\"");
    assert_eq!(found(&user_defined), ["encoding.user-defined@2.7"]);
    let half = with_item("v4-slip", "UPPLAN", 2, 7, b"\"\x89\xEE\x8C\"");
    assert_eq!(found(&half), ["encoding.broken@2.7"]);
    let bare = with_item("v4-slip", "UPPLAN", 2, 7, b"abc");
    assert_eq!(found(&bare), ["?csv.text-unquoted@2.7"]);
    let finding = &check(&half).findings[0];
    assert!(finding.message(Lang::Ja).contains("項目7 プラン担当者名"), "{finding:?}");
    assert!(finding.message(Lang::En).contains("8C"), "{finding:?}");
}

#[test]
fn the_shape_of_the_file_is_checked() {
    let mut files = sample("v4-withdraw-month");
    for (content, want) in [
        (&b""[..], &["csv.empty-file"][..]),
        (b"\r\n\r\n", &["csv.empty-file"]),
        (b"202407,271004,0000201001\r\n", &["record.item-count@1"]),
        (b"202407,271004,0000201001,202504,\r\n", &["record.item-count@1"]),
        (b"202407,271004,00002\"1001,202504\r\n", &["csv.stray-quote@1.3", "item.form@1.3"]),
        (b"202407,271004,0000201001,\"202504\r\n", &["csv.unclosed-quote@1.4", "item.form@1.4"]),
        (b"202407,271004,0000201001,202504\r\n\r\n", &[]),
        (b"\r\n202407,271004,0000201001,202504\r\n", &["?csv.blank-line@1"]),
        (b"202407,271004,0000201001,202504", &[]),
        (b"202407,271004,0000201001,202504\n", &[]),
        (b"\"202407\",\"271004\",\"0000201001\",\"202504\"\r\n", &[]),
        (b"\xEF\xBB\xBF202407,271004,0000201001,202504\r\n", &["encoding.byte-order-mark"]),
        (
            b"202407\t271004\t0000201001\t202504\r\n",
            &["version.unknown@1.1", "record.item-count@1"],
        ),
    ] {
        files[0].1 = content.to_vec();
        assert_eq!(found(&files), want, "{:?}", String::from_utf8_lossy(content));
    }
    files[0].1 =
        ms932::encode("CSVバージョン,保険者番号,被保険者番号,削除対象年月\r\n").expect("MS932");
    files[0].1.extend_from_slice(b"202407,271004,0000201001,202504\r\n");
    assert_eq!(found(&files), ["csv.header-line@1"]);
    files[0].1 = b"version,insurer,person,month\n202407,271004,0000201001,202504\n".to_vec();
    assert_eq!(found(&files), ["csv.header-line@1"]);
}

#[test]
fn the_number_of_findings_is_bounded() {
    let mut files = sample("v4-withdraw-month");
    files[0].1 = b"202407,271004,201001,202504\r\n".repeat(1_000);
    let check = check(&files);
    assert_eq!(check.findings.len(), 100, "one column that lost its leading zeros");
    assert_eq!(check.findings[0].more, 900);
    assert!(check.findings[0].message(Lang::Ja).ends_with("（同じ指摘がほかに900件）"));
    for bytes in [b"\n".repeat(1_000_000), b"x\n".repeat(100_000), b",".repeat(1_000_000)] {
        files[0].1 = bytes;
        assert!(found(&files).len() < 200);
    }
    files[0].1 = (0..50_000).map(|n| format!("{n}\n")).collect::<String>().into_bytes();
    assert!(found(&files).len() < 200, "as many versions as records");
}

#[test]
fn versions_are_checked() {
    let mut files = sample("v4-withdraw-month");
    for (versions, want) in [
        (["202410", "202410"], &["version.unknown@1.1"][..]),
        (["202504", "202504"], &["version.unknown@1.1"]),
        (["202407", "202208"], &["version.mixed@2.1", "name.form-differs"]),
        (["202208", "202208"], &["name.form-differs"]),
        (["", "202407"], &["item.missing@1.1"]),
    ] {
        let record = |version: &str| format!("{version},271004,0000201001,202504\r\n");
        files[0].1 = versions.map(record).concat().into_bytes();
        assert_eq!(found(&files), want, "{versions:?}");
    }
    let plain =
        renamed("v4-withdraw-month", "2770100012_43_2770200036_11", "2770100012_2770200036");
    assert_eq!(found(&plain), ["name.form-differs"]);
    let mut only_v4 = sample("v3-plan");
    only_v4
        .push(("UP3KYO_2770100012_2770200036_20250428171502.CSV".to_owned(), only_v4[0].1.clone()));
    let found = found(&only_v4);
    assert_eq!(found, ["version.layout-missing"], "and nothing about the unit");
}

#[test]
fn names_are_checked() {
    let sequence = renamed("v4-withdraw-month", "20250428171502", "20250231171502");
    assert_eq!(found(&sequence), ["name.sequence-not-a-time"]);
    let kind = renamed("v4-withdraw-month", "_11_", "_33_");
    assert_eq!(found(&kind), ["name.service-kind-not-carried"]);
    let copy = renamed("v4-withdraw-month", ".CSV", " (1).CSV");
    assert_eq!(found(&copy), ["name.sequence"]);
    let check = check(&copy);
    assert_eq!(check.files[0].role, FileRole::Misnamed);
    assert!(check.units.is_empty());
}

#[test]
fn attachments_are_of_the_types_that_are_carried() {
    let with = |name: &str, bytes: &[u8]| {
        let mut files = sample("v4-jisseki");
        files.push((name.to_owned(), bytes.to_vec()));
        assert_eq!(check(&files).files[1].role, FileRole::Attachment, "{name}");
        assert_eq!(check(&files).units.len(), 1);
        found(&files)
    };
    assert_eq!(with("8月の写真.jpg", b"\xFF\xD8\xFF\xE0"), [""; 0]);
    assert_eq!(with("報告.pdf", b"%PDF-1.7"), [""; 0]);
    assert_eq!(with("UPPLAN_202504.pdf", b"%PDF-1.7"), [""; 0]);
    assert_eq!(with("メモ.csv", b"a,b\r\n"), ["?attachment.csv"]);
    assert_eq!(with("報告.docx", b"PK"), ["attachment.type"]);
    assert_eq!(with("報告.pdf", b"hello"), ["attachment.content"]);
}

#[test]
fn a_misspelt_name_of_the_standard_is_no_attachment() {
    let name = "UPJSK_202504_2770200036_11_2770100012_43_20250428171502.CSV";
    for (wrong, rule) in [
        (name.replace("UPJSK", "UPJISK"), "name.prefix"),
        (name.replace(".CSV", ".txt"), "name.extension"),
        (name.replace("_43_", "_"), "name.parts"),
        (name.replace("20250428171502", "2025042817150"), "name.sequence"),
    ] {
        assert_eq!(found(&renamed("v4-jisseki", name, &wrong)), [rule], "{wrong}");
    }
}

#[test]
fn units_are_whole() {
    let without = |folder: &str, prefix: &str| {
        let mut files = sample(folder);
        files.retain(|(name, _)| !name.starts_with(prefix));
        found(&files)
    };
    assert_eq!(without("v4-slip", "UPHOSOKU"), ["unit.member-missing"]);
    assert_eq!(without("v4-slip", "UPPLAN"), ["unit.member-missing"]);
    assert_eq!(without("v4-plan", "UP3KYO"), ["unit.member-missing"]);
    assert_eq!(without("v4-plan", "UPHOSOKU"), ["unit.member-missing"]);
    assert_eq!(without("v4-prevention-plan", "UPYOBO_SUB"), ["unit.member-missing"]);
    assert_eq!(without("v4-prevention-record", "UPKIHON_SUB1"), ["?unit.member-wanted"]);
    assert_eq!(without("v4-prevention-record", "UPKIHON_IMAGE"), [""; 0]);
    assert_eq!(
        without("v4-prevention-record", "UPKIHON_27"),
        ["unit.member-missing"],
        "別表 without the record",
    );
}

#[test]
fn several_units_may_travel_together_but_not_under_one_sequence() {
    let mut files = sample("v4-slip");
    let mut plan = sample("v4-plan");
    for (name, _) in &mut plan {
        *name = name.replace("171502", "171503");
    }
    files.extend(plan);
    assert_eq!(found(&files), [""; 0]);
    let units = check(&files).units;
    let kinds: Vec<_> = units.iter().map(|unit| unit.kind).collect();
    assert_eq!(kinds, [Some(UnitKind::Slip), Some(UnitKind::Plan)], "ascending");

    let mut mixed = sample("v4-slip");
    mixed.extend(sample("v4-withdraw-month"));
    assert_eq!(found(&mixed), ["unit.unknown"]);
    let with_record = [sample("v4-prevention-plan"), sample("v4-prevention-record")].concat();
    assert_eq!(found(&with_record), [""; 0], "支援計画書 may go with 基本情報");
    assert_eq!(check(&with_record).units[0].kind, Some(UnitKind::PreventionPlan));
    let part = with_record.into_iter().filter(|(name, _)| !name.starts_with("UPKIHON_27"));
    assert_eq!(found(&part.collect()), ["unit.member-missing"], "but not with a part of it");
}

#[test]
fn the_files_of_a_unit_agree() {
    let mut files = sample("v4-slip");
    files[0].0 = files[0].0.replace("2770200036_11", "2770300042_15");
    assert_eq!(found(&files), ["unit.parties-differ"]);
    assert_eq!(check(&files).units[0].verdict, Verdict::Fail);

    let mut files = sample("v4-slip");
    files[2].0 = files[2].0.replace("_202504_", "_202505_");
    assert_eq!(found(&files), ["name.month-differs@1.5", "unit.month-differs"]);

    let mut files = sample("v4-slip");
    let mut twice = files[1].clone();
    twice.0 = twice.0.replace(".CSV", ".csv");
    files.push(twice);
    assert_eq!(found(&files), ["unit.member-twice"]);
}

#[test]
fn records_belong_to_a_record_of_the_base() {
    // The person of the second half of each table becomes another one.
    let stranger = |prefix: &str, records: std::ops::RangeInclusive<usize>| {
        let mut files = sample("v4-slip");
        for record in records {
            let changed = with_item_in(files, prefix, record, 3, b"0000201009");
            files = changed;
        }
        found(&files)
    };
    assert_eq!(
        stranger("UPHOSOKU", 2..=2),
        ["unit.key-not-in-base@2", "?unit.base-without-dependent@12"]
    );
    assert_eq!(
        stranger("UPSIKYU", 6..=10),
        ["unit.key-not-in-base@6", "?unit.base-without-dependent@12"]
    );
    let other_day = with_item("v4-prevention-record", "UPKIHON_SUB1", 1, 4, b"20250302");
    assert_eq!(found(&other_day), ["unit.key-not-in-base@1"]);
    let other_day = with_item("v4-plan", "UP2KYO", 4, 5, b"20250321");
    assert_eq!(found(&other_day), ["unit.key-not-in-base@4"]);
}

#[test]
fn who_sends_what_to_whom_follows_the_table_of_roles() {
    let same = renamed("v4-withdraw-month", "2770200036", "2770100012");
    assert_eq!(found(&same), ["name.same-office"]);
    let to_service = renamed("v4-jisseki", "2770100012_43", "2770100012_15");
    assert_eq!(found(&to_service), ["name.role"]);
    let from_service = renamed("v4-withdraw-month", "2770100012_43", "2770100012_15");
    assert_eq!(found(&from_service), ["name.role"]);
    let between_planners = renamed("v4-withdraw-month", "2770200036_11", "2770200036_43");
    assert_eq!(found(&between_planners), ["?name.unusual-role"]);
    let to_the_centre = renamed("v4-slip", "2770200036_11", "2770200036_46");
    assert_eq!(found(&to_the_centre), [""; 0]);
    let sent_on =
        renamed("v4-jisseki", "2770200036_11_2770100012_43", "2770100012_43_2700100021_46");
    assert_eq!(found(&sent_on), [""; 0], "a 委託先居宅 sends on what others provided");
}

#[test]
fn rows_of_a_person_concern_both_sides() {
    let strangers = with_item("v4-jisseki", "UPJSK", 2, 20, b"2770300042");
    assert_eq!(found(&strangers), ["results.other-office@2.20"]);
    let plain = with_item("v3-jisseki", "UPJSK", 2, 17, b"2770300042");
    assert_eq!(found(&plain), ["?results.other-office-v3@2.17"]);
    let elsewhere = renamed("v4-slip", "2770200036_11", "2770400059_17");
    let not_for = "slip.not-for-destination";
    assert_eq!(found(&elsewhere), [format!("{not_for}@1"), format!("{not_for}@12")]);
    let other_kind = renamed("v4-slip", "2770200036_11", "2770200036_13");
    let not_for = "?slip.not-for-destination-kind";
    assert_eq!(found(&other_kind), [format!("{not_for}@1"), format!("{not_for}@12")]);
    let elsewhere = renamed("v3-slip", "2770200036", "2770400059");
    let not_for = "?slip.not-for-destination-v3";
    assert_eq!(found(&elsewhere), [format!("{not_for}@1"), format!("{not_for}@10")]);
}

#[test]
fn the_annex_has_its_totals() {
    let without = |record: usize| {
        let mut files = sample("v4-slip");
        let annex = files.iter_mut().find(|(name, _)| name.starts_with("UPSIKYU")).expect("it");
        let lines: Vec<Vec<u8>> =
            annex.1.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
        let (before, after) = (&lines[..record - 1], &lines[record..]);
        annex.1 = [before.concat(), after.concat()].concat();
        found(&files)
    };
    assert_eq!(without(5), ["annex.total-missing@1"]);
    assert_eq!(without(4), ["annex.subtotal-missing@1"]);
    assert_eq!(without(2), [""; 0], "sums are not the matter of this rule");
}

#[test]
fn a_version_before_its_first_month_warns() {
    let mut early = renamed("v4-withdraw-month", "202504", "202503");
    early[0].1 = b"202407,271004,0000201001,202503\r\n".to_vec();
    assert_eq!(found(&early), ["?version.before-service-month"]);
}

#[test]
fn a_picture_is_a_jpeg() {
    let mut files = sample("v4-prevention-record");
    let picture = files.iter_mut().find(|(name, _)| name.ends_with(".jpg")).expect("a picture");
    picture.1 = b"\x89PNG\r\n".to_vec();
    assert_eq!(found(&files), ["image.not-jpeg"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

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
