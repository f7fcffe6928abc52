//! Characters that some databases cannot keep: the door refuses them, whatever the store.

use std::path::Path;

use careplan_protocol::{
    Clock, ProblemKind,
    admin::{OfficeChange, OfficeEntry},
    hub::{Deliveries, Delivery, Directory, Session, Submission, SubmissionMeta},
};
use private_postgres::Absence;
use reference_hub::{AdminError, HubConfig, Method, PostgresPlace, StoreChoice};
use serde_json::json;

use crate::{
    sendings::to,
    support::{
        Bench, CARE_MANAGER, HOME_HELP,
        ca::{Ca, PASSWORD},
        config,
        terminal::{Terminal, read},
    },
};

const PDF: &[u8] = b"%PDF-1.7\nan invented report\n";

#[tokio::test]
async fn nothing_odd_gets_as_far_as_the_memory() {
    nothing_odd_gets_as_far_as(StoreChoice::Memory).await;
}

#[tokio::test]
async fn nothing_odd_gets_as_far_as_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    nothing_odd_gets_as_far_as(in_file(folder.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_odd_gets_as_far_as_the_server() {
    let new = tokio::task::spawn_blocking(private_postgres::new_database).await;
    match new.expect("nothing panics") {
        Ok(url) => {
            let place = PostgresPlace::parse(&url).expect("a place");
            nothing_odd_gets_as_far_as(StoreChoice::Postgres(place)).await;
        }
        Err(absence @ Absence::NotInstalled) => eprintln!("skipped: {absence}"),
        Err(absence) => panic!("{absence}"),
    }
}

fn in_file(folder: &Path) -> StoreChoice {
    StoreChoice::Sqlite(folder.join("hub.db"))
}

async fn nothing_odd_gets_as_far_as(store: StoreChoice) {
    let (ca, clock) = (Ca::start().await, Clock::system());
    let config = HubConfig { store, ..config(&ca, &clock, StoreChoice::Memory) };
    let bench = Bench::start(ca, clock, config).await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    in_a_sending(&sender).await;
    in_a_login(&bench, &sender).await;
    in_what_is_asked_for(&sender).await;
    in_an_office(&bench).await;

    let lines = SubmissionMeta { message: "一行目\r\n\t二行目".to_owned(), ..to(HOME_HELP) };
    let sent = sender.send("a-sound-key", &lines, &[("a.pdf", PDF)]).await.expect("taken");
    assert_eq!(sent.message, lines.message, "as it was written");
    assert_eq!(sender.sent().await.len(), 1, "and nothing else was");
}

async fn in_a_sending(sender: &Terminal) {
    for odd in ["a\u{0}b", "\u{0}", "a\u{1b}[2Jb", "a\u{7f}b", "a\u{85}b"] {
        let meta = SubmissionMeta { message: odd.to_owned(), ..to(HOME_HELP) };
        let refused = sender.send("odd-message", &meta, &[("a.pdf", PDF)]).await;
        assert_eq!(refused.err(), Some(ProblemKind::MessageCharacters), "{odd:?}");
        let name = odd.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let body = format!(
            "--x\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n{}\r\n\
             --x\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''{name}.pdf\
             \r\n\r\n%PDF-1.7\r\n--x--\r\n",
            serde_json::to_string(&to(HOME_HELP)).expect("serializes"),
        );
        let request = sender
            .request(Method::POST, "/v1/submissions")
            .header("idempotency-key", "odd-name")
            .header("content-type", "multipart/form-data; boundary=x")
            .body(body);
        let refused = read::<Submission>(request).await;
        assert_eq!(refused.err(), Some(ProblemKind::FileName), "{odd:?}");
    }
    for key in [&b"odd\tkey-1"[..], b"odd key-1", b"odd-\xe9\xe9\xe9\xe9"] {
        let key = reqwest::header::HeaderValue::from_bytes(key).expect("travels");
        let sending = sender.sending("replaced", &to(HOME_HELP), &[("a.pdf", PDF)]);
        let mut headers = reqwest::header::HeaderMap::new();
        headers.insert("idempotency-key", key.clone());
        let refused = read::<Submission>(sending.headers(headers)).await;
        assert!(refused.is_err(), "{key:?}");
        assert_ne!(refused.err(), Some(ProblemKind::Internal), "{key:?}");
    }
}

async fn in_a_login(bench: &Bench, sender: &Terminal) {
    let user_id = bench.ca.account(CARE_MANAGER);
    for terminal in ["pc\u{0}1", "\u{0}", "pc\n1", "PC-1"] {
        let login = json!({ "user_id": user_id, "password": PASSWORD, "terminal": terminal });
        let refused = read::<Session>(sender.request(Method::POST, "/v1/session").json(&login));
        assert_eq!(refused.await.err(), Some(ProblemKind::RequestMalformed), "{terminal:?}");
    }
}

async fn in_what_is_asked_for(sender: &Terminal) {
    for path in [
        "/v1/deliveries/a%00b",
        "/v1/deliveries/a/files/b%00.pdf",
        "/v1/submissions/a%00b",
        "/v1/submissions?after=a%00b",
        "/v1/offices?name=a%00b",
    ] {
        let refused = read::<serde_json::Value>(sender.request(Method::GET, path)).await;
        assert_eq!(refused.err(), Some(ProblemKind::RequestMalformed), "{path}");
    }
    for path in ["/v1/deliveries/a%00b/receipt", "/v1/deliveries/%00/release"] {
        let refused = sender.post::<Delivery>(path).await.err();
        assert_eq!(refused, Some(ProblemKind::RequestMalformed), "{path}");
    }
    let wanted = json!({ "deliveries": ["a\u{0}b"] });
    let refused = read::<Deliveries>(sender.request(Method::POST, "/v1/claims").json(&wanted));
    assert_eq!(refused.await.err(), Some(ProblemKind::RequestMalformed));
    let unknown = sender.get::<Delivery>("/v1/deliveries/a%01b").await.err();
    assert_eq!(unknown, Some(ProblemKind::NotFound), "which every store can be asked for");
    let found = sender.get::<Directory>("/v1/offices?name=a%01b").await.expect("found");
    assert!(found.offices.is_empty());
}

async fn in_an_office(bench: &Bench) {
    let sound = OfficeChange {
        name: "北部地域包括支援センター".to_owned(),
        kinds: vec!["46".parse().expect("a kind")],
        prefecture: None,
        versions: Vec::new(),
    };
    let named = |name: &str| OfficeChange { name: name.to_owned(), ..sound.clone() };
    let versions = vec!["2024\u{0}07".to_owned()];
    let odd =
        [named("北部\u{0}"), named("北部\n二行目"), OfficeChange { versions, ..sound.clone() }];
    for change in odd {
        let path = "/admin/offices/2700100021";
        match bench.admin().ask::<OfficeEntry>(Method::PUT, path, &change).await {
            Err(AdminError::Refused(problem)) => {
                assert_eq!(problem.known_kind(), Some(ProblemKind::RequestMalformed), "{change:?}");
            }
            other => panic!("{change:?}: {other:?}"),
        }
    }
}
