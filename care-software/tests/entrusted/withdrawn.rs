//! What was sent is taken back: papers by who sent them, 実績 at the centre by the 委託先居宅.

use care_software::{
    CareSoftware, Office, PaperKind, PaperWithdrawal, PersonKey, Rates, Sending, SoftwareError,
    What, WithdrawOrder, Writer,
};
use careplan_standard::FileKind;

use crate::{Town, april, centre, deliver, entrusted, held, helpers};

#[test]
fn a_withdrawal_takes_the_paper_whole_and_reaches_only_what_its_sender_sent() {
    let town = Town::new();
    let centre_home = town.centre(Writer::Centre);
    let sent = town.papers(&centre_home, PaperKind::PreventionPlan, &entrusted());
    deliver(&sent, &town.planner());
    let planner = town.take_on();
    let service = town.service(&helpers());
    deliver(&town.papers(&planner, PaperKind::PreventionPlan, &helpers()), &service);
    let before = held(&service, PaperKind::PersonRecord).len();
    let person = held(&service, PaperKind::PersonRecord)[0].person.clone();
    let withdraw = |from: &CareSoftware, kind, to: &Office| {
        let (person, sequence, to) = (person.clone(), town.sequence(), to.number);
        from.withdraw_paper(&PaperWithdrawal { kind, person, sequence, to }).expect("is theirs")
    };
    deliver(&withdraw(&centre_home, PaperKind::PersonRecord, &entrusted()), &planner);
    let has =
        |software: &CareSoftware, kind| held(software, kind).iter().any(|it| it.person == person);
    assert!(!has(&planner, PaperKind::PersonRecord));
    assert!(has(&planner, PaperKind::PreventionPlan), "the other paper stays");
    assert_eq!(held(&planner, PaperKind::PersonRecord).len(), 4);
    assert!(has(&service, PaperKind::PersonRecord), "the centre did not send it there");
    deliver(&withdraw(&planner, PaperKind::PersonRecord, &helpers()), &service);
    assert!(!has(&service, PaperKind::PersonRecord));
    assert_eq!(held(&service, PaperKind::PersonRecord).len(), before - 1);
}

/// A town where the centre has April's 実績 of its entrusted people.
struct Answered {
    town: Town,
    centre: CareSoftware,
    planner: CareSoftware,
    service: CareSoftware,
    /// Who has 実績.
    people: Vec<PersonKey>,
}

impl Answered {
    fn new() -> Self {
        let town = Town::new();
        let centre = town.centre(Writer::Centre);
        deliver(&town.papers(&centre, PaperKind::PreventionPlan, &entrusted()), &town.planner());
        let planner = town.take_on();
        let service = town.service(&helpers());
        deliver(&town.slip(&planner, &helpers()), &service);
        let recorded = service.record(Some(april()), 1, Rates::NONE).expect("is planned");
        let rows = recorded.answers.into_iter().flat_map(|answer| answer.rows);
        let mut people: Vec<PersonKey> = rows.map(|row| row.person).collect();
        people.sort();
        people.dedup();
        deliver(&town.results(&service, &entrusted()), &planner);
        deliver(&town.month_for_the_centre(&planner), &centre);
        Self { town, centre, planner, service, people }
    }

    fn order(&self, of: &PersonKey) -> WithdrawOrder {
        WithdrawOrder {
            what: What::Results,
            month: Some(april()),
            people: vec![of.clone()],
            version: None,
            sequence: self.town.sequence(),
            to: None,
        }
    }

    fn withdraw(&self, from: &CareSoftware, of: &PersonKey) -> Sending {
        from.withdraw(&self.order(of)).expect("there is something to withdraw").remove(0)
    }

    fn has(software: &CareSoftware, person: &PersonKey) -> bool {
        let ledger = software.ledger().expect("reads");
        ledger.provided.iter().any(|held| held.row.person == *person)
    }
}

#[test]
fn results_that_were_sent_on_are_withdrawn_at_the_centre_and_stay_here() {
    let it = Answered::new();
    let (gone, others) = it.people.split_first().expect("somebody has 実績");
    let sending = it.withdraw(&it.planner, gone);
    assert_eq!((sending.to.office, sending.files.len()), (centre().number, 1));
    assert_eq!(sending.files[0].name.kind, FileKind::ResultsWithdrawal);
    deliver(&sending, &it.centre);
    assert!(!Answered::has(&it.centre, gone));
    assert!(others.iter().all(|other| Answered::has(&it.centre, other)));
    assert!(Answered::has(&it.planner, gone), "it is the service office's");
    deliver(&it.town.month_for_the_centre(&it.planner), &it.centre);
    assert!(Answered::has(&it.centre, gone), "sent again, it is there again");
}

#[test]
fn what_the_service_office_has_withdrawn_already_can_still_be_withdrawn_at_the_centre() {
    let it = Answered::new();
    let gone = &it.people[0];
    deliver(&it.withdraw(&it.service, gone), &it.planner);
    assert!(!Answered::has(&it.planner, gone) && Answered::has(&it.centre, gone));
    deliver(&it.withdraw(&it.planner, gone), &it.centre);
    assert!(!Answered::has(&it.centre, gone));
}

#[test]
fn who_sent_nothing_on_has_nothing_to_withdraw() {
    let it = Answered::new();
    let order = it.order(&it.people[0]);
    let centres = it.centre.withdraw(&order);
    assert!(matches!(centres, Err(SoftwareError::NotAServiceOffice)), "{centres:?}");
    let may = WithdrawOrder { month: Some(april().next()), ..order };
    let nothing = it.planner.withdraw(&may);
    assert!(matches!(nothing, Err(SoftwareError::NobodyHas { .. })), "{nothing:?}");
}
