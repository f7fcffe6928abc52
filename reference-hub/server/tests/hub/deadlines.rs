//! Bodies that never come, and more of large ones than there is memory for.

use std::{convert::Infallible, time::Duration};

use careplan_protocol::{ProblemKind, hub::IDEMPOTENCY_KEY};
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

/// How large a body is announced that fills a tenth of the room.
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

#[tokio::test]
async fn large_bodies_wait_for_room_and_small_ones_go_past_them() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let large = |number: usize| {
        let request = sender.request(Method::POST, "/v1/submissions");
        let request = request.header("content-type", "multipart/form-data; boundary=x");
        let request = request.header(IDEMPOTENCY_KEY, format!("large-{number:04}"));
        begun(halting(request, "--x\r\n", LARGE_BYTES))
    };
    let inside: Vec<_> = (0..10).map(large).collect();
    sleep(Duration::from_millis(300)).await;
    let outside = large(10);
    pass(Duration::from_secs(11)).await;
    let answer = outside.await.expect("no panic");
    assert_eq!(answer.headers()["retry-after"], "5");
    assert_eq!(problem(answer).await.known_kind(), Some(ProblemKind::Unavailable));
    let small = sender.send("small-key", &to(HOME_HELP), &[("a.pdf", b"%PDF-1.7")]).await;
    assert!(small.is_ok(), "{small:?}");

    assert!(inside.iter().all(|large| !large.is_finished()), "those have their time");
    inside.into_iter().for_each(|large| large.abort());
    sleep(Duration::from_millis(300)).await;
    let after = large(11);
    pass(Duration::from_secs(11)).await;
    assert!(!after.is_finished(), "there is room again");
    after.abort();
}
