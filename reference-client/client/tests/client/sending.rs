//! A sending arrives once, or is kept.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicUsize, Ordering},
};

use careplan_protocol::{
    ProblemKind,
    hub::{DeliveryState, Submissions},
};
use reference_client::{ClientError, OutboxState, Sending, SendingFile, Terminal};

use crate::stub::{Bench, Reply, Seen, letter, session, submission};

const SUBMIT: &str = "POST /v1/submissions";

fn taken() -> Reply {
    Reply::json(201, &submission("s-1", DeliveryState::Waiting))
}

/// Answers the first `times` sendings with `first`, and takes those after.
fn at_first(
    times: usize,
    first: impl Fn() -> Reply + Send + Sync + 'static,
) -> impl Fn(&Seen) -> Reply {
    let count = AtomicUsize::new(0);
    move |seen: &Seen| match seen.line().as_str() {
        SUBMIT if count.fetch_add(1, Ordering::SeqCst) < times => first(),
        SUBMIT => taken(),
        "GET /v1/office" => Reply::Problem(ProblemKind::SessionMissing),
        _ => Reply::Problem(ProblemKind::NotFound),
    }
}

fn keys(bench: &Bench) -> Vec<String> {
    let sendings = bench.hub.seen().into_iter().filter(|seen| seen.line() == SUBMIT);
    sendings.filter_map(|seen| seen.key().map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_cut_connection_is_resumed_with_the_same_key() {
    let mut bench = Bench::new(at_first(1, || Reply::Cut)).await;
    let taken = bench.terminal.send(&letter(b"hello")).await.expect("arrives");
    assert_eq!(taken.id.as_str(), "s-1");
    let keys = keys(&bench);
    assert_eq!(keys.len(), 2, "cut once, then taken");
    assert_eq!(keys[0], keys[1]);
    assert!(bench.terminal.outbox().expect("lists").is_empty());
    assert_eq!(bench.terminal.sent_list().expect("lists")[0].key.as_str(), keys[0]);
}

#[tokio::test]
async fn a_message_alone_is_sent_and_listed() {
    let mut bench = Bench::new(at_first(0, || Reply::Cut)).await;
    let message = Sending { files: Vec::new(), ..letter(b"") };
    bench.terminal.send(&message).await.expect("arrives");
    let body = String::from_utf8_lossy(&bench.hub.seen()[0].body).into_owned();
    assert!(body.contains("今月の利用はありません") && !body.contains("name=\"file\""), "{body}");
    assert_eq!(bench.terminal.sent_list().expect("lists").len(), 1);
}

#[tokio::test]
async fn the_body_carries_message_destination_name_and_bytes() {
    let mut bench = Bench::new(at_first(0, || Reply::Cut)).await;
    bench.terminal.send(&letter(b"hello")).await.expect("arrives");
    let seen = bench.hub.seen();
    let body = String::from_utf8_lossy(&seen[0].body);
    for part in ["name=\"meta\"", "今月の利用はありません", "2770200036", "お知らせ.txt", "hello"]
    {
        assert!(body.contains(part), "{part} in {body}");
    }
    let file = body.find("name=\"file\"").expect("a file part");
    assert!(body.find("name=\"meta\"").is_some_and(|meta| meta < file), "meta comes first");
}

#[tokio::test]
async fn after_a_crash_the_next_start_sends_what_was_left_with_its_key() {
    let mut bench = Bench::new(at_first(3, || Reply::Cut)).await;
    let error = bench.terminal.send(&letter(b"hello")).await.expect_err("cut every time");
    assert!(matches!(error, ClientError::Unreachable { .. }), "{error:?}");
    let mut bench = bench.started_again();
    let resumed = bench.terminal.resume().await.expect("reads the outbox");
    assert!(matches!(&resumed[..], [one] if one.outcome.is_ok()), "{resumed:?}");
    let keys = keys(&bench);
    assert_eq!(keys.len(), 4);
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    assert!(bench.terminal.resume().await.expect("reads").is_empty(), "nothing is left");
}

#[tokio::test]
async fn the_next_send_takes_along_what_was_left_and_the_same_sending_goes_once() {
    let mut bench = Bench::new(at_first(6, || Reply::Cut)).await;
    for content in [b"one", b"two"] {
        bench.terminal.send(&letter(content)).await.expect_err("cut every time");
    }
    // The second send tried the first sending, and stopped there.
    assert_eq!(keys(&bench).len(), 6);
    let mut bench = bench.started_again();
    let batch = bench.terminal.send_all(&[letter(b"two"), letter(b"three")]).await;
    assert!(batch.outcomes.iter().all(Result::is_ok), "{batch:?}");
    let along = &batch.along[..];
    assert!(matches!(along, [one] if one.outcome.is_ok()), "one is told of, too: {along:?}");
    let keys: Vec<_> = keys(&bench).split_off(6);
    assert_eq!(keys.len(), 3, "one, two and three, each once");
    assert!(bench.terminal.outbox().expect("lists").is_empty());
}

#[tokio::test]
async fn failed_sends_that_are_pressed_again_one_by_one_arrive_once_each() {
    let mut bench = Bench::new(at_first(6, || Reply::Cut)).await;
    let letters = [b"one", b"two"].map(|content| letter(content));
    for letter in &letters {
        bench.terminal.send(letter).await.expect_err("cut every time");
    }
    let mut arrived = BTreeSet::new();
    for letter in &letters {
        bench = bench.started_again();
        bench.terminal.send(letter).await.expect("arrives, or has arrived");
        arrived.extend(keys(&bench).split_off(6));
    }
    assert_eq!(keys(&bench).split_off(6).len(), 2, "each once, the second along with the first");
    assert!(bench.terminal.outbox().expect("lists").is_empty());

    let twice = [letters[1].clone(), letters[1].clone()];
    let outcomes = bench.terminal.send_all(&twice).await.outcomes;
    assert!(matches!(&outcomes[..], [Ok(_), Err(ClientError::Local(_))]), "{outcomes:?}");
    arrived.extend(keys(&bench).split_off(8));
    assert_eq!(arrived.len(), 3, "who was told once and sends it again means it");
}

#[tokio::test]
async fn what_went_along_and_is_given_twice_is_named_as_given_twice() {
    let mut bench = Bench::new(at_first(6, || Reply::Cut)).await;
    for content in [b"one", b"two"] {
        bench.terminal.send(&letter(content)).await.expect_err("cut every time");
    }
    bench.terminal.send(&letter(b"one")).await.expect("arrives, and two along with it");
    let twice = [letter(b"two"), letter(b"two")];
    let outcomes = bench.terminal.send_all(&twice).await.outcomes;
    assert!(matches!(&outcomes[..], [Ok(_), Err(ClientError::Local(_))]), "{outcomes:?}");
    assert_eq!(keys(&bench).len(), 8, "nothing went again");
}

#[tokio::test]
async fn a_refused_sending_is_kept_with_the_reason() {
    let refuse = || Reply::Problem(ProblemKind::RecipientLicence);
    let mut bench = Bench::new(at_first(1, refuse)).await;
    let error = bench.terminal.send(&letter(b"hello")).await.expect_err("refused");
    assert_eq!(error.problem_kind(), Some(ProblemKind::RecipientLicence));
    assert_eq!(keys(&bench).len(), 1, "a refusal is not tried again");
    let bench = bench.started_again();
    let kept = bench.terminal.outbox().expect("lists");
    let OutboxState::Refused(problem) = &kept[0].state else { panic!("{kept:?}") };
    assert_eq!(problem.known_kind(), Some(ProblemKind::RecipientLicence));
    let mut terminal = bench.terminal;
    assert!(terminal.resume().await.expect("reads").is_empty(), "it waits for a person");
    terminal.discard(&kept[0].key).expect("discards");
    assert!(terminal.outbox().expect("lists").is_empty());
}

#[tokio::test]
async fn a_busy_hub_is_tried_again_and_a_full_one_is_not() {
    let mut bench = Bench::new(at_first(2, || Reply::Later(ProblemKind::Unavailable, 0))).await;
    bench.terminal.send(&letter(b"hello")).await.expect("arrives at the third attempt");
    assert_eq!(bench.watcher.waits.lock().expect("no panic").len(), 2);

    for kind in [ProblemKind::StorageFull, ProblemKind::FileDamaged] {
        let mut bench = Bench::new(at_first(1, move || Reply::Problem(kind))).await;
        let error = bench.terminal.send(&letter(b"hello")).await.expect_err("no room");
        assert_eq!(error.problem_kind(), Some(kind));
        assert_eq!(keys(&bench).len(), 1);
        assert_eq!(bench.terminal.outbox().expect("lists")[0].state, OutboxState::Pending);
    }
}

#[tokio::test]
async fn a_body_that_took_too_long_is_sent_again_and_never_refused() {
    let late = || Reply::Problem(ProblemKind::RequestTimeout);
    let mut bench = Bench::new(at_first(1, late)).await;
    bench.terminal.send(&letter(b"hello")).await.expect("arrives at the second attempt");

    let mut bench = Bench::new(at_first(usize::MAX, late)).await;
    let error = bench.terminal.send(&letter(b"hello")).await.expect_err("too slow every time");
    assert_eq!(error.problem_kind(), Some(ProblemKind::RequestTimeout));
    assert_eq!(bench.terminal.outbox().expect("lists")[0].state, OutboxState::Pending);
}

#[tokio::test]
async fn a_retry_after_beyond_patience_ends_the_trying() {
    let mut bench = Bench::new(at_first(1, || Reply::Later(ProblemKind::Unavailable, 60))).await;
    let error = bench.terminal.send(&letter(b"hello")).await.expect_err("not now");
    assert_eq!(error.problem_kind(), Some(ProblemKind::Unavailable));
    assert_eq!(keys(&bench).len(), 1);
}

#[tokio::test]
async fn a_hub_that_asks_for_time_is_not_pressed_with_the_rest() {
    let asks: [(ProblemKind, fn() -> Reply); 3] = [
        (ProblemKind::Unavailable, || Reply::Later(ProblemKind::Unavailable, 60)),
        (ProblemKind::TooManyRequests, || Reply::Later(ProblemKind::TooManyRequests, 60)),
        (ProblemKind::Unavailable, || Reply::Json(503, "a gateway's own words".to_owned())),
    ];
    let letters = [letter(b"one"), letter(b"two"), letter(b"three")];
    for (kind, ask) in asks {
        let mut bench = Bench::new(at_first(usize::MAX, ask)).await;
        let outcomes = bench.terminal.send_all(&letters).await.outcomes;
        for outcome in &outcomes {
            let error = outcome.as_ref().expect_err("not now");
            assert_eq!(error.problem_kind(), Some(kind), "{error:?}");
        }
        let one_alone = |bench: &Bench| keys(bench).iter().all(|key| *key == keys(bench)[0]);
        assert!(one_alone(&bench), "the first alone: {:?}", keys(&bench));
        let waiting = bench.terminal.outbox().expect("lists");
        assert_eq!(waiting.len(), letters.len());
        assert!(waiting.iter().all(|entry| entry.state == OutboxState::Pending), "{waiting:?}");
        bench.terminal.resume().await.expect("reads the outbox");
        bench.terminal.send(&letter(b"four")).await.expect_err("not now");
        assert!(one_alone(&bench), "nor with what was left, or what is new: {:?}", keys(&bench));
    }
}

#[tokio::test]
async fn without_a_session_the_sending_waits_until_somebody_logs_in() {
    let script = |seen: &Seen| match (seen.line().as_str(), seen.token()) {
        ("POST /v1/session", _) => Reply::json(201, &session("Token-1")),
        (SUBMIT, Some("Token-1")) => taken(),
        _ => Reply::Problem(ProblemKind::SessionMissing),
    };
    let mut bench = Bench::new(script).await;
    let error = bench.terminal.send(&letter(b"hello")).await.expect_err("no session");
    assert_eq!(error.problem_kind(), Some(ProblemKind::SessionMissing));
    assert_eq!(bench.terminal.outbox().expect("lists")[0].state, OutboxState::Pending);
    bench.terminal.login("Password-1").await.expect("logs in");
    let mut bench = bench.started_again();
    bench.terminal.send(&letter(b"hello")).await.expect("the session was kept");
    assert_eq!(keys(&bench).into_iter().collect::<BTreeSet<_>>().len(), 1);
}

#[tokio::test]
async fn with_the_password_at_hand_an_ended_session_is_opened_anew() {
    let script = |seen: &Seen| match (seen.line().as_str(), seen.token()) {
        ("POST /v1/session", _) => Reply::json(201, &session("Token-2")),
        (SUBMIT, Some("Token-2")) => taken(),
        _ => Reply::Problem(ProblemKind::SessionExpired),
    };
    let bench = Bench::new(script).await;
    let mut terminal = bench.terminal.with_password("Password-1");
    terminal.send(&letter(b"hello")).await.expect("arrives");
    assert_eq!(bench.hub.lines(), ["POST /v1/session", SUBMIT]);
}

#[tokio::test]
async fn a_session_of_another_certificate_is_opened_anew_once() {
    let log_ins = AtomicUsize::new(0);
    let script = move |seen: &Seen| match (seen.line().as_str(), seen.token()) {
        ("POST /v1/session", _) => {
            let token = format!("Token-{}", log_ins.fetch_add(1, Ordering::SeqCst));
            Reply::json(201, &session(&token))
        }
        (SUBMIT, Some("Token-1")) => taken(),
        _ => Reply::Problem(ProblemKind::SessionElsewhere),
    };
    let bench = Bench::new(script).await;
    let mut terminal = bench.terminal.with_password("Password-1");
    terminal.login("Password-1").await.expect("logs in");
    terminal.send(&letter(b"hello")).await.expect("arrives");
    let log_in = "POST /v1/session";
    assert_eq!(bench.hub.lines(), [log_in, SUBMIT, log_in, SUBMIT]);
}

#[tokio::test]
async fn who_is_not_let_in_has_a_sending_that_waits() {
    let at_the_log_in = [
        ProblemKind::PasswordLocked,
        ProblemKind::PasswordTemporary,
        ProblemKind::PasswordExpired,
        ProblemKind::IdentityMismatch,
        ProblemKind::CertificateKind,
    ];
    let at_the_sending = [
        ProblemKind::CertificateKind,
        ProblemKind::CertificateWithoutOffice,
        ProblemKind::CertificateRevoked,
    ];
    let doors = at_the_log_in.map(|kind| ("POST /v1/session", kind)).into_iter();
    for (door, kind) in doors.chain(at_the_sending.map(|kind| (SUBMIT, kind))) {
        let script = move |seen: &Seen| match seen.line().as_str() {
            line if line == door => Reply::Problem(kind),
            "POST /v1/session" => Reply::json(201, &session("Token-1")),
            _ => taken(),
        };
        let bench = Bench::new(script).await;
        let mut terminal = bench.terminal.with_password("Password-1");
        let error = terminal.send(&letter(b"hello")).await.expect_err("not let in");
        assert_eq!(error.problem_kind(), Some(kind), "{error:?}");
        let waiting = terminal.outbox().expect("lists");
        assert_eq!(waiting[0].state, OutboxState::Pending, "{kind:?} at {door}");
    }
}

#[tokio::test]
async fn a_sender_that_the_files_name_wrongly_is_a_refusal() {
    let script = |seen: &Seen| match seen.line().as_str() {
        "POST /v1/session" => Reply::json(201, &session("Token-1")),
        _ => Reply::Problem(ProblemKind::IdentityMismatch),
    };
    let bench = Bench::new(script).await;
    let mut terminal = bench.terminal.with_password("Password-1");
    terminal.send(&letter(b"hello")).await.expect_err("refused");
    let kept = terminal.outbox().expect("lists");
    assert!(matches!(kept[0].state, OutboxState::Refused(_)), "{kept:?}");
}

#[tokio::test]
async fn what_the_standard_forbids_never_leaves() {
    let mut bench = Bench::new(at_first(0, || Reply::Cut)).await;
    let name = "UPPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV";
    let broken = SendingFile { name: name.to_owned(), bytes: b"no,plan\r\n".to_vec() };
    let mut sending = Sending::new(vec![broken]);
    let error = bench.terminal.send(&sending).await.expect_err("refused here");
    assert!(matches!(error, ClientError::Check(_)), "{error:?}");
    assert!(bench.hub.seen().is_empty());
    assert!(bench.terminal.outbox().expect("lists").is_empty());
    sending.unchecked = true;
    bench.terminal.send(&sending).await.expect("left to the hub on request");
}

#[tokio::test]
async fn progress_ends_at_the_whole() {
    let mut bench = Bench::new(at_first(0, || Reply::Cut)).await;
    let large = vec![b'x'; 300_000];
    bench.terminal.send(&letter(&large)).await.expect("arrives");
    let progress = bench.watcher.progress.lock().expect("no panic");
    assert!(progress.len() > 3, "in steps");
    assert!(progress.is_sorted_by_key(|step| step.done));
    assert_eq!(progress.last().map(|step| (step.done, step.total)), Some((300_000, 300_000)));
}

#[tokio::test]
async fn the_sent_list_follows_the_delivery() {
    let script = |seen: &Seen| match seen.line().as_str() {
        SUBMIT => taken(),
        _ => {
            let elsewhere = submission("of-another-terminal", DeliveryState::Waiting);
            let submissions = vec![submission("s-1", DeliveryState::Fetched), elsewhere];
            Reply::json(200, &Submissions { submissions, next: None })
        }
    };
    let mut bench = Bench::new(script).await;
    bench.terminal.send(&letter(b"hello")).await.expect("arrives");
    assert_eq!(
        bench.terminal.sent_list().expect("lists")[0].submission.state,
        DeliveryState::Waiting
    );
    let sent = bench.terminal.sent().await.expect("asks");
    let states: Vec<_> = sent.iter().map(|entry| entry.submission.state).collect();
    assert_eq!(states, [DeliveryState::Fetched], "this terminal's own alone");
}

#[tokio::test]
async fn a_terminal_in_use_is_not_opened_twice() {
    let bench = Bench::new(at_first(0, || Reply::Cut)).await;
    let second = Terminal::open(bench.terminal.folder(), crate::stub::hasty(&bench.watcher));
    let error = second.expect_err("in use");
    assert!(matches!(error, ClientError::Local(_)), "{error:?}");
}

#[tokio::test]
async fn a_damaged_state_file_is_named_and_nothing_is_deleted() {
    let bench = Bench::new(at_first(0, || Reply::Cut)).await;
    let home = bench.terminal.folder().to_owned();
    drop(bench.terminal);
    for name in ["terminal.json", "root.pem", "credentials.pem"] {
        let path = home.join(name);
        let sound = std::fs::read(&path).expect("reads");
        std::fs::write(&path, "damaged").expect("writes");
        let opened = Terminal::open(&home, crate::stub::hasty(&bench.watcher));
        let line = opened.expect_err("damaged").to_string();
        assert!(line.contains(name), "{line}");
        assert_eq!(std::fs::read(&path).expect("still there"), b"damaged");
        std::fs::write(&path, sound).expect("mends");
    }
    Terminal::open(&home, crate::stub::hasty(&bench.watcher)).expect("sound again");
}
