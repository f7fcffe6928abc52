//! Software that knows 3.2 alone reads and writes 3.2 alone, and says so.

use std::path::Path;

use care_software::{
    CareSoftware, Cast, Edition, ExportOrder, OutFile, PlanOrder, Rates, ReceivedFile,
    SoftwareError, What, home::install,
};
use careplan_standard::{Lang, Month};

const HELPERS: &str = "2770200036";
const OLD: &str = "202208";
const NEW: &str = "202407";

fn may() -> Month {
    Month::new(2025, 5).expect("May exists")
}

/// The care manager's software, of an edition, with 予定 for May.
fn manager(dir: &Path, edition: &str) -> CareSoftware {
    let home = dir.join("manager");
    install(&home, Edition::up_to(edition).expect("is a version")).expect("writes");
    let order = PlanOrder { month: may(), people: 8, seed: 1, cast: Cast::default() };
    CareSoftware::plan(&home, &order).expect("the default cast can be planned with").0
}

fn order(what: What, version: Option<&str>) -> ExportOrder {
    ExportOrder {
        what,
        month: None,
        version: version.map(str::to_owned),
        sequence: "20250428171502".parse().expect("fourteen digits"),
        to: (what == What::Slip).then(|| HELPERS.parse().expect("an office")),
    }
}

fn written(software: &CareSoftware, order: &ExportOrder) -> Vec<ReceivedFile> {
    let sendings = software.export(order).expect("there is something to write");
    let of =
        |file: &OutFile| ReceivedFile { name: file.name.to_string(), bytes: file.bytes.clone() };
    sendings[0].files.iter().map(of).collect()
}

fn version_of(files: &[ReceivedFile]) -> String {
    String::from_utf8_lossy(&files[0].bytes[..6]).into_owned()
}

#[test]
fn software_of_3_2_writes_3_2_for_any_month_and_nothing_newer() {
    let dir = tempfile::tempdir().expect("a folder");
    let software = manager(dir.path(), "3.2");
    assert_eq!(version_of(&written(&software, &order(What::Slip, None))), OLD);
    let error = software.export(&order(What::Slip, Some(NEW))).expect_err("it knows no 4.1");
    assert!(matches!(error, SoftwareError::NotWritten { .. }), "{error}");
    assert!(!error.is_refusal(), "the call is wrong, no file is");
}

#[test]
fn software_of_3_2_refuses_4_1_by_name_and_keeps_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let files = written(&manager(dir.path(), "4.1"), &order(What::Slip, None));
    assert_eq!(version_of(&files), NEW);
    let home = dir.path().join("helpers");
    install(&home, Edition::up_to("3.2").expect("is a version")).expect("writes");
    let software = CareSoftware::service_office(&home, HELPERS.parse().expect("an office"));
    let software = software.expect("the folder can be made");
    let error = software.import(&files).expect_err("it knows no 4.1");
    assert!(error.is_refusal());
    for said in [files[0].name.as_str(), NEW, "3.2版"] {
        assert!(error.line(Lang::Ja).contains(said), "{error}");
    }
    assert!(software.home().kept().expect("the list reads").is_empty());
}

#[test]
fn software_of_4_1_takes_both_and_answers_in_the_version_of_the_plan() {
    for version in [OLD, NEW] {
        let dir = tempfile::tempdir().expect("a folder");
        let files = written(&manager(dir.path(), "4.1"), &order(What::Slip, Some(version)));
        let home = dir.path().join("helpers");
        let software = CareSoftware::service_office(&home, HELPERS.parse().expect("an office"));
        let software = software.expect("the folder can be made");
        software.import(&files).expect("it knows both");
        software.record(None, 1, Rates::NONE).expect("there is a plan");
        assert_eq!(version_of(&written(&software, &order(What::Results, None))), version);
    }
}

#[test]
fn an_edition_that_the_standard_does_not_have_is_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let software = manager(dir.path(), "4.1");
    let file = dir.path().join("manager").join("edition.json");
    std::fs::write(file, "\"202410\"").expect("writes");
    let error = software.export(&order(What::Slip, None)).expect_err("no such version");
    assert!(matches!(error, SoftwareError::UnknownVersion { .. }), "{error}");
}
