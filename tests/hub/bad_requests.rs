//! A thousand random and three hundred crafted bad requests to one hub, in a process of its own:
//! each is answered by a problem of the catalogue, none by a fault or a panic, and nothing of them
//! stays, in the store or in memory.

use std::{
    fs::{self, File},
    sync::Arc,
};

use careplan_protocol::{
    Problem, TerminalId,
    ca::CertificateKind,
    hub::{Deliveries, IDEMPOTENCY_KEY, Login, Session, Submissions},
};
use rand::{Rng as _, RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use reqwest::{Client, Method, RequestBuilder, Response};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use serde::de::DeserializeOwned;

use super::{CARE_MANAGER, PASSWORD, Serving, Stage, user_id};

const SEED: u64 = 4;
const RANDOM: usize = 1000;
/// What a thousand requests may leave in the memory of a hub that has seen as many before: what the
/// allocator keeps.
const GROWTH_KILOBYTES_MAX: u64 = 2 * 1024;

const PATHS: [&str; 14] = [
    "/",
    "/v1",
    "/v1/session",
    "/v1/office",
    "/v1/offices",
    "/v1/submissions",
    "/v1/submissions/none",
    "/v1/claims",
    "/v1/deliveries/none",
    "/v1/deliveries/none/files/a.pdf",
    "/v1/deliveries/none/receipt",
    "/v1/deliveries/none/release",
    "/v1/../admin/offices",
    "/admin/offices",
];

/// What makes any request a bad one.
const FLAWS: [&str; 12] = [
    "?limit=0",
    "?limit=99999999999999999999",
    "?prefecture=99",
    "?kind=0",
    "?cursor=..%2F..%2Fetc",
    "?format=exe",
    "/%00",
    "/%FF%FE",
    "/..%2F..%2Fhub.db",
    "/%E3%80%82%0D%0Aset-cookie:x",
    "/'%20OR%201=1--",
    "//////////",
];

async fn is_problem(answer: Response, what: &str) {
    let status = answer.status().as_u16();
    assert!((400..500).contains(&status), "{what}: {status}");
    let body = answer.bytes().await.expect("a body");
    let problem: Problem = serde_json::from_slice(&body).unwrap_or_else(|_| panic!("{what}"));
    assert!(problem.known_kind().is_some(), "{what}: {}", problem.kind);
    assert_eq!(problem.status, status, "{what}");
}

/// Every method × path × flaw that is no good request, with and without a session.
fn crafted(peer: &Peer, nobody: &Peer) -> Vec<(String, RequestBuilder)> {
    let methods = [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH];
    let mut requests = Vec::new();
    for path in PATHS {
        for method in &methods {
            let compressed = peer.request(method.clone(), path);
            let compressed = compressed.header("content-encoding", "gzip").body("\x1f");
            requests.push((format!("{method} {path} compressed"), compressed));
            let stranger = nobody.request(method.clone(), path);
            requests.push((format!("{method} {path} as nobody"), stranger));
        }
        for flaw in FLAWS {
            let address = format!("{path}{flaw}");
            let is_ignored = flaw.starts_with('?') && path != "/v1/offices";
            if !is_ignored {
                let request = peer.request(Method::GET, &address);
                requests.push((format!("GET {address}"), request));
            }
            let put = peer.request(Method::PUT, &address).body("{}");
            requests.push((format!("PUT {address}"), put));
        }
    }
    requests
}

/// Bytes where JSON or a form is wanted, under headers that do not fit them.
fn random(peer: &Peer, dice: &mut StdRng) -> (String, RequestBuilder) {
    let methods = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let method = methods.choose(dice).expect("there are some").clone();
    let mut path = PATHS.choose(dice).expect("there are some").to_string();
    // These would be good requests whatever their bodies say.
    if matches!(&*path, "/v1/claims") || (method == Method::DELETE && path == "/v1/session") {
        path.push_str("/x");
    }
    for _ in 0..dice.random_range(0..3) {
        path.push_str(&format!("%{:02x}", dice.random_range(0..=255_u8)));
    }
    let types = ["application/json", "multipart/form-data; boundary=x", "text/plain", "*/*", ";"];
    let mut body = vec![0; dice.random_range(0..2000)];
    dice.fill_bytes(&mut body);
    let parts = [
        "--x\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n{}",
        "\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"",
        "\"\r\n\r\n",
        "{\"user_id\":\"KJ",
        "\r\n--x--",
    ];
    for _ in 0..dice.random_range(0..6) {
        let at = dice.random_range(0..=body.len());
        body.splice(at..at, parts.choose(dice).expect("there are some").bytes());
    }
    let key: String =
        (0..dice.random_range(0..200)).map(|_| dice.random_range('!'..='~')).collect();
    let request = peer
        .request(method.clone(), &path)
        .header("content-type", *types.choose(dice).expect("there are some"))
        .header(IDEMPOTENCY_KEY, &key)
        .body(body);
    (format!("{method} {path} {key}"), request)
}

/// What the hub's process holds in memory; none where the system does not tell.
fn resident_kilobytes(hub: &Serving) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", hub.child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// A connection with an office's certificate, and the token of a session.
struct Peer {
    client: Client,
    url: String,
    token: String,
}

impl Peer {
    fn new(stage: &Stage, hub: &Serving) -> Self {
        let office = CARE_MANAGER.parse().expect("an office number");
        let issued = stage.ca.issue_client(office, CertificateKind::CareInsurance).expect("issues");
        let mut roots = RootCertStore::empty();
        let root = CertificateDer::from_pem_slice(stage.ca.root_pem().as_bytes()).expect("a root");
        roots.add(root).expect("a root");
        let chain = CertificateDer::pem_slice_iter(issued.chain_pem.as_bytes());
        let key = PrivateKeyDer::from_pem_slice(issued.key_pem.as_bytes()).expect("a key");
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_client_auth_cert(chain.collect::<Result<_, _>>().expect("a chain"), key)
            .expect("an identity");
        let client = Client::builder().tls_backend_preconfigured(tls).no_proxy().build();
        Self {
            client: client.expect("a client"),
            url: hub.url.clone(),
            token: "guessed".to_owned(),
        }
    }

    async fn log_in(&mut self, terminal: &str) {
        let login = Login {
            user_id: user_id(CARE_MANAGER),
            password: PASSWORD.to_owned(),
            terminal: TerminalId::parse(terminal).expect("a terminal"),
        };
        let session: Session = read(self.request(Method::POST, "/v1/session").json(&login)).await;
        self.token = session.token;
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token)
    }
}

async fn read<T: DeserializeOwned>(request: RequestBuilder) -> T {
    let answer = request.send().await.expect("an answer");
    answer.error_for_status().expect("succeeds").json().await.expect("the body that was promised")
}

/// A thousand of them, always others.
async fn send_random(peer: &Peer, dice: &mut StdRng) {
    for number in 0..RANDOM {
        let (what, request) = random(peer, dice);
        let what = format!("seed {SEED}, number {number}: {what}");
        is_problem(request.send().await.expect(&what), &what).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_are_answered_by_problems_and_leave_nothing() {
    let stage = Stage::new().await;
    let log = stage.path().join("hub.log");
    let command = stage.hub(&["--store", "memory", "--offices", "offices.json"]);
    let hub = Serving::start_with_log(command, File::create(&log).expect("a file"));
    let nobody = Peer::new(&stage, &hub);
    let mut peer = Peer::new(&stage, &hub);
    peer.log_in("pc-1").await;

    let crafted = crafted(&peer, &nobody);
    assert!(300 <= crafted.len(), "{}", crafted.len());
    for (what, request) in crafted {
        is_problem(request.send().await.expect("an answer"), &what).await;
    }
    let mut dice = StdRng::seed_from_u64(SEED);
    send_random(&peer, &mut dice).await;
    let before = resident_kilobytes(&hub);
    send_random(&peer, &mut dice).await;
    let now = resident_kilobytes(&hub);
    let grown = now.zip(before).map_or(0, |(now, before)| now.saturating_sub(before));
    assert!(grown < GROWTH_KILOBYTES_MAX, "{grown} kB");

    let sent: Submissions = read(peer.request(Method::GET, "/v1/submissions")).await;
    assert!(sent.submissions.is_empty(), "the session lives, and nothing was sent");
    let held: Deliveries = read(peer.request(Method::POST, "/v1/claims")).await;
    assert!(held.deliveries.is_empty(), "{held:?}");
    let log = fs::read_to_string(log).expect("reads");
    assert!(!log.contains("panicked"), "{log}");
}
