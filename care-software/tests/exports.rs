//! What is exported passes the standard's check, in both versions, whatever the seed.

use std::{collections::BTreeMap, path::Path};

use care_software::{
    CareSoftware, Cast, ExportOrder, PlanOrder, Sending, SoftwareError, What, home::sha256,
};
use careplan_standard::{
    FileKind, Layout, Month, OfficeNumber, SendingFile, Standard, check_sending, read_records,
};

const VERSIONS: [&str; 2] = ["202407", "202208"];

fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

fn office(text: &str) -> OfficeNumber {
    text.parse().expect("an office number")
}

fn plan(dir: &Path, seed: u64, people: u32) -> CareSoftware {
    let order = PlanOrder { month: month("202504"), people, seed, cast: Cast::default() };
    CareSoftware::plan(dir, &order).expect("the default cast can be planned with").0
}

fn order(what: What, version: &str) -> ExportOrder {
    ExportOrder {
        what,
        month: None,
        version: Some(version.to_owned()),
        sequence: "20250328171502".parse().expect("fourteen digits"),
        to: None,
    }
}

fn exported(seed: u64, people: u32, what: What, version: &str) -> Vec<Sending> {
    let dir = tempfile::tempdir().expect("a temporary folder");
    plan(dir.path(), seed, people).export(&order(what, version)).expect("there is a plan")
}

/// What the check finds, in words; warnings, too: an export gives no cause for any.
fn found(sending: &Sending) -> Vec<String> {
    let names: Vec<String> = sending.files.iter().map(|file| file.name.to_string()).collect();
    let files: Vec<_> = names
        .iter()
        .zip(&sending.files)
        .map(|(name, file)| SendingFile { name, bytes: &file.bytes })
        .collect();
    let check = check_sending(Standard::bundled(), &files);
    let known = check.units.iter().all(|unit| unit.kind.is_some());
    assert!(known, "each unit is one of the standard's");
    let found = check.findings.iter();
    found.map(|finding| format!("{:?} {}", finding.place, finding.rule.id)).collect()
}

/// The records of a file, by the items' names.
fn records(sending: &Sending, kind: FileKind, version: &str) -> Vec<BTreeMap<String, String>> {
    let file = sending.files.iter().find(|file| file.name.kind == kind).expect("the file is there");
    let layout: &Layout = Standard::bundled()
        .version(version)
        .and_then(|version| version.layout(kind))
        .expect("the version has the layout");
    let reading = read_records(&file.bytes);
    let record = |record: careplan_standard::Record<'_>| {
        let named = layout
            .items
            .iter()
            .filter_map(|item| Some((item.name.clone(), record.field(item.no)?.text())));
        named.collect()
    };
    reading.records().map(record).collect()
}

fn number(record: &BTreeMap<String, String>, name: &str) -> u32 {
    record[name].parse().unwrap_or_else(|_| panic!("{name} is a number in {record:?}"))
}

#[test]
fn exports_of_many_seeds_pass_the_check_in_both_versions() {
    for seed in 0..10 {
        for version in VERSIONS {
            for what in [What::Plan, What::Slip] {
                for sending in exported(seed, 16, what, version) {
                    assert_eq!(found(&sending), [""; 0], "seed {seed}, {version}, {what:?}");
                }
            }
        }
    }
}

#[test]
fn units_and_money_of_table_7_add_up_to_the_rows_of_table_6() {
    for version in VERSIONS {
        for sending in exported(11, 40, What::Slip, version) {
            let mut units: BTreeMap<String, u32> = BTreeMap::new();
            for row in records(&sending, FileKind::Slip, version) {
                let person = units.entry(row["被保険者番号"].clone()).or_default();
                *person += number(&row, "単位数") * number(&row, "サービス回数");
            }
            let annex = records(&sending, FileKind::SlipAnnex, version);
            let totals = annex.iter().filter(|line| line["サービスコード"] == "999999");
            assert_eq!(totals.clone().count(), units.len(), "one total a person");
            for total in totals {
                assert_eq!(number(total, "給付管理単位数"), units[&total["被保険者番号"]]);
                let within = number(total, "区分支給限度基準内単位数");
                assert_eq!(number(total, "費用総額保険／事業対象分"), within * 10);
                assert_eq!(
                    number(total, "費用総額保険／事業対象分"),
                    number(total, "保険／事業費請求額")
                        + number(total, "利用者負担保険／事業対象分")
                );
            }
        }
    }
}

#[test]
fn every_service_of_a_person_goes_to_each_office_of_theirs_and_to_no_other() {
    let sendings = exported(5, 30, What::Slip, "202407");
    assert_eq!(sendings.len(), 3);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for sending in &sendings {
        let mut people: BTreeMap<String, Vec<BTreeMap<String, String>>> = BTreeMap::new();
        for row in records(sending, FileKind::Slip, "202407") {
            people.entry(row["被保険者番号"].clone()).or_default().push(row);
        }
        let to = sending.to.office.to_string();
        for (person, rows) in people {
            assert!(rows.iter().any(|row| row["サービス事業者コード"] == to), "{person}, {to}");
            let count = *seen.entry(person.clone()).or_insert(rows.len());
            assert_eq!(count, rows.len(), "{person} has the same rows whoever the file goes to");
        }
    }
}

#[test]
fn somebody_is_over_the_limit_and_pays_for_that_alone() {
    let sendings = exported(1, 20, What::Slip, "202407");
    let annex = records(&sendings[0], FileKind::SlipAnnex, "202407");
    let over = annex
        .iter()
        .filter(|line| line["サービスコード"] == "999999")
        .find(|line| 0 < number(line, "区分支給限度基準超単位数"))
        .expect("the third person is over the limit");
    let limit = number(over, "区分支給限度基準内単位数");
    assert!([16_765, 19_705, 27_048, 30_938, 36_217].contains(&limit), "{limit}");
    assert_eq!(
        number(over, "利用者負担（全額負担分）"),
        number(over, "区分支給限度基準超単位数") * 10
    );
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_other_bytes() {
    for what in [What::Plan, What::Slip] {
        assert_eq!(exported(7, 9, what, "202407"), exported(7, 9, what, "202407"));
        assert_ne!(exported(7, 9, what, "202407"), exported(8, 9, what, "202407"));
    }
}

#[test]
fn a_small_export_is_the_same_on_every_machine() {
    let digests: Vec<String> = [What::Plan, What::Slip]
        .into_iter()
        .flat_map(|what| VERSIONS.map(|version| exported(1, 8, what, version)))
        .map(|sendings| {
            let files = sendings.into_iter().flat_map(|sending| sending.files);
            sha256(&files.flat_map(|file| file.bytes).collect::<Vec<u8>>())
        })
        .collect();
    assert_eq!(digests, GOLDEN);
}

/// A change here changes the exports of every seed: say so in the changelog.
const GOLDEN: [&str; 4] = [
    "f5fe495e3fad7acda07dda2dfb201bb21a36611d4e2e20d5815b27c2f0ece2c7",
    "d7e41c617e8b4c44b02b489003226159c73304f3c13b277887b4d9004a212993",
    "1c25d7f906f7b41e3d07dac5bd99328e0a02f1203df9c19b61883b158312cd6d",
    "ea73170eebaf613b04e3491ab27732831251251ef792e4ac97616def34764485",
];

#[test]
fn names_with_rare_characters_survive() {
    let sendings = exported(2, 16, What::Slip, "202407");
    let names: Vec<String> = sendings
        .iter()
        .flat_map(|sending| records(sending, FileKind::Supplement, "202407"))
        .map(|record| record["利用者氏名"].clone())
        .collect();
    for rare in ["髙", "﨑", "①"] {
        assert!(names.iter().any(|name| name.contains(rare)), "{rare} in {names:?}");
    }
}

#[test]
fn v4_names_carry_the_kinds_and_v3_names_do_not() {
    let names = |version| {
        let sendings = exported(1, 5, What::Plan, version);
        sendings[0].files.iter().map(|file| file.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        names("202407"),
        [
            "UP1KYO_2770100012_43_2770300042_15_20250328171502.CSV",
            "UP2KYO_2770100012_43_2770300042_15_20250328171502.CSV",
            "UP3KYO_2770100012_43_2770300042_15_20250328171502.CSV",
            "UPHOSOKU_000000_2770100012_43_2770300042_15_20250328171502.CSV",
        ]
    );
    assert_eq!(
        names("202208"),
        [
            "UP1KYO_2770100012_2770300042_20250328171502.CSV",
            "UP2KYO_2770100012_2770300042_20250328171502.CSV",
            "UPHOSOKU_000000_2770100012_2770300042_20250328171502.CSV",
        ]
    );
}

#[test]
fn one_destination_can_be_asked_for_and_an_unknown_one_is_named() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let software = plan(dir.path(), 3, 12);
    let to = |number: &str| ExportOrder { to: Some(office(number)), ..order(What::Slip, "202407") };
    let one = software.export(&to("2770200036")).expect("the helper office has a part");
    assert_eq!(one.len(), 1);
    assert_eq!(one[0].to.to_string(), "2770200036_11");
    let nobody = software.export(&to("2779999999"));
    assert!(matches!(nobody, Err(SoftwareError::UnknownDestination(_))));
}

#[test]
fn the_next_month_keeps_the_people_and_more_can_join() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let software = plan(dir.path(), 3, 6);
    let before = software.home().people().expect("they read").expect("they are there").clients;
    let next = PlanOrder { month: month("202505"), people: 8, seed: 3, cast: Cast::default() };
    CareSoftware::plan(dir.path(), &next).expect("May can be planned");
    let after = software.home().people().expect("they read").expect("they are there").clients;
    assert_eq!(after[..6], before[..]);
    assert_eq!(after.len(), 8);
    let latest = software.export(&order(What::Slip, "202407")).expect("May is there");
    assert!(latest[0].files[0].name.to_string().starts_with("UPPLAN_202505_"));
}

#[test]
fn the_version_follows_the_month_unless_somebody_says_otherwise() {
    let version_in = |of: &str| {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let order_of = PlanOrder { month: month(of), people: 3, seed: 1, cast: Cast::default() };
        let (software, _) = CareSoftware::plan(dir.path(), &order_of).expect("it can be planned");
        let order = ExportOrder { version: None, ..order(What::Slip, "") };
        let sendings = software.export(&order).expect("there is a plan");
        sendings[0].to.kind.is_some()
    };
    assert!(version_in("202504"), "4.1 from April 2025");
    assert!(!version_in("202503"), "3.2 before");
}

#[test]
fn people_of_one_seed_are_not_planned_with_another() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let with = |seed, of| PlanOrder { month: month(of), people: 2, seed, cast: Cast::default() };
    CareSoftware::plan(dir.path(), &with(1, "202504")).expect("it can be planned");
    let refused = CareSoftware::plan(dir.path(), &with(2, "202505"));
    assert!(matches!(refused, Err(SoftwareError::OtherSeed { made_with: 1 })));
    CareSoftware::plan(dir.path(), &with(1, "202505")).expect("the next month of the same people");
}

#[test]
fn wrong_orders_are_refused_and_leave_nothing() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let with = |people, cast| PlanOrder { month: month("202504"), people, seed: 1, cast };
    for people in [0, 1000] {
        let refused = CareSoftware::plan(dir.path(), &with(people, Cast::default()));
        assert!(matches!(refused, Err(SoftwareError::BadPeople { most: 999 })));
    }
    let nobody = Cast { services: vec![], ..Cast::default() };
    let refused = CareSoftware::plan(dir.path(), &with(1, nobody));
    assert!(matches!(refused, Err(SoftwareError::BadCast(_))));
    assert!(CareSoftware::open(dir.path()).is_err());
    let software = plan(dir.path(), 1, 1);
    let unknown = software.export(&order(What::Slip, "202504"));
    assert!(matches!(unknown, Err(SoftwareError::UnknownVersion { .. })));
    let sequence = "20251332000000".parse().expect("fourteen digits");
    let unreal = software.export(&ExportOrder { sequence, ..order(What::Slip, "202407") });
    assert!(matches!(unreal, Err(SoftwareError::BadSequence)));
}
