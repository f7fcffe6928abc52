//! Who is let in, and how the others are told.

use std::{sync::Arc, time::Duration};

use careplan_protocol::{
    Problem, ProblemKind,
    ca::CertificateKind,
    hub::{Office, Submissions},
};
use rustls::{ClientConfig, pki_types::ServerName, version::TLS12, version::TLS13};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

use crate::support::{
    Bench, CARE_MANAGER, HOME_HELP,
    ca::{Ca, Issued, PASSWORD},
    terminal::{Terminal, client_tls},
};

const CARE_INSURANCE: &str = CertificateKind::CareInsurance.word();

/// What TLS itself says to a client: the error of the handshake, or of the first read after it.
async fn handshake_error(bench: &Bench, config: ClientConfig) -> String {
    let stream = TcpStream::connect(bench.hub.address()).await.expect("connects");
    let name = ServerName::try_from("127.0.0.1").expect("a name");
    let mut stream = match TlsConnector::from(Arc::new(config)).connect(name, stream).await {
        Ok(stream) => stream,
        Err(error) => return error.to_string(),
    };
    // A hub that is content says nothing until it is asked.
    match tokio::time::timeout(Duration::from_millis(200), stream.read(&mut [0])).await {
        Ok(Err(error)) => error.to_string(),
        Ok(Ok(_)) | Err(_) => "the connection stands".to_owned(),
    }
}

/// Waits until new connections with a revoked certificate are refused.
async fn comes_into_force(bench: &Bench, revoked: &Issued) -> bool {
    let config = client_tls(&bench.ca.root_pem(), Some(revoked), &[&TLS13]);
    for _ in 0..50 {
        if handshake_error(bench, config.clone()).await.contains("CertificateRevoked") {
            return true;
        }
    }
    false
}

#[tokio::test]
async fn plain_http_is_told_to_use_tls() {
    let bench = Bench::new().await;
    let mut stream = TcpStream::connect(bench.hub.address()).await.expect("connects");
    stream.write_all(b"GET / HTTP/1.1\r\nhost: hub\r\n\r\n").await.expect("writes");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("reads to the end");
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    let problem: Problem = serde_json::from_str(body).expect("a problem");
    assert_eq!(problem.known_kind(), Some(ProblemKind::TlsRequired));
}

#[tokio::test]
async fn tls_1_2_is_refused() {
    let bench = Bench::new().await;
    let identity = bench.ca.client(CARE_MANAGER, CARE_INSURANCE);
    let old = client_tls(&bench.ca.root_pem(), Some(&identity), &[&TLS12]);
    let error = handshake_error(&bench, old).await;
    assert!(error.contains("ProtocolVersion"), "{error}");
}

#[tokio::test]
async fn no_certificate_is_refused() {
    let bench = Bench::new().await;
    let none = client_tls(&bench.ca.root_pem(), None, &[&TLS13]);
    let error = handshake_error(&bench, none).await;
    assert!(error.contains("CertificateRequired"), "{error}");
}

#[tokio::test]
async fn a_certificate_of_another_ca_is_refused() {
    let (bench, other) = (Bench::new().await, Ca::start().await);
    let identity = other.client(CARE_MANAGER, CARE_INSURANCE);
    let foreign = client_tls(&bench.ca.root_pem(), Some(&identity), &[&TLS13]);
    let error = handshake_error(&bench, foreign).await;
    assert!(error.contains("UnknownCA"), "{error}");
}

#[tokio::test]
async fn a_revoked_certificate_cannot_connect() {
    let bench = Bench::new().await;
    let identity = bench.ca.client(CARE_MANAGER, CARE_INSURANCE);
    bench.ca.revoke(&identity);
    assert!(comes_into_force(&bench, &identity).await);
}

#[tokio::test]
async fn revocation_reaches_a_live_connection() {
    let bench = Bench::new().await;
    let identity = bench.ca.client(CARE_MANAGER, CARE_INSURANCE);
    let mut terminal = Terminal::new(bench.hub.url(), &bench.ca, Some(&identity));
    terminal.log_in(&bench.ca.account(CARE_MANAGER), "pc-1").await;
    assert!(terminal.sent().await.is_empty());
    bench.ca.revoke(&identity);
    for _ in 0..200 {
        match terminal.get::<Submissions>("/v1/submissions").await {
            Ok(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(kind) => return assert_eq!(kind, ProblemKind::CertificateRevoked),
        }
    }
    panic!("the new list never came into force");
}

#[tokio::test]
async fn while_the_ca_is_away_the_last_list_stays_in_force() {
    let bench = Bench::new().await;
    let identity = bench.ca.client(CARE_MANAGER, CARE_INSURANCE);
    bench.ca.revoke(&identity);
    assert!(comes_into_force(&bench, &identity).await);
    let other = bench.terminal(CARE_MANAGER, "pc-2").await;
    bench.ca.set_away(true);
    tokio::time::sleep(Duration::from_millis(150)).await;
    let still = client_tls(&bench.ca.root_pem(), Some(&identity), &[&TLS13]);
    assert!(handshake_error(&bench, still).await.contains("CertificateRevoked"));
    assert!(other.sent().await.is_empty(), "the others go on");
    let log_in = other.try_log_in(&bench.ca.account(CARE_MANAGER), PASSWORD).await;
    assert_eq!(log_in.err(), Some(ProblemKind::Unavailable));
    bench.ca.set_away(false);
    let log_in = other.try_log_in(&bench.ca.account(CARE_MANAGER), PASSWORD).await;
    assert!(log_in.is_ok());
}

#[tokio::test]
async fn a_certificate_expires_by_the_hubs_clock() {
    let bench = Bench::new().await;
    let identity = bench.ca.client(CARE_MANAGER, CARE_INSURANCE);
    let live = Terminal::new(bench.hub.url(), &bench.ca, Some(&identity));
    let before = live.get::<Office>("/v1/office").await;
    assert_eq!(before.expect_err("not logged in"), ProblemKind::SessionMissing);
    bench.clock.step(time::Duration::days(31));
    let after = live.get::<Office>("/v1/office").await;
    assert_eq!(after.expect_err("too late"), ProblemKind::CertificateExpired);
    let fresh = client_tls(&bench.ca.root_pem(), Some(&identity), &[&TLS13]);
    let error = handshake_error(&bench, fresh).await;
    assert!(error.contains("CertificateExpired"), "{error}");
}

#[tokio::test]
async fn a_certificate_that_the_hubs_clock_has_not_come_to_is_refused_on_a_live_connection_too() {
    let bench = Bench::new().await;
    let identity = bench.ca.client(CARE_MANAGER, CARE_INSURANCE);
    let live = Terminal::new(bench.hub.url(), &bench.ca, Some(&identity));
    let before = live.get::<Office>("/v1/office").await;
    assert_eq!(before.expect_err("not logged in"), ProblemKind::SessionMissing);
    bench.clock.step(time::Duration::days(-2));
    let after = live.get::<Office>("/v1/office").await;
    assert_eq!(after.expect_err("too early"), ProblemKind::CertificateNotYetValid);
}

#[tokio::test]
async fn only_the_right_kinds_of_certificate_are_heard() {
    let bench = Bench::new().await;
    for (office, kind, want) in [
        (HOME_HELP, "delegated-billing-office", ProblemKind::SessionMissing),
        (HOME_HELP, "agent", ProblemKind::CertificateKind),
        (HOME_HELP, "disability-support", ProblemKind::CertificateKind),
        (HOME_HELP, "no such kind", ProblemKind::CertificateKind),
        ("", CARE_INSURANCE, ProblemKind::CertificateWithoutOffice),
        ("nobody", CARE_INSURANCE, ProblemKind::CertificateOfficeMalformed),
    ] {
        let identity = bench.ca.client(office, kind);
        let terminal = Terminal::new(bench.hub.url(), &bench.ca, Some(&identity));
        let answer = terminal.get::<Office>("/v1/office").await;
        assert_eq!(answer.expect_err("no session"), want, "{office} {kind}");
    }
}

#[tokio::test]
async fn a_silent_peer_keeps_nobody_waiting() {
    let bench = Bench::new().await;
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(TcpStream::connect(bench.hub.address()).await.expect("connects"));
    }
    let logged_in = bench.terminal(CARE_MANAGER, "pc-1");
    let terminal = tokio::time::timeout(Duration::from_secs(5), logged_in).await;
    assert!(terminal.expect("nobody waits").sent().await.is_empty());
}

#[tokio::test]
async fn a_peer_that_never_finishes_its_handshake_does_not_hold_up_the_end() {
    let Bench { hub, ca: _ca, .. } = Bench::new().await;
    let silent = TcpStream::connect(hub.address()).await.expect("connects");
    let mut halfway = TcpStream::connect(hub.address()).await.expect("connects");
    halfway.write_all(&[0x16, 3, 1]).await.expect("writes");
    // Connections are accepted in their order: when this one is answered, so are the others.
    let mut plain = TcpStream::connect(hub.address()).await.expect("connects");
    plain.write_all(b"GET / HTTP/1.1\r\n\r\n").await.expect("writes");
    plain.read_u8().await.expect("an answer");
    drop(plain);
    let stopping = tokio::time::timeout(Duration::from_secs(3), hub.stop());
    stopping.await.expect("ends well before the farewell's limit");
    drop((silent, halfway));
}
