//! The service over real TLS, as an office's client meets it.

use std::{net::SocketAddr, sync::Arc, time::Duration as Wait};

use careplan_protocol::{
    Clock, Problem, ProblemKind, UserId,
    ca::{
        AgentOffices, Application, Applied, CertificateKind, CertificatePem, CertificateState,
        Certificates, IssuePassword, LoggedIn, Login, PasswordChange,
    },
};
use fake_ca::{CaServer, FakeCa, Keep, NewAccount};
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use rustls::{
    ClientConfig, RootCertStore, SupportedProtocolVersion,
    pki_types::{CertificateDer, CertificateRevocationListDer, ServerName, pem::PemObject},
    version::{TLS12, TLS13},
};
use serde::Serialize;
use tempfile::TempDir;
use time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{advance, pause, resume, sleep, timeout},
};
use tokio_rustls::TlsConnector;
use x509_parser::{prelude::FromDer, revocation_list::CertificateRevocationList};

const ACTIVE: &str = "KJ277010001201";
const TEMPORARY: &str = "KJ277020003601";
const UNKNOWN: &str = "KJ999999999999";
const PASSWORD: &str = "見本-password";
const WRONG: &str = "見本-passwore";

/// A CA with two accounts, its service, and somebody who trusts its root alone.
struct Stage {
    ca: FakeCa,
    clock: Clock,
    server: CaServer,
    client: Client,
}

impl Stage {
    async fn new(keep: Keep) -> Self {
        let clock = Clock::system();
        let ca = FakeCa::open(keep, clock.clone()).expect("opens");
        if ca.certificates().expect("reads").is_empty() {
            add_account(&ca, ACTIVE, "2770100012", false);
            add_account(&ca, TEMPORARY, "2770200036", true);
        }
        let server = CaServer::start(ca.clone(), loopback()).await.expect("starts");
        let client = client(&ca, &TLS13);
        Self { ca, clock, server, client }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.server.url()))
    }

    async fn get(&self, path: &str, token: &str) -> Response {
        self.request(Method::GET, path).bearer_auth(token).send().await.expect("answers")
    }

    async fn post(&self, path: &str, token: &str, body: &impl Serialize) -> Response {
        let request = self.request(Method::POST, path).bearer_auth(token).json(body);
        request.send().await.expect("answers")
    }

    async fn log_in(&self, user_id: &str, password: &str) -> Response {
        let user_id = UserId::parse(user_id).expect("a user ID");
        self.post("/v1/login", "", &Login { user_id, password: password.to_owned() }).await
    }

    async fn token(&self) -> String {
        let answer = self.log_in(ACTIVE, PASSWORD).await;
        answer.json::<LoggedIn>().await.expect("logged in").token
    }

    async fn change(&self, user_id: &str, old: &str, new: &str) -> Response {
        let change = PasswordChange {
            user_id: UserId::parse(user_id).expect("a user ID"),
            old_password: old.to_owned(),
            new_password: new.to_owned(),
        };
        self.post("/v1/password", "", &change).await
    }

    async fn apply(&self, token: &str) -> Applied {
        let application = Application { kind: CertificateKind::CareInsurance };
        let answer = self.post("/v1/applications", token, &application).await;
        assert_eq!(answer.status(), StatusCode::CREATED);
        answer.json().await.expect("applied")
    }

    async fn download(&self, token: &str, id: &str, file: &str, password: &str) -> Response {
        let path = format!("/v1/applications/{id}/certificate.{file}");
        self.post(&path, token, &IssuePassword { issue_password: password.to_owned() }).await
    }

    async fn enrol(&self, token: &str) -> CertificatePem {
        let applied = self.apply(token).await;
        let answer = self.download(token, &applied.id, "pem", &applied.issue_password).await;
        answer.json().await.expect("a certificate")
    }
}

fn add_account(ca: &FakeCa, user_id: &str, office: &str, temporary: bool) {
    let account = NewAccount {
        user_id: UserId::parse(user_id).expect("a user ID"),
        office: office.parse().expect("an office number"),
        office_name: "見本居宅介護支援センター".to_owned(),
        password: PASSWORD.to_owned(),
        temporary,
    };
    ca.add_account(account).expect("opens an account");
}

fn loopback() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

fn client(ca: &FakeCa, version: &'static SupportedProtocolVersion) -> Client {
    let config = trusting(ca, version);
    Client::builder().tls_backend_preconfigured(config).no_proxy().build().expect("a client")
}

fn trusting(ca: &FakeCa, version: &'static SupportedProtocolVersion) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    let root = CertificateDer::from_pem_slice(ca.root_pem().as_bytes()).expect("PEM");
    roots.add(root).expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .expect("a version")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// The answer is this problem, in form and in substance.
#[track_caller]
fn assert_kind(status: StatusCode, media_type: &str, problem: &Problem, kind: ProblemKind) {
    assert_eq!(problem.known_kind(), Some(kind), "{problem:?}");
    assert_eq!(status.as_u16(), kind.status());
    assert_eq!(media_type, Problem::MEDIA_TYPE);
}

async fn refused(answer: Response, kind: ProblemKind) -> Problem {
    let status = answer.status();
    let media_type = answer.headers()["content-type"].to_str().expect("text").to_owned();
    let problem = answer.json().await.expect("a problem");
    assert_kind(status, &media_type, &problem, kind);
    problem
}

#[tokio::test]
async fn a_right_password_logs_in_and_a_wrong_one_tells_nothing() {
    let stage = Stage::new(Keep::Memory).await;
    let answer = stage.log_in(ACTIVE, PASSWORD).await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let logged_in: LoggedIn = answer.json().await.expect("logged in");
    assert_eq!(logged_in.office.to_string(), "2770100012");
    assert_eq!(logged_in.office_name, "見本居宅介護支援センター");
    let wrong = refused(stage.log_in(ACTIVE, WRONG).await, ProblemKind::LoginFailed).await;
    let unknown = refused(stage.log_in(UNKNOWN, WRONG).await, ProblemKind::LoginFailed).await;
    assert_eq!(wrong, unknown);
}

#[tokio::test]
async fn five_wrong_passwords_lock_known_and_unknown_ids_alike() {
    let stage = Stage::new(Keep::Memory).await;
    for user_id in [ACTIVE, UNKNOWN] {
        for _ in 0..5 {
            refused(stage.log_in(user_id, WRONG).await, ProblemKind::LoginFailed).await;
        }
        refused(stage.log_in(user_id, WRONG).await, ProblemKind::PasswordLocked).await;
        refused(stage.log_in(user_id, PASSWORD).await, ProblemKind::PasswordLocked).await;
        let change = stage.change(user_id, PASSWORD, "another one").await;
        refused(change, ProblemKind::PasswordLocked).await;
    }
}

#[tokio::test]
async fn guesses_made_at_once_are_counted_one_by_one() {
    let stage = Stage::new(Keep::Memory).await;
    let guesses = (0..8).map(|_| {
        let login =
            Login { user_id: UserId::parse(ACTIVE).expect("an ID"), password: WRONG.to_owned() };
        tokio::spawn(stage.request(Method::POST, "/v1/login").json(&login).send())
    });
    let guesses: Vec<_> = guesses.collect();
    let mut failed = 0;
    for guess in guesses {
        let answer = guess.await.expect("runs").expect("answers");
        failed += usize::from(answer.status() == StatusCode::UNAUTHORIZED);
    }
    assert_eq!(failed, 5, "the others met the lock");
}

#[tokio::test]
async fn a_temporary_password_must_be_changed_first() {
    let stage = Stage::new(Keep::Memory).await;
    refused(stage.log_in(TEMPORARY, PASSWORD).await, ProblemKind::PasswordTemporary).await;
    refused(stage.log_in(TEMPORARY, WRONG).await, ProblemKind::LoginFailed).await;
    let weak = stage.change(TEMPORARY, PASSWORD, "七文字です。短").await;
    refused(weak, ProblemKind::PasswordWeak).await;
    let same = stage.change(TEMPORARY, PASSWORD, PASSWORD).await;
    refused(same, ProblemKind::PasswordWeak).await;
    let guessed = stage.change(TEMPORARY, WRONG, "another one").await;
    refused(guessed, ProblemKind::LoginFailed).await;
    let changed = stage.change(TEMPORARY, PASSWORD, "another one").await;
    assert_eq!(changed.status(), StatusCode::NO_CONTENT);
    refused(stage.log_in(TEMPORARY, PASSWORD).await, ProblemKind::LoginFailed).await;
    assert_eq!(stage.log_in(TEMPORARY, "another one").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_log_in_ends_after_half_an_hour_or_with_its_password() {
    let stage = Stage::new(Keep::Memory).await;
    let certificates = "/v1/certificates";
    refused(stage.get(certificates, "invented").await, ProblemKind::SessionMissing).await;
    let bare = stage.request(Method::GET, certificates).send().await.expect("answers");
    refused(bare, ProblemKind::SessionMissing).await;
    let token = stage.token().await;
    stage.clock.step(Duration::minutes(29));
    assert_eq!(stage.get(certificates, &token).await.status(), StatusCode::OK);
    stage.clock.step(Duration::minutes(1));
    refused(stage.get(certificates, &token).await, ProblemKind::SessionExpired).await;
    let token = stage.token().await;
    stage.change(ACTIVE, PASSWORD, "another one").await;
    refused(stage.get(certificates, &token).await, ProblemKind::SessionMissing).await;
}

#[tokio::test]
async fn an_application_is_downloaded_as_pem_and_pkcs12_and_is_one_certificate() {
    let stage = Stage::new(Keep::Memory).await;
    let token = stage.token().await;
    let Applied { id, issue_password, .. } = stage.apply(&token).await;
    let wrong = stage.download(&token, &id, "pem", "AAAA-BBBB-CCCC-DDDD").await;
    refused(wrong, ProblemKind::IssuePasswordWrong).await;
    let none: Certificates =
        stage.get("/v1/certificates", &token).await.json().await.expect("a list");
    assert!(none.certificates.is_empty(), "nothing is issued for a wrong password");

    let answer = stage.download(&token, &id, "pem", &issue_password).await;
    let first: CertificatePem = answer.json().await.expect("a certificate");
    let answer = stage.download(&token, &id, "pem", &issue_password).await;
    let again: CertificatePem = answer.json().await.expect("a certificate");
    assert_eq!(first.certificate_chain, again.certificate_chain);
    assert_eq!(first.private_key, again.private_key);
    assert_eq!(first.info.kind, CertificateKind::CareInsurance);
    assert_eq!(first.info.office.to_string(), "2770100012");

    let answer = stage.download(&token, &id, "p12", &issue_password).await;
    assert_eq!(answer.headers()["content-type"], "application/x-pkcs12");
    let bytes = answer.bytes().await.expect("a body");
    let store = KeyStore::from_pkcs12(&bytes, &issue_password, Pkcs12ImportPolicy::Strict);
    let store = store.expect("opens with the password");
    let (_, chain) = store.private_key_chain().expect("a key");
    let leaf = CertificateDer::from_pem_slice(first.certificate_chain.as_bytes()).expect("PEM");
    assert_eq!(chain.certs()[0].as_der(), leaf.as_ref());

    let answer = stage.get("/v1/certificates", &token).await;
    let listed: Certificates = answer.json().await.expect("a list");
    assert_eq!(listed.certificates, [first.info]);
}

#[tokio::test]
async fn a_certificate_is_renewed_or_issued_again_over_the_wire() {
    let stage = Stage::new(Keep::Memory).await;
    let token = stage.token().await;
    let serial = stage.enrol(&token).await.info.serial;
    let application = Application { kind: CertificateKind::CareInsurance };
    let second = stage.post("/v1/applications", &token, &application).await;
    refused(second, ProblemKind::CertificateInForce).await;
    let path = |verb| format!("/v1/certificates/{serial}/{verb}");
    let early = stage.post(&path("renew"), &token, &()).await;
    refused(early, ProblemKind::RenewalTooEarly).await;

    let answer = stage.post(&path("reissue"), &token, &()).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    let applied: Applied = answer.json().await.expect("applied");
    assert_eq!(applied.fee_yen, Some(13_200));
    assert_eq!(served_list(&stage).await, [serial]);
    let answer =
        stage.post(&format!("/v1/applications/{}/issue-password", applied.id), &token, &()).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    let again: Applied = answer.json().await.expect("applied");
    let before = stage.download(&token, &applied.id, "pem", &applied.issue_password).await;
    refused(before, ProblemKind::IssuePasswordWrong).await;
    let answer = stage.download(&token, &again.id, "p12", &again.issue_password).await;
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_agents_offices_are_kept_over_the_wire() {
    let stage = Stage::new(Keep::Memory).await;
    let token = stage.token().await;
    let send = |method, office: &str| {
        let path = format!("/v1/agent/offices/{office}");
        stage.request(method, &path).bearer_auth(&token).send()
    };
    for office in ["2770200036", "2770300042"] {
        let answer = send(Method::PUT, office).await.expect("answers");
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    }
    let answer = send(Method::DELETE, "2770200036").await.expect("answers");
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    let gone = send(Method::DELETE, "2770200036").await.expect("answers");
    refused(gone, ProblemKind::NotFound).await;
    let strange = send(Method::PUT, "nobody").await.expect("answers");
    refused(strange, ProblemKind::RequestMalformed).await;
    let answer = stage.get("/v1/agent/offices", &token).await;
    let listed: AgentOffices = answer.json().await.expect("a list");
    assert_eq!(listed.offices.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2770300042"]);
}

#[tokio::test]
async fn another_offices_applications_and_certificates_are_not_found() {
    let stage = Stage::new(Keep::Memory).await;
    let token = stage.token().await;
    let Applied { id, issue_password, .. } = stage.apply(&token).await;
    let serial = stage.enrol(&token).await.info.serial;
    stage.change(TEMPORARY, PASSWORD, "another one").await;
    let answer = stage.log_in(TEMPORARY, "another one").await;
    let other = answer.json::<LoggedIn>().await.expect("logged in").token;
    let stolen = stage.download(&other, &id, "pem", &issue_password).await;
    refused(stolen, ProblemKind::NotFound).await;
    let revoked = stage.post(&format!("/v1/certificates/{serial}/revoke"), &other, &()).await;
    refused(revoked, ProblemKind::NotFound).await;
    let listed: Certificates =
        stage.get("/v1/certificates", &other).await.json().await.expect("a list");
    assert!(listed.certificates.is_empty());
}

#[tokio::test]
async fn a_revoked_certificate_stands_in_the_list_that_is_served() {
    let stage = Stage::new(Keep::Memory).await;
    let token = stage.token().await;
    let serial = stage.enrol(&token).await.info.serial;
    assert!(served_list(&stage).await.is_empty());
    let answer = stage.post(&format!("/v1/certificates/{serial}/revoke"), &token, &()).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(served_list(&stage).await, [serial]);
    let answer = stage.get("/v1/certificates", &token).await;
    let listed: Certificates = answer.json().await.expect("a list");
    assert_eq!(listed.certificates[0].state, CertificateState::Revoked);
}

/// The serial numbers in the served revocation list.
async fn served_list(stage: &Stage) -> Vec<String> {
    let pem = stage.get("/v1/crl.pem", "").await.bytes().await.expect("a body");
    let der = CertificateRevocationListDer::from_pem_slice(&pem).expect("PEM");
    let (_, list) = CertificateRevocationList::from_der(&der).expect("a list");
    let serial = |hex: String| hex.replace(':', "");
    list.iter_revoked_certificates().map(|r| serial(r.raw_serial_as_string())).collect()
}

#[tokio::test]
async fn the_root_is_handed_out_as_it_is() {
    let stage = Stage::new(Keep::Memory).await;
    let served = stage.get("/v1/root.pem", "").await.text().await.expect("a body");
    assert_eq!(served, stage.ca.root_pem());
}

#[tokio::test]
async fn what_is_no_request_is_answered_with_a_problem() {
    let stage = Stage::new(Keep::Memory).await;
    let get = |path| stage.get(path, "");
    refused(get("/").await, ProblemKind::NotFound).await;
    refused(get("/v1/login").await, ProblemKind::MethodNotAllowed).await;
    let token = stage.token().await;
    let strange = stage.post("/v1/certificates/%ff/revoke", &token, &()).await;
    refused(strange, ProblemKind::NotFound).await;
    let post = |body: String| {
        let request = stage.request(Method::POST, "/v1/login").body(body);
        request.header("content-type", "application/json").send()
    };
    for body in ["", "{", r#"{"user_id":"secret","password":"secret"}"#, "[]"] {
        let answer = post(body.to_owned()).await.expect("answers");
        let problem = refused(answer, ProblemKind::RequestMalformed).await;
        assert!(!format!("{problem:?}").contains("secret"), "{problem:?}");
    }
    let long = post("x".repeat(17 * 1024)).await.expect("answers");
    assert!(refused(long, ProblemKind::RequestMalformed).await.detail.contains("16384"));
}

#[tokio::test]
async fn only_tls_1_3_gets_in_and_a_slow_handshake_holds_up_nobody() {
    let stage = Stage::new(Keep::Memory).await;
    let root = format!("{}/v1/root.pem", stage.server.url());
    assert!(client(&stage.ca, &TLS12).get(&root).send().await.is_err());
    let stranger = FakeCa::open(Keep::Memory, Clock::system()).expect("opens");
    assert!(client(&stranger, &TLS13).get(&root).send().await.is_err());
    let mut silent = Vec::new();
    for _ in 0..8 {
        silent.push(TcpStream::connect(stage.server.address()).await.expect("connects"));
    }
    assert_eq!(stage.get("/v1/root.pem", "").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_flood_of_handshakes_keeps_nobody_out() {
    let stage = Stage::new(Keep::Memory).await;
    let mut flood = Vec::new();
    // More than there are places of any kind, and none goes on.
    for _ in 0..600 {
        let mut peer = TcpStream::connect(stage.server.address()).await.expect("connects");
        peer.write_all(&[0x16, 3, 1, 2, 0, 1]).await.expect("writes");
        flood.push(peer);
    }
    let soon = timeout(Wait::from_secs(8), stage.get("/v1/root.pem", ""));
    assert_eq!(soon.await.expect("before the others' time is over").status(), StatusCode::OK);
}

#[tokio::test]
async fn a_body_that_never_comes_gives_its_place_back() {
    let stage = Stage::new(Keep::Memory).await;
    let stream = TcpStream::connect(stage.server.address()).await.expect("connects");
    let name = ServerName::try_from("127.0.0.1").expect("a name");
    let connector = TlsConnector::from(Arc::new(trusting(&stage.ca, &TLS13)));
    let mut peer = connector.connect(name, stream).await.expect("TLS");
    let head = "POST /v1/login HTTP/1.1\r\nhost: ca\r\ncontent-type: application/json\r\n\
                content-length: 100\r\n\r\n{";
    peer.write_all(head.as_bytes()).await.expect("writes");
    sleep(Wait::from_millis(100)).await;
    pause();
    advance(Wait::from_secs(21)).await;
    resume();
    let mut answer = String::new();
    peer.read_to_string(&mut answer).await.expect("the connection ends");
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("request-timeout"), "{answer}");
}

#[tokio::test]
async fn stopping_frees_the_port_and_dropping_ends_it() {
    let Stage { ca, server, client, .. } = Stage::new(Keep::Memory).await;
    let (address, url) = (server.address(), format!("{}/v1/root.pem", server.url()));
    let silent = TcpStream::connect(address).await.expect("connects");
    assert!(client.get(&url).send().await.expect("answers").status().is_success());
    let stopped = timeout(Wait::from_secs(4), server.stop()).await;
    stopped.expect("an open handshake and an idle connection do not hold it up");
    drop(silent);
    assert!(client.get(&url).send().await.is_err());
    let again = CaServer::start(ca.clone(), address).await.expect("the port is free");
    assert!(CaServer::start(ca, address).await.is_err(), "it is taken");
    drop(again);
    for _ in 0..100 {
        if TcpStream::connect(address).await.is_err() {
            return;
        }
        sleep(Wait::from_millis(20)).await;
    }
    panic!("the port is still open");
}

#[tokio::test]
async fn a_folder_survives_a_restart() {
    let folder = TempDir::new().expect("a folder");
    let keep = || Keep::Folder(folder.path().join("ca"));
    let stage = Stage::new(keep()).await;
    let root = stage.ca.root_pem().to_owned();
    let serial = stage.enrol(&stage.token().await).await.info.serial;
    stage.change(TEMPORARY, PASSWORD, "another one").await;
    stage.ca.revoke(&serial).expect("revokes");
    stage.server.stop().await;

    let stage = Stage::new(keep()).await;
    assert_eq!(stage.ca.root_pem(), root);
    let kept = std::fs::read_to_string(stage.ca.root_path().expect("a folder")).expect("reads");
    assert_eq!(kept, root);
    assert_eq!(stage.log_in(TEMPORARY, "another one").await.status(), StatusCode::OK);
    assert_eq!(served_list(&stage).await, [serial]);
    let listed: Certificates =
        stage.get("/v1/certificates", &stage.token().await).await.json().await.expect("a list");
    assert_eq!(listed.certificates.len(), 1);
    for file in std::fs::read_dir(folder.path().join("ca")).expect("a folder") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("text");
        assert!(!text.contains(PASSWORD) && !text.contains("another one"), "{text}");
    }
}

#[tokio::test]
async fn the_running_service_sees_what_another_process_does_to_its_folder() {
    let folder = TempDir::new().expect("a folder");
    let stage = Stage::new(Keep::Folder(folder.path().join("ca"))).await;
    let keep = Keep::Folder(folder.path().join("ca"));
    let beside = FakeCa::open(keep, stage.clock.clone()).expect("opens");
    let office = "2770100012".parse().expect("an office number");
    let issued = beside.issue_client(office, CertificateKind::CareInsurance).expect("issues");
    let token = stage.token().await;
    let answer = stage.get("/v1/certificates", &token).await;
    let listed: Certificates = answer.json().await.expect("a list");
    assert_eq!(listed.certificates, std::slice::from_ref(&issued.info));
    assert!(served_list(&stage).await.is_empty());
    beside.revoke(&issued.info.serial).expect("revokes");
    assert_eq!(served_list(&stage).await, [issued.info.serial]);
}
