//! Bodies that do not end: cut off at the limit, with a word that arrives.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use careplan_protocol::{
    ProblemKind,
    hub::{FILE_BYTES_MAX, IDEMPOTENCY_KEY, SUBMISSION_BYTES_MAX},
};
use futures::{StreamExt as _, stream};
use reqwest::{Body, Method};

use crate::{
    sendings::to,
    support::{Bench, CARE_MANAGER, HOME_HELP, terminal::problem},
};

/// How much is handed over at once.
const SPACES: &[u8] = &[b' '; 64 * 1024];
/// What lies on its way between two machines, generously.
const ON_ITS_WAY: usize = 16 * 1024 * 1024;

/// A beginning, then pieces for ever; with a count of the bytes that were taken.
fn endless(beginning: &str, piece: &[u8]) -> (Body, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&taken);
    let beginning = stream::once(std::future::ready(beginning.to_owned().into_bytes()));
    let pieces = beginning.chain(stream::repeat(piece.to_vec())).map(move |piece| {
        counted.fetch_add(piece.len(), Ordering::Relaxed);
        Ok::<_, Infallible>(piece)
    });
    (Body::wrap_stream(pieces), taken)
}

#[tokio::test]
async fn what_stands_before_the_first_part_is_refused_at_its_first_bytes() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    for beginning in ["", "--y\r\n", "--"] {
        let (body, taken) = endless(beginning, SPACES);
        let request = sender.request(Method::POST, "/v1/submissions").body(body);
        let request = request.header("content-type", "multipart/form-data; boundary=x");
        let answer =
            request.header(IDEMPOTENCY_KEY, "a-key").send().await.expect("the word arrives");
        assert_eq!(answer.status(), 400, "{beginning}");
        let refused = problem(answer).await.known_kind();
        assert_eq!(refused, Some(ProblemKind::RequestMalformed), "{beginning}");
        assert!(taken.load(Ordering::Relaxed) < ON_ITS_WAY, "{beginning}");
    }
}

#[tokio::test]
async fn a_body_without_an_end_is_cut_off_at_the_limit() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let part = "--x\r\nContent-Disposition: form-data; name=";
    let file = format!("{part}\"meta\"\r\n\r\n{{}}\r\n{part}\"file\"; filename=\"a.pdf\"\r\n\r\n");
    let meta = format!("{part}\"meta\"\r\n");
    let many =
        [format!("\r\n{part}\"file\"; filename=\"a.pdf\"\r\n\r\n").into_bytes(), SPACES.to_vec()];
    let many = [many.concat(), vec![b' '; 1024 * 1024]].concat();
    for (path, beginning, piece, limit, status) in [
        ("/v1/submissions", &*file, SPACES, FILE_BYTES_MAX, 413),
        ("/v1/submissions", &format!("{meta}\r\n"), SPACES, 16 * 1024, 413),
        ("/v1/submissions", &format!("{meta}\r\n{{}}"), &many, SUBMISSION_BYTES_MAX, 413),
        ("/v1/submissions", &format!("{meta}x-odd: "), SPACES, 16 * 1024, 400),
        ("/v1/session", "", SPACES, 16 * 1024, 413),
        ("/v1/claims", "", SPACES, 16 * 1024, 413),
    ] {
        let (body, taken) = endless(beginning, piece);
        let json = path != "/v1/submissions";
        let kind = if json { "application/json" } else { "multipart/form-data; boundary=x" };
        let request = sender.request(Method::POST, path).header("content-type", kind);
        let request = request.header(IDEMPOTENCY_KEY, "endless-key").body(body);
        let answer = request.send().await.expect("the word arrives");
        assert_eq!(answer.status(), status, "{path} {beginning}");
        let want = [ProblemKind::RequestMalformed, ProblemKind::TooLarge];
        let refused = problem(answer).await.known_kind().expect("of the catalogue");
        assert!(want.contains(&refused), "{path} {beginning}: {refused:?}");
        let taken = taken.load(Ordering::Relaxed);
        assert!((limit..limit + ON_ITS_WAY).contains(&taken), "{path} {beginning}: {taken}");
    }
    assert!(sender.sent().await.is_empty(), "nothing is kept of it");
    let sent = sender.send("endless-key", &to(HOME_HELP), &[("a.pdf", b"%PDF-1.7")]).await;
    assert!(sent.is_ok(), "key and terminal are as before: {sent:?}");
}
