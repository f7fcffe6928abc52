//! Conversion, from outside: the samples in the other version and back, and what is said about it.

mod properties;
#[path = "../samples/mod.rs"]
mod samples;

use std::collections::BTreeMap;

use samples::{Files, sample};

use careplan_standard::{
    FileName, SendingFile, ServiceKind, Severity, Standard, Verdict, check_sending,
    convert::{Conversion, Note, NoteClass, NoteKind, Order, Refused, convert},
};

fn order(to: &str) -> Order<'static> {
    let to = Standard::bundled().version(to).expect("a version");
    Order { to, from_kind: None, to_kind: None, adds_table3: false }
}

/// With the kinds of both sides.
fn order_with(to: &str, from_kind: &str, to_kind: &str) -> Order<'static> {
    let kind = |code: &str| -> Option<ServiceKind> { code.parse().ok() };
    Order { from_kind: kind(from_kind), to_kind: kind(to_kind), ..order(to) }
}

fn run(standard: &Standard, files: &Files, order: &Order<'_>) -> Result<Conversion, Refused> {
    let files: Vec<_> = files.iter().map(|(name, bytes)| SendingFile { name, bytes }).collect();
    convert(standard, &files, order)
}

#[track_caller]
fn converted(files: &Files, order: &Order<'_>) -> Conversion {
    run(Standard::bundled(), files, order).expect("it can be converted")
}

#[track_caller]
fn refused(files: &Files, order: &Order<'_>) -> Refused {
    run(Standard::bundled(), files, order).expect_err("it is refused")
}

fn files_of(conversion: &Conversion) -> Files {
    conversion.files.iter().map(|file| (file.name.clone(), file.bytes.clone())).collect()
}

fn words(notes: &[Note]) -> BTreeMap<&'static str, usize> {
    let mut words = BTreeMap::new();
    for note in notes {
        *words.entry(note.kind.word()).or_insert(0) += 1;
    }
    words
}

fn with(mut files: Files, prefix: &str, change: impl Fn(&str) -> String) -> Files {
    let file = files.iter_mut().find(|(name, _)| name.starts_with(prefix)).expect("the file");
    let text = careplan_standard::ms932::decode(&file.1).expect("MS932");
    file.1 = careplan_standard::ms932::encode(&change(&text)).expect("MS932");
    files
}

#[test]
fn a_slip_of_4_1_becomes_one_of_3_2_that_passes_the_check() {
    let done = converted(&sample("v4-slip"), &order("202208"));
    assert!(done.is_complete());
    assert_eq!(words(&done.notes), BTreeMap::from([("kinds-lost", 1)]));
    let names: Vec<_> = done.files.iter().map(|file| file.name.as_str()).collect();
    assert!(names.contains(&"UPPLAN_202504_2770100012_2770200036_20250428171502.CSV"), "{names:?}");
    // The rows of another writer, in 3.2, but for the service that only the 4.1 sample has.
    let other = sample("v3-slip");
    for file in &done.files {
        let other = &other.iter().find(|(name, _)| *name == file.name).expect("the same name").1;
        let lines: Vec<&[u8]> = file.bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let is_written = |line: &&[u8]| lines.contains(line);
        let totals = |line: &&[u8]| line.windows(6).any(|six| six == b"999999");
        let mut theirs = other.split_inclusive(|byte| *byte == b'\n');
        assert!(theirs.all(|line| is_written(&line) || totals(&line)), "{}", file.name);
    }
}

#[test]
fn every_value_that_3_2_has_no_item_for_is_named() {
    let done = converted(&sample("v4-slip-equipment"), &order("202208"));
    let lost: Vec<_> = done.notes.iter().filter(|n| n.kind == NoteKind::ValueLost).collect();
    // Two people with two handrails each: code and name, in 第6表 and in 第7表.
    assert_eq!(lost.len(), 16);
    let first = lost[0];
    let file = first.place.file.as_deref().expect("a file");
    assert!(file.starts_with("UPPLAN_") && file.contains("_17_"), "the name as it was: {file}");
    assert_eq!((first.place.record, first.place.item), (Some(10), Some(16)));
    assert_eq!(first.item_name.as_deref(), Some("TAISコード"));
    assert_eq!((first.value.as_str(), lost[1].value.as_str()), ("00001-000010", "手すり　AB-1"));
    assert_eq!(done.count(NoteClass::Lost), 17);
    assert!(done.is_complete(), "3.2 does not want what it cannot say");
}

#[test]
fn table_3_is_left_out_of_3_2_and_said_so() {
    let done = converted(&sample("v4-plan"), &order("202208"));
    assert_eq!(words(&done.notes), BTreeMap::from([("file-lost", 1), ("kinds-lost", 1)]));
    assert_eq!(done.files.len(), 3);
    let lost = done.notes.iter().find(|note| note.kind == NoteKind::FileLost).expect("a note");
    assert_eq!(lost.value, "居宅サービス計画書 第3表");
    assert!(done.is_complete());
}

#[test]
fn what_3_2_does_not_have_at_all_is_refused() {
    for folder in ["v4-prevention-record", "v4-prevention-plan"] {
        let refused = refused(&sample(folder), &order("202208"));
        assert_eq!(words(&refused.notes), BTreeMap::from([("nothing-left", 1)]), "{folder}");
    }
    // Beside a slip it is left out, by name.
    let mut both = sample("v4-slip");
    both.extend(sample("v4-prevention-plan"));
    let done = converted(&both, &order("202208"));
    assert_eq!((done.files.len(), done.count(NoteClass::Lost)), (3, 3));
}

#[test]
fn a_slip_of_3_2_needs_the_senders_kind_and_says_the_receivers_itself() {
    let refused = refused(&sample("v3-slip"), &order("202407"));
    assert_eq!(words(&refused.notes), BTreeMap::from([("from-kind-needed", 1)]));
    assert_eq!(refused.notes[0].value, "2770100012");
    let done = converted(&sample("v3-slip"), &order_with("202407", "43", ""));
    assert!(done.is_complete(), "{:?}", done.check.findings);
    assert_eq!(words(&done.notes), BTreeMap::from([("kind-from-rows", 1), ("kind-given", 1)]));
    let name = FileName::parse(&done.files[1].name).expect("a name");
    assert_eq!(name.to_string(), "UPPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV");
}

#[test]
fn results_of_3_2_say_the_senders_kind_themselves() {
    let refused = refused(&sample("v3-jisseki"), &order("202407"));
    assert_eq!(words(&refused.notes), BTreeMap::from([("to-kind-needed", 1)]));
    let done = converted(&sample("v3-jisseki"), &order_with("202407", "", "43"));
    assert_eq!(files_of(&done), sample("v4-jisseki"), "as another writer wrote it");
}

#[test]
fn rows_of_two_kinds_or_of_another_office_do_not_say_the_senders_kind() {
    for (old, new) in [(",111111,", ",151111,"), (",2770200036,", ",2770300042,")] {
        let files = with(sample("v3-jisseki"), "UPJSK", |text| text.replacen(old, new, 1));
        let refused = refused(&files, &order_with("202407", "", "43"));
        assert_eq!(words(&refused.notes), BTreeMap::from([("from-kind-needed", 1)]), "{new}");
    }
}

#[test]
fn a_withdrawal_of_results_says_the_senders_kind_in_its_rows() {
    let name = "DLTJSK_202504_2770200036_2770100012_20250428171502.CSV".to_owned();
    let bytes = b"202208,271004,0000201001,202504,2770200036,11\r\n".to_vec();
    let done = converted(&vec![(name, bytes)], &order_with("202407", "", "43"));
    assert_eq!(done.files[0].name, "DLTJSK_202504_2770200036_11_2770100012_43_20250428171502.CSV");
    assert!(done.is_complete());
}

#[test]
fn a_plan_of_3_2_lacks_table_3_unless_one_is_asked_for() {
    let order = order_with("202407", "43", "11");
    let done = converted(&sample("v3-plan"), &order);
    assert!(!done.is_complete() && done.files.len() == 3);
    assert_eq!(done.count(NoteClass::Needed), 1);
    assert!(done.check.findings.iter().any(|found| found.rule.id == "unit.member-missing"));
    let done = converted(&sample("v3-plan"), &Order { adds_table3: true, ..order });
    assert!(done.is_complete(), "{:?}", done.check.findings);
    let added = done.files.last().expect("the added file");
    assert_eq!(added.name, "UP3KYO_2770100012_43_2770200036_11_20250428171502.CSV");
    assert_eq!(
        added.bytes.len(),
        "202407,271004,0000201001,20250320,20250320,,,,,,,,\r\n".len() * 2
    );
    assert_eq!(done.notes.iter().filter(|n| n.kind == NoteKind::Table3Added).count(), 1);
}

#[test]
fn rows_of_equipment_are_incomplete_in_4_1_and_each_is_named() {
    let old = files_of(&converted(&sample("v4-slip-equipment"), &order("202208")));
    let done = converted(&old, &order_with("202407", "43", ""));
    assert!(!done.is_complete(), "the codes are not invented");
    let needed: Vec<_> =
        done.notes.iter().filter(|note| note.kind == NoteKind::EquipmentCodeNeeded).collect();
    let places: Vec<_> = needed.iter().map(|note| note.place.record).collect();
    // 第6表 of both people, then 第7表 without its subtotals.
    assert_eq!(places, [10, 11, 21, 22, 3, 4, 9, 10].map(Some));
    assert_eq!(done.check.verdict(), Verdict::Fail);
}

#[test]
fn a_count_of_three_digits_does_not_fit_3_2_and_nothing_is_converted() {
    let annex = |count: &str| {
        with(sample("v4-slip"), "UPSIKYU", |text| {
            text.replacen(",,,4,976,", &format!(",,,{count},976,"), 1)
        })
    };
    let refused = refused(&annex("100"), &order("202208"));
    let [note] = &refused.notes[..] else { panic!("{refused:?}") };
    assert_eq!((note.kind, note.value.as_str()), (NoteKind::DoesNotFit, "100"));
    assert_eq!((note.place.record, note.place.item), (Some(1), Some(16)));
    let done = converted(&annex("004"), &order("202208"));
    assert_eq!(words(&done.notes), BTreeMap::from([("kinds-lost", 1), ("zeros-dropped", 1)]));
}

#[test]
fn what_cannot_be_read_is_refused_with_what_the_check_found() {
    let sound = sample("v4-slip");
    let utf8 = refused(&sample("broken-utf8"), &order("202208"));
    assert!(utf8.findings.iter().any(|found| found.rule.id.starts_with("encoding.")), "{utf8:?}");
    let broken: [fn(&str) -> String; 4] = [
        |text| text.replacen(",,", ",", 1),
        |text| text.replacen("202407", "202408", 1),
        |text| text.replacen('"', "x\"", 1),
        |_| String::new(),
    ];
    for change in broken {
        let refused = refused(&with(sound.clone(), "UPPLAN", change), &order("202208"));
        assert_eq!(words(&refused.notes), BTreeMap::from([("unreadable", 1)]));
        assert!(!refused.findings.is_empty());
        assert!(refused.findings.iter().all(|found| found.severity == Severity::Error));
    }
    let mut misnamed = sound;
    misnamed[0].0 = "UPHOSOKU_202504_2770100012.CSV".to_owned();
    assert_eq!(refused(&misnamed, &order("202208")).notes[0].kind, NoteKind::Unreadable);
}

#[test]
fn a_value_that_both_versions_forbid_is_carried_over_and_found() {
    let done = converted(&sample("broken-service-kind"), &order("202208"));
    assert!(!done.is_complete());
    assert!(done.check.findings.iter().any(|f| f.rule.id == "item.service-kind-not-carried"));
}

#[test]
fn files_that_are_there_already_and_attachments_come_out_as_they_went_in() {
    let mut files = sample("v4-slip");
    files.push(("見学の案内.pdf".to_owned(), b"%PDF-1.7".to_vec()));
    let done = converted(&files, &order("202407"));
    assert_eq!(files_of(&done), files);
    assert!(done.notes.is_empty());
    let done = converted(&files, &order("202208"));
    assert_eq!(files_of(&done).last(), files.last());
    assert_eq!(done.files.last().and_then(|file| file.source), Some(3));
}

#[test]
fn small_letters_of_an_extension_stay() {
    let mut files = sample("v4-jisseki");
    files[0].0 = files[0].0.replace(".CSV", ".csv");
    let done = converted(&files, &order("202208"));
    assert_eq!(done.files[0].name, "UPJSK_202504_2770200036_2770100012_20250428171502.csv");
}

#[test]
fn two_services_of_one_office_cannot_have_one_name() {
    let mut files = sample("v4-jisseki");
    files.push((files[0].0.replace("_11_", "_15_"), files[0].1.clone()));
    let refused = refused(&files, &order("202208"));
    assert_eq!(words(&refused.notes), BTreeMap::from([("name-taken", 1)]));
}

#[test]
fn line_ends_are_put_right_and_said_so() {
    let files = with(sample("v4-jisseki"), "UPJSK", |text| text.replace("\r\n", "\n"));
    let done = converted(&files, &order("202208"));
    assert_eq!(words(&done.notes), BTreeMap::from([("kinds-lost", 1), ("tidied", 1)]));
    let lines = |bytes: &[u8]| bytes.windows(2).filter(|pair| *pair == b"\r\n").count();
    assert_eq!(lines(&done.files[0].bytes), 8);
}

/// The files under another 連番, and to another receiver.
fn another_unit(files: Files, receiver: &str) -> Files {
    let rename = |(name, bytes): (String, Vec<u8>)| {
        (name.replace("20250428171502", "20250428171503").replace("2770200036", receiver), bytes)
    };
    files.into_iter().map(rename).collect()
}

#[test]
fn each_unit_of_a_sending_has_its_own_kinds() {
    let mut files = sample("v3-slip");
    files.extend(another_unit(sample("v3-slip"), "2770300042"));
    let done = converted(&files, &order_with("202407", "43", ""));
    let kinds: BTreeMap<String, Option<ServiceKind>> = done
        .files
        .iter()
        .filter_map(|file| FileName::parse(&file.name).ok())
        .map(|name| (name.to.office.to_string(), name.to.kind))
        .collect();
    let kind = |code: &str| Some(code.parse::<ServiceKind>().expect("a kind"));
    let want = [("2770200036", kind("11")), ("2770300042", kind("15"))];
    assert_eq!(kinds, want.map(|(office, kind)| (office.to_owned(), kind)).into());
    assert_eq!(words(&done.notes), BTreeMap::from([("kind-from-rows", 2), ("kind-given", 2)]));
    assert!(done.is_complete(), "{:?}", done.check.findings);
}

#[test]
fn what_the_caller_says_outranks_the_rows_and_the_check_tells() {
    let done = converted(&sample("v3-slip"), &order_with("202407", "43", "15"));
    assert_eq!(words(&done.notes), BTreeMap::from([("kind-given", 2)]));
    assert!(done.files.iter().all(|file| file.name.contains("_2770200036_15_")));
    let rules: Vec<_> = done.check.findings.iter().map(|found| found.rule.id).collect();
    assert!(rules.contains(&"slip.not-for-destination-kind"), "{rules:?}");
}

#[test]
fn a_receiver_with_no_row_or_rows_of_two_kinds_has_to_be_named() {
    let centre = another_unit(sample("v3-slip"), "2700100021");
    let two = with(sample("v3-slip"), "UPPLAN", |text| text.replacen(",111111,", ",121111,", 1));
    for files in [centre, two] {
        let refused = refused(&files, &order_with("202407", "43", ""));
        assert_eq!(words(&refused.notes), BTreeMap::from([("to-kind-needed", 1)]));
        assert!(run(Standard::bundled(), &files, &order_with("202407", "43", "46")).is_ok());
    }
}

#[test]
fn withdrawals_go_both_ways() {
    let done = converted(&sample("v4-withdraw-month"), &order("202208"));
    let old = files_of(&done);
    assert_eq!(old[0].0, "DLTPLAN_202504_2770100012_2770200036_20250428171502.CSV");
    assert!(old[0].1.starts_with(b"202208,271004,0000201001,"));
    assert_eq!(refused(&old, &order("202407")).notes.len(), 2, "nothing in it says a kind");
    let back = converted(&old, &order_with("202407", "43", "11"));
    assert_eq!(files_of(&back), sample("v4-withdraw-month"));
}

#[test]
fn offices_of_municipal_services_keep_their_letter() {
    let rename =
        |(name, bytes): (String, Vec<u8>)| (name.replace("2770200036", "27A0200036"), bytes);
    let files: Files = sample("v3-jisseki").into_iter().map(rename).collect();
    let files = with(files, "UPJSK", |text| {
        text.replace("2770200036", "27A0200036").replace(",111111,", ",A21111,")
    });
    let done = converted(&files, &order_with("202407", "", "46"));
    assert_eq!(done.files[0].name, "UPJSK_202504_27A0200036_A2_2770100012_46_20250428171502.CSV");
    assert!(done.is_complete(), "{:?}", done.check.findings);
}

#[test]
fn a_version_before_its_month_is_converted_and_the_check_warns() {
    let earlier = |text: &str| text.replace("202504", "202404");
    let files: Files = sample("v3-jisseki")
        .into_iter()
        .map(|(name, bytes)| (name.replacen("_202504_", "_202404_", 1), bytes))
        .collect();
    let done = converted(&with(files, "UPJSK", earlier), &order_with("202407", "", "43"));
    assert!(done.is_complete());
    let rules: Vec<_> = done.check.findings.iter().map(|found| found.rule.id).collect();
    assert_eq!(rules, ["version.before-service-month"]);
}

#[test]
fn all_reasons_are_told_at_once() {
    let mut files = with(sample("v4-slip"), "UPSIKYU", |text| {
        text.replace(",,,4,976,", ",,,100,976,").replace(",,,5,3290,", ",,,105,3290,")
    });
    files.extend(another_unit(sample("v4-plan"), "2770200036"));
    let refused = refused(&files, &order("202208"));
    assert_eq!(words(&refused.notes), BTreeMap::from([("does-not-fit", 4)]));
    let places: Vec<_> = refused.notes.iter().map(|note| note.place.record).collect();
    assert_eq!(places, [1, 2, 6, 7].map(Some));
}

#[test]
fn a_sending_of_attachments_alone_has_nothing_to_convert() {
    let files = vec![("連絡.txt".to_owned(), b"8\x8c\x8e".to_vec())];
    let refused = refused(&files, &order("202208"));
    assert_eq!(words(&refused.notes), BTreeMap::from([("nothing-left", 1)]));
    assert_eq!(refused.notes[0].value, "3.2");
}

/// A standard of two versions: items in another order, one of them gone, and pictures in both.
fn invented() -> Standard {
    const HEAD: &str = "no\tname\tlength\trequired\tkind\tvalues\n";
    let old = format!(
        "{HEAD}1\tCSVバージョン\t6\tY\tyyyymm\t\n2\t保険者番号\t6\tY\tinsurer\t\n3\t時刻\t4\tN\thhmm\t\n4\t時刻\t4\tN\thhmm\t\n5\t好物\t-\tN\ttext\t\n6\t写真\t-\tN\timage_name\t\n"
    );
    let new = format!(
        "{HEAD}1\tCSVバージョン\t6\tY\tyyyymm\t\n2\t写真\t-\tN\timage_name\t\n3\t時刻\t4\tN\thhmm\t\n4\t保険者番号\t6\tY\tinsurer\t\n5\t時刻\t4\tN\thhmm\t\n"
    );
    let units = "unit\tmust\twanted\tmay\nperson-record\tUPKIHON\t\tUPKIHON_IMAGE\n";
    Standard::from_tables(&[
        (
            "versions.tsv",
            "value\tlabel\tnames\tsince\n203004\t9.0\twith-kinds\t203004\n203104\t9.1\tplain\t203104\n",
        ),
        ("203004/units.tsv", units),
        ("203104/units.tsv", units),
        ("203004/UPKIHON.tsv", &old),
        ("203104/UPKIHON.tsv", &new),
    ])
    .expect("the tables are sound")
}

#[test]
fn invented_versions_are_converted_by_the_names_of_their_items() {
    let standard = invented();
    let picture = "UPKIHON_IMAGE_2700100021_46_2770100012_43_20300428171502_0001.jpg";
    let row = format!("203004,271004,0900,1030,\"りんご\",\"{picture}\"\r\n");
    let files = vec![
        (
            "UPKIHON_2700100021_46_2770100012_43_20300428171502.CSV".to_owned(),
            careplan_standard::ms932::encode(&row).expect("MS932"),
        ),
        (picture.to_owned(), b"\xFF\xD8\xFF\xE0 picture \xFF\xD9".to_vec()),
    ];
    let to = standard.version("203104").expect("there");
    let done =
        run(&standard, &files, &Order { to, ..order("202407") }).expect("it can be converted");
    let renamed = "UPKIHON_IMAGE_2700100021_2770100012_20300428171502_0001.jpg";
    let want = format!("203104,\"{renamed}\",0900,271004,1030\r\n");
    assert_eq!(String::from_utf8(done.files[0].bytes.clone()), Ok(want));
    assert_eq!((done.files[1].name.as_str(), &done.files[1].bytes), (renamed, &files[1].1));
    let want = [("kinds-lost", 1), ("picture-renamed", 1), ("value-lost", 1)];
    assert_eq!(words(&done.notes), BTreeMap::from(want));
}

#[test]
fn every_sample_that_can_be_converted_passes_or_says_what_it_needs() {
    for folder in ["v4-slip", "v4-jisseki", "v4-plan", "v4-withdraw-month", "v4-slip-equipment"] {
        let done = converted(&sample(folder), &order("202208"));
        assert_eq!(done.check.verdict(), Verdict::Pass, "{folder}: {:?}", done.check.findings);
        let files = files_of(&done);
        let files: Vec<_> = files.iter().map(|(name, bytes)| SendingFile { name, bytes }).collect();
        let check = check_sending(Standard::bundled(), &files);
        assert!(check.units.iter().all(|unit| unit.version.as_deref() == Some("202208")));
    }
}
