//! Files of a version that the recipient's software does not take are not sent.

use std::sync::atomic::{AtomicUsize, Ordering};

use careplan_protocol::{
    ProblemKind,
    hub::{DeliveryState, Directory, DirectoryEntry},
};
use reference_client::{ClientError, OutboxState, Sending, SendingFile};

use crate::stub::{Bench, Reply, Seen, letter, submission};

const SUBMIT: &str = "POST /v1/submissions";
const LOOK: &str = "GET /v1/offices";

const WITHDRAWAL: &[u8] = include_bytes!(
    "../../../../samples/v4-withdraw-month/DLTPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV"
);

/// A file of version 4.1 for みどりヘルパーステーション.
fn withdrawal() -> Sending {
    let name = "DLTPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV".to_owned();
    Sending::new(vec![SendingFile { name, bytes: WITHDRAWAL.to_vec() }])
}

fn directory(versions: &[&str]) -> Reply {
    let entry = DirectoryEntry {
        office: "2770200036".parse().expect("an office"),
        name: "みどりヘルパーステーション".to_owned(),
        kinds: vec!["11".parse().expect("a kind")],
        prefecture: None,
        versions: versions.iter().map(|version| (*version).to_owned()).collect(),
    };
    Reply::json(200, &Directory { offices: vec![entry], next: None })
}

/// A hub that takes everything, and whose directory answers like this.
fn hub(look: impl Fn() -> Reply + Send + Sync + 'static) -> impl Fn(&Seen) -> Reply {
    move |seen: &Seen| match seen.line().as_str() {
        LOOK => look(),
        SUBMIT => Reply::json(201, &submission("s-1", DeliveryState::Waiting)),
        _ => Reply::Problem(ProblemKind::NotFound),
    }
}

#[tokio::test]
async fn what_the_partner_cannot_take_stays_here_with_the_reason() {
    let mut bench = Bench::new(hub(|| directory(&["202208"]))).await;
    let error = bench.terminal.send(&withdrawal()).await.expect_err("of no use there");
    assert_eq!(error.problem_kind(), Some(ProblemKind::RecipientVersion));
    let ClientError::Problem(problem) = error else { panic!("{error:?}") };
    assert_eq!(problem.detail, "2770200036: 3.2 (202208) ≠ 4.1 (202407)");
    assert_eq!(bench.hub.lines(), [LOOK]);
    assert_eq!(bench.hub.seen()[0].query, "number=2770200036");
    let kept = bench.terminal.outbox().expect("lists");
    assert_eq!(kept[0].state, OutboxState::Refused(problem), "the list says why");
}

#[tokio::test]
async fn who_takes_the_version_or_did_not_say_is_sent_it() {
    for versions in [&["202208", "202407"][..], &[]] {
        let mut bench = Bench::new(hub(move || directory(versions))).await;
        bench.terminal.send(&withdrawal()).await.expect("arrives");
        assert_eq!(bench.hub.lines(), [LOOK, SUBMIT], "{versions:?}");
    }
}

#[tokio::test]
async fn a_hub_that_tells_nothing_of_partners_holds_nothing_up() {
    let nobody = || Reply::json(200, &Directory { offices: Vec::new(), next: None });
    let unknown = || Reply::Problem(ProblemKind::NotFound);
    let other = || Reply::Json(200, "[]".to_owned());
    for look in [nobody as fn() -> Reply, unknown, other] {
        let mut bench = Bench::new(hub(look)).await;
        bench.terminal.send(&withdrawal()).await.expect("arrives");
        assert_eq!(bench.hub.lines().last().map(String::as_str), Some(SUBMIT));
    }
}

#[tokio::test]
async fn an_office_that_a_list_leaves_out_once_is_looked_for_again() {
    let looks = AtomicUsize::new(0);
    let look = move || match looks.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::json(200, &Directory { offices: Vec::new(), next: None }),
        _ => directory(&["202208"]),
    };
    let mut bench = Bench::new(hub(look)).await;
    let error = bench.terminal.send(&withdrawal()).await.expect_err("of no use there");
    assert_eq!(error.problem_kind(), Some(ProblemKind::RecipientVersion));
    assert_eq!(bench.hub.lines(), [LOOK, LOOK]);
}

#[tokio::test]
async fn on_request_nobody_looks_and_what_was_refused_goes_out_after_all() {
    let mut bench = Bench::new(hub(|| directory(&["202208"]))).await;
    bench.terminal.send(&withdrawal()).await.expect_err("of no use there");
    let insisting = Sending { unchecked: true, ..withdrawal() };
    bench.terminal.send(&insisting).await.expect("arrives");
    assert_eq!(bench.hub.lines(), [LOOK, SUBMIT], "no second look");
    assert!(bench.terminal.outbox().expect("lists").is_empty(), "nothing is left of the refusal");
}

#[tokio::test]
async fn attachments_are_of_no_version() {
    let mut bench = Bench::new(hub(|| directory(&["202208"]))).await;
    bench.terminal.send(&letter(b"hello")).await.expect("arrives");
    assert_eq!(bench.hub.lines(), [SUBMIT]);
}

#[tokio::test]
async fn a_look_that_is_cut_off_leaves_the_sending_to_be_resumed_and_looked_at() {
    let looks = AtomicUsize::new(0);
    let look = move || match looks.fetch_add(1, Ordering::SeqCst) {
        0..3 => Reply::Cut,
        _ => directory(&["202208"]),
    };
    let mut bench = Bench::new(hub(look)).await;
    let error = bench.terminal.send(&withdrawal()).await.expect_err("nobody answers");
    assert!(matches!(error, ClientError::Unreachable { .. }), "{error:?}");
    let mut bench = bench.started_again();
    assert_eq!(bench.terminal.outbox().expect("lists")[0].state, OutboxState::Pending);
    let resumed = bench.terminal.resume().await.expect("reads the outbox");
    let refusal = resumed[0].outcome.as_ref().expect_err("of no use there");
    assert_eq!(refusal.problem_kind(), Some(ProblemKind::RecipientVersion));
    assert!(!bench.hub.lines().contains(&SUBMIT.to_owned()));
}

#[tokio::test]
async fn what_the_hub_may_have_already_is_not_looked_at_any_more() {
    let submits = AtomicUsize::new(0);
    let mut bench = Bench::new(move |seen: &Seen| match seen.line().as_str() {
        LOOK => directory(&["202208"]),
        SUBMIT if submits.fetch_add(1, Ordering::SeqCst) < 3 => Reply::Cut,
        _ => Reply::json(201, &submission("s-1", DeliveryState::Waiting)),
    })
    .await;
    let insisting = Sending { unchecked: true, ..withdrawal() };
    let error = bench.terminal.send(&insisting).await.expect_err("the answers are lost");
    assert!(matches!(error, ClientError::Unreachable { .. }), "{error:?}");
    let mut bench = bench.started_again();
    bench.terminal.send(&withdrawal()).await.expect("goes on with the same sending");
    let seen = bench.hub.seen();
    assert!(seen.iter().all(|seen| seen.line() != LOOK));
    let sent = seen.iter().filter(|seen| seen.line() == SUBMIT);
    let keys: std::collections::BTreeSet<_> = sent.filter_map(Seen::key).collect();
    assert_eq!(keys.len(), 1, "one sending, however often it is tried");
}

#[tokio::test]
async fn who_is_not_let_in_is_not_asked_for_the_password_twice() {
    let script = |seen: &Seen| match seen.line().as_str() {
        "POST /v1/session" => Reply::Problem(ProblemKind::LoginFailed),
        _ => Reply::Cut,
    };
    let bench = Bench::new(script).await;
    let mut terminal = bench.terminal.with_password("Password-1");
    let error = terminal.send(&withdrawal()).await.expect_err("not let in");
    assert_eq!(error.problem_kind(), Some(ProblemKind::LoginFailed));
    assert_eq!(bench.hub.lines(), ["POST /v1/session"], "one wrong password counts once");
    assert_eq!(terminal.outbox().expect("lists")[0].state, OutboxState::Pending);
}
