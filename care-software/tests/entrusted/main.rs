//! 委託: papers go from the centre to the 委託先居宅 and on under its own name, 実績 come back with
//! the 予定 attached.

mod withdrawn;

use std::path::Path;

use care_software::{
    Amendment, CareSoftware, Cast, EntrustedMonth, Entrusting, ExportOrder, Office, Paper,
    PaperKind, PaperOrder, PaperWithdrawal, Papers, PlanOrder, PreventionOrder, Rates,
    ReceivedFile, Sending, SoftwareError, TakeOn, What, Writer,
};
use careplan_standard::{FileKind, Month, SendingFile, Standard, check_sending};
use tempfile::TempDir;

fn office(number: &str, kind: &str, name: &str) -> Office {
    Office {
        number: number.parse().expect("an office number"),
        kind: kind.parse().expect("a kind"),
        name: name.to_owned(),
    }
}

fn centre() -> Office {
    office("2700100021", "46", "北部地域包括支援センター")
}

fn entrusted() -> Office {
    office("2770100012", "43", "見本居宅介護支援センター")
}

fn helpers() -> Office {
    office("27A0200036", "A2", "見本町訪問型サービス")
}

fn day_service() -> Office {
    office("27A0300042", "A6", "見本町通所型サービス")
}

fn cast(manager: Office) -> Cast {
    Cast { manager, services: vec![helpers(), day_service()], ..Cast::default() }
}

fn april() -> Month {
    Month::new(2025, 4).expect("April exists")
}

/// The folders of everybody, and the 連番 of what goes out next.
struct Town {
    dir: TempDir,
    seconds: std::cell::Cell<u32>,
}

impl Town {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        Self { dir, seconds: std::cell::Cell::new(0) }
    }

    fn path(&self, of: &Office) -> std::path::PathBuf {
        self.dir.path().join(of.number.as_str())
    }

    fn sequence(&self) -> careplan_standard::Sequence {
        let second = self.seconds.get();
        self.seconds.set(second + 2);
        format!("202503281715{second:02}").parse().expect("fourteen digits")
    }

    /// A centre that entrusts five people, and plans for three itself.
    fn centre(&self, writer: Writer) -> CareSoftware {
        let order = PreventionOrder {
            month: april(),
            seed: 1,
            cast: cast(centre()),
            own: 3,
            entrusted: Some((5, Entrusting { to: entrusted(), writer })),
        };
        let made = CareSoftware::plan_prevention(&self.path(&centre()), &order);
        made.expect("the cast can be planned with").0
    }

    fn planner(&self) -> CareSoftware {
        CareSoftware::planning_office(&self.path(&entrusted()), entrusted().number).expect("a home")
    }

    fn service(&self, of: &Office) -> CareSoftware {
        CareSoftware::service_office(&self.path(of), of.number).expect("a home")
    }

    fn papers(&self, from: &CareSoftware, kind: PaperKind, to: &Office) -> Sending {
        let (sequence, to) = (self.sequence(), Some(to.number));
        let order = PaperOrder { kind, with_record: true, sequence, to };
        from.export_papers(&order).expect("there are papers").remove(0)
    }

    fn slip(&self, from: &CareSoftware, to: &Office) -> Sending {
        self.april_of(What::Slip, from, to)
    }

    fn results(&self, from: &CareSoftware, to: &Office) -> Sending {
        self.april_of(What::Results, from, to)
    }

    fn april_of(&self, what: What, from: &CareSoftware, to: &Office) -> Sending {
        let (month, sequence, to) = (Some(april()), self.sequence(), Some(to.number));
        let order = ExportOrder { what, month, version: None, sequence, to };
        from.export(&order).expect("there is something to send").remove(0)
    }

    /// The centre, the one whom it entrusted people to, and the helpers, who came as planned.
    fn recorded(&self) -> (CareSoftware, CareSoftware, CareSoftware) {
        let centre_home = self.centre(Writer::Centre);
        let sent = self.papers(&centre_home, PaperKind::PreventionPlan, &entrusted());
        deliver(&sent, &self.planner());
        let planner = self.take_on();
        let service = self.service(&helpers());
        deliver(&self.slip(&planner, &helpers()), &service);
        service.record(Some(april()), 1, Rates::NONE).expect("is planned");
        (centre_home, planner, service)
    }

    fn take_on(&self) -> CareSoftware {
        let planner = self.planner();
        let order = TakeOn { centre: centre(), month: april(), seed: 1, cast: cast(entrusted()) };
        planner.take_on(&order).expect("somebody is entrusted");
        planner
    }

    fn month_for_the_centre(&self, planner: &CareSoftware) -> Sending {
        let order = entrusted_month(self.sequence());
        planner.export_entrusted(&order).expect("something was provided")
    }
}

fn entrusted_month(sequence: careplan_standard::Sequence) -> EntrustedMonth {
    EntrustedMonth { centre: centre().number, month: april(), version: None, sequence }
}

fn received(sending: &Sending) -> Vec<ReceivedFile> {
    let file = |file: &care_software::OutFile| ReceivedFile {
        name: file.name.to_string(),
        bytes: file.bytes.clone(),
    };
    sending.files.iter().map(file).collect()
}

/// Imports what the check has nothing at all against.
fn deliver(sending: &Sending, to: &CareSoftware) {
    let files = received(sending);
    let lying: Vec<_> =
        files.iter().map(|file| SendingFile { name: &file.name, bytes: &file.bytes }).collect();
    let found = check_sending(Standard::bundled(), &lying).findings;
    let found: Vec<_> = found.iter().map(|it| (it.rule.id, &it.place, &it.found)).collect();
    assert!(found.is_empty(), "{found:?}");
    to.import(&files).expect("it passes the check");
}

fn held(software: &CareSoftware, kind: PaperKind) -> Vec<Paper> {
    software.papers().expect("papers can be read").of(kind).cloned().collect()
}

fn says_the_same(one: &Paper, other: &Paper) -> bool {
    one.content() == other.content() && one.picture == other.picture
}

#[test]
fn a_plan_of_the_centre_reaches_the_service_office_under_the_name_of_the_entrusted() {
    let town = Town::new();
    let centre = town.centre(Writer::Centre);
    let sent = town.papers(&centre, PaperKind::PreventionPlan, &entrusted());
    deliver(&sent, &town.planner());
    let planner = town.take_on();
    let on = town.papers(&planner, PaperKind::PreventionPlan, &helpers());
    assert!(on.files.iter().all(|file| file.name.from.office == entrusted().number));
    let service = town.service(&helpers());
    deliver(&on, &service);
    for kind in [PaperKind::PreventionPlan, PaperKind::PersonRecord] {
        let (first, last) = (held(&planner, kind), held(&service, kind));
        assert_eq!(first.len(), 5);
        assert!(!last.is_empty() && last.len() <= 5);
        for paper in &last {
            let written = first.iter().find(|it| it.person == paper.person).expect("is the same's");
            assert!(says_the_same(written, paper), "{kind:?}");
        }
    }
    let pictures = on.files.iter().filter(|file| file.name.kind == FileKind::PersonRecordImage);
    assert_eq!(pictures.count(), held(&service, PaperKind::PersonRecord).len());
}

#[test]
fn the_services_of_the_plan_are_those_of_the_month() {
    let town = Town::new();
    let centre_home = town.centre(Writer::Centre);
    let people = centre_home.home().people().expect("reads").expect("are there").clients;
    let sent = town.papers(&centre_home, PaperKind::PreventionPlan, &entrusted());
    deliver(&sent, &town.planner());
    let planner = town.take_on();
    let taken = planner.home().people().expect("reads").expect("are there").clients;
    assert_eq!(taken.len(), 5);
    for client in &taken {
        let original = people.iter().find(|it| it.person.key == client.person.key).expect("theirs");
        assert_eq!(client.care_plan.offices(), original.care_plan.offices());
        assert_eq!(client.person.care_level, original.person.care_level);
        assert_eq!(client.person.name, original.person.name);
        assert_eq!(client.person.birthday, original.person.birthday);
    }
    let again = town.take_on().home().people().expect("reads").expect("are there").clients;
    assert_eq!(taken, again, "taking on the same papers changes nothing");
}

#[test]
fn a_plan_of_the_entrusted_goes_to_service_office_and_centre() {
    let town = Town::new();
    let centre_home = town.centre(Writer::Entrusted);
    let nothing = centre_home.export_papers(&PaperOrder {
        kind: PaperKind::PreventionPlan,
        with_record: false,
        sequence: town.sequence(),
        to: Some(entrusted().number),
    });
    assert!(matches!(nothing, Err(SoftwareError::NoPapers)), "{nothing:?}");
    let person = centre_home.home().people().expect("reads").expect("are there").clients.remove(0);
    let withdrawal = PaperWithdrawal {
        kind: PaperKind::PreventionPlan,
        person: person.person.key,
        sequence: town.sequence(),
        to: entrusted().number,
    };
    let never_sent = centre_home.withdraw_paper(&withdrawal);
    assert!(matches!(never_sent, Err(SoftwareError::UnknownDestination(_))), "{never_sent:?}");
    let sent = town.papers(&centre_home, PaperKind::PersonRecord, &entrusted());
    deliver(&sent, &town.planner());
    let planner = town.take_on();
    let service = town.service(&day_service());
    deliver(&town.papers(&planner, PaperKind::PreventionPlan, &day_service()), &service);
    deliver(&town.papers(&planner, PaperKind::PreventionPlan, &centre()), &centre_home);
    let plans = held(&centre_home, PaperKind::PreventionPlan);
    assert_eq!(plans.len(), 5);
    for paper in held(&service, PaperKind::PreventionPlan) {
        assert!(
            plans.iter().any(|plan| plan.person == paper.person && says_the_same(plan, &paper))
        );
        assert_eq!(paper.text("計画作成者事業者・事業所名"), entrusted().name);
    }
}

#[test]
fn results_come_back_with_the_slip_and_the_centre_finds_what_was_recorded() {
    let town = Town::new();
    let centre_home = town.centre(Writer::Centre);
    let sent = town.papers(&centre_home, PaperKind::PreventionPlan, &entrusted());
    deliver(&sent, &town.planner());
    let planner = town.take_on();
    let mut expected = vec![];
    for office in [helpers(), day_service()] {
        let service = town.service(&office);
        deliver(&town.slip(&planner, &office), &service);
        deliver(&town.slip(&centre_home, &office), &service);
        let rates = Rates { cancelled: 200, moved: 200, added: 100 };
        let recorded = service.record(Some(april()), 3, rates).expect("is planned");
        expected.extend(recorded.deviations);
        deliver(&town.results(&service, &entrusted()), &planner);
        deliver(&town.results(&service, &centre()), &centre_home);
    }
    let before = centre_home.reconcile(april()).expect("is planned");
    assert!(before.deviations().count() < expected.len(), "the entrusted ones are not there yet");
    deliver(&town.month_for_the_centre(&planner), &centre_home);
    let mut found: Vec<_> =
        centre_home.reconcile(april()).expect("is planned").deviations().cloned().collect();
    let key = |entry: &care_software::Entry| format!("{entry:?}");
    found.sort_by_key(key);
    expected.sort_by_key(key);
    assert_eq!(found, expected);
    assert!(centre_home.astray().expect("reads").is_empty());
}

#[test]
fn who_has_no_slip_any_more_does_not_keep_the_others_from_the_centre() {
    let town = Town::new();
    let centre_home = town.centre(Writer::Centre);
    let sent = town.papers(&centre_home, PaperKind::PreventionPlan, &entrusted());
    deliver(&sent, &town.planner());
    let planner = town.take_on();
    let slip = town.slip(&planner, &helpers());
    let service = town.service(&helpers());
    deliver(&slip, &service);
    let recorded = service.record(Some(april()), 1, Rates::NONE).expect("is planned");
    deliver(&town.results(&service, &entrusted()), &planner);
    let stopped = recorded.answers[0].rows[0].person.clone();
    let stop = Amendment::StopFrom { day: 1 };
    planner.amend(april(), &stopped, &stop).expect("it can be changed");
    let month = town.month_for_the_centre(&planner);
    deliver(&month, &centre_home);
    let ledger = centre_home.ledger().expect("reads");
    assert!(ledger.planned.iter().all(|held| held.row.person != stopped));
    assert!(ledger.provided.iter().any(|held| held.row.person == stopped), "it was provided");
    for client in planner.home().people().expect("reads").expect("are there").clients {
        planner.amend(april(), &client.person.key, &stop).expect("it can be changed");
    }
    let order = entrusted_month(town.sequence());
    let nothing = planner.export_entrusted(&order);
    assert!(matches!(nothing, Err(SoftwareError::NoPlan { .. })), "{nothing:?}");
}

#[test]
fn taking_people_on_leaves_everybody_elses_month_as_it_is() {
    let town = Town::new();
    let centre_home = town.centre(Writer::Centre);
    let sent = town.papers(&centre_home, PaperKind::PreventionPlan, &entrusted());
    let mut cast = cast(entrusted());
    cast.services.extend(Cast::default().services);
    let order = PlanOrder { month: april(), people: 3, seed: 2, cast };
    let (planner, plan) = CareSoftware::plan(&town.path(&entrusted()), &order).expect("is planned");
    let own = plan.rows[0].person.clone();
    let changed = planner.amend(april(), &own, &Amendment::StopFrom { day: 16 }).expect("changes");
    deliver(&sent, &planner);
    let taken = town.take_on().home().plan(april()).expect("reads").expect("is planned");
    assert_eq!(taken.rows[..changed.rows.len()], changed.rows);
    assert!(changed.rows.len() < taken.rows.len(), "those who were taken on are planned");
    let again = town.take_on().home().plan(april()).expect("reads").expect("is planned");
    assert_eq!(again, taken);
}

#[test]
fn of_two_records_of_a_person_the_later_day_counts_in_whatever_order_they_arrive() {
    let town = Town::new();
    let centre_home = town.centre(Writer::Centre);
    let sent = received(&town.papers(&centre_home, PaperKind::PersonRecord, &entrusted()));
    let planner = town.planner();
    planner.import(&sent).expect("it passes the check");
    let record = held(&planner, PaperKind::PersonRecord).remove(0);
    let (day, sequence) = (record.text("相談日").to_owned(), record.sequence.as_str());
    let (earlier, later) = (format!("2020{}", &day[4..]), sequence.replacen("2025", "2026", 1));
    let changed = |file: &ReceivedFile| {
        let name = file.name.replace(sequence, &later);
        // Each byte a character: what is changed is ASCII.
        let text: String = file.bytes.iter().copied().map(char::from).collect();
        let text = text.replace(sequence, &later).replace(&day, &earlier);
        let bytes = text.chars().map(|c| u8::try_from(c).expect("a byte")).collect();
        ReceivedFile { name, bytes }
    };
    let older: Vec<ReceivedFile> = sent.iter().map(changed).collect();
    planner.import(&older).expect("it passes the check");
    assert_eq!(held(&planner, PaperKind::PersonRecord).len(), 6, "one of them has two");
    let taken = town.take_on().home().people().expect("reads").expect("are there").clients;
    assert_eq!(taken.len(), 5);
    let client = taken.iter().find(|client| client.person.key == record.person).expect("is there");
    let consulted = client.prevention.as_ref().map(|it| it.consulted_on.to_string());
    assert_eq!(consulted, Some(day));
}

#[test]
fn the_centres_month_shows_what_it_holds_of_the_entrusted_and_nothing_that_is_astray() {
    let town = Town::new();
    let (centre_home, planner, service) = town.recorded();
    let results = town.results(&service, &entrusted());
    let straight = received(&results).remove(0);
    let name = straight.name.replace("2770100012_43", "2700100021_46");
    let shown = |software: &CareSoftware| software.overview(april()).expect("reads").people;
    let before = shown(&centre_home);
    centre_home.import(&[ReceivedFile { name, ..straight }]).expect("it passes the check");
    assert_eq!(shown(&centre_home), before, "what is astray does not count");
    deliver(&results, &planner);
    deliver(&town.month_for_the_centre(&planner), &centre_home);
    let after = shown(&centre_home);
    for month in shown(&planner) {
        assert!(after.contains(&month), "{month:?}");
    }
    assert!(before.iter().all(|month| after.contains(month)), "its own people's are there, too");
}

#[test]
fn what_comes_past_the_entrusted_is_told_and_left_aside() {
    let town = Town::new();
    let (centre_home, _, service) = town.recorded();
    let straight = received(&town.results(&service, &entrusted())).remove(0);
    let name = straight.name.replace("2770100012_43", "2700100021_46");
    let straight = ReceivedFile { name, ..straight };
    centre_home.import(&[straight]).expect("the standard has nothing against it");
    let astray = centre_home.astray().expect("reads");
    assert!(!astray.is_empty());
    assert!(
        astray.iter().all(|it| (it.from, it.expected) == (helpers().number, entrusted().number))
    );
    let done = centre_home.reconcile(april()).expect("its own people are planned");
    assert!(done.entries.is_empty(), "nothing of it counts");
}

#[test]
fn papers_are_not_written_under_a_sequence_that_is_no_time() {
    let town = Town::new();
    let centre_home = town.centre(Writer::Centre);
    let sequence = "20251332000000".parse().expect("fourteen digits");
    let kind = PaperKind::PersonRecord;
    let order = PaperOrder { kind, with_record: false, sequence, to: None };
    let unreal = centre_home.export_papers(&order);
    assert!(matches!(unreal, Err(SoftwareError::BadSequence)), "{unreal:?}");
    let person = centre_home.home().people().expect("reads").expect("are there").clients.remove(0);
    let (person, to) = (person.person.key, entrusted().number);
    let unreal = centre_home.withdraw_paper(&PaperWithdrawal { kind, person, sequence, to });
    assert!(matches!(unreal, Err(SoftwareError::BadSequence)), "{unreal:?}");
}

#[test]
fn papers_are_the_same_in_whatever_order_they_arrive() {
    let town = Town::new();
    let centre_home = town.centre(Writer::Centre);
    let first = received(&town.papers(&centre_home, PaperKind::PreventionPlan, &entrusted()));
    let person = held_from(&first)[0].person.clone();
    let withdrawal = received(
        &centre_home
            .withdraw_paper(&PaperWithdrawal {
                kind: PaperKind::PreventionPlan,
                person,
                sequence: town.sequence(),
                to: entrusted().number,
            })
            .expect("is theirs"),
    );
    let again = received(&town.papers(&centre_home, PaperKind::PreventionPlan, &entrusted()));
    let units = [first, withdrawal, again];
    let orders = [[0, 1, 2], [2, 1, 0], [1, 2, 0]];
    let read = orders.map(|order| Papers::replay(&order.map(|at| units[at].clone()).concat()));
    let [one, two, three] = read.map(|papers| papers.expect("they can be read").all);
    assert_eq!(one.len(), 10, "what was sent again after the withdrawal is there again");
    assert!(one == two && two == three);
    let gone = Papers::replay(&units[..2].concat()).expect("they can be read");
    assert_eq!(gone.all.len(), 9);
}

fn held_from(files: &[ReceivedFile]) -> Vec<Paper> {
    let papers = Papers::replay(files).expect("they can be read");
    papers.of(PaperKind::PreventionPlan).cloned().collect()
}

#[test]
fn each_kind_of_the_towns_services_is_charged_as_the_town_has_it() {
    for (kind, rate, share) in
        [("A1", "90", ""), ("A3", "80", ""), ("A4", "", "300"), ("A7", "80", ""), ("A8", "", "300")]
    {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let service = office("27A0200036", kind, "見本町サービス");
        let cast = Cast { services: vec![service.clone()], ..cast(centre()) };
        let order = PreventionOrder { month: april(), seed: 2, cast, own: 1, entrusted: None };
        let centre_home =
            CareSoftware::plan_prevention(dir.path(), &order).expect("can be planned").0;
        let sending = Town::new().slip(&centre_home, &service);
        let annex = annex_lines(&sending, kind);
        assert!(!annex.is_empty());
        for line in annex {
            let is_assisted = rate == "90" && line[24] == "100";
            assert!(is_assisted || rate != "90" || ["90", "80", "70"].contains(&line[24].as_str()));
            assert!(rate == "90" || line[24] == rate, "{kind}: {line:?}");
            assert_eq!(line[26], share, "{kind}");
        }
        deliver(&sending, &service_home(dir.path(), &service));
    }
}

fn service_home(dir: &Path, of: &Office) -> CareSoftware {
    CareSoftware::service_office(&dir.join("service"), of.number).expect("a home")
}

/// The lines of 第7表 of one kind's services, by No less one.
fn annex_lines(sending: &Sending, kind: &str) -> Vec<Vec<String>> {
    let file = sending.files.iter().find(|file| file.name.kind == FileKind::SlipAnnex);
    let bytes = &file.expect("第7表 is there").bytes;
    let reading = careplan_standard::read_records(bytes);
    let records = reading.records().map(|record| {
        (1..=37).map(|no| record.field(no).map_or_else(String::new, |it| it.text())).collect()
    });
    let is_of_kind = |line: &Vec<String>| line[8].starts_with(kind) && !line[8].ends_with("AAAA");
    records.filter(is_of_kind).collect()
}
