//! Who holds a delivery, for how long, and how long anything is kept.

use hub_relay::{
    Caller, Change, Claim, Decision, DeliveryId, DeliveryState, Draft, DraftFile, Fetching,
    IdempotencyKey, InboxScope, Licence, Limits, Office, OfficeNumber, Party, Profile, Refusal,
    Retention, Sending, ServiceKind, Standing, SubmissionId, Submit, SubmitFacts, TakingBack,
    TerminalId, Terms, Wanted, claim, examine, fetch, fetch_file, note_fetch, receipt, release,
    submit, sweep, take_back,
};
use time::{Duration, OffsetDateTime, macros::datetime};

const NOW: OffsetDateTime = datetime!(2025-04-28 17:15:02 UTC);
const SENDER: &str = "2770100012";
const OWN: &str = "2770200036";
const LEASE: Duration = Duration::minutes(30);
const ACTUAL: Terms = Terms { profile: Profile::Actual, lease: LEASE };
const PLUS: Terms = Terms { profile: Profile::Plus, lease: LEASE };

fn number(text: &str) -> OfficeNumber {
    text.parse().expect("an office number")
}

fn kind(text: &str) -> ServiceKind {
    text.parse().expect("a kind")
}

fn caller(terminal: &str) -> Caller {
    Caller { office: number(OWN), terminal: TerminalId::new(terminal) }
}

fn taking_back(terminal: &str, holder: Option<&str>) -> TakingBack {
    let holder = holder.map(TerminalId::new);
    TakingBack { caller: caller(terminal), delivery: DeliveryId::new("d"), holder }
}

fn office(text: &str) -> Office {
    Office {
        number: number(text),
        name: format!("見本事業所{text}"),
        kinds: vec![kind("11"), kind("15")],
        prefecture: None,
        versions: Vec::new(),
        licence: Some(Licence::until(NOW + Duration::days(1))),
    }
}

/// A sending of one file that waits for the office.
fn waiting() -> Sending {
    let limits = Limits {
        files_max: 3,
        file_bytes_max: 100,
        total_bytes_max: 150,
        message_chars_max: 5,
        name_bytes_max: 60,
    };
    let file = DraftFile {
        name: "a.pdf".to_owned(),
        bytes: b"%PDF-1.7".as_slice().into(),
        sha256: [0; 32],
    };
    let draft = Draft {
        caller: Caller { office: number(SENDER), terminal: TerminalId::new("pc-1") },
        message: String::new(),
        destination: Some(Party { office: number(OWN), kind: None }),
        files: vec![file],
    };
    let request = Submit {
        examined: examine(draft, &limits).expect("sound"),
        key: IdempotencyKey::new("key"),
        content_digest: [1; 32],
        submission: SubmissionId::new("s"),
        delivery: DeliveryId::new("d"),
    };
    let facts =
        SubmitFacts { earlier: None, sender: Some(office(SENDER)), recipient: Some(office(OWN)) };
    submit(request, facts, NOW).expect("taken").answer
}

fn held(terminal: &str, until: Option<OffsetDateTime>) -> Sending {
    Sending { state: claimed(terminal, until), ..waiting() }
}

fn claimed(terminal: &str, until: Option<OffsetDateTime>) -> DeliveryState {
    DeliveryState::Claimed { by: TerminalId::new(terminal), until }
}

fn fetched(terminal: &str) -> Sending {
    let state = DeliveryState::Fetched { by: TerminalId::new(terminal), at: NOW };
    Sending { state, ..waiting() }
}

fn standing(id: &str, to_kind: Option<&str>, state: DeliveryState) -> Standing {
    Standing {
        delivery: DeliveryId::new(id),
        submitted_at: NOW,
        to: Party { office: number(OWN), kind: to_kind.map(kind) },
        state,
    }
}

fn try_claim(wanted: Wanted, terms: Terms, open: &[Standing]) -> Result<Vec<Change>, Refusal> {
    let asked = Claim { caller: caller("pc-1"), wanted, terms };
    claim(&asked, Some(office(OWN)), open, NOW).map(|decision| decision.changes)
}

fn items(ids: &[&str]) -> Wanted {
    Wanted::Items(ids.iter().map(|id| DeliveryId::new(*id)).collect())
}

/// The deliveries that a claim takes.
#[track_caller]
fn takes(wanted: Wanted, open: &[Standing], want: &[&str]) {
    let changes = try_claim(wanted, PLUS, open).expect("claims");
    let taken: Vec<_> = changes
        .iter()
        .flat_map(|change| match change {
            Change::Claim { deliveries, .. } => deliveries.iter().map(DeliveryId::as_str),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(taken, want);
}

#[test]
fn a_claim_in_actual_takes_what_waits_for_good() {
    let open =
        [standing("a", None, DeliveryState::Waiting), standing("b", None, claimed("pc-2", None))];
    let want = Change::Claim {
        deliveries: vec![DeliveryId::new("a")],
        by: TerminalId::new("pc-1"),
        at: NOW,
        until: None,
    };
    assert_eq!(try_claim(Wanted::Everything, ACTUAL, &open), Ok(vec![want]));
    assert_eq!(try_claim(Wanted::Everything, ACTUAL, &open[1..]), Ok(Vec::new()));
    assert_eq!(try_claim(items(&["a"]), ACTUAL, &open), Err(Refusal::ProfileLacks));
    let kinds = Wanted::Kinds { kinds: vec![kind("11")], with_unaddressed: true };
    assert_eq!(try_claim(kinds, ACTUAL, &open), Err(Refusal::ProfileLacks));
}

#[test]
fn a_claim_needs_a_licence() {
    let asked = Claim { caller: caller("pc-1"), wanted: Wanted::Everything, terms: ACTUAL };
    let expired = Office { licence: Some(Licence::until(NOW)), ..office(OWN) };
    assert_eq!(claim(&asked, Some(expired), &[], NOW).err(), Some(Refusal::LicenceExpired));
    assert_eq!(claim(&asked, None, &[], NOW).err(), Some(Refusal::LicenceMissing));
}

#[test]
fn a_claim_by_kind_leaves_the_rest_and_what_names_no_kind() {
    let waits = |id, to_kind| standing(id, to_kind, DeliveryState::Waiting);
    let open = [waits("help", Some("11")), waits("day", Some("15")), waits("v3", None)];
    let kinds = |with_unaddressed| Wanted::Kinds { kinds: vec![kind("11")], with_unaddressed };
    takes(kinds(false), &open, &["help"]);
    takes(kinds(true), &open, &["help", "v3"]);
    takes(Wanted::Everything, &open, &["help", "day", "v3"]);
    takes(items(&["v3", "day"]), &open, &["day", "v3"]);
}

#[test]
fn a_claim_by_item_takes_all_of_them_or_none() {
    let later = Some(NOW + LEASE);
    let open = [
        standing("waits", None, DeliveryState::Waiting),
        standing("own", None, claimed("pc-1", later)),
        standing("elsewhere", None, claimed("pc-2", later)),
        standing("over", None, claimed("pc-2", Some(NOW))),
        standing("given-up", None, DeliveryState::Undelivered { at: NOW }),
    ];
    takes(items(&["waits", "own", "over"]), &open, &["waits", "over"]);
    for (item, want) in [
        ("elsewhere", Refusal::DeliveryElsewhere),
        ("given-up", Refusal::RetentionOver),
        ("unknown", Refusal::NotFound),
    ] {
        assert_eq!(try_claim(items(&["waits", item]), PLUS, &open), Err(want), "{item}");
    }
    let mut strangers = standing("waits", None, DeliveryState::Waiting);
    strangers.to.office = number(SENDER);
    assert_eq!(try_claim(items(&["waits"]), PLUS, &[strangers]), Err(Refusal::NotFound));
}

#[test]
fn a_claim_that_is_over_is_none() {
    let held_until = |until| held("pc-1", Some(until));
    let last = NOW - Duration::milliseconds(1);
    let own = |sending, now| fetch(&caller("pc-1"), Some(sending), now).map(drop);
    assert_eq!(own(held_until(NOW), last), Ok(()));
    assert_eq!(own(held_until(NOW), NOW), Err(Refusal::ClaimLost), "its holder is told");
    assert_eq!(own(held("pc-1", None), NOW + Duration::days(400)), Ok(()), "for good");
    let other = |now| fetch(&caller("pc-2"), Some(held_until(NOW)), now).err();
    assert_eq!(other(last), Some(Refusal::DeliveryElsewhere));
    assert_eq!(other(NOW), Some(Refusal::NotFound), "it waits, for all that another knows");
    takes(Wanted::Everything, &[standing("d", None, claimed("pc-2", Some(NOW)))], &["d"]);
    assert_eq!(held_until(NOW).state.at(NOW), DeliveryState::Waiting);
}

#[test]
fn opening_the_inbox_renews_what_is_half_over() {
    let until = |minutes| claimed("pc-1", Some(NOW + Duration::minutes(minutes)));
    takes(Wanted::Everything, &[standing("d", None, until(15))], &["d"]);
    takes(Wanted::Everything, &[standing("d", None, until(16))], &[]);
}

#[test]
fn only_the_holder_opens_a_delivery() {
    let open = |sending| fetch(&caller("pc-1"), sending, NOW).map(drop);
    assert_eq!(open(Some(held("pc-1", None))), Ok(()));
    assert_eq!(open(Some(fetched("pc-1"))), Ok(()));
    assert_eq!(open(Some(held("pc-2", None))), Err(Refusal::DeliveryElsewhere));
    assert_eq!(open(Some(fetched("pc-2"))), Err(Refusal::DeliveryElsewhere));
    assert_eq!(open(Some(waiting())), Err(Refusal::NotFound));
    assert_eq!(open(None), Err(Refusal::NotFound));
    let given_up = Sending { state: DeliveryState::Undelivered { at: NOW }, ..waiting() };
    assert_eq!(open(Some(given_up)), Err(Refusal::RetentionOver));
    let removed = Sending { removed_at: Some(NOW), ..fetched("pc-1") };
    assert_eq!(open(Some(removed)), Err(Refusal::RetentionOver));
    let stranger = Caller { office: number("2770300042"), ..caller("pc-1") };
    let seen = fetch(&stranger, Some(held("pc-1", None)), NOW);
    assert_eq!(seen.err(), Some(Refusal::NotFound));
}

#[test]
fn a_fetch_is_noted_once_and_renews_the_lease() {
    let fetching = |file: &str| Fetching {
        caller: caller("pc-1"),
        delivery: DeliveryId::new("d"),
        file: file.to_owned(),
        terms: PLUS,
    };
    let changes = |sending, is_noted| {
        let decision = fetch_file(&fetching("a.pdf"), Some(sending), is_noted, NOW);
        decision.expect("fetches").changes
    };
    let note = || Change::NoteFetch {
        delivery: DeliveryId::new("d"),
        file: "a.pdf".to_owned(),
        by: TerminalId::new("pc-1"),
    };
    let renewal = || Change::Renew { delivery: DeliveryId::new("d"), until: Some(NOW + LEASE) };
    let fresh = || held("pc-1", Some(NOW + LEASE));
    assert_eq!(changes(fresh(), false), [note(), renewal()]);
    assert_eq!(changes(fresh(), true), [], "nothing is worth a write");
    assert_eq!(changes(held("pc-1", Some(NOW + LEASE / 2)), true), [renewal()]);
    assert_eq!(changes(held("pc-1", None), false), [note()], "a claim for good stays one");
    assert_eq!(changes(fetched("pc-1"), false), [], "after the receipt nothing stands on it");
    let unknown = fetch_file(&fetching("b.pdf"), Some(fresh()), false, NOW);
    assert_eq!(unknown.err(), Some(Refusal::NotFound));
    let late = |sending: Sending| note_fetch(&fetching("a.pdf"), &sending.state, false, NOW);
    assert_eq!(late(fresh()), [note(), renewal()]);
    assert_eq!(late(held("pc-2", Some(NOW + LEASE))), [], "it went to another meanwhile");
    assert_eq!(late(held("pc-1", Some(NOW))), [], "the lease ended meanwhile");
    let later = NOW + LEASE + Duration::seconds(1);
    let kept = Change::Renew { delivery: DeliveryId::new("d"), until: Some(later) };
    assert_eq!(late(held("pc-1", Some(later))), [note(), kept], "no fetch makes a lease shorter");
}

#[test]
fn a_fetch_that_was_asked_for_earlier_does_not_undo_taking_back() {
    let sent = Sending { submitted_at: NOW - Duration::minutes(5), ..held("pc-1", None) };
    let taken = take_back(Profile::Plus, &taking_back("pc-2", None), Some(sent.clone()), NOW)
        .expect("taken");
    let [Change::Renew { until, .. }] = &taken.changes[..] else { panic!("{taken:?}") };
    let fetching = Fetching {
        caller: caller("pc-1"),
        delivery: DeliveryId::new("d"),
        file: "a.pdf".to_owned(),
        terms: PLUS,
    };
    let before = NOW - Duration::seconds(1);
    assert_eq!(note_fetch(&fetching, &claimed("pc-1", *until), false, before), []);
    let late = Sending { state: claimed("pc-1", *until), ..sent };
    let late = receipt(&caller("pc-1"), Some(late), vec![], before);
    assert_eq!(late.err(), Some(Refusal::ClaimLost));
}

#[test]
fn a_receipt_is_for_files_that_were_fetched_and_is_noted_once() {
    let own = |sending, unfetched: &[&str]| {
        let unfetched = unfetched.iter().map(|&name| name.to_owned()).collect();
        receipt(&caller("pc-1"), Some(sending), unfetched, NOW)
    };
    let early = own(held("pc-1", None), &["a.pdf"]);
    assert_eq!(early.err(), Some(Refusal::FileUnfetched { file: "a.pdf".to_owned() }));
    let first = own(held("pc-1", None), &[]).expect("noted");
    assert_eq!(first.changes, [Change::Confirm { delivery: DeliveryId::new("d"), at: NOW }]);
    let again = own(first.answer.clone(), &["a.pdf"]).expect("noted before");
    assert_eq!((again.changes, again.answer), (Vec::new(), first.answer));
    let elsewhere = own(held("pc-2", None), &[]);
    assert_eq!(elsewhere.err(), Some(Refusal::DeliveryElsewhere));
    let late = own(held("pc-1", Some(NOW)), &[]);
    assert_eq!(late.err(), Some(Refusal::ClaimLost));
}

#[test]
fn giving_back_is_for_plus_and_for_what_is_not_fetched() {
    let give = |profile, sending| release(profile, &caller("pc-1"), Some(sending), NOW);
    let lacks = give(Profile::Actual, held("pc-1", None));
    assert_eq!(lacks.err(), Some(Refusal::ProfileLacks));
    let given = give(Profile::Plus, held("pc-1", None)).expect("given back");
    assert_eq!(given.changes, [Change::Release { delivery: DeliveryId::new("d") }]);
    assert_eq!(given.answer, waiting());
    for waits in [waiting(), held("pc-1", Some(NOW)), held("pc-2", Some(NOW))] {
        let again = give(Profile::Plus, waits).expect("waits already");
        assert_eq!(again, Decision { changes: Vec::new(), answer: waiting() });
    }
    let elsewhere = give(Profile::Plus, held("pc-2", None));
    assert_eq!(elsewhere.err(), Some(Refusal::DeliveryElsewhere));
    let late = give(Profile::Plus, fetched("pc-1"));
    assert_eq!(late.err(), Some(Refusal::DeliveryFetched));
}

#[test]
fn an_office_takes_back_from_any_of_its_terminals_until_the_receipt() {
    let asked = taking_back("pc-2", None);
    let take = |profile, sending| take_back(profile, &asked, Some(sending), NOW);
    let lacks = take(Profile::Actual, held("pc-1", None));
    assert_eq!(lacks.err(), Some(Refusal::ProfileLacks));
    let taken = take(Profile::Plus, held("pc-1", None)).expect("taken back");
    let ends = Change::Renew { delivery: DeliveryId::new("d"), until: Some(NOW) };
    assert_eq!(taken, Decision { changes: vec![ends], answer: waiting() });
    let back = fetch(&caller("pc-1"), Some(held("pc-1", Some(NOW))), NOW);
    assert_eq!(back.err(), Some(Refusal::ClaimLost), "it hears what happened");
    assert_eq!(take(Profile::Plus, waiting()).expect("waits").changes, []);
    assert_eq!(take(Profile::Plus, fetched("pc-1")).err(), Some(Refusal::DeliveryFetched));
    let stranger = Caller { office: number(SENDER), ..caller("pc-2") };
    let stranger = TakingBack { caller: stranger, ..taking_back("pc-2", None) };
    let unseen = take_back(Profile::Plus, &stranger, Some(held("pc-1", None)), NOW);
    assert_eq!(unseen.err(), Some(Refusal::NotFound));
}

#[test]
fn a_terminal_takes_back_from_the_one_that_it_names_and_from_no_other() {
    let asked = taking_back("pc-2", Some("pc-1"));
    let take = |sending| take_back(Profile::Plus, &asked, Some(sending), NOW);
    let taken = take(held("pc-1", None)).expect("taken back");
    assert_eq!((taken.changes.len(), taken.answer), (1, waiting()));
    for waits in [waiting(), held("pc-1", Some(NOW)), held("pc-3", Some(NOW))] {
        let again = take(waits).expect("waits already");
        assert_eq!(again, Decision { changes: Vec::new(), answer: waiting() });
    }
    for next in ["pc-2", "pc-3"] {
        assert_eq!(take(held(next, None)).err(), Some(Refusal::DeliveryElsewhere), "{next}");
    }
}

#[test]
fn who_holds_what_is_seen_in_plus_alone() {
    let of_office = |profile| InboxScope::of_office(profile, &caller("pc-1"));
    assert_eq!(of_office(Profile::Actual), Err(Refusal::ProfileLacks));
    let scope = of_office(Profile::Plus).expect("seen");
    assert_eq!((scope.office, scope.terminal), (number(OWN), None));
}

#[test]
fn what_is_over_goes_and_what_waits_is_given_up_first() {
    let retention = Retention { fetched: Duration::days(90), unfetched: Duration::days(180) };
    let done = |days| {
        let (by, at) = (TerminalId::new("pc-1"), NOW - Duration::days(days));
        Standing { submitted_at: at, ..standing("d", None, DeliveryState::Fetched { by, at }) }
    };
    let stood = |days, state| Standing {
        submitted_at: NOW - Duration::days(days),
        ..standing("d", None, state)
    };
    let given_up = |days| DeliveryState::Undelivered { at: NOW - Duration::days(days) };
    let fate = |standing: Standing| sweep(&[standing], &retention, NOW).pop();
    let delivery = || DeliveryId::new("d");
    let remove = || Some(Change::Remove { delivery: delivery(), at: NOW });
    let give_up = || Some(Change::GiveUp { delivery: delivery(), at: NOW });
    assert_eq!((fate(done(89)), fate(done(90))), (None, remove()));
    assert_eq!(fate(stood(179, DeliveryState::Waiting)), None, "what waits stays");
    assert_eq!(fate(stood(180, DeliveryState::Waiting)), give_up());
    assert_eq!(fate(stood(180, claimed("pc-1", None))), give_up());
    assert_eq!(fate(stood(400, given_up(89))), None, "its sender still sees it");
    assert_eq!(fate(stood(400, given_up(90))), remove());
}
