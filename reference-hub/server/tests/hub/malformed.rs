//! Bytes that are no HTTP, or hardly: each is answered by a problem, on both of the hub's doors.

use std::sync::Arc;

use careplan_protocol::{Problem, ca::CertificateKind};
use rustls::{ClientConfig, pki_types::ServerName, version::TLS13};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

use crate::support::{Bench, CARE_MANAGER, terminal::client_tls};

/// Request heads that no server should understand.
const HEADS: [&str; 31] = [
    "GET\r\n\r\n",
    "GET /\r\n\r\n",
    "GET / HTTP/0.9\r\n\r\n",
    "GET / HTTP/1.2\r\n\r\n",
    "GET / HTTP/2.0\r\n\r\n",
    "GET / HTTP/9\r\n\r\n",
    "GET / http/1.1\r\n\r\n",
    "GET  /  HTTP/1.1\r\n\r\n",
    "G\u{0}T / HTTP/1.1\r\n\r\n",
    "GÉT / HTTP/1.1\r\n\r\n",
    "GET /\u{0} HTTP/1.1\r\n\r\n",
    "GET /a b HTTP/1.1\r\n\r\n",
    "GET \\..\\ HTTP/1.1\r\n\r\n",
    "CONNECT /path HTTP/1.1\r\n\r\n",
    "CONNECT hub:443 HTTP/1.1\r\n\r\n",
    "GET http://other/ HTTP/1.1\r\nhost: hub\r\n\r\n",
    "GET hub:443 HTTP/1.1\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nhost: hub\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "GET / HTTP/1.1\r\nno colon\r\n\r\n",
    "GET / HTTP/1.1\r\n: no name\r\n\r\n",
    "GET / HTTP/1.1\r\nname : x\r\n\r\n",
    "GET / HTTP/1.1\r\nna\u{0}me: x\r\n\r\n",
    "GET / HTTP/1.1\r\nname: \u{0}\r\n\r\n",
    "GET / HTTP/1.1\r\nname: a\r\n folded\r\n\r\n",
    "POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
    "POST / HTTP/1.1\r\ncontent-length: one\r\n\r\n",
    "POST / HTTP/1.1\r\ncontent-length: 99999999999999999999\r\n\r\n",
    "POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
    "POST / HTTP/1.1\r\ntransfer-encoding: nonsense\r\n\r\n",
    "POST / HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
];

/// Chunks that are none, behind a good head.
const CHUNKS: [&str; 5] =
    ["zz\r\n", "-1\r\n", "ffffffffffffffffff\r\n", "1\r\nab\r\n", "1;\u{0}=\n\n\n"];

/// All of them, with those that are too long.
fn malformed() -> Vec<Vec<u8>> {
    let long = "a".repeat(40_000);
    let chunked = |path: &str, chunk: &str| {
        format!("PUT {path} HTTP/1.1\r\nhost: hub\r\ntransfer-encoding: chunked\r\n\r\n{chunk}")
    };
    let mut all: Vec<Vec<u8>> = HEADS.map(|head| head.as_bytes().to_vec()).to_vec();
    for path in ["/v1/session", "/v1/submissions", "/admin/clock"] {
        all.extend(CHUNKS.map(|chunk| chunked(path, chunk).into_bytes()));
    }
    all.push(format!("GET /{long} HTTP/1.1\r\n\r\n").into_bytes());
    all.push(format!("GET /{long}{long} HTTP/1.1\r\n\r\n").into_bytes());
    all.push(format!("{long} / HTTP/1.1\r\n\r\n").into_bytes());
    all.push(format!("GET / HTTP/1.1\r\nname: {long}\r\n\r\n").into_bytes());
    all.push(format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(101)).into_bytes());
    all.push(format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(9000)).into_bytes());
    all.push(vec![0; 64]);
    all.push((0..=255).chain([13, 10, 13, 10]).collect());
    all.push([b"GET / HTTP/1.1\r\nname: ".as_slice(), &[0x7f], b"\r\n\r\n"].concat());
    all
}

/// Whatever comes back until the end; empty if the connection ends without a word.
async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, said: &[u8]) -> Vec<u8> {
    let mut answer = Vec::new();
    // The hub may close while it is still spoken to; what it said counts.
    let _ = stream.write_all(said).await;
    let _ = stream.flush().await;
    let mut piece = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut piece).await {
        answer.extend_from_slice(&piece[..read]);
        if is_whole(&answer) {
            break;
        }
    }
    answer
}

/// Whether an answer has all of the body that it announces.
fn is_whole(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.and_then(|length| length.parse().ok()).is_none_or(|length: usize| length <= body.len())
}

fn assert_problem(answer: &[u8], said: &[u8], door: &str) {
    let said: String = String::from_utf8_lossy(said).chars().take(80).collect();
    let text = String::from_utf8_lossy(answer);
    assert!(text.starts_with("HTTP/1.1 4"), "{door}: {said:?}: {text:?}");
    let (_, body) = text.split_once("\r\n\r\n").expect("a head");
    let problem: Problem =
        serde_json::from_str(body).unwrap_or_else(|_| panic!("{said:?}: {text}"));
    assert!(problem.known_kind().is_some(), "{said:?}: {}", problem.kind);
    assert_eq!(text[9..12].parse(), Ok(problem.status), "{said:?}");
}

async fn encrypted(bench: &Bench, tls: &Arc<ClientConfig>) -> impl AsyncRead + AsyncWrite + Unpin {
    let stream = TcpStream::connect(bench.hub.address()).await.expect("connects");
    let name = ServerName::try_from("127.0.0.1").expect("a name");
    TlsConnector::from(Arc::clone(tls)).connect(name, stream).await.expect("a handshake")
}

#[tokio::test]
async fn what_is_no_http_is_answered_by_a_problem_at_both_doors() {
    let bench = Bench::new().await;
    let identity = bench.ca.client(CARE_MANAGER, CertificateKind::CareInsurance.word());
    let tls = Arc::new(client_tls(&bench.ca.root_pem(), Some(&identity), &[&TLS13]));
    let admin = bench.hub.admin_url().expect("every hub here has one");
    let admin = admin.strip_prefix("http://").expect("plain");
    for said in malformed() {
        let heard = answer(encrypted(&bench, &tls).await, &said).await;
        assert_problem(&heard, &said, "offices");
        let plain = TcpStream::connect(admin).await.expect("connects");
        let heard = answer(plain, &said).await;
        assert_problem(&heard, &said, "operator");
    }
    let terminal = bench.terminal(CARE_MANAGER, "pc-1").await;
    assert!(terminal.get::<Value>("/v1/office").await.is_ok(), "the others go on");
}
