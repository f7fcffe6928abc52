//! Bytes that are no HTTP, or hardly, at the CA's port: each is answered by a problem.

use std::sync::Arc;

use careplan_protocol::{Clock, Problem, ProblemKind};
use fake_ca::{CaServer, FakeCa, Keep};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
    version::TLS13,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

/// A CA, and somebody who trusts its root.
async fn stage() -> (CaServer, TlsConnector) {
    let ca = FakeCa::open(Keep::Memory, Clock::system()).expect("opens");
    let root = CertificateDer::from_pem_slice(ca.root_pem().as_bytes()).expect("a root");
    let mut roots = RootCertStore::empty();
    roots.add(root).expect("a root");
    let config =
        ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(&[&TLS13])
            .expect("TLS 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
    let server = CaServer::start(ca, ([127, 0, 0, 1], 0).into()).await.expect("starts");
    (server, TlsConnector::from(Arc::new(config)))
}

/// What is answered until the connection ends.
async fn heard(mut stream: impl AsyncRead + AsyncWrite + Unpin, said: &[u8]) -> String {
    let mut heard = Vec::new();
    // The CA may close while it is still spoken to; what it said counts.
    let _ = stream.write_all(said).await;
    let _ = stream.read_to_end(&mut heard).await;
    String::from_utf8(heard).expect("UTF-8")
}

#[track_caller]
fn assert_problem(answer: &str, wanted: ProblemKind) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer:?}"));
    let problem: Problem = serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer:?}"));
    assert_eq!(problem.known_kind(), Some(wanted));
    assert!(head.starts_with(&format!("HTTP/1.1 {} ", wanted.status())), "{head}");
    assert!(head.contains(Problem::MEDIA_TYPE), "{head}");
}

#[tokio::test]
async fn what_is_no_request_is_answered_by_a_problem() {
    let (server, tls) = stage().await;
    let long = "a".repeat(40_000);
    let headers = "a: b\r\n".repeat(101);
    for (said, wanted) in [
        ("GET\r\n\r\n".to_owned(), ProblemKind::RequestMalformed),
        ("NONSENSE\u{1}\r\n\r\n".to_owned(), ProblemKind::RequestMalformed),
        ("GET / HTTP/1.1\r\nno colon\r\n\r\n".to_owned(), ProblemKind::RequestMalformed),
        ("POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n".to_owned(), ProblemKind::RequestMalformed),
        (format!("GET / HTTP/1.1\r\n{headers}\r\n"), ProblemKind::HeadTooLarge),
        (format!("GET / HTTP/1.1\r\nname: {long}\r\n\r\n"), ProblemKind::HeadTooLarge),
    ] {
        let stream = TcpStream::connect(server.address()).await.expect("connects");
        let name = ServerName::try_from("127.0.0.1").expect("a name");
        let stream = tls.connect(name, stream).await.expect("a handshake");
        assert_problem(&heard(stream, said.as_bytes()).await, wanted);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_peer_without_tls_is_told_so() {
    let (server, _) = stage().await;
    let stream = TcpStream::connect(server.address()).await.expect("connects");
    let said = b"GET /v1/root.pem HTTP/1.1\r\nhost: ca\r\n\r\n";
    assert_problem(&heard(stream, said).await, ProblemKind::TlsRequired);
    server.stop().await;
}
