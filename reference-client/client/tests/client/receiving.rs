//! A receipt is given only for files that are here, byte for byte.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use careplan_protocol::{
    DeliveryId, Party, ProblemKind, TerminalId,
    hub::{Deliveries, Delivery, DeliveryState, File},
};
use reference_client::ClientError;
use sha2::{Digest, Sha256};
use time::macros::datetime;

use crate::stub::{Bench, Reply, Seen, file};

const BYTES: &[u8] = b"202407,\x8e\x84\r\n";
fn sha256() -> String {
    Sha256::digest(BYTES).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn delivery(files: Vec<File>, state: DeliveryState) -> Delivery {
    let party = |office: &str| Party { office: office.parse().expect("an office"), kind: None };
    Delivery {
        id: id(),
        submitted_at: datetime!(2025-04-28 08:15 UTC),
        from: party("2770200036"),
        from_name: "みどりヘルパーステーション".to_owned(),
        to: party("2770100012"),
        message: String::new(),
        files,
        state,
        terminal: None,
        claimed_until: None,
    }
}

fn id() -> DeliveryId {
    DeliveryId::parse("d-1").expect("an id")
}

/// A hub that holds one delivery with these files, and answers each file with `content`.
fn hub(
    files: Vec<File>,
    content: impl Fn(&Seen) -> Reply + Send + Sync,
) -> impl Fn(&Seen) -> Reply {
    move |seen: &Seen| match seen.line().as_str() {
        "POST /v1/claims" | "GET /v1/deliveries" => {
            let deliveries = vec![delivery(files.clone(), DeliveryState::Claimed)];
            Reply::json(200, &Deliveries { deliveries, next: None })
        }
        "GET /v1/deliveries/d-1" => {
            Reply::json(200, &delivery(files.clone(), DeliveryState::Claimed))
        }
        "POST /v1/deliveries/d-1/receipt" => {
            Reply::json(200, &delivery(files.clone(), DeliveryState::Fetched))
        }
        _ => content(seen),
    }
}

fn is_confirmed(bench: &Bench) -> bool {
    bench.hub.lines().iter().any(|line| line.ends_with("/receipt"))
}

#[tokio::test]
async fn files_arrive_byte_for_byte_and_the_receipt_follows() {
    let files = vec![file("実績 4月.CSV", BYTES, &sha256())];
    let mut bench = Bench::new(hub(files, |_| Reply::File(BYTES.to_vec(), sha256()))).await;
    let into = bench.folder.path().join("received");
    let outcomes = bench.terminal.fetch_all(&into).await.expect("lists");
    let fetched: Vec<_> = outcomes.into_iter().map(|outcome| outcome.expect("fetches")).collect();
    let path = into.join("d-1").join("実績 4月.CSV");
    assert_eq!(fetched[0].files, std::slice::from_ref(&path));
    assert_eq!(fs::read(&path).expect("there"), BYTES);
    assert_eq!(fetched[0].delivery.state, DeliveryState::Fetched);
    let lines = bench.hub.lines();
    assert_eq!(lines.last().map(String::as_str), Some("POST /v1/deliveries/d-1/receipt"));
    let entries = bench.terminal.inbox().await.expect("lists");
    assert_eq!(entries[0].folder.as_deref(), Some(into.join("d-1").as_path()));
    assert_eq!(fs::read_dir(into.join("d-1")).expect("lists").count(), 1, "nothing half-done");
}

#[tokio::test]
async fn corrupt_bytes_are_refused_and_no_receipt_is_given() {
    type Content = fn(&Seen) -> Reply;
    let contents: [Content; 3] = [
        |_| Reply::File(b"202407,??\r\n".to_vec(), sha256()),
        |_| Reply::File(BYTES[..5].to_vec(), sha256()),
        |_| Reply::File(BYTES.to_vec(), "0".repeat(64)),
    ];
    for content in contents {
        let files = vec![file("a.csv", BYTES, &sha256())];
        let mut bench = Bench::new(hub(files, content)).await;
        let into = bench.folder.path().join("received");
        let error = bench.terminal.fetch(&id(), &into).await.expect_err("corrupt");
        assert!(matches!(error, ClientError::Answer { .. }), "{error:?}");
        assert!(!is_confirmed(&bench));
        assert!(!into.join("d-1").join("a.csv").exists());
    }
}

#[tokio::test]
async fn hostile_names_never_touch_the_disk() {
    let names = ["../evil.csv", "/etc/evil.csv", "..\\evil.csv", "C:evil.csv", "NUL", "a.csv."];
    let hidden = [".partial", " a.csv", "a\u{202e}vsc.exe"];
    for name in names.into_iter().chain(hidden) {
        let files = vec![file("good.csv", BYTES, &sha256()), file(name, BYTES, &sha256())];
        let mut bench = Bench::new(hub(files, |_| Reply::File(BYTES.to_vec(), sha256()))).await;
        let into = bench.folder.path().join("received");
        let error = bench.terminal.fetch(&id(), &into).await.expect_err("refused");
        assert!(matches!(error, ClientError::Answer { .. }), "{error:?}");
        assert!(!into.exists(), "nothing was written for {name}");
        assert!(!is_confirmed(&bench));
    }
}

#[tokio::test]
async fn a_file_that_is_there_is_kept_and_a_different_one_is_not_overwritten() {
    let files = vec![file("a.csv", BYTES, &sha256()), file("b.csv", BYTES, &sha256())];
    let mut bench = Bench::new(hub(files, |_| Reply::File(BYTES.to_vec(), sha256()))).await;
    let into = bench.folder.path().join("received");
    fs::create_dir_all(into.join("d-1")).expect("makes");
    fs::write(into.join("d-1").join("a.csv"), BYTES).expect("writes");
    fs::write(into.join("d-1").join("b.csv"), "mine").expect("writes");
    let error = bench.terminal.fetch(&id(), &into).await.expect_err("in the way");
    assert!(error.to_string().contains("b.csv"), "{error}");
    assert_eq!(fs::read(into.join("d-1").join("b.csv")).expect("there"), b"mine");
    assert!(!bench.hub.lines().iter().any(|line| line.ends_with("/files/a.csv")), "a is kept");
    assert!(!is_confirmed(&bench));
    fs::remove_file(into.join("d-1").join("b.csv")).expect("moves it away");
    bench.terminal.fetch(&id(), &into).await.expect("goes on where it stopped");
}

#[tokio::test]
async fn an_interrupted_download_starts_over() {
    let count = AtomicUsize::new(0);
    let content = move |_: &Seen| match count.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::Cut,
        _ => Reply::File(BYTES.to_vec(), sha256()),
    };
    let mut bench = Bench::new(hub(vec![file("a.csv", BYTES, &sha256())], content)).await;
    let into = bench.folder.path().join("received");
    bench.terminal.fetch(&id(), &into).await.expect("the second attempt is whole");
    assert!(is_confirmed(&bench));
}

#[tokio::test]
async fn one_delivery_that_fails_holds_up_no_other() {
    let named = |id: &str| {
        let id = DeliveryId::parse(id).expect("an id");
        Delivery { id, ..delivery(vec![file("a.csv", BYTES, &sha256())], DeliveryState::Claimed) }
    };
    let script = move |seen: &Seen| match seen.line().as_str() {
        "GET /v1/deliveries" => {
            let deliveries = ["d-1", "d-2", "d-3"].map(named).into();
            Reply::json(200, &Deliveries { deliveries, next: None })
        }
        line if line.ends_with("/files/a.csv") && line.contains("d-1") => {
            Reply::File(b"spoilt".to_vec(), sha256())
        }
        line if line.ends_with("/files/a.csv") => Reply::File(BYTES.to_vec(), sha256()),
        line if line.contains("d-3") => Reply::Cut,
        line => {
            let state = match line.ends_with("/receipt") {
                true => DeliveryState::Fetched,
                false => DeliveryState::Claimed,
            };
            let id = if line.contains("d-1") { "d-1" } else { "d-2" };
            Reply::json(200, &Delivery { state, ..named(id) })
        }
    };
    let mut bench = Bench::new(script).await;
    let into = bench.folder.path().join("received");
    let outcomes = bench.terminal.fetch_all(&into).await.expect("lists");
    let [spoilt, whole, cut] = &outcomes[..] else { panic!("one each: {outcomes:?}") };
    assert!(matches!(spoilt, Err(ClientError::Answer { .. })), "{spoilt:?}");
    assert_eq!(whole.as_ref().expect("fetched").delivery.id.as_str(), "d-2");
    assert!(matches!(cut, Err(ClientError::Unreachable { .. })), "{cut:?}");

    let ids = ["d-3", "d-2"].map(|id| DeliveryId::parse(id).expect("an id"));
    let before = bench.hub.lines().len();
    let outcomes = bench.terminal.fetch_each(&ids, &into).await;
    assert!(outcomes.iter().all(Result::is_err), "{outcomes:?}");
    let tried = &bench.hub.lines()[before..];
    assert!(tried.iter().all(|line| line.contains("d-3")), "no line, no further try: {tried:?}");
}

#[tokio::test]
async fn a_hub_that_asks_for_time_is_not_asked_for_the_rest() {
    let mut bench = Bench::new(|_| Reply::Later(ProblemKind::Unavailable, 60)).await;
    let into = bench.folder.path().join("received");
    let ids = ["d-1", "d-2"].map(|id| DeliveryId::parse(id).expect("an id"));
    for outcome in bench.terminal.fetch_each(&ids, &into).await {
        let error = outcome.expect_err("not now");
        assert_eq!(error.problem_kind(), Some(ProblemKind::Unavailable), "{error:?}");
    }
    assert_eq!(bench.hub.lines(), ["GET /v1/deliveries/d-1"]);
}

#[tokio::test]
async fn files_whose_receipt_was_cut_off_are_known_and_the_next_fetch_gives_it() {
    let is_cut = Arc::new(AtomicBool::new(true));
    let cuts = Arc::clone(&is_cut);
    let answers =
        hub(vec![file("a.csv", BYTES, &sha256())], |_| Reply::File(BYTES.to_vec(), sha256()));
    let script = move |seen: &Seen| match seen.line().as_str() {
        line if line.ends_with("/receipt") && cuts.load(Ordering::SeqCst) => Reply::Cut,
        _ => answers(seen),
    };
    let mut bench = Bench::new(script).await;
    let into = bench.folder.path().join("received");
    bench.terminal.fetch(&id(), &into).await.expect_err("the receipt does not get through");

    let mut bench = bench.started_again();
    let entries = bench.terminal.held().await.expect("lists");
    assert_eq!(
        entries[0].folder.as_deref(),
        Some(into.join("d-1").as_path()),
        "the files are here"
    );
    is_cut.store(false, Ordering::SeqCst);
    let outcomes = bench.terminal.fetch_all(&into).await.expect("lists");
    let fetched = outcomes[0].as_ref().expect("the receipt is given");
    assert_eq!(fetched.delivery.state, DeliveryState::Fetched);
    let files = bench.hub.lines().into_iter().filter(|line| line.ends_with("/files/a.csv"));
    assert_eq!(files.count(), 1, "fetched once");
}

#[tokio::test]
async fn files_that_the_hub_thinks_unfetched_are_fetched_again_and_compared() {
    let receipts = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&receipts);
    let files = vec![file("a.csv", BYTES, &sha256())];
    let known = hub(files, |_| Reply::File(BYTES.to_vec(), sha256()));
    // As after a restore from a backup, or where another terminal had left them: they lie here, and
    // the hub has no note of it.
    let mut bench = Bench::new(move |seen| match seen.line().as_str() {
        "POST /v1/deliveries/d-1/receipt" if counted.fetch_add(1, Ordering::SeqCst) == 0 => {
            Reply::Problem(ProblemKind::FileUnfetched)
        }
        _ => known(seen),
    })
    .await;
    let into = bench.folder.path().join("received");
    fs::create_dir_all(into.join("d-1")).expect("makes");
    fs::write(into.join("d-1/a.csv"), BYTES).expect("writes");
    let fetched = bench.terminal.fetch(&id(), &into).await.expect("fetches");
    assert_eq!(fs::read(&fetched.files[0]).expect("there"), BYTES);
    let gets = bench.hub.lines().iter().filter(|line| line.ends_with("/files/a.csv")).count();
    assert_eq!((gets, receipts.load(Ordering::SeqCst)), (1, 2));
}

#[tokio::test]
async fn taking_back_names_whom_it_is_taken_from_in_every_attempt() {
    let holder = |name: &str| TerminalId::parse(name).expect("a terminal");
    let attempts = AtomicUsize::new(0);
    let script = move |seen: &Seen| match seen.line().as_str() {
        "POST /v1/deliveries/d-1/take-back" => match attempts.fetch_add(1, Ordering::SeqCst) {
            0 => Reply::Cut,
            _ => Reply::Problem(ProblemKind::DeliveryElsewhere),
        },
        _ => {
            let mut held = delivery(Vec::new(), DeliveryState::Claimed);
            held.terminal = Some(holder("pc-3"));
            let waits = Delivery {
                id: DeliveryId::parse("d-2").expect("an id"),
                ..delivery(Vec::new(), DeliveryState::Waiting)
            };
            Reply::json(200, &Deliveries { deliveries: vec![held, waits], next: None })
        }
    };
    let mut bench = Bench::new(script).await;
    let seen = holder("pc-1");
    let error = bench.terminal.take_back(&id(), Some(&seen)).await.expect_err("is elsewhere");
    assert_eq!(error.problem_kind(), Some(ProblemKind::DeliveryElsewhere));
    bench.terminal.take_back(&id(), None).await.expect_err("whoever holds it, but no other");
    let waiting = DeliveryId::parse("d-2").expect("an id");
    let waits = bench.terminal.take_back(&waiting, None).await.expect("nothing is to be done");
    assert_eq!(waits.state, DeliveryState::Waiting);

    let asked = bench.hub.seen().into_iter().filter(|seen| seen.method == "POST");
    let bodies: Vec<_> = asked.map(|seen| String::from_utf8(seen.body).expect("JSON")).collect();
    let [first, again, found] = &bodies[..] else { panic!("{bodies:?}") };
    assert_eq!((first.as_str(), again), (r#"{"holder":"pc-1"}"#, first));
    assert_eq!(found, r#"{"holder":"pc-3"}"#);
}

#[tokio::test]
async fn pages_are_followed_to_the_last() {
    let mut bench = Bench::new(|seen| {
        let mut page = vec![delivery(Vec::new(), DeliveryState::Claimed)];
        let is_last = seen.query.contains("after=d-1");
        if is_last {
            page[0].id = DeliveryId::parse("d-2").expect("an id");
        }
        Reply::json(200, &Deliveries { deliveries: page, next: (!is_last).then(id) })
    })
    .await;
    assert_eq!(bench.terminal.held().await.expect("lists").len(), 2);
}

#[tokio::test]
async fn a_list_with_entries_twice_and_out_of_order_is_each_once_in_the_order_of_arrival() {
    let mut bench = Bench::new(|_| {
        let first = delivery(Vec::new(), DeliveryState::Claimed);
        let mut second = first.clone();
        second.id = DeliveryId::parse("d-2").expect("an id");
        let deliveries = vec![second.clone(), first.clone(), second, first];
        Reply::json(200, &Deliveries { deliveries, next: None })
    })
    .await;
    let ids = |list: Vec<Delivery>| -> Vec<String> {
        list.iter().map(|delivery| delivery.id.to_string()).collect()
    };
    assert_eq!(ids(bench.terminal.holders().await.expect("lists")), ["d-1", "d-2"]);
    let held = bench.terminal.held().await.expect("lists").into_iter();
    assert_eq!(ids(held.map(|entry| entry.delivery).collect()), ["d-1", "d-2"]);
}
