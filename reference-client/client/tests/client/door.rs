//! Where TLS ends before the hub can speak, the terminal says what it means.

use std::sync::Arc;

use careplan_protocol::{Lang, ProblemKind};
use reference_client::{CertificateSource, ClientError, Enrolment, OutboxState, Terminal};
use time::macros::datetime;
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpSocket},
};

use crate::stub::{Bench, Pki, Reply, Watcher, hasty, letter, session, user};

fn open_to_all(_: &crate::stub::Seen) -> Reply {
    Reply::json(201, &session("Token-1"))
}

async fn refusal(mut bench: Bench) -> Option<ProblemKind> {
    let error = bench.terminal.login("Password-1").await.expect_err("refused");
    assert!(bench.hub.seen().is_empty(), "the hub never heard the password");
    assert!(bench.watcher.waits.lock().expect("no panic").is_empty(), "not tried again");
    error.problem_kind()
}

#[tokio::test]
async fn no_certificate() {
    let pki = Pki::new();
    let bench = Bench::with(&pki, pki.hub_config(None), CertificateSource::None, open_to_all).await;
    assert_eq!(refusal(bench).await, Some(ProblemKind::CertificateMissing));
}

#[tokio::test]
async fn a_revoked_certificate() {
    let pki = Pki::new();
    let client = pki.client();
    let config = pki.hub_config(Some(pki.revocation_list(&client)));
    let source = CertificateSource::Installed(client.credentials);
    let bench = Bench::with(&pki, config, source, open_to_all).await;
    assert_eq!(refusal(bench).await, Some(ProblemKind::CertificateRevoked));
}

#[tokio::test]
async fn a_certificate_of_another_authority() {
    let pki = Pki::new();
    for other in [Pki::new(), Pki::named("ANOTHER ROOT")] {
        let source = CertificateSource::Installed(other.client().credentials);
        let bench = Bench::with(&pki, pki.hub_config(None), source, open_to_all).await;
        assert_eq!(refusal(bench).await, Some(ProblemKind::CertificateUnknownIssuer));
    }
}

#[tokio::test]
async fn a_certificate_outside_its_time() {
    let (past, future) = (datetime!(2020-01-01 00:00 UTC), datetime!(2098-01-01 00:00 UTC));
    for (from, until, kind) in [
        (past, datetime!(2021-01-01 00:00 UTC), ProblemKind::CertificateExpired),
        (future, datetime!(2099-01-01 00:00 UTC), ProblemKind::CertificateNotYetValid),
    ] {
        let pki = Pki::new();
        let source = CertificateSource::Installed(pki.client_valid(from, until).credentials);
        let bench = Bench::with(&pki, pki.hub_config(None), source, open_to_all).await;
        assert_eq!(refusal(bench).await, Some(kind));
    }
}

#[tokio::test]
async fn a_large_sending_with_a_revoked_certificate_is_refused_and_waits() {
    let pki = Pki::new();
    let client = pki.client();
    let config = pki.hub_config(Some(pki.revocation_list(&client)));
    let source = CertificateSource::Installed(client.credentials);
    let mut bench = Bench::with(&pki, config, source, open_to_all).await;
    let large = letter(&vec![b'x'; 8_000_000]);
    let error = bench.terminal.send(&large).await.expect_err("refused");
    assert_eq!(error.problem_kind(), Some(ProblemKind::CertificateRevoked), "{error:?}");
    assert_eq!(bench.terminal.outbox().expect("lists")[0].state, OutboxState::Pending);
}

#[tokio::test]
async fn a_hub_of_another_root_or_an_older_tls_is_not_trusted() {
    let (pki, other) = (Pki::new(), Pki::new());
    for config in
        [other.open_config(&rustls::version::TLS13), pki.open_config(&rustls::version::TLS12)]
    {
        let mut bench = Bench::with(&pki, config, CertificateSource::None, open_to_all).await;
        let error = bench.terminal.login("Password-1").await.expect_err("not trusted");
        assert!(matches!(error, ClientError::Untrusted { .. }), "{error:?}");
        assert!(bench.hub.seen().is_empty());
    }
}

#[tokio::test]
async fn nobody_there_is_tried_again_and_told_with_the_address() {
    // Bound but not listening: nobody else gets the port, and connecting is refused.
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a free port");
    let url = format!("https://{}", socket.local_addr().expect("an address"));
    let (error, waits) = login_at(&url).await;
    assert!(matches!(error, ClientError::Unreachable { .. }), "{error:?}");
    assert!(error.line(Lang::En).contains(&url), "{error}");
    assert_eq!(waits, 2);
}

#[tokio::test]
async fn somebody_without_tls_is_not_trusted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    let server = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let (error, waits) = login_at(&url).await;
    assert!(matches!(error, ClientError::Untrusted { .. }), "{error:?}");
    assert_eq!(waits, 0);
    server.abort();
}

/// How a log-in at this address fails, after how many waits.
async fn login_at(url: &str) -> (ClientError, usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let watcher = Arc::new(Watcher::default());
    let enrolment = Enrolment {
        hub_url: url.to_owned(),
        root_pem: Pki::new().root_pem(),
        user_id: user(),
        certificate: CertificateSource::None,
    };
    let enrolled = Terminal::enrol(folder.path(), enrolment, hasty(&watcher)).await;
    let error = enrolled.expect("enrols").login("Password-1").await.expect_err("fails");
    let waits = watcher.waits.lock().expect("no panic").len();
    (error, waits)
}
