//! A service that answers as the test says, with certificates made on the spot.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, Response},
};
use careplan_protocol::{
    Clock, Problem, ProblemKind, UserId,
    hub::{DeliveryState, File, FileRole, IDEMPOTENCY_KEY, Profile, Session, Submission},
};
use futures::{StreamExt, stream};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType,
    IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber,
};
use reference_client::{
    CertificateSource, Credentials, Enrolment, Exchange, Observer, Patience, Progress, Sending,
    SendingFile, Settings, Terminal,
};
use rustls::{
    RootCertStore, ServerConfig,
    pki_types::{CertificateRevocationListDer, PrivateKeyDer},
    server::WebPkiClientVerifier,
};
use time::{OffsetDateTime, macros::datetime};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_rustls::TlsAcceptor;

/// A request as the stub saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    /// The request in one word, as `POST /v1/claims`.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub(crate) fn key(&self) -> Option<&str> {
        self.headers.get(IDEMPOTENCY_KEY).and_then(|key| key.to_str().ok())
    }

    /// The event behind which a stream is to go on.
    pub(crate) fn last_event(&self) -> Option<&str> {
        self.headers.get("last-event-id").and_then(|number| number.to_str().ok())
    }

    pub(crate) fn token(&self) -> Option<&str> {
        self.headers.get("authorization")?.to_str().ok()?.strip_prefix("Bearer ")
    }
}

/// What the stub does with a request, after reading it whole.
pub(crate) enum Reply {
    Json(u16, String),
    Problem(ProblemKind),
    /// A problem that asks to wait for so many seconds.
    Later(ProblemKind, u64),
    /// Bytes, with the SHA-256 that the header claims.
    File(Vec<u8>, String),
    /// Server-sent events, behind which the line is torn, or only falls silent.
    Events(String, LineEnd),
    /// The connection ends without an answer.
    Cut,
}

/// What becomes of a line in the middle of an answer.
#[derive(Clone, Copy)]
pub(crate) enum LineEnd {
    Torn,
    Silent,
}

impl Reply {
    pub(crate) fn json(status: u16, value: &impl serde::Serialize) -> Self {
        Self::Json(status, serde_json::to_string(value).expect("serializes"))
    }
}

/// The authority of one test.
pub(crate) struct Pki {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

pub(crate) struct Client {
    pub(crate) credentials: Credentials,
    pub(crate) chain_pem: String,
    pub(crate) key_pem: String,
    pub(crate) serial: SerialNumber,
}

impl Pki {
    pub(crate) fn new() -> Self {
        Self::named("STUB ROOT - FOR TESTS ONLY")
    }

    pub(crate) fn named(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        Self { issuer: CertifiedIssuer::self_signed(params, key).expect("a root") }
    }

    pub(crate) fn root_pem(&self) -> String {
        self.issuer.pem()
    }

    pub(crate) fn client(&self) -> Client {
        self.client_valid(datetime!(2020-01-01 00:00 UTC), datetime!(2099-01-01 00:00 UTC))
    }

    pub(crate) fn client_valid(&self, from: OffsetDateTime, until: OffsetDateTime) -> Client {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "2770100012");
        (params.not_before, params.not_after) = (from, until);
        let serial = SerialNumber::from(vec![1, 2, 3]);
        params.serial_number = Some(serial.clone());
        let key = KeyPair::generate().expect("a key");
        let chain_pem = params.signed_by(&key, &self.issuer).expect("a certificate").pem();
        let key_pem = key.serialize_pem();
        let credentials = Credentials::from_pem(&chain_pem, &key_pem).expect("readable");
        Client { credentials, chain_pem, key_pem, serial }
    }

    pub(crate) fn revocation_list(
        &self,
        revoked: &Client,
    ) -> CertificateRevocationListDer<'static> {
        let params = CertificateRevocationListParams {
            this_update: datetime!(2020-01-01 00:00 UTC),
            next_update: datetime!(2099-01-01 00:00 UTC),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: vec![RevokedCertParams {
                serial_number: revoked.serial.clone(),
                revocation_time: datetime!(2020-01-02 00:00 UTC),
                reason_code: None,
                invalidity_date: None,
            }],
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(&self.issuer).expect("a list").der().clone()
    }

    /// As the hub: a client certificate is required.
    pub(crate) fn hub_config(
        &self,
        revoked: Option<CertificateRevocationListDer<'static>>,
    ) -> ServerConfig {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).expect("a root");
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
                .with_crls(revoked)
                .build()
                .expect("a verifier");
        self.finish(
            ServerConfig::builder_with_provider(provider)
                .with_protocol_versions(&[&rustls::version::TLS13])
                .expect("TLS 1.3")
                .with_client_cert_verifier(verifier),
        )
    }

    /// As the CA, or a server that is not what it should be: no client certificate is asked for.
    pub(crate) fn open_config(
        &self,
        version: &'static rustls::SupportedProtocolVersion,
    ) -> ServerConfig {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        self.finish(
            ServerConfig::builder_with_provider(provider)
                .with_protocol_versions(&[version])
                .expect("the version")
                .with_no_client_auth(),
        )
    }

    fn finish(
        &self,
        builder: rustls::ConfigBuilder<ServerConfig, rustls::server::WantsServerCert>,
    ) -> ServerConfig {
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        builder.with_single_cert(vec![certificate.der().clone()], key).expect("a pair")
    }
}

type Script = dyn Fn(&Seen) -> Reply + Send + Sync;

/// A running stub; it ends with the value.
pub(crate) struct Stub {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    server: JoinHandle<()>,
}

impl Stub {
    pub(crate) async fn start(
        config: ServerConfig,
        script: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("https://{}", listener.local_addr().expect("an address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, script): (_, Arc<Script>) = (Arc::clone(&seen), Arc::new(script));
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, log, script) =
                    (acceptor.clone(), Arc::clone(&log), Arc::clone(&script));
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let service = service_fn(|request: Request<hyper::body::Incoming>| {
                        answer(request.map(Body::new), &log, &*script)
                    });
                    let http = hyper::server::conn::http1::Builder::new();
                    let _ = http.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { url, seen, server }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no panic").clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().iter().map(Seen::line).collect()
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(
    request: Request<Body>,
    log: &Mutex<Vec<Seen>>,
    script: &Script,
) -> io::Result<Response<Body>> {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(io::Error::other)?.to_vec();
    let path = head.uri.path().to_owned();
    let query = head.uri.query().unwrap_or_default().to_owned();
    let seen = Seen { method: head.method.to_string(), path, query, headers: head.headers, body };
    log.lock().expect("no panic").push(seen.clone());
    let problem = |kind: ProblemKind| {
        let body = serde_json::to_string(&Problem::new(kind)).expect("serializes");
        let builder = Response::builder().header("content-type", Problem::MEDIA_TYPE);
        (builder.status(kind.status()), body)
    };
    let response = match script(&seen) {
        Reply::Cut => return Err(io::ErrorKind::ConnectionReset.into()),
        Reply::Json(status, text) => Response::builder()
            .status(status)
            .header("content-type", "application/json")
            .body(Body::from(text)),
        Reply::Problem(kind) => {
            let (builder, body) = problem(kind);
            builder.body(Body::from(body))
        }
        Reply::Later(kind, seconds) => {
            let (builder, body) = problem(kind);
            builder.header("retry-after", seconds).body(Body::from(body))
        }
        Reply::File(bytes, sha256) => Response::builder()
            .header("content-type", "application/octet-stream")
            .header("x-file-sha256", sha256)
            .body(Body::from(bytes)),
        Reply::Events(text, end) => {
            let events = stream::iter([Ok(text)]);
            let end = stream::once(async move {
                // What was said goes out first.
                tokio::time::sleep(Duration::from_millis(20)).await;
                match end {
                    LineEnd::Torn => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
                    LineEnd::Silent => std::future::pending().await,
                }
            });
            Response::builder()
                .header("content-type", "text/event-stream")
                .body(Body::from_stream(events.chain(end)))
        }
    };
    Ok(response.expect("a response"))
}

/// Who watches in tests: keeps everything.
#[derive(Default)]
pub(crate) struct Watcher {
    pub(crate) exchanges: Mutex<Vec<Exchange>>,
    pub(crate) progress: Mutex<Vec<Progress>>,
    pub(crate) waits: Mutex<Vec<Duration>>,
}

impl Observer for Watcher {
    fn exchange(&self, exchange: &Exchange) {
        self.exchanges.lock().expect("no panic").push(exchange.clone());
    }

    fn progress(&self, progress: Progress) {
        self.progress.lock().expect("no panic").push(progress);
    }

    fn waiting(&self, wait: Duration, _why: &reference_client::ClientError) {
        self.waits.lock().expect("no panic").push(wait);
    }
}

/// Settings that wait for milliseconds only.
pub(crate) fn hasty(watcher: &Arc<Watcher>) -> Settings {
    Settings {
        clock: Clock::system(),
        observer: Arc::<Watcher>::clone(watcher),
        patience: Patience {
            attempts_max: 3,
            wait_first: Duration::from_millis(1),
            wait_max: Duration::from_millis(50),
            ..Patience::default()
        },
        ..Settings::default()
    }
}

/// A terminal in a folder of its own, a stub for its hub, and the watcher.
pub(crate) struct Bench {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) hub: Stub,
    pub(crate) watcher: Arc<Watcher>,
    pub(crate) terminal: Terminal,
}

impl Bench {
    /// An enrolled terminal with a sound certificate.
    pub(crate) async fn new(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let pki = Pki::new();
        let source = CertificateSource::Installed(pki.client().credentials);
        Self::with(&pki, pki.hub_config(None), source, script).await
    }

    pub(crate) async fn with(
        pki: &Pki,
        config: ServerConfig,
        certificate: CertificateSource,
        script: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let hub = Stub::start(config, script).await;
        let watcher = Arc::new(Watcher::default());
        let enrolment = Enrolment {
            hub_url: hub.url.clone(),
            root_pem: pki.root_pem(),
            user_id: user(),
            certificate,
        };
        let home = folder.path().join("terminal");
        let terminal = Terminal::enrol(&home, enrolment, hasty(&watcher)).await.expect("enrols");
        Self { folder, hub, watcher, terminal }
    }

    /// The terminal after the program has ended, in whatever way, and was started again.
    pub(crate) fn started_again(self) -> Self {
        let home = self.terminal.folder().to_owned();
        drop(self.terminal);
        let terminal = Terminal::open(&home, hasty(&self.watcher)).expect("opens");
        Self { terminal, ..self }
    }
}

pub(crate) fn user() -> UserId {
    UserId::parse("KJ000000000012").expect("a user ID")
}

pub(crate) fn session(token: &str) -> Session {
    Session {
        token: token.to_owned(),
        expires_at: datetime!(2099-01-01 00:00 UTC),
        office: "2770100012".parse().expect("an office"),
        profile: Profile::Actual,
    }
}

/// A letter for みどりヘルパーステーション: the standard says nothing of its content.
pub(crate) fn letter(content: &[u8]) -> Sending {
    let file = SendingFile { name: "お知らせ.txt".to_owned(), bytes: content.to_vec() };
    let office = "2770200036".parse().expect("an office");
    Sending {
        message: "今月の利用はありません".to_owned(),
        destination: Some(careplan_protocol::Party { office, kind: None }),
        ..Sending::new(vec![file])
    }
}

pub(crate) fn submission(id: &str, state: DeliveryState) -> Submission {
    let party = |office: &str| careplan_protocol::Party {
        office: office.parse().expect("an office"),
        kind: None,
    };
    Submission {
        id: id.parse().expect("an id"),
        submitted_at: datetime!(2025-04-28 08:15 UTC),
        from: party("2770100012"),
        to: party("2770200036"),
        to_name: "みどりヘルパーステーション".to_owned(),
        message: String::new(),
        files: Vec::new(),
        state,
        fetched_at: None,
        findings: Vec::new(),
    }
}

pub(crate) fn file(name: &str, bytes: &[u8], sha256: &str) -> File {
    File {
        name: name.to_owned(),
        size: bytes.len() as u64,
        sha256: sha256.to_owned(),
        role: FileRole::Attachment,
        csv_version: None,
    }
}
