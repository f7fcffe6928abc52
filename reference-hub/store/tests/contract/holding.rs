//! Leases, claims of a part, pages, notices and retention: the same in every store.

use hub_relay::{EventKind, Retention, Swept, TakingBack};

use super::*;

const PLUS: Terms = Terms { profile: Profile::Plus, lease: Duration::minutes(30) };
const RETENTION: Retention =
    Retention { fetched: Duration::days(90), unfetched: Duration::days(180) };

fn pc(terminal: &str) -> Caller {
    caller(RECIPIENT, terminal)
}

async fn claim_in_plus(
    store: &impl Store,
    terminal: &str,
    wanted: Wanted,
    now: OffsetDateTime,
) -> Result<Vec<String>, Failure> {
    let claim = Claim { caller: pc(terminal), wanted, terms: PLUS };
    let held = store.claim(claim, 100, now).await?;
    Ok(held.iter().map(|sending| sending.delivery.as_str().to_owned()).collect())
}

async fn take_in(store: &impl Store, ids: &[&str]) {
    registered(store).await;
    for id in ids {
        store.submit(sending(id, "x"), NOW).await.expect("taken");
    }
}

async fn fetch_and_confirm(store: &impl Store, terminal: &str, id: &str, now: OffsetDateTime) {
    store.file(file_of(&pc(terminal), id, "報告.pdf"), now).await.expect("fetched");
    store.receipt(pc(terminal), DeliveryId::new(id), now).await.expect("noted");
}

fn items(ids: &[&str]) -> Wanted {
    Wanted::Items(ids.iter().map(|id| DeliveryId::new(*id)).collect())
}

pub(crate) async fn a_claim_of_a_part_leaves_the_rest(store: impl Store) {
    take_in(&store, &["1", "2"]).await;
    let kinds =
        Wanted::Kinds { kinds: vec!["11".parse().expect("a kind")], with_unaddressed: false };
    let none = claim_in_plus(&store, "pc-1", kinds, NOW).await;
    assert_eq!(none, Ok(Vec::new()), "neither names a service");
    let one = claim_in_plus(&store, "pc-1", items(&["d-2"]), NOW).await;
    assert_eq!(one, Ok(vec!["d-2".to_owned()]));
    let all_or_none = claim_in_plus(&store, "pc-2", items(&["d-1", "d-2"]), NOW).await;
    assert_eq!(all_or_none, Err(Refusal::DeliveryElsewhere.into()));
    let unknown = claim_in_plus(&store, "pc-2", items(&["d-9"]), NOW).await;
    assert_eq!(unknown, Err(Refusal::NotFound.into()));
    let rest = claim_in_plus(&store, "pc-2", Wanted::Everything, NOW).await;
    assert_eq!(rest, Ok(vec!["d-1".to_owned()]));
}

pub(crate) async fn a_lease_that_ends_gives_back(store: impl Store) {
    take_in(&store, &["1"]).await;
    let claim = |terminal, now| claim_in_plus(&store, terminal, Wanted::Everything, now);
    assert_eq!(claim("pc-1", NOW).await.map(|held| held.len()), Ok(1));
    let late = NOW + Duration::minutes(20);
    store
        .file(Fetching { terms: PLUS, ..file_of(&pc("pc-1"), "d-1", "報告.pdf") }, late)
        .await
        .expect("fetched");
    let renewed = NOW + Duration::minutes(49);
    assert_eq!(claim("pc-2", renewed).await, Ok(Vec::new()), "the fetch has renewed it");
    let over = late + PLUS.lease;
    let lost = store.delivery(pc("pc-1"), DeliveryId::new("d-1"), over).await;
    assert_eq!(lost, Err(Refusal::ClaimLost.into()));
    let listed = store.inbox(InboxScope::held(&pc("pc-1")), first_page(), over).await;
    assert_eq!(listed, Ok(Vec::new()));
    assert_eq!(claim("pc-2", over).await.map(|held| held.len()), Ok(1));
    let elsewhere = store.receipt(pc("pc-1"), DeliveryId::new("d-1"), over).await;
    assert_eq!(elsewhere, Err(Refusal::DeliveryElsewhere.into()));
}

pub(crate) async fn an_office_takes_back(store: impl Store) {
    take_in(&store, &["1"]).await;
    claim_all(&store, pc("pc-1")).await;
    let id = || DeliveryId::new("d-1");
    let from = |holder| {
        let holder = Some(TerminalId::new(holder));
        let asked = TakingBack { caller: pc("pc-2"), delivery: id(), holder };
        store.take_back(Profile::Plus, asked, NOW)
    };
    assert_eq!(from("pc-3").await, Err(Refusal::DeliveryElsewhere.into()));
    let taken = from("pc-1").await;
    assert_eq!(taken.map(|sending| sending.state), Ok(DeliveryState::Waiting));
    let back = store.delivery(pc("pc-1"), id(), NOW).await;
    assert_eq!(back, Err(Refusal::ClaimLost.into()), "it hears what happened");
    assert_eq!(claim_all(&store, pc("pc-2")).await.len(), 1);
    let scope = InboxScope::of_office(Profile::Plus, &pc("pc-3")).expect("in plus");
    let seen = store.inbox(scope, first_page(), NOW).await.expect("lists");
    assert_eq!(seen[0].state.holder(), Some(&TerminalId::new("pc-2")));
}

pub(crate) async fn lists_come_in_pages(store: impl Store) {
    take_in(&store, &["1", "2", "3"]).await;
    claim_all(&store, pc("pc-1")).await;
    let held = |after: Option<&str>| {
        let page = Page { after: after.map(DeliveryId::new), limit: 2 };
        store.inbox(InboxScope::held(&pc("pc-1")), page, NOW)
    };
    let ids = |page: Vec<Sending>| -> Vec<String> {
        page.iter().map(|sending| sending.delivery.to_string()).collect()
    };
    assert_eq!(held(None).await.map(ids), Ok(vec!["d-1".to_owned(), "d-2".to_owned()]));
    assert_eq!(held(Some("d-2")).await.map(ids), Ok(vec!["d-3".to_owned()]));
    assert_eq!(held(Some("d-9")).await, Err(Refusal::NotFound.into()));
    let sent = |after: Option<&str>| {
        let page = Page { after: after.map(SubmissionId::new), limit: 2 };
        store.sent(everything_sent(), page)
    };
    assert_eq!(sent(None).await.map(ids), Ok(vec!["d-3".to_owned(), "d-2".to_owned()]));
    assert_eq!(sent(Some("s-2")).await.map(ids), Ok(vec!["d-1".to_owned()]));
}

pub(crate) async fn offices_are_told_in_order(store: impl Store) {
    take_in(&store, &["1", "2"]).await;
    let told = |office, after, limit| {
        let events = store.events(number(office), after, limit);
        async move {
            let events = events.await.expect("lists");
            let told = |event: hub_relay::Event| {
                (event.number, event.kind, event.sending.delivery.to_string())
            };
            events.into_iter().map(told).collect::<Vec<_>>()
        }
    };
    let arrivals = told(RECIPIENT, 0, 10).await;
    let kinds: Vec<_> = arrivals.iter().map(|(_, kind, id)| (*kind, id.as_str())).collect();
    assert_eq!(kinds, [(EventKind::Arrival, "d-1"), (EventKind::Arrival, "d-2")]);
    assert_eq!(told(RECIPIENT, 0, 1).await, arrivals[..1]);
    assert_eq!(told(RECIPIENT, arrivals[0].0, 10).await, arrivals[1..]);
    assert_eq!(store.last_event(number(RECIPIENT)).await, Ok(arrivals[1].0));
    assert_eq!(store.last_event(number(SENDER)).await, Ok(0), "nothing to tell yet");
    claim_all(&store, pc("pc-1")).await;
    fetch_and_confirm(&store, "pc-1", "d-2", NOW).await;
    let receipts = told(SENDER, 0, 10).await;
    assert_eq!(receipts.len(), 1);
    assert_eq!((receipts[0].1, receipts[0].2.as_str()), (EventKind::Receipt, "d-2"));
}

pub(crate) async fn what_was_kept_long_enough_goes(store: impl Store) {
    take_in(&store, &["1", "2"]).await;
    claim_all(&store, pc("pc-1")).await;
    fetch_and_confirm(&store, "pc-1", "d-1", NOW).await;
    let sweep = |days| store.sweep(RETENTION, NOW + Duration::days(days));
    assert_eq!(sweep(89).await, Ok(Swept::default()));
    assert_eq!(sweep(90).await, Ok(Swept { removed: 1, undelivered: 0 }));
    assert_eq!(sweep(90).await, Ok(Swept::default()), "once");
    let gone = store.delivery(pc("pc-1"), DeliveryId::new("d-1"), NOW).await;
    assert_eq!(gone, Err(Refusal::RetentionOver.into()));
    let gone = store.file(file_of(&pc("pc-1"), "d-1", "報告.pdf"), NOW).await;
    assert_eq!(gone.err(), Some(Refusal::RetentionOver.into()));
    assert_eq!(sent(&store).await.map(|sent| sent.len()), Ok(1));
    let scope = SentScope { office: number(SENDER), terminal: None };
    let behind = |id| Page { after: Some(SubmissionId::new(id)), limit: 9 };
    let rest = store.sent(scope.clone(), behind("s-1")).await;
    assert_eq!(rest, Ok(Vec::new()), "its place is still known");
    let strange = store.sent(scope, behind("s-9")).await;
    assert_eq!(strange, Err(Refusal::NotFound.into()));
    let again = store.submit(sending("1", "x"), NOW).await.expect("known by its key");
    assert_eq!((again.submission.as_str(), again.files.len()), ("s-1", 0), "not sent twice");

    assert_eq!(sweep(179).await, Ok(Swept::default()), "what nobody fetched stays");
    assert_eq!(sweep(180).await, Ok(Swept { removed: 0, undelivered: 1 }));
    let listed = sent(&store).await.expect("lists");
    assert!(matches!(listed[0].state, DeliveryState::Undelivered { .. }), "its sender sees it");
    assert_eq!(claim_all(&store, pc("pc-2")).await, []);
    let events = store.events(number(SENDER), 0, 10).await.expect("lists");
    let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Undelivered], "and is told; of what is gone no more is said");
    assert_eq!(sweep(270).await, Ok(Swept { removed: 1, undelivered: 0 }));
    assert_eq!(sent(&store).await, Ok(Vec::new()));
}

pub(crate) async fn notices_go_with_what_they_tell_of(store: impl Store) {
    take_in(&store, &["1", "2"]).await;
    claim_all(&store, pc("pc-1")).await;
    let after = |days| NOW + Duration::days(days);
    fetch_and_confirm(&store, "pc-1", "d-1", NOW).await;
    fetch_and_confirm(&store, "pc-1", "d-2", after(10)).await;
    let last = async |office| store.last_event(number(office)).await.expect("looks");
    let told = async |office, after| {
        let events = store.events(number(office), after, 10).await.expect("lists");
        events.iter().map(|event| event.sending.delivery.to_string()).collect::<Vec<_>>()
    };
    let (arrived, noted) = (last(RECIPIENT).await, last(SENDER).await);
    let sweep = |days| store.sweep(RETENTION, after(days));

    assert_eq!(sweep(90).await, Ok(Swept { removed: 1, undelivered: 0 }));
    assert_eq!(told(RECIPIENT, 0).await, ["d-2"], "what is there, however far back it begins");
    assert_eq!((last(RECIPIENT).await, last(SENDER).await), (arrived, noted));
    assert_eq!(sweep(100).await, Ok(Swept { removed: 1, undelivered: 0 }));
    assert_eq!((last(RECIPIENT).await, last(SENDER).await), (0, noted), "all but the last of all");
    assert_eq!(told(SENDER, 0).await, [""; 0]);

    store.submit(sending("3", "x"), after(101)).await.expect("taken");
    assert!(noted < last(RECIPIENT).await, "no number comes twice");
    assert_eq!(told(RECIPIENT, arrived).await, ["d-3"], "whoever heard all before hears this");
    assert_eq!(sweep(101).await, Ok(Swept::default()));
    assert_eq!(last(SENDER).await, 0, "it is not the last any more");
}
