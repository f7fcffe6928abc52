//! Profile plus: claims of a part, leases, taking back, notices; and retention by the clock.

use careplan_protocol::{
    DeliveryId, ProblemKind,
    admin::Swept,
    hub::{
        ClaimRequest, Deliveries, Delivery, DeliveryState, Profile, Submissions, TakeBackRequest,
    },
};
use reqwest::{Method, Response, StatusCode};
use time::Duration;

use crate::{
    sendings::{lent, sample, to},
    support::{
        Bench, CARE_MANAGER, HOME_HELP,
        terminal::{Terminal, problem},
    },
};

const PDF: &[u8] = b"%PDF-1.7\nan invented report\n";

async fn send(bench: &Bench, keys: &[&str]) {
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    for key in keys {
        sender.send(key, &to(HOME_HELP), &[("a.pdf", PDF)]).await.expect("taken");
    }
}

async fn claim(terminal: &Terminal, wanted: &ClaimRequest) -> Response {
    terminal.request(Method::POST, "/v1/claims").json(wanted).send().await.expect("answers")
}

async fn claimed(terminal: &Terminal, wanted: &ClaimRequest) -> Vec<Delivery> {
    claim(terminal, wanted).await.json::<Deliveries>().await.expect("a list").deliveries
}

fn only(id: &DeliveryId) -> ClaimRequest {
    ClaimRequest { deliveries: vec![id.clone()], ..ClaimRequest::default() }
}

fn for_kind(kind: &str) -> ClaimRequest {
    ClaimRequest { kinds: vec![kind.parse().expect("a kind")], ..ClaimRequest::default() }
}

async fn of_office(terminal: &Terminal) -> Vec<Delivery> {
    let all = terminal.get::<Deliveries>("/v1/deliveries?scope=office").await;
    all.expect("in plus").deliveries
}

#[tokio::test]
async fn actual_knows_neither_parts_nor_who_holds_what_nor_notices() {
    let bench = Bench::new().await;
    let terminal = bench.terminal(HOME_HELP, "pc-1").await;
    let lacks = problem(claim(&terminal, &for_kind("11")).await).await;
    assert_eq!(lacks.known_kind(), Some(ProblemKind::ProfileLacks));
    let all = terminal.get::<Deliveries>("/v1/deliveries?scope=office").await;
    assert_eq!(all.err(), Some(ProblemKind::ProfileLacks));
    let events = terminal.request(Method::GET, "/v1/events").send().await.expect("answers");
    assert_eq!(problem(events).await.known_kind(), Some(ProblemKind::ProfileLacks));
    assert_eq!(claim(&terminal, &ClaimRequest::default()).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_claim_may_name_kinds_or_items_but_not_be_guessed_at() {
    let bench = Bench::with_profile(Profile::Plus).await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let slip = sample("v4-slip");
    sender.send("addressed", &Default::default(), &lent(&slip)).await.expect("taken");
    send(&bench, &["unaddressed"]).await;
    let first = bench.terminal(HOME_HELP, "pc-1").await;
    assert_eq!(claimed(&first, &for_kind("15")).await, []);
    let held = claimed(&first, &for_kind("11")).await;
    assert_eq!((held.len(), held[0].files.len()), (1, slip.len()));
    assert!(held[0].claimed_until.is_some());
    let second = bench.terminal(HOME_HELP, "pc-2").await;
    let taken = problem(claim(&second, &only(&held[0].id)).await).await;
    assert_eq!(taken.known_kind(), Some(ProblemKind::DeliveryElsewhere));
    let with_all = ClaimRequest { include_unaddressed: true, ..for_kind("11") };
    assert_eq!(claimed(&second, &with_all).await.len(), 1);

    let both = ClaimRequest { deliveries: vec![held[0].id.clone()], ..for_kind("11") };
    let refused = problem(claim(&second, &both).await).await;
    assert_eq!(refused.known_kind(), Some(ProblemKind::RequestMalformed));
    let request = second.request(Method::POST, "/v1/claims").body(r#"{"kind":["11"]}"#);
    let refused = problem(request.send().await.expect("answers")).await;
    assert_eq!(refused.known_kind(), Some(ProblemKind::RequestMalformed));
}

#[tokio::test]
async fn a_lease_that_ends_gives_back_and_its_holder_hears_of_it() {
    let bench = Bench::with_profile(Profile::Plus).await;
    send(&bench, &["delivery-1"]).await;
    let (dead, alive) =
        (bench.terminal(HOME_HELP, "pc-1").await, bench.terminal(HOME_HELP, "pc-2").await);
    let held = dead.claim().await;
    assert_eq!(of_office(&alive).await, held, "the office sees who has it");
    bench.clock.step(Duration::minutes(29));
    assert!(alive.claim().await.is_empty());
    bench.clock.step(Duration::minutes(1));
    assert_eq!(of_office(&alive).await[0].state, DeliveryState::Waiting);
    let lost = problem(dead.fetch(&held[0], 0).await).await;
    assert_eq!(lost.known_kind(), Some(ProblemKind::ClaimLost));
    assert_eq!(alive.claim().await.len(), 1);
    let elsewhere = problem(dead.fetch(&held[0], 0).await).await;
    assert_eq!(elsewhere.known_kind(), Some(ProblemKind::DeliveryElsewhere));
}

#[tokio::test]
async fn an_office_takes_back_from_a_terminal_that_died() {
    let bench = Bench::with_profile(Profile::Plus).await;
    send(&bench, &["delivery-1"]).await;
    let (dead, alive) =
        (bench.terminal(HOME_HELP, "pc-1").await, bench.terminal(HOME_HELP, "pc-2").await);
    let held = dead.claim().await;
    let path = format!("/v1/deliveries/{}/take-back", held[0].id);
    let stranger = bench.terminal(CARE_MANAGER, "pc-1").await;
    assert_eq!(stranger.post::<Delivery>(&path).await.err(), Some(ProblemKind::NotFound));
    let taken = alive.post::<Delivery>(&path).await.expect("taken back");
    assert_eq!((taken.state, taken.terminal), (DeliveryState::Waiting, None));
    let lost = problem(dead.fetch(&held[0], 0).await).await;
    assert_eq!(lost.known_kind(), Some(ProblemKind::ClaimLost));
    let held = claimed(&alive, &only(&held[0].id)).await;
    alive.fetch(&held[0], 0).await;
    let receipt = format!("/v1/deliveries/{}/receipt", held[0].id);
    alive.post::<Delivery>(&receipt).await.expect("noted");
    assert_eq!(dead.post::<Delivery>(&path).await.err(), Some(ProblemKind::DeliveryFetched));
}

#[tokio::test]
async fn taking_back_that_is_repeated_leaves_the_next_holder_alone() {
    let bench = Bench::with_profile(Profile::Plus).await;
    send(&bench, &["delivery-1"]).await;
    let (dead, alive) =
        (bench.terminal(HOME_HELP, "pc-1").await, bench.terminal(HOME_HELP, "pc-2").await);
    let held = dead.claim().await;
    let path = format!("/v1/deliveries/{}/take-back", held[0].id);
    let take = |body| dead.request(Method::POST, &path).json(body).send();
    let seen = TakeBackRequest { holder: held[0].terminal.clone() };
    let taken = take(&seen).await.expect("answers");
    assert_eq!(taken.status(), StatusCode::OK);
    let next = alive.claim().await;
    let again = problem(take(&seen).await.expect("answers")).await;
    assert_eq!(again.known_kind(), Some(ProblemKind::DeliveryElsewhere));
    assert_eq!(of_office(&alive).await, next, "it keeps what it has claimed since");
    let unnamed = take(&TakeBackRequest::default()).await.expect("answers");
    assert_eq!(unnamed.status(), StatusCode::OK, "whoever holds it");
}

#[tokio::test]
async fn a_head_fetches_nothing_and_so_bears_no_receipt() {
    let bench = Bench::new().await;
    send(&bench, &["delivery-1"]).await;
    let terminal = bench.terminal(HOME_HELP, "pc-1").await;
    let held = terminal.claim().await;
    let id = &held[0].id;
    let head = terminal.request(Method::HEAD, &format!("/v1/deliveries/{id}/files/a.pdf"));
    let head = head.send().await.expect("answers");
    assert_eq!(head.status(), StatusCode::METHOD_NOT_ALLOWED);
    let receipt = terminal.post::<Delivery>(&format!("/v1/deliveries/{id}/receipt")).await;
    assert_eq!(receipt.err(), Some(ProblemKind::FileUnfetched));
}

#[tokio::test]
async fn lists_come_in_pages_that_lead_on() {
    let bench = Bench::new().await;
    send(&bench, &["delivery-1", "delivery-2", "delivery-3"]).await;
    let terminal = bench.terminal(HOME_HELP, "pc-1").await;
    let held = terminal.claim().await;
    let page = terminal.get::<Deliveries>("/v1/deliveries?limit=2").await.expect("a page");
    assert_eq!(page.deliveries, held[..2]);
    let next = page.next.expect("there is more");
    let rest = format!("/v1/deliveries?limit=2&after={next}");
    let rest = terminal.get::<Deliveries>(&rest).await.expect("the last page");
    assert_eq!((&rest.deliveries[..], rest.next), (&held[2..], None));
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let sent = sender.get::<Submissions>("/v1/submissions?limit=2").await.expect("a page");
    assert!(sent.submissions.len() == 2 && sent.next.is_some());
    for bad in ["limit=0", "limit=501", "limit=x", "scope=all", "state=closed"] {
        let refused = terminal.get::<Deliveries>(&format!("/v1/deliveries?{bad}")).await;
        assert_eq!(refused.err(), Some(ProblemKind::RequestMalformed), "{bad}");
    }
    let unknown = terminal.get::<Deliveries>("/v1/deliveries?after=unknown").await;
    assert_eq!(unknown.err(), Some(ProblemKind::NotFound));
}

/// Reads a stream until it has said this.
async fn heard(stream: &mut Response, wanted: &str) -> String {
    let mut text = String::new();
    while !text.contains(wanted) {
        let chunk = stream.chunk().await.expect("goes on").expect("has not ended");
        text.push_str(&String::from_utf8_lossy(&chunk));
    }
    text
}

#[tokio::test]
async fn notices_come_as_they_happen_and_go_on_where_they_ended() {
    let bench = Bench::with_profile(Profile::Plus).await;
    let recipient = bench.terminal(HOME_HELP, "pc-1").await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let listen = |terminal: &Terminal| terminal.request(Method::GET, "/v1/events").send();
    let mut arrivals = listen(&recipient).await.expect("listens");
    let mut receipts = listen(&sender).await.expect("listens");
    let welcome = heard(&mut arrivals, "retry:").await;
    assert!(welcome.starts_with("id: 0\n"), "where it stands: {welcome}");
    heard(&mut receipts, "retry:").await;
    send(&bench, &["delivery-1"]).await;
    let told = heard(&mut arrivals, "data: ").await;
    assert!(told.contains("event: arrival") && told.contains(CARE_MANAGER), "{told}");
    assert!(!told.contains("見本"), "no names: {told}");
    let held = recipient.claim().await;
    recipient.fetch(&held[0], 0).await;
    let receipt = format!("/v1/deliveries/{}/receipt", held[0].id);
    recipient.post::<Delivery>(&receipt).await.expect("noted");
    heard(&mut receipts, "event: receipt").await;

    let resumed = recipient.request(Method::GET, "/v1/events").header("last-event-id", "0");
    let mut resumed = resumed.send().await.expect("listens");
    heard(&mut resumed, &format!("\"id\":\"{}\"", held[0].id)).await;
    for odd in ["x", "-1", "9223372036854775808"] {
        let asked = recipient.request(Method::GET, "/v1/events").header("last-event-id", odd);
        let refused = problem(asked.send().await.expect("answers")).await;
        assert_eq!(refused.known_kind(), Some(ProblemKind::RequestMalformed), "{odd}");
    }
    // A stream does not keep the hub from ending.
    bench.hub.stop().await;
    while let Ok(Some(_)) = resumed.chunk().await {}
}

#[tokio::test]
async fn what_nobody_fetches_is_given_up_and_told() {
    let bench = Bench::new().await;
    send(&bench, &["fetched-1", "forgotten"]).await;
    let terminal = bench.terminal(HOME_HELP, "pc-1").await;
    let held = terminal.claim().await;
    terminal.fetch(&held[0], 0).await;
    let receipt = format!("/v1/deliveries/{}/receipt", held[0].id);
    terminal.post::<Delivery>(&receipt).await.expect("noted");
    let sweep = || async {
        let swept = bench.admin().ask(Method::POST, "/admin/sweep", &()).await;
        swept.map(|Swept { removed, undelivered }| (removed, undelivered)).ok()
    };
    assert_eq!(sweep().await, Some((0, 0)));
    let (from, months) = (bench.clock.now(), Duration::days(181));
    bench.clock.step(months);
    assert_eq!(sweep().await, Some((1, 1)));
    bench.clock.set(from);
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let sent = sender.sent().await;
    let states: Vec<_> = sent.iter().map(|submission| submission.state).collect();
    assert_eq!(states, [DeliveryState::Undelivered], "the other is gone");
    for delivery in &held {
        let gone = problem(terminal.fetch(delivery, 0).await).await;
        assert_eq!(gone.known_kind(), Some(ProblemKind::RetentionOver));
    }
}

#[tokio::test]
async fn a_body_that_is_no_object_is_malformed_and_claims_nothing() {
    let bench = Bench::new().await;
    send(&bench, &["delivery-1"]).await;
    let terminal = bench.terminal(HOME_HELP, "pc-1").await;
    for body in ["[]", "[null]", "null", "1", "\"\""] {
        let asked = terminal.request(Method::POST, "/v1/claims").body(body);
        let refused = problem(asked.send().await.expect("answers")).await;
        assert_eq!(refused.known_kind(), Some(ProblemKind::RequestMalformed), "{body}");
    }
    assert_eq!(terminal.claim().await.len(), 1);
}
