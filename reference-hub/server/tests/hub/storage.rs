//! What outlives a restart, and what a hub will not start on.

use std::fs;

use careplan_protocol::{
    Clock, ClockMode, ProblemKind,
    admin::{ClockChange, ClockState, Licence, LicenceChange, OfficeChange, OfficeEntry},
    hub::{DeliveryState, SubmissionMeta},
};
use reference_hub::{Hub, HubConfig, HubFault, Method, StoreChoice};
use sha2::{Digest, Sha256};

use crate::{
    sendings::to,
    support::{Bench, CARE_MANAGER, HOME_HELP, ca::Ca, config, terminal::problem},
};

const PDF: &[u8] = b"%PDF-1.7\nan invented report\n";

#[tokio::test]
async fn deliveries_and_sessions_outlive_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("hub.db");
    let bench = Bench::on_disk(&path).await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let recipient = bench.terminal(HOME_HELP, "pc-1").await;
    let sent = sender.send("some-key", &to(HOME_HELP), &[("a.pdf", PDF)]).await.expect("taken");

    let bench = bench.restart(&path).await;
    let held = recipient.claim().await;
    assert_eq!(held.len(), 1);
    let again = sender.send("some-key", &to(HOME_HELP), &[("a.pdf", PDF)]).await.expect("kept");
    assert_eq!((again.id, again.state), (sent.id, DeliveryState::Claimed));

    let _bench = bench.restart(&path).await;
    let answer = recipient.fetch(&held[0], 0).await;
    assert_eq!(answer.bytes().await.expect("a body"), PDF);
}

#[tokio::test]
async fn a_restart_takes_back_no_licence_and_brings_names_up_to_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("hub.db");
    let bench = Bench::on_disk(&path).await;
    let (office, licence) =
        (format!("/admin/offices/{HOME_HELP}"), format!("/admin/offices/{HOME_HELP}/licence"));
    let ended = bench.admin().ask(Method::POST, &licence, &LicenceChange::Expire).await;
    let ended: Licence = ended.expect("ended");
    let other = OfficeChange {
        name: "別の名前".to_owned(),
        kinds: Vec::new(),
        prefecture: None,
        versions: Vec::new(),
    };
    bench.admin().ask::<OfficeEntry>(Method::PUT, &office, &other).await.expect("changed");
    let bench = bench.restart(&path).await;
    let entry: OfficeEntry = bench.admin().get(&office).await.expect("there");
    assert_eq!((&entry.licence, &*entry.name), (&ended, "みどりヘルパーステーション"));
}

#[tokio::test]
async fn a_restart_tells_the_time_as_it_was_set() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("hub.db");
    let mut bench = Bench::on_disk(&path).await;
    let change = ClockChange { step_seconds: Some(86_400), frozen: Some(true), set: None };
    let set: ClockState =
        bench.admin().ask(Method::PUT, "/admin/clock", &change).await.expect("set");
    for is_reset in [false, true] {
        if is_reset {
            bench.admin().tell(Method::POST, "/admin/reset").await.expect("resets");
        }
        // As in a new process.
        bench.clock.set_mode(ClockMode::default());
        bench = bench.restart(&path).await;
        let told: ClockState = bench.admin().get("/admin/clock").await.expect("tells");
        assert_eq!(told == set, !is_reset);
        assert_eq!(told.frozen, !is_reset);
    }
}

#[tokio::test]
async fn a_repetition_hears_the_first_answer_even_if_it_would_be_refused_today() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("hub.db");
    let bench = Bench::on_disk(&path).await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let sent = sender.send("some-key", &to(HOME_HELP), &[("a.pdf", PDF)]).await.expect("taken");
    let forbidden: &[(&str, &[u8])] = &[("a.docx", b"an invented letter")];
    let unlike = sender.send("some-key", &to(HOME_HELP), forbidden).await;
    assert_eq!(unlike.err(), Some(ProblemKind::IdempotencyKeyReused), "known before judged");

    // As if the hub of an earlier day had taken it.
    let beside = rusqlite::Connection::open(&path).expect("opens");
    let digest = content_digest(&to(HOME_HELP), forbidden);
    beside.execute("UPDATE sendings SET content_digest = ?", [digest]).expect("changes the past");
    let again = sender.send("some-key", &to(HOME_HELP), forbidden).await.expect("taken before");
    assert_eq!(again.id, sent.id);
    let new = sender.send("other-key", &to(HOME_HELP), forbidden).await;
    assert_eq!(new.err(), Some(ProblemKind::FileType));
}

/// What the hub keeps of a sending's content, to know it again.
fn content_digest(meta: &SubmissionMeta, files: &[(&str, &[u8])]) -> [u8; 32] {
    let mut parts = vec![serde_json::to_vec(meta).expect("serializes")];
    for (name, bytes) in files {
        parts.extend([name.as_bytes().to_vec(), Sha256::digest(bytes).to_vec()]);
    }
    let sized =
        parts.iter().flat_map(|part| [&(part.len() as u64).to_be_bytes()[..], part].concat());
    Sha256::digest(sized.collect::<Vec<_>>()).into()
}

#[tokio::test]
async fn a_file_that_changed_on_the_disk_is_not_handed_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("hub.db");
    let bench = Bench::on_disk(&path).await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    sender.send("some-key", &to(HOME_HELP), &[("a.pdf", PDF)]).await.expect("taken");
    let recipient = bench.terminal(HOME_HELP, "pc-1").await;
    let held = recipient.claim().await;

    let beside = rusqlite::Connection::open(&path).expect("opens");
    beside.execute("UPDATE files SET content = x'25504446'", []).expect("spoils the file");
    let refused = problem(recipient.fetch(&held[0], 0).await).await;
    assert_eq!(refused.known_kind(), Some(ProblemKind::FileDamaged));
}

#[tokio::test]
async fn a_hub_does_not_start_on_a_wrong_set_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("notes.txt");
    fs::write(&path, "not a database, but long enough to have a header ".repeat(20)).expect("ok");
    let (ca, clock) = (Ca::start().await, Clock::system());
    let good = config(&ca, &clock, StoreChoice::Memory);

    let foreign = HubConfig { store: StoreChoice::Sqlite(path), ..good.clone() };
    assert!(matches!(Hub::start(foreign).await, Err(HubFault::Store(_))));
    let keyless = HubConfig { tls_key_pem: ca.server().key_pem, ..good.clone() };
    assert!(matches!(Hub::start(keyless).await, Err(HubFault::Certificates(_))));
    let away = HubConfig { ca_url: "https://127.0.0.1:1".to_owned(), ..good.clone() };
    assert!(matches!(Hub::start(away).await, Err(HubFault::Authority(_))));
    let distrusted = HubConfig { ca_root_pem: Ca::start().await.root_pem(), ..good.clone() };
    assert!(matches!(Hub::start(distrusted).await, Err(HubFault::Authority(_))));
    let hub = Hub::start(good.clone()).await.expect("starts");
    let taken = HubConfig { listen: hub.address(), ..good };
    assert!(matches!(Hub::start(taken).await, Err(HubFault::Listen { .. })));
}
