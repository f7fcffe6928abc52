//! 送信単位: which files, which persons, which totals.

use super::*;

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
    assert_eq!(without("v4-prevention-record", "UPKIHON_IMAGE"), ["?picture.missing@1"]);
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
    assert_eq!(found(&files), ["?name.case-only-differs", "unit.member-twice"]);
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
    let other_day = with_item("v4-plan", "UP2KYO", 6, 5, b"20250321");
    assert_eq!(found(&other_day), ["unit.key-not-in-base@6"]);
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
    assert_eq!(without(2), ["?annex.sum-differs@4.18", "?unit.service-not-in-annex@5"]);
}
