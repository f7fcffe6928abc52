//! Months that change, are withdrawn and come out of order: what the software shows afterwards.

use std::path::Path;

use care_software::{
    Amendment, Base, CareSoftware, Cast, ExportOrder, MonthOverview, Office, OutFile, PersonKey,
    PersonMonth, PlanOrder, PreventionOrder, Rates, ReceivedFile, Sending, SoftwareError, What,
    WithdrawOrder, divide, home::Role,
};
use careplan_standard::{Lang, Month, OfficeNumber, Standard, Verdict, check_sending};
use tempfile::TempDir;

const HELPERS: &str = "2770200036";
const DAY_SERVICE: &str = "2770300042";

fn april() -> Month {
    Month::new(2025, 4).expect("April exists")
}

fn office(number: &str) -> OfficeNumber {
    number.parse().expect("an office number")
}

/// A care manager with plans for April, and one office of helpers.
struct Town {
    dir: TempDir,
    manager: CareSoftware,
    helpers: CareSoftware,
}

impl Town {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let (manager, _) = CareSoftware::plan(&dir.path().join("m"), &plan_order(april()))
            .expect("the default cast can be planned with");
        let helpers = service(dir.path(), HELPERS);
        Self { dir, manager, helpers }
    }

    /// The first person, who has a helper and a day service.
    fn person(&self) -> PersonKey {
        let people = self.manager.home().people().expect("it reads").expect("there are people");
        people.clients[0].person.key.clone()
    }

    fn amend(&self, amendment: &Amendment) {
        self.manager.amend(april(), &self.person(), amendment).expect("it can be changed");
    }

    fn export(&self, what: What, to: &str, sequence: &str) -> Vec<ReceivedFile> {
        let month = (what == What::Slip).then(april);
        let sequence = sequence.parse().expect("fourteen digits");
        let order = ExportOrder { what, month, version: None, sequence, to: Some(office(to)) };
        received(&self.manager.export(&order).expect("it is planned"))
    }

    fn withdraw(&self, what: What, to: &str, sequence: &str) -> Vec<ReceivedFile> {
        let order = withdraw_order(what, vec![self.person()], to, sequence);
        received(&self.manager.withdraw(&order).expect("somebody has it"))
    }

    /// What the manager's software shows of those who use an office.
    fn expected(&self, number: &str) -> Vec<PersonMonth> {
        let overview = self.manager.overview(april()).expect("it reads");
        let uses = |one: &PersonMonth| one.planned.iter().any(|row| row.office == office(number));
        overview.people.into_iter().filter(uses).collect()
    }
}

fn plan_order(month: Month) -> PlanOrder {
    PlanOrder { month, people: 12, seed: 5, cast: Cast::default() }
}

fn withdraw_order(what: What, people: Vec<PersonKey>, to: &str, sequence: &str) -> WithdrawOrder {
    WithdrawOrder {
        what,
        month: Some(april()),
        people,
        version: None,
        sequence: sequence.parse().expect("fourteen digits"),
        to: Some(office(to)),
    }
}

fn service(dir: &Path, number: &str) -> CareSoftware {
    CareSoftware::service_office(&dir.join(number), office(number)).expect("a folder can be made")
}

fn received(sendings: &[Sending]) -> Vec<ReceivedFile> {
    let file =
        |file: &OutFile| ReceivedFile { name: file.name.to_string(), bytes: file.bytes.clone() };
    sendings.iter().flat_map(|sending| &sending.files).map(file).collect()
}

fn import(software: &CareSoftware, files: &[ReceivedFile]) {
    software.import(files).expect("it passes the check");
}

fn shown(software: &CareSoftware) -> MonthOverview {
    software.overview(april()).expect("it reads")
}

#[test]
fn both_ends_show_the_same_month() {
    let town = Town::new();
    import(&town.helpers, &town.export(What::Slip, HELPERS, "20250328171502"));
    let expected = town.expected(HELPERS);
    assert!(1 < expected.len());
    assert!(expected.iter().all(|one| 0 < one.sums.units && !one.name.is_empty()));
    assert_eq!(shown(&town.helpers).people, expected);
}

#[test]
fn a_changed_month_replaces_the_earlier_one_whole_in_whatever_order_they_arrive() {
    let town = Town::new();
    let first = town.export(What::Slip, HELPERS, "20250328171502");
    town.amend(&Amendment::StopFrom { day: 16 });
    town.amend(&Amendment::Add { office: office(HELPERS), day: 30 });
    let second = town.export(What::Slip, HELPERS, "20250416090000");
    let expected = town.expected(HELPERS);
    for order in [[&first, &second], [&second, &first]] {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let helpers = service(dir.path(), HELPERS);
        order.into_iter().for_each(|files| import(&helpers, files));
        assert_eq!(shown(&helpers).people, expected);
    }
}

#[test]
fn a_withdrawn_month_takes_the_annex_and_the_supplement_along() {
    let town = Town::new();
    import(&town.helpers, &town.export(What::Slip, HELPERS, "20250328171502"));
    let before = shown(&town.helpers).people.len();
    import(&town.helpers, &town.withdraw(What::Slip, HELPERS, "20250329090000"));
    let ledger = town.helpers.ledger().expect("it reads");
    let person = town.person();
    assert!(ledger.annexes.iter().all(|held| held.person != person));
    assert!(ledger.supplements.iter().all(|held| held.person != person));
    assert_eq!(shown(&town.helpers).people.len(), before - 1);
    assert_eq!(shown(&town.helpers).people, town.expected(HELPERS), "the plan lost them, too");
    let day_service = shown(&town.manager).people.into_iter().find(|one| one.person == person);
    let rows = day_service.expect("other offices still have the person").planned;
    assert!(rows.iter().any(|row| row.office == office(DAY_SERVICE)));
}

#[test]
fn what_several_people_have_withdrawn_is_told_to_each_office_of_its_own_people_alone() {
    let town = Town::new();
    let home = town.manager.home();
    let clients = home.people().expect("it reads").expect("there are people").clients;
    let is_at = |client: &care_software::Client, number: OfficeNumber| {
        client.care_plan.offices().iter().any(|office| office.number == number)
    };
    let named: Vec<PersonKey> = clients.iter().map(|client| client.person.key.clone()).collect();
    for (what, version) in [(What::Plan, "202407"), (What::Plan, "202208"), (What::Slip, "202407")]
    {
        let order = WithdrawOrder {
            version: Some(version.to_owned()),
            to: None,
            ..withdraw_order(what, named.clone(), HELPERS, "20250329090000")
        };
        let sendings = town.manager.withdraw(&order).expect("somebody has it");
        assert_eq!(sendings.len(), 3);
        for sending in sendings {
            let reading = careplan_standard::read_records(&sending.files[0].bytes);
            let told = reading.records().map(|record| record.field(3).expect("is there").text());
            let theirs = clients.iter().filter(|client| is_at(client, sending.to.office));
            let theirs: Vec<_> = theirs.map(|client| client.person.key.insured.clone()).collect();
            assert!(theirs.len() < clients.len(), "not everybody is everywhere");
            assert_eq!(told.collect::<Vec<_>>(), theirs, "{what:?} {version} {}", sending.to);
        }
    }
}

#[test]
fn a_plan_of_prevention_is_no_care_plan_that_could_be_withdrawn() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let party = |number: &str, kind: &str| Office {
        number: office(number),
        kind: kind.parse().expect("a kind"),
        name: format!("見本の{kind}"),
    };
    let (manager, services) = (party("2700100021", "46"), vec![party(HELPERS, "A2")]);
    let cast = Cast { manager, services, ..Cast::default() };
    let order = PreventionOrder { month: april(), seed: 1, cast, own: 1, entrusted: None };
    let (centre, plan) = CareSoftware::plan_prevention(dir.path(), &order).expect("is planned");
    let people = vec![plan.rows[0].person.clone()];
    let order = withdraw_order(What::Plan, people, HELPERS, "20250329090000");
    let refused = centre.withdraw(&order);
    assert!(matches!(refused, Err(SoftwareError::NobodyHas { .. })), "{refused:?}");
}

#[test]
fn an_office_that_lost_everybody_is_still_told_when_it_is_named() {
    let town = Town::new();
    town.amend(&Amendment::Drop { office: office(HELPERS) });
    let withdrawal = town.withdraw(What::Slip, HELPERS, "20250329090000");
    assert!(String::from_utf8_lossy(&withdrawal[0].bytes).contains(&town.person().insured));
}

#[test]
fn a_withdrawn_plan_whose_day_is_only_a_month_is_left_out_and_said_so() {
    let town = Town::new();
    import(&town.helpers, &town.export(What::Plan, HELPERS, "20250327171502"));
    let before = town.helpers.ledger().expect("it reads").care_plans;
    let mut withdrawal = town.withdraw(What::Plan, HELPERS, "20250329090000");
    let text = String::from_utf8_lossy(&withdrawal[0].bytes).into_owned();
    let (head, day) = text.trim_end().rsplit_once(',').expect("the day stands last");
    withdrawal[0].bytes = format!("{head},{}\r\n", &day[..6]).into_bytes();
    let imported = town.helpers.import(&withdrawal).expect("the check only warns");
    let [left_out] = &imported.left_out[..] else { panic!("{:?}", imported.left_out) };
    assert_eq!((left_out.record, left_out.item), (1, "居宅サービス計画作成（変更）日"));
    assert_eq!(town.helpers.ledger().expect("it reads").care_plans, before);
}

#[test]
fn a_withdrawal_that_comes_before_its_month_still_counts() {
    let town = Town::new();
    let month = town.export(What::Slip, HELPERS, "20250328171502");
    import(&town.helpers, &town.withdraw(What::Slip, HELPERS, "20250329090000"));
    import(&town.helpers, &month);
    assert!(shown(&town.helpers).people.iter().all(|one| one.person != town.person()));
}

#[test]
fn a_withdrawn_plan_takes_its_tables_along_and_leaves_the_month() {
    let town = Town::new();
    import(&town.helpers, &town.export(What::Plan, HELPERS, "20250327171502"));
    import(&town.helpers, &town.export(What::Slip, HELPERS, "20250328171502"));
    let before = town.helpers.ledger().expect("it reads");
    assert!(before.care_plans.iter().all(|plan| plan.tables[0] == 1 && 0 < plan.tables[2]));
    let month = shown(&town.helpers);
    import(&town.helpers, &town.withdraw(What::Plan, HELPERS, "20250329090000"));
    let after = town.helpers.ledger().expect("it reads");
    assert_eq!(after.care_plans.len(), before.care_plans.len() - 1);
    let is_plans = |held: &&care_software::HeldSupplement| matches!(held.base, Base::Plan(_));
    assert_eq!(after.supplements.iter().filter(is_plans).count(), after.care_plans.len());
    assert_eq!(shown(&town.helpers), month);
}

#[test]
fn a_plan_sent_again_stands_once() {
    let town = Town::new();
    import(&town.helpers, &town.export(What::Plan, HELPERS, "20250327171502"));
    let first = town.helpers.ledger().expect("it reads").care_plans;
    import(&town.helpers, &town.export(What::Plan, HELPERS, "20250328171502"));
    let second = town.helpers.ledger().expect("it reads").care_plans;
    let tables = |plans: &[care_software::HeldCarePlan]| -> Vec<_> {
        plans.iter().map(|plan| (plan.person.clone(), plan.tables)).collect()
    };
    assert_eq!(tables(&second), tables(&first));
}

#[test]
fn withdrawn_results_are_gone_on_both_sides_satellite_and_all() {
    let town = Town::new();
    town.amend(&Amendment::Satellite { office: office(HELPERS), branch: "01".to_owned() });
    import(&town.helpers, &town.export(What::Slip, HELPERS, "20250328171502"));
    town.helpers.record(None, 1, Rates::NONE).expect("it is planned");
    let results = ExportOrder {
        what: What::Results,
        month: None,
        version: None,
        sequence: "20250501090000".parse().expect("fourteen digits"),
        to: None,
    };
    import(&town.manager, &received(&town.helpers.export(&results).expect("it is recorded")));
    let order = withdraw_order(What::Results, vec![town.person()], "2770100012", "20250502090000");
    let withdrawal = received(&town.helpers.withdraw(&order).expect("it was recorded"));
    import(&town.manager, &withdrawal);
    for software in [&town.helpers, &town.manager] {
        let provided: Vec<_> =
            shown(software).people.into_iter().flat_map(|one| one.provided).collect();
        assert!(!provided.is_empty());
        assert!(provided.iter().all(|row| row.person != town.person()));
    }
    let again = town.helpers.withdraw(&order);
    let Err(SoftwareError::NobodyHas { to: Some(to) }) = again else { panic!("{again:?}") };
    assert_eq!(to, office("2770100012"));
    let anywhere = town.helpers.withdraw(&WithdrawOrder { to: None, ..order });
    assert!(matches!(anywhere, Err(SoftwareError::NobodyHas { to: None })), "{anywhere:?}");
}

#[test]
fn who_is_over_the_limit_shows_in_the_files_alone() {
    let town = Town::new();
    town.amend(&Amendment::AddBeyondLimit { office: office(HELPERS) });
    let day_service = service(town.dir.path(), DAY_SERVICE);
    import(&day_service, &town.export(What::Slip, DAY_SERVICE, "20250328171502"));
    let notices = shown(&day_service).limit_notices();
    let notice = notices.iter().find(|notice| notice.person == town.person());
    let notice = notice.expect("the person is over the limit");
    let expected = shown(&town.manager).limit_notices();
    assert!(expected.contains(notice));
    let (office, manager) = (Role::ServiceOffice, Role::CareManager);
    assert!(notice.line(office, Lang::Ja).contains(&format!("{}単位超えて", notice.over)));
    assert!(notice.line(office, Lang::En).contains("over the monthly limit"));
    assert!(notice.line(office, Lang::Ja).contains("居宅介護支援事業所に確かめて"));
    assert!(!notice.line(manager, Lang::Ja).contains("居宅介護支援事業所"), "it is one");
}

#[test]
fn months_with_stays_days_and_leases_pass_the_check_without_a_word() {
    let mut order = plan_order(april());
    let add = |cast: &mut Cast, number: &str, kind: &str| {
        let office = Office {
            number: office(number),
            kind: kind.parse().expect("a kind"),
            name: format!("見本の{kind}"),
        };
        cast.services.push(office.clone());
        office
    };
    let stay = add(&mut order.cast, "2770500061", "21");
    let home = add(&mut order.cast, "2790100017", "73");
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (manager, _) = CareSoftware::plan(dir.path(), &order).expect("it can be planned");
    let people = manager.home().people().expect("it reads").expect("there are people").clients;
    let day = |text: &str| text.parse().expect("a day");
    let changes = [
        Amendment::Stay { office: stay, first: day("20250328"), last: day("20250428") },
        Amendment::ByTheMonth { office: home, first: day("20250416") },
        Amendment::Handrails { office: order.cast.services[2].clone() },
        Amendment::Satellite { office: office(HELPERS), branch: "01".to_owned() },
    ];
    for (change, client) in changes.iter().zip(&people) {
        if let Amendment::Handrails { office } = change {
            let drop = Amendment::Drop { office: office.number };
            manager.amend(april(), &client.person.key, &drop).expect("it can be changed");
        }
        manager.amend(april(), &client.person.key, change).expect("it can be changed");
    }
    for version in ["202407", "202208"] {
        let export = ExportOrder {
            what: What::Slip,
            month: None,
            version: Some(version.to_owned()),
            sequence: "20250328171502".parse().expect("fourteen digits"),
            to: None,
        };
        for sending in manager.export(&export).expect("it is planned") {
            let names: Vec<_> = sending.files.iter().map(|file| file.name.to_string()).collect();
            let files = names.iter().zip(&sending.files);
            let files: Vec<_> = files
                .map(|(name, file)| careplan_standard::SendingFile { name, bytes: &file.bytes })
                .collect();
            let check = check_sending(Standard::bundled(), &files);
            assert_eq!(check.verdict(), Verdict::Pass, "{version} {}", sending.to);
            assert!(check.findings.is_empty(), "{version} {}: {:#?}", sending.to, check.findings);
        }
    }
}

#[test]
fn what_goes_to_those_who_do_not_take_part_goes_on_paper() {
    let town = Town::new();
    let order = ExportOrder {
        what: What::Slip,
        month: None,
        version: None,
        sequence: "20250328171502".parse().expect("fourteen digits"),
        to: None,
    };
    let all = town.manager.export(&order).expect("it is planned");
    let divided = divide(all.clone(), |number| number != office(DAY_SERVICE));
    assert_eq!(divided.by_data.len() + 1, all.len());
    let [paper] = &divided.on_paper[..] else { panic!("one office does not take part") };
    assert_eq!(paper.to.office, office(DAY_SERVICE));
    let page = paper.paper(Lang::Ja);
    for one in town.expected(DAY_SERVICE) {
        assert!(page.contains(&one.person.insured) && page.contains(&one.name));
    }
}

#[test]
fn a_change_that_cannot_be_made_changes_nothing() {
    let town = Town::new();
    let before = shown(&town.manager);
    let wrong = Amendment::Add { office: office(HELPERS), day: 31 };
    let refused = town.manager.amend(april(), &town.person(), &wrong);
    assert!(matches!(refused, Err(SoftwareError::BadChange(_))), "{refused:?}");
    assert_eq!(shown(&town.manager), before);
    let elsewhere = town.helpers.amend(april(), &town.person(), &wrong);
    assert!(matches!(elsewhere, Err(SoftwareError::NotAManager)), "{elsewhere:?}");
    let nobody = PersonKey { insured: "0000000000".to_owned(), ..town.person() };
    let unknown = town.manager.amend(april(), &nobody, &wrong);
    assert!(matches!(unknown, Err(SoftwareError::UnknownPerson(_))), "{unknown:?}");
}
