//! Bodies that never come, answers that nobody reads, and more large bodies than there is room for.

use std::{convert::Infallible, time::Duration};

use careplan_protocol::{
    ProblemKind,
    hub::{FILE_BYTES_MAX, IDEMPOTENCY_KEY},
};
use futures::{StreamExt as _, stream};
use reqwest::{Body, Method, RequestBuilder, Response};
use tokio::{
    task::JoinHandle,
    time::{advance, pause, resume, sleep},
};

use crate::{
    sendings::to,
    support::{Bench, CARE_MANAGER, HOME_HELP, terminal::problem},
};

/// How large a body is announced of which an office may have two under way.
const LARGE_BYTES: u64 = 50 * 1024 * 1024;

/// The beginning of a body of so many bytes, and no more of it.
fn halting(request: RequestBuilder, beginning: &'static str, bytes: u64) -> RequestBuilder {
    let beginning = stream::once(async move { Ok::<_, Infallible>(beginning) });
    let body = Body::wrap_stream(beginning.chain(stream::pending()));
    request.header("content-length", bytes).body(body)
}

/// A request that is under way.
fn begun(request: RequestBuilder) -> JoinHandle<Response> {
    tokio::spawn(async move { request.send().await.expect("the word arrives") })
}

/// Lets what is under way come to its wait, and the wait pass.
async fn pass(wait: Duration) {
    sleep(Duration::from_millis(300)).await;
    pause();
    advance(wait).await;
    resume();
}

#[tokio::test]
async fn a_body_that_never_comes_is_a_timeout_at_either_listener() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let json = "application/json";
    let form = "multipart/form-data; boundary=x";
    let waiting = [
        (sender.request(Method::POST, "/v1/session"), json, "{"),
        (sender.request(Method::POST, "/v1/claims"), json, "{"),
        (sender.request(Method::POST, "/v1/submissions"), form, "--x\r\n"),
        (bench.admin().request(Method::PUT, "/admin/clock"), json, "{"),
    ]
    .map(|(request, media_type, beginning)| {
        let request = request.header("content-type", media_type);
        begun(halting(request.header(IDEMPOTENCY_KEY, "never-comes"), beginning, 100))
    });
    pass(Duration::from_secs(21)).await;
    for (number, answer) in waiting.into_iter().enumerate() {
        let answer = answer.await.expect("no panic");
        assert_eq!(answer.status(), 408, "{number}");
        let refused = problem(answer).await.known_kind();
        assert_eq!(refused, Some(ProblemKind::RequestTimeout), "{number}");
    }
}

/// A file as large as files may be.
fn large_file() -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    file.resize(FILE_BYTES_MAX, b' ');
    file
}

#[tokio::test]
async fn an_answer_that_nobody_reads_is_given_up() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    // More than lies on its way between two machines.
    let large = large_file();
    let sent = sender.send("large-answer", &to(HOME_HELP), &[("a.pdf", &large)]).await;
    sent.expect("taken");
    let recipient = bench.terminal(HOME_HELP, "pc-1").await;
    let held = recipient.claim().await;
    let unread = recipient.fetch(&held[0], 0).await;
    assert!(unread.status().is_success());
    // However long it takes until all that fits is on its way.
    for _ in 0..5 {
        pass(Duration::from_secs(61)).await;
    }
    assert!(unread.bytes().await.is_err(), "the rest was not kept for it");
    let again = recipient.fetch(&held[0], 0).await.bytes().await;
    assert_eq!(again.expect("whole").len(), large.len(), "whoever reads has all");
}

#[tokio::test]
async fn an_office_with_many_slow_bodies_keeps_out_itself_alone() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let slow = |number: usize| {
        let request = sender.request(Method::POST, "/v1/submissions");
        let request = request.header("content-type", "multipart/form-data; boundary=x");
        let request = request.header(IDEMPOTENCY_KEY, format!("slow-{number:04}"));
        begun(halting(request, "--x\r\n", LARGE_BYTES))
    };
    let inside: Vec<_> = (0..2).map(slow).collect();
    sleep(Duration::from_millis(300)).await;
    let outside: Vec<_> = (2..10).map(slow).collect();
    sleep(Duration::from_millis(300)).await;

    let other = bench.terminal(HOME_HELP, "pc-1").await;
    let large = large_file();
    let sent = other.send("large-key", &to(CARE_MANAGER), &[("a.pdf", &large)]).await;
    assert!(sent.is_ok(), "another office has room of its own: {sent:?}");
    let small = sender.send("small-key", &to(HOME_HELP), &[("a.pdf", b"%PDF-1.7")]).await;
    assert!(small.is_ok(), "a small sending needs none: {small:?}");

    pass(Duration::from_secs(11)).await;
    for answer in outside {
        let answer = answer.await.expect("no panic");
        assert_eq!(answer.headers()["retry-after"], "5");
        assert_eq!(problem(answer).await.known_kind(), Some(ProblemKind::Unavailable));
    }
    assert!(inside.iter().all(|slow| !slow.is_finished()), "those have their time");
    inside.into_iter().for_each(|slow| slow.abort());
    sleep(Duration::from_millis(300)).await;
    let sent = sender.send("large-key", &to(HOME_HELP), &[("a.pdf", &large)]).await;
    assert!(sent.is_ok(), "there is room again: {sent:?}");
}
