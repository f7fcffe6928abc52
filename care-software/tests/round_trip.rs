//! 予定 go out, 実績 come back, and the reconciliation finds what was recorded, no more and no less.

use std::{collections::BTreeSet, fs, path::Path};

use care_software::{
    Amendment, CareSoftware, Cast, Change, Class, ExportOrder, PlanOrder, Rates, ReceivedFile,
    Sending, SoftwareError, What,
    home::{read_files, sha256, write_sendings},
};
use careplan_standard::{Month, OfficeNumber};
use tempfile::TempDir;

const HELPERS: &str = "2770200036";
const DAY_SERVICE: &str = "2770300042";
const LEASES: &str = "2770400059";

fn april() -> Month {
    Month::new(2025, 4).expect("April exists")
}

fn office(number: &str) -> OfficeNumber {
    number.parse().expect("an office number")
}

/// A care manager with plans for April, and a place for the offices around.
struct Town {
    dir: TempDir,
    manager: CareSoftware,
}

impl Town {
    fn new(seed: u64) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let order = PlanOrder { month: april(), people: 20, seed, cast: Cast::default() };
        let manager = CareSoftware::plan(&dir.path().join("manager"), &order)
            .expect("the default cast can be planned with")
            .0;
        Self { dir, manager }
    }

    fn service(&self, number: &str) -> CareSoftware {
        CareSoftware::service_office(&self.dir.path().join(number), office(number))
            .expect("a folder can be made")
    }

    /// 予定 to one office, as they are received there.
    fn slip(&self, to: &str, version: &str, sequence: &str) -> Vec<ReceivedFile> {
        let order = ExportOrder { to: Some(office(to)), ..order(What::Slip, version, sequence) };
        received(&self.manager.export(&order).expect("there is a plan")[0])
    }

    fn deliver_slip(&self, to: &str, version: &str) -> CareSoftware {
        let service = self.service(to);
        service.import(&self.slip(to, version, "20250328171502")).expect("it passes the check");
        service
    }
}

fn order(what: What, version: &str, sequence: &str) -> ExportOrder {
    ExportOrder {
        what,
        month: None,
        version: (!version.is_empty()).then(|| version.to_owned()),
        sequence: sequence.parse().expect("fourteen digits"),
        to: None,
    }
}

fn received(sending: &Sending) -> Vec<ReceivedFile> {
    let file = |file: &care_software::OutFile| ReceivedFile {
        name: file.name.to_string(),
        bytes: file.bytes.clone(),
    };
    sending.files.iter().map(file).collect()
}

fn results(service: &CareSoftware, version: &str, sequence: &str) -> Vec<ReceivedFile> {
    let order = order(What::Results, version, sequence);
    received(&service.export(&order).expect("something was provided")[0])
}

#[test]
fn the_reconciliation_finds_exactly_what_was_recorded() {
    use Class::{Added, AsPlanned, Cancelled, Changed};
    let rates = Rates { cancelled: 100, moved: 100, added: 60 };
    let mut seen = BTreeSet::new();
    for (seed, version) in (0..8).zip(["202407", "202208"].into_iter().cycle()) {
        let town = Town::new(seed);
        let mut expected = vec![];
        for number in [HELPERS, DAY_SERVICE, LEASES] {
            let service = town.deliver_slip(number, version);
            let recorded = service.record(None, seed, rates).expect("the plan is there");
            expected.extend(recorded.deviations);
            let files = results(&service, "", "20250501090000");
            town.manager.import(&files).expect("it passes the check");
        }
        let done = town.manager.reconcile(april()).expect("April is planned");
        let mut found: Vec<_> = done.deviations().cloned().collect();
        let key = |entry: &care_software::Entry| format!("{entry:?}");
        // V3 files carry no TAIS code, but leases never deviate: whole rows can be compared.
        found.sort_by_key(key);
        expected.sort_by_key(key);
        assert_eq!(found, expected, "seed {seed}, {version}");
        assert!(0 < done.count(AsPlanned));
        seen.extend(done.entries.iter().map(|entry| entry.class));
        assert!(done.waiting.is_empty(), "every office has answered");
    }
    assert_eq!(seen, BTreeSet::from([AsPlanned, Cancelled, Added, Changed(Change::TIME)]));
}

#[test]
fn results_can_be_written_in_another_version_than_the_plan() {
    let town = Town::new(2);
    let service = town.deliver_slip(HELPERS, "202407");
    service.record(None, 1, Rates::NONE).expect("the plan is there");
    let as_planned = results(&service, "", "20250501090000");
    assert!(as_planned[0].name.starts_with("UPJSK_202504_2770200036_11_2770100012_43_"));
    let other = results(&service, "202208", "20250501090000");
    assert!(other[0].name.starts_with("UPJSK_202504_2770200036_2770100012_"));
    town.manager.import(&other).expect("it passes the check");
    let done = town.manager.reconcile(april()).expect("April is planned");
    assert_eq!(done.deviations().count(), 0);
}

#[test]
fn until_an_office_answers_it_is_waited_for() {
    let town = Town::new(4);
    let before = town.manager.reconcile(april()).expect("April is planned");
    assert!(before.entries.is_empty());
    assert!(before.waiting.iter().any(|waiting| waiting.office == office(HELPERS)));
    let service = town.deliver_slip(HELPERS, "202407");
    service.record(None, 1, Rates::NONE).expect("the plan is there");
    town.manager.import(&results(&service, "", "20250501090000")).expect("it passes");
    let after = town.manager.reconcile(april()).expect("April is planned");
    assert!(after.waiting.iter().all(|waiting| waiting.office != office(HELPERS)));
    assert_eq!(after.count(Class::AsPlanned), after.entries.len());
}

#[test]
fn a_month_without_any_visit_cannot_be_exported_and_the_error_says_what_to_do() {
    // Among these are people who are visited twice on a day.
    for seed in 1..=5 {
        let town = Town::new(seed);
        let service = town.deliver_slip(HELPERS, "202407");
        let recorded = service.record(None, 1, Rates::NOBODY_CAME).expect("the plan is there");
        assert!(recorded.answers.iter().all(|answer| answer.rows.is_empty()), "{seed}");
        let refused = service.export(&order(What::Results, "", "20250501090000"));
        assert!(matches!(refused, Err(SoftwareError::NothingProvided { .. })), "{refused:?}");
    }
}

#[test]
fn where_nobody_came_there_was_no_stay_either() {
    let mut cast = Cast::default();
    let stay = care_software::Office {
        number: office("2770500061"),
        kind: "21".parse().expect("a kind"),
        name: "ショートステイ見本".to_owned(),
    };
    cast.services.push(stay.clone());
    let dir = tempfile::tempdir().expect("a temporary folder");
    let order_of = PlanOrder { month: april(), people: 3, seed: 5, cast };
    let (manager, plan) = CareSoftware::plan(&dir.path().join("m"), &order_of).expect("is planned");
    let day = |text: &str| text.parse().expect("a day");
    let (first, last) = (day("20250410"), day("20250420"));
    let amendment = Amendment::Stay { office: stay.clone(), first, last };
    manager.amend(april(), &plan.rows[0].person, &amendment).expect("it can be changed");
    let to = Some(stay.number);
    let slip = ExportOrder { to, ..order(What::Slip, "202407", "20250328171502") };
    let slip = received(&manager.export(&slip).expect("there is a plan")[0]);
    let service = CareSoftware::service_office(&dir.path().join("s"), stay.number);
    let service = service.expect("a folder can be made");
    service.import(&slip).expect("it passes the check");
    let nobody = service.record(None, 1, Rates::NOBODY_CAME).expect("it is planned");
    assert!(nobody.answers.iter().all(|answer| answer.rows.is_empty()));
    let rates = Rates { cancelled: 200, moved: 500, added: 500 };
    for seed in 0..8 {
        let recorded = service.record(None, seed, rates).expect("it is planned");
        let classes = recorded.deviations.iter().map(|entry| entry.class);
        assert!(classes.into_iter().all(|class| class == Class::Cancelled), "{seed}");
    }
}

#[test]
fn a_month_sent_again_replaces_the_earlier_one_in_whatever_order_it_arrives() {
    let town = Town::new(6);
    let service = town.deliver_slip(HELPERS, "202407");
    service.record(None, 1, Rates { cancelled: 500, ..Rates::NONE }).expect("it is planned");
    let first = results(&service, "", "20250501090000");
    service.record(None, 2, Rates::NONE).expect("it is planned");
    let second = results(&service, "", "20250502090000");
    town.manager.import(&second).expect("it passes");
    town.manager.import(&first).expect("it passes");
    let done = town.manager.reconcile(april()).expect("April is planned");
    assert_eq!(done.deviations().count(), 0, "the later sequence counts");
}

#[test]
fn what_two_senders_wrote_in_one_second_is_the_same_in_whatever_order_it_arrives() {
    let (town, mut neighbour) = (Town::new(6), Town::new(7));
    let mut cast = Cast::default();
    cast.manager.number = office("2770100020");
    let order = PlanOrder { month: april(), people: 20, seed: 7, cast };
    let planned = CareSoftware::plan(&neighbour.dir.path().join("other"), &order);
    neighbour.manager = planned.expect("can be planned with").0;
    let slips = [&town, &neighbour].map(|town| town.slip(HELPERS, "202407", "20250328171502"));
    let recorded = |slips: [&Vec<ReceivedFile>; 2]| {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let service = CareSoftware::service_office(dir.path(), office(HELPERS)).expect("is made");
        for slip in slips {
            service.import(slip).expect("it passes");
        }
        service.record(None, 1, Rates::default()).expect("it is planned")
    };
    assert_eq!(recorded([&slips[0], &slips[1]]), recorded([&slips[1], &slips[0]]));
}

#[test]
fn a_withdrawal_takes_away_a_persons_month_and_what_comes_later_brings_it_back() {
    let town = Town::new(3);
    let service = town.deliver_slip(HELPERS, "202407");
    let held = service.ledger().expect("it reads").planned;
    let person = held[0].row.person.clone();
    let theirs = |service: &CareSoftware| {
        let planned = service.ledger().expect("it reads").planned;
        planned.iter().filter(|held| held.row.person == person).count()
    };
    assert!(0 < theirs(&service));
    let withdrawal = ReceivedFile {
        name: "DLTPLAN_202504_2770100012_43_2770200036_11_20250329090000.CSV".to_owned(),
        bytes: format!("202407,{},{},202504\r\n", person.insurer, person.insured).into_bytes(),
    };
    service.import(&[withdrawal]).expect("it passes the check");
    assert_eq!(theirs(&service), 0);
    assert!(service.ledger().expect("it reads").planned.len() < held.len());
    service.import(&town.slip(HELPERS, "202407", "20250330090000")).expect("it passes");
    assert!(0 < theirs(&service));
}

#[test]
fn withdrawn_results_are_waited_for_again() {
    let town = Town::new(3);
    let service = town.deliver_slip(HELPERS, "202407");
    service.record(None, 1, Rates::NONE).expect("the plan is there");
    let files = results(&service, "", "20250501090000");
    town.manager.import(&files).expect("it passes");
    let people: BTreeSet<_> = town
        .manager
        .ledger()
        .expect("it reads")
        .provided
        .into_iter()
        .map(|held| held.row.person)
        .collect();
    let lines: String = people
        .iter()
        .map(|key| format!("202407,{},{},202504,{HELPERS},11\r\n", key.insurer, key.insured))
        .collect();
    let withdrawal = ReceivedFile {
        name: "DLTJSK_202504_2770200036_11_2770100012_43_20250502090000.CSV".to_owned(),
        bytes: lines.into_bytes(),
    };
    town.manager.import(&[withdrawal]).expect("it passes the check");
    let done = town.manager.reconcile(april()).expect("April is planned");
    assert!(done.entries.is_empty());
}

#[test]
fn what_is_kept_is_what_was_received_byte_for_byte() {
    let town = Town::new(5);
    let files = town.slip(HELPERS, "202407", "20250328171502");
    let service = town.service(HELPERS);
    let imported = service.import(&files).expect("it passes the check");
    assert_eq!(imported.files.len(), 3);
    for kept in &imported.files {
        let sent = files.iter().find(|file| file.name == kept.name).expect("it was sent");
        assert_eq!(kept.sha256, sha256(&sent.bytes));
        assert_eq!(service.home().read_kept(kept).expect("it is kept").bytes, sent.bytes);
    }
    assert!(service.ledger().expect("it reads").names.values().any(|name| name.contains('髙')));
}

#[test]
fn a_sending_that_breaks_the_standard_is_refused_whole() {
    let town = Town::new(5);
    let service = town.service(HELPERS);
    let mut files = town.slip(HELPERS, "202407", "20250328171502");
    let month = files[0].bytes.windows(7).position(|bytes| bytes == b",202504").expect("a month");
    files[0].bytes[month + 6] = b'5';
    let refused = service.import(&files);
    assert!(matches!(refused, Err(SoftwareError::Refused { .. })), "{refused:?}");
    assert!(service.home().kept().expect("it reads").is_empty());
}

#[test]
fn what_is_addressed_to_another_office_is_refused() {
    let town = Town::new(5);
    let service = town.service(DAY_SERVICE);
    let refused = service.import(&town.slip(HELPERS, "202407", "20250328171502"));
    assert!(matches!(refused, Err(SoftwareError::NotForUs { .. })), "{refused:?}");
    assert!(service.home().kept().expect("it reads").is_empty());
}

#[test]
fn each_office_does_only_its_own_part() {
    let town = Town::new(5);
    let service = town.deliver_slip(HELPERS, "202407");
    assert!(matches!(service.reconcile(april()), Err(SoftwareError::NotAManager)));
    let record = town.manager.record(None, 1, Rates::NONE);
    assert!(matches!(record, Err(SoftwareError::NotAServiceOffice)));
    let early = service.export(&order(What::Results, "", "20250501090000"));
    assert!(matches!(early, Err(SoftwareError::NotRecorded { .. })));
    let own_rows = service.record(None, 1, Rates::NONE).expect("the plan is there").answers;
    assert!(own_rows.iter().flat_map(|answer| &answer.rows).all(|row| row.kind() == "11"));
}

#[test]
fn each_destination_has_a_folder_and_a_folder_in_use_is_left_alone() {
    let town = Town::new(5);
    let out = town.dir.path().join("out");
    let sendings = town
        .manager
        .export(&order(What::Slip, "202407", "20250328171502"))
        .expect("there is a plan");
    let folders = write_sendings(&out, &sendings).expect("they can be written");
    assert_eq!(folders.len(), sendings.len());
    assert_eq!(names(&folders[0]), names_of(&sendings[0]));
    assert_eq!(read_files(&folders[..1]).expect("they read").len(), 3);
    assert!(write_sendings(&out, &sendings).is_err(), "the folders are no longer empty");
}

#[test]
fn recording_is_repeatable_by_its_seed() {
    let town = Town::new(5);
    let service = town.deliver_slip(HELPERS, "202407");
    let record = |seed| service.record(None, seed, Rates::default()).expect("it is planned");
    assert_eq!(record(1), record(1));
    assert_ne!(record(1), record(2));
}

#[test]
fn what_went_otherwise_is_told_in_order_of_date() {
    let town = Town::new(5);
    let service = town.deliver_slip(HELPERS, "202407");
    let rates = Rates { cancelled: 300, moved: 200, added: 200 };
    let deviations = service.record(None, 1, rates).expect("it is planned").deviations;
    let days = deviations.iter().filter_map(|entry| Some(entry.row()?.day));
    assert!(1 < deviations.len() && days.is_sorted(), "{deviations:?}");
}

/// A 予定 or 実績 of the samples, with its text changed, under another sequence.
fn sample(path: &str, sequence: &str, change: impl Fn(&str) -> String) -> ReceivedFile {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples").join(path);
    let name = path.file_name().expect("a file").to_string_lossy();
    let name = name.replace("20250428171502", sequence);
    // Each byte a character: what is changed is ASCII.
    let text: String = fs::read(&path).expect("it reads").into_iter().map(char::from).collect();
    let bytes = change(&text).chars().map(|c| u8::try_from(c).expect("a byte")).collect();
    ReceivedFile { name, bytes }
}

const RESULTS: &str = "v4-jisseki/UPJSK_202504_2770200036_11_2770100012_43_20250428171502.CSV";

#[test]
fn results_of_two_kinds_in_one_file_are_not_doubled_when_they_are_sent_again() {
    let town = Town::new(5);
    let two_kinds = |text: &str| text.replacen(",111111,", ",A21111,", 2);
    let held = || {
        let provided = town.manager.ledger().expect("it reads").provided;
        let kind = |held: &care_software::Held| held.row.kind().to_owned();
        provided.iter().map(kind).collect::<Vec<_>>()
    };
    town.manager.import(&[sample(RESULTS, "20250501090000", two_kinds)]).expect("it passes");
    let first = held();
    assert_eq!(first.iter().filter(|kind| *kind == "A2").count(), 2);
    town.manager.import(&[sample(RESULTS, "20250502090000", two_kinds)]).expect("it passes");
    assert_eq!(held(), first);
    town.manager.import(&[sample(RESULTS, "20250503090000", str::to_owned)]).expect("it passes");
    assert_eq!(held(), vec!["11"; first.len()], "the correction has no A2 any more");
}

#[test]
fn a_version_that_the_check_takes_for_another_is_read_as_the_other() {
    let town = Town::new(5);
    let printed = |text: &str| text.replace("202407,", "202404,");
    town.manager.import(&[sample(RESULTS, "20250501090000", printed)]).expect("it passes");
    let provided = town.manager.ledger().expect("it reads").provided;
    assert!(!provided.is_empty());
    assert!(provided.iter().all(|held| held.version == "202407"));
}

#[test]
fn a_row_whose_day_is_only_a_month_is_left_out_and_said_so() {
    let town = Town::new(5);
    let whole = sample(RESULTS, "20250501090000", str::to_owned);
    town.manager.import(&[whole]).expect("it passes");
    let before = town.manager.ledger().expect("it reads").provided.len();
    let month_only = |text: &str| text.replacen(",20250408,", ",202504,", 1);
    let sent = sample(RESULTS, "20250502090000", month_only);
    let imported = town.manager.import(&[sent]).expect("the check only warns");
    let [left_out] = &imported.left_out[..] else { panic!("{:?}", imported.left_out) };
    assert_eq!((left_out.record, left_out.item), (2, "サービス利用日"));
    assert!(left_out.line(careplan_standard::Lang::Ja).contains("2件目は「サービス利用日」"));
    let ledger = town.manager.ledger().expect("it reads");
    assert_eq!(ledger.provided.len(), before - 1, "the month was sent again, without that row");
    assert_eq!(ledger.left_out, imported.left_out);
}

fn names(dir: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(dir).expect("the folder is there");
    entries.map(|entry| entry.expect("it lists").file_name().to_string_lossy().into()).collect()
}

fn names_of(sending: &Sending) -> BTreeSet<String> {
    sending.files.iter().map(|file| file.name.to_string()).collect()
}
