//! A terminal that was put back from a backup, on the same machine or on a new one: what it did
//! since then, the hub knows. And a hub that was put back: what it forgot, the terminal knows.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use careplan_protocol::{
    DeliveryId, Party,
    hub::{Deliveries, Delivery, DeliveryState},
};
use reference_client::{Fetched, Terminal};
use sha2::{Digest, Sha256};
use time::macros::datetime;

use crate::stub::{Bench, Reply, Seen, file, hasty, letter, submission};

const BYTES: &[u8] = b"202407,\x8e\x84\r\n";

/// What the hub has for this terminal: ids, with whether they are fetched.
type Shelf = Arc<Mutex<Vec<(&'static str, bool)>>>;

fn delivery((id, is_fetched): (&str, bool)) -> Delivery {
    let party = |office: &str| Party { office: office.parse().expect("an office"), kind: None };
    let sha256: String = Sha256::digest(BYTES).iter().map(|byte| format!("{byte:02x}")).collect();
    Delivery {
        id: DeliveryId::parse(id).expect("an id"),
        submitted_at: datetime!(2025-04-28 08:15 UTC),
        from: party("2770200036"),
        from_name: "みどりヘルパーステーション".to_owned(),
        to: party("2770100012"),
        message: String::new(),
        files: vec![file("実績.csv", BYTES, &sha256)],
        state: if is_fetched { DeliveryState::Fetched } else { DeliveryState::Claimed },
        terminal: None,
        claimed_until: None,
    }
}

fn hub(shelf: &Shelf) -> impl Fn(&Seen) -> Reply + use<> {
    let shelf = Arc::clone(shelf);
    move |seen| {
        let mut shelf = shelf.lock().expect("no panic");
        let parts: Vec<&str> = seen.path.split('/').skip(2).collect();
        let found = parts.get(1).and_then(|id| shelf.iter_mut().find(|(known, _)| known == id));
        match (parts.as_slice(), found) {
            (["deliveries"] | ["claims"], _) => {
                let deliveries = shelf.iter().copied().map(delivery).collect();
                Reply::json(200, &Deliveries { deliveries, next: None })
            }
            (["deliveries", _, "files", _], Some(_)) => {
                let sha256 = delivery(("d-1", false)).files[0].sha256.clone();
                Reply::File(BYTES.to_vec(), sha256)
            }
            (["deliveries", _, more @ ..], Some(found)) => {
                found.1 |= more == ["receipt"];
                Reply::json(200, &delivery(*found))
            }
            _ => Reply::Json(500, String::new()),
        }
    }
}

/// A backup of the terminal, as a person would take it: while no program uses the terminal.
fn backed_up(bench: Bench) -> Bench {
    let home = bench.terminal.folder().to_owned();
    drop(bench.terminal);
    copy(&home, &bench.folder.path().join("backup"));
    let terminal = Terminal::open(&home, hasty(&bench.watcher)).expect("opens");
    Bench { terminal, ..bench }
}

/// The terminal is lost, and a new machine gets what the backup has.
fn restored(bench: Bench) -> Bench {
    let home = bench.folder.path().join("new machine");
    let lost = bench.terminal.folder().to_owned();
    drop(bench.terminal);
    fs::remove_dir_all(lost).expect("is lost");
    copy(&bench.folder.path().join("backup"), &home);
    let terminal = Terminal::open(&home, hasty(&bench.watcher)).expect("opens");
    Bench { terminal, ..bench }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("makes");
    for entry in fs::read_dir(from).expect("lists") {
        let (from, to) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).expect("ok");
        match from.is_dir() {
            true => copy(&from, &to),
            false => drop(fs::copy(&from, &to).expect("copies")),
        }
    }
}

async fn fetch_all(bench: &mut Bench) -> Vec<String> {
    let into = bench.folder.path().join("shared");
    let outcomes = bench.terminal.fetch_all(&into).await.expect("lists");
    let id = |fetched: Fetched| fetched.delivery.id.to_string();
    outcomes.into_iter().map(|outcome| id(outcome.expect("fetches"))).collect()
}

fn downloads(bench: &Bench, id: &str) -> usize {
    let path = format!("/v1/deliveries/{id}/files/");
    bench.hub.seen().iter().filter(|seen| seen.path.starts_with(&path)).count()
}

#[tokio::test]
async fn nothing_is_fetched_twice_and_nothing_missed() {
    let shelf: Shelf = Arc::new(Mutex::new(vec![("d-1", false)]));
    let arrive = |id| shelf.lock().expect("no panic").push((id, false));
    let mut bench = Bench::new(hub(&shelf)).await;
    assert_eq!(fetch_all(&mut bench).await, ["d-1"]);
    let mut bench = backed_up(bench);
    arrive("d-2");
    assert_eq!(fetch_all(&mut bench).await, ["d-2"]);
    // Claimed, and not fetched yet, when the machine breaks.
    arrive("d-3");
    bench.terminal.inbox().await.expect("opens the list");

    let mut bench = restored(bench);
    arrive("d-4");
    let entries = bench.terminal.inbox().await.expect("opens the list");
    let is_here: Vec<_> = entries.iter().map(|entry| entry.folder.is_some()).collect();
    assert_eq!(is_here, [true, false, false, false], "it knows of what the backup has");
    assert_eq!(fetch_all(&mut bench).await, ["d-3", "d-4"]);
    assert_eq!(["d-1", "d-2", "d-3", "d-4"].map(|id| downloads(&bench, id)), [1, 1, 1, 1]);
}

#[tokio::test]
async fn what_is_lost_with_the_machine_can_be_fetched_again_by_its_id() {
    let shelf: Shelf = Arc::new(Mutex::new(vec![("d-1", false)]));
    let mut bench = backed_up(Bench::new(hub(&shelf)).await);
    assert_eq!(fetch_all(&mut bench).await, ["d-1"]);
    let mut bench = restored(bench);
    fs::remove_dir_all(bench.folder.path().join("shared")).expect("is lost, too");
    assert!(fetch_all(&mut bench).await.is_empty(), "the hub has the receipt");
    let into = bench.folder.path().join("shared");
    let id = DeliveryId::parse("d-1").expect("an id");
    let fetched = bench.terminal.fetch(&id, &into).await.expect("comes again");
    assert_eq!(fs::read(&fetched.files[0]).expect("there"), BYTES);
    let entries = bench.terminal.held().await.expect("lists");
    assert_eq!(entries[0].folder, Some(fetched.folder));
}

#[tokio::test]
async fn what_a_restored_hub_has_forgotten_is_confirmed_again_where_the_files_lie() {
    let shelf: Shelf = Arc::new(Mutex::new(vec![("d-1", false), ("d-2", false)]));
    let mut bench = Bench::new(hub(&shelf)).await;
    assert_eq!(fetch_all(&mut bench).await, ["d-1", "d-2"]);
    *shelf.lock().expect("no panic") = vec![("d-1", true), ("d-2", false)];

    let elsewhere = bench.folder.path().join("elsewhere");
    let outcomes = bench.terminal.fetch_all(&elsewhere).await.expect("lists");
    let [Ok(fetched)] = &outcomes[..] else { panic!("d-2 alone: {outcomes:?}") };
    assert_eq!(fetched.folder, bench.folder.path().join("shared").join("d-2"));
    assert!(!elsewhere.exists(), "no second copy");
    assert_eq!(downloads(&bench, "d-2"), 1);
    assert_eq!(*shelf.lock().expect("no panic"), [("d-1", true), ("d-2", true)]);
    assert!(fetch_all(&mut bench).await.is_empty(), "once");

    shelf.lock().expect("no panic")[1].1 = false;
    fs::remove_dir_all(bench.folder.path().join("shared")).expect("is gone");
    let outcomes = bench.terminal.fetch_all(&elsewhere).await.expect("lists");
    let [Ok(fetched)] = &outcomes[..] else { panic!("d-2 alone: {outcomes:?}") };
    assert_eq!(fs::read(&fetched.files[0]).expect("there"), BYTES);
    assert!(fetched.folder.starts_with(&elsewhere), "where this person wants them");
}

#[tokio::test]
async fn a_sending_that_went_out_since_goes_again_with_its_key() {
    let is_cut = Arc::new(Mutex::new(true));
    let cuts = Arc::clone(&is_cut);
    let mut bench = Bench::new(move |_| match *cuts.lock().expect("no panic") {
        true => Reply::Cut,
        false => Reply::json(201, &submission("s-1", DeliveryState::Waiting)),
    })
    .await;
    bench.terminal.send(&letter(b"hello")).await.expect_err("cut");
    let mut bench = backed_up(bench);
    *is_cut.lock().expect("no panic") = false;
    let sent = bench.terminal.resume().await.expect("reads the outbox");
    assert!(matches!(&sent[..], [one] if one.outcome.is_ok()), "{sent:?}");

    let mut bench = restored(bench);
    let again = bench.terminal.resume().await.expect("reads the outbox");
    assert!(matches!(&again[..], [one] if one.outcome.is_ok()), "{again:?}");
    assert_eq!(again[0].entry.key, sent[0].entry.key, "the hub knows it by its key");
    assert_eq!(bench.terminal.sent_list().expect("lists").len(), 1);
    assert!(bench.terminal.outbox().expect("lists").is_empty());
}
