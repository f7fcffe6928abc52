//! What the audit log, the numbers and the log say of what happened.

use std::{fs::File, io::BufReader, path::Path};

use careplan_protocol::{
    Party,
    admin::ClockChange,
    ca::CertificateKind,
    faults::{Arming, FaultKind, FaultOperation, FaultScope},
    hub::{Deliveries, SubmissionMeta},
};
use reference_hub::{
    HubConfig, Method, StoreChoice,
    audit::{self, Entry},
};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::support::{
    Bench, CARE_MANAGER, HOME_HELP,
    ca::{Ca, PASSWORD},
    config, office,
    terminal::Terminal,
};

/// A hub with an audit log.
async fn audited(path: &Path) -> Bench {
    let (ca, clock) = (Ca::start().await, careplan_protocol::Clock::system());
    let config = config(&ca, &clock, StoreChoice::Memory);
    Bench::start(ca, clock, HubConfig { audit: Some(path.to_owned()), ..config }).await
}

/// Ends the hub, and reads what it noted.
async fn ended(bench: Bench, path: &Path) -> Vec<Entry> {
    bench.hub.stop().await;
    entries(path)
}

fn entries(path: &Path) -> Vec<Entry> {
    let mut entries = Vec::new();
    let log = BufReader::new(File::open(path).expect("opens"));
    audit::read(log, |entry| entries.push(entry)).expect("the chain holds");
    entries
}

/// The entry of an operation that went so.
fn find<'a>(entries: &'a [Entry], what: &str, result: &str) -> &'a Entry {
    let mut found = entries.iter().filter(|entry| entry.note.what == what);
    found.find(|entry| entry.note.result == result).unwrap_or_else(|| {
        panic!("{what}, {result}: {entries:#?}");
    })
}

fn greeting() -> SubmissionMeta {
    SubmissionMeta {
        message: "見本花子様の件".to_owned(),
        destination: Some(Party { office: office(HOME_HELP), kind: None }),
    }
}

#[tokio::test]
async fn who_did_what_on_which_terminal_is_noted_and_nothing_of_the_content() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.jsonl");
    let bench = audited(&path).await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let files: [(&str, &[u8]); 1] = [("花子_経過.pdf", b"%PDF-1.7 x")];
    let sent = sender.send("key-0001", &greeting(), &files).await.expect("taken");
    let recipient = bench.terminal(HOME_HELP, "pc-2").await;
    let held = recipient.claim().await;
    recipient.fetch(&held[0], 0).await.error_for_status().expect("fetches");
    let delivery = held[0].id.to_string();
    let path_there = format!("/v1/deliveries/{delivery}/receipt");
    recipient.post::<careplan_protocol::hub::Delivery>(&path_there).await.expect("confirms");
    recipient.get::<Deliveries>("/v1/nothing/見本花子").await.expect_err("unknown");

    let entries = ended(bench, &path).await;
    let submit = &find(&entries, "POST /v1/submissions", "ok").note;
    assert_eq!(submit.office.as_deref(), Some(CARE_MANAGER));
    assert_eq!(submit.terminal.as_deref(), Some("pc-1"));
    assert_eq!(submit.on, Some(sent.id.to_string()));
    assert_eq!(submit.status, Some(201));
    let receipt = &find(&entries, "POST /v1/deliveries/{id}/receipt", "ok").note;
    assert_eq!(receipt.terminal.as_deref(), Some("pc-2"));
    assert_eq!(receipt.on.as_ref(), Some(&delivery));
    let fetch = &find(&entries, "GET /v1/deliveries/{id}/files/{name}", "ok").note;
    assert_eq!(fetch.on.as_ref(), Some(&delivery));
    let claim = &find(&entries, "POST /v1/claims", "ok").note;
    assert_eq!(claim.on.as_ref(), Some(&delivery));
    find(&entries, "unknown", "not-found");
    find(&entries, "ended", "ok");
    let text = std::fs::read_to_string(&path).expect("reads");
    for secret in ["花子", "PDF", PASSWORD, "key-0001", sender.token.as_str()] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn who_was_not_let_in_is_noted_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.jsonl");
    let bench = audited(&path).await;
    let terminal = bench.terminal(CARE_MANAGER, "pc-1").await;
    let user = bench.ca.account(CARE_MANAGER);
    assert!(terminal.try_log_in(&user, "wrong").await.is_err());
    let nobody = Terminal::new(bench.hub.url(), &bench.ca, None);
    assert!(nobody.request(Method::GET, "/v1/office").send().await.is_err());
    let agent = bench.ca.client(HOME_HELP, "agent");
    let agent = Terminal::new(bench.hub.url(), &bench.ca, Some(&agent));
    assert!(agent.get::<Deliveries>("/v1/deliveries").await.is_err());
    let mut plain = TcpStream::connect(bench.hub.address()).await.expect("connects");
    plain.write_all(b"GET / HTTP/1.1\r\n\r\n").await.expect("writes");
    tokio::io::AsyncReadExt::read_to_end(&mut plain, &mut Vec::new()).await.expect("an answer");
    drop(plain);
    let guess = reference_hub::AdminToken::fresh();
    let url = bench.hub.admin_url().expect("listens");
    let guess = reference_hub::AdminClient::new(&url, guess).expect("a client");
    assert!(guess.tell(Method::POST, "/admin/reset").await.is_err());

    // The peer had to take its leave first.
    while !entries(&path).iter().any(|entry| entry.note.result == "tls-required") {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let entries = ended(bench, &path).await;
    let refused = &find(&entries, "POST /v1/session", "login-failed").note;
    assert_eq!(refused.office.as_deref(), Some(CARE_MANAGER));
    assert_eq!(refused.terminal.as_deref(), Some("pc-1"));
    find(&entries, "connection", "certificate-missing");
    find(&entries, "connection", "tls-required");
    let agent = &find(&entries, "GET /v1/deliveries", "certificate-kind").note;
    assert_eq!(agent.office.as_deref(), Some(HOME_HELP));
    let guess = &find(&entries, "POST /admin/reset", "admin-token-wrong").note;
    assert_eq!(guess.office.as_deref(), Some("operator"));
}

#[tokio::test]
async fn a_reset_is_an_entry_and_takes_none_back_and_times_are_the_stacks() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.jsonl");
    let bench = audited(&path).await;
    let then = time::macros::datetime!(2031-04-01 00:00 UTC);
    let set = ClockChange { set: Some(then), frozen: Some(true), ..ClockChange::default() };
    let admin = bench.admin();
    admin
        .ask::<careplan_protocol::admin::ClockState>(Method::PUT, "/admin/clock", &set)
        .await
        .expect("sets");
    admin.tell(Method::PUT, "/admin/snapshots/x").await.expect("saves");
    admin.tell(Method::POST, "/admin/reset").await.expect("resets");
    let entries = ended(bench, &path).await;
    assert_eq!(find(&entries, "PUT /admin/snapshots/{name}", "ok").note.at.year(), 2031);
    find(&entries, "PUT /admin/clock", "ok");
    find(&entries, "POST /admin/reset", "ok");
    assert_eq!(entries.len(), 5, "started, three requests, ended: {entries:#?}");
}

#[tokio::test]
async fn on_what_the_operator_acted_is_noted() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.jsonl");
    let bench = audited(&path).await;
    let admin = bench.admin();
    admin.tell(Method::PUT, "/admin/snapshots/before-april").await.expect("saves");
    admin.tell(Method::DELETE, &format!("/admin/offices/{HOME_HELP}")).await.expect("removes");
    let odd = "/admin/offices/%E8%8A%B1%E5%AD%90/licence";
    admin.text(odd).await.expect_err("no office number");
    let entries = ended(bench, &path).await;
    let on = |what: &str, result: &str| find(&entries, what, result).note.on.clone();
    assert_eq!(on("PUT /admin/snapshots/{name}", "ok").as_deref(), Some("before-april"));
    assert_eq!(on("DELETE /admin/offices/{office}", "ok").as_deref(), Some(HOME_HELP));
    assert_eq!(on("GET /admin/offices/{office}/licence", "not-found"), None);
}

#[tokio::test]
async fn what_was_done_for_a_peer_that_left_before_the_answer_is_noted() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.jsonl");
    let bench = audited(&path).await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let operation = Some(FaultOperation::Submit);
    let scope = FaultScope { operation, ..FaultScope::default() };
    let late = Arming { scope, wait_ms: 60_000, ..Arming::new(FaultKind::AnswerLate) };
    bench.faults.arm(late).expect("can act");
    let sending = sender.sending("key-0001", &greeting(), &[]);
    let left = sending.timeout(std::time::Duration::from_millis(500)).send().await;
    assert!(left.expect_err("it left").is_timeout());
    let unanswered = |entry: &Entry| entry.note.result == "unanswered";
    while !entries(&path).iter().any(unanswered) {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let sent = sender.sent().await;
    let entries = ended(bench, &path).await;
    let note = &find(&entries, "POST /v1/submissions", "unanswered").note;
    assert_eq!(note.on, Some(sent[0].id.to_string()), "it is kept all the same");
    assert_eq!((note.office.as_deref(), note.status), (Some(CARE_MANAGER), None));
    assert_eq!(note.terminal.as_deref(), Some("pc-1"));
}

#[tokio::test]
async fn every_answer_has_a_request_id_of_its_own() {
    let bench = Bench::new().await;
    let identity = bench.ca.client(CARE_MANAGER, CertificateKind::CareInsurance.word());
    let terminal = Terminal::new(bench.hub.url(), &bench.ca, Some(&identity));
    let mut ids = std::collections::BTreeSet::new();
    for path in ["/v1/office", "/v1/office", "/v1/nothing"] {
        let answer = terminal.request(Method::GET, path).send().await.expect("an answer");
        let id = answer.headers().get("x-request-id").expect("an id").clone();
        ids.insert(id.to_str().expect("text").to_owned());
    }
    assert_eq!(ids.len(), 3);
}
