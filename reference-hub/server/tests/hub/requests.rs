//! Requests that are not what they should be: each hears a problem, none harms the hub.

use careplan_protocol::{
    ProblemKind,
    hub::{IDEMPOTENCY_KEY, SubmissionMeta},
};
use reqwest::Method;
use serde_json::Value;

use crate::support::{Bench, CARE_MANAGER, HOME_HELP, terminal::read};

#[tokio::test]
async fn unknown_paths_and_methods_are_problems() {
    let bench = Bench::new().await;
    let terminal = bench.terminal(CARE_MANAGER, "pc-1").await;
    for (method, path, want) in [
        (Method::GET, "/", ProblemKind::NotFound),
        (Method::GET, "/v2/session", ProblemKind::NotFound),
        (Method::GET, "/v1/session", ProblemKind::MethodNotAllowed),
        (Method::PUT, "/v1/submissions", ProblemKind::MethodNotAllowed),
        (Method::GET, "/v1/deliveries/nothing", ProblemKind::NotFound),
        (Method::GET, "/v1/submissions/%FF", ProblemKind::RequestMalformed),
        (Method::GET, "/v1/deliveries/a/files/..%2F..%2Fhub.db", ProblemKind::NotFound),
        (Method::POST, "/v1/deliveries/nothing/receipt", ProblemKind::NotFound),
    ] {
        let answer = read::<Value>(terminal.request(method.clone(), path)).await;
        assert_eq!(answer.err(), Some(want), "{method} {path}");
    }
}

#[tokio::test]
async fn malformed_bodies_are_problems() {
    let bench = Bench::new().await;
    let terminal = bench.terminal(CARE_MANAGER, "pc-1").await;
    let login = |body: String| {
        let request = terminal.request(Method::POST, "/v1/session");
        request.header("content-type", "application/json").body(body)
    };
    let with_key =
        |key: &str| terminal.request(Method::POST, "/v1/submissions").header(IDEMPOTENCY_KEY, key);
    let form = |body: &'static str| {
        with_key("some-key").header("content-type", "multipart/form-data; boundary=x").body(body)
    };
    for (request, want) in [
        (login("{".to_owned()), ProblemKind::RequestMalformed),
        (login(r#"{"user_id":"KJ1"}"#.to_owned()), ProblemKind::RequestMalformed),
        (login(" ".repeat(100_000)), ProblemKind::TooLarge),
        (terminal.request(Method::POST, "/v1/submissions"), ProblemKind::IdempotencyKeyMissing),
        (with_key("short"), ProblemKind::RequestMalformed),
        (with_key("some-key").body("{}"), ProblemKind::RequestMalformed),
        (form(""), ProblemKind::RequestMalformed),
        (
            form("--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n--x--"),
            ProblemKind::RequestMalformed,
        ),
        (
            form("--x\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\nno\r\n--x--"),
            ProblemKind::RequestMalformed,
        ),
        (
            form(
                "--x\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n[\"a list\",null]\r\n\
                 --x--",
            ),
            ProblemKind::RequestMalformed,
        ),
        (
            form(
                "--x\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n{}\r\n\
                 --x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\na\r\n--x--",
            ),
            ProblemKind::FileName,
        ),
        (
            form(
                "--x\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n{}\r\n\
                 --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-",
            ),
            ProblemKind::RequestMalformed,
        ),
    ] {
        assert_eq!(read::<Value>(request).await.err(), Some(want));
    }
}

#[tokio::test]
async fn names_may_stand_raw_or_encoded() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    for (key, disposition) in [
        ("raw-name", "filename=\"報告.pdf\""),
        ("encoded-name", "filename*=UTF-8''%E5%A0%B1%E5%91%8A.pdf"),
    ] {
        let body = format!(
            "--x\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n\
             {{\"destination\":{{\"office\":\"{HOME_HELP}\",\"kind\":null}}}}\r\n\
             --x\r\nContent-Disposition: form-data; name=\"file\"; {disposition}\r\n\r\n\
             %PDF-1.7\r\n--x--\r\n"
        );
        let request = sender
            .request(Method::POST, "/v1/submissions")
            .header(IDEMPOTENCY_KEY, key)
            .header("content-type", "multipart/form-data; boundary=x")
            .body(body);
        let taken: Result<careplan_protocol::hub::Submission, _> = read(request).await;
        assert_eq!(taken.expect("taken").files[0].name, "報告.pdf", "{key}");
    }
    let none = sender.send("no-files", &SubmissionMeta::default(), &[]).await;
    assert_eq!(none.err(), Some(ProblemKind::SendingEmpty));
}
