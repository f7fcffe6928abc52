//! A thousand random and three hundred crafted bad requests to one running hub: each is answered
//! by a problem of the catalogue, none by a fault, and nothing of them stays.

use careplan_protocol::{Problem, hub::IDEMPOTENCY_KEY};
use rand::{Rng as _, RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use reqwest::{Method, RequestBuilder, Response};

use crate::support::{Bench, CARE_MANAGER, terminal::Terminal};

const SEED: u64 = 4;
const RANDOM: usize = 1000;
/// What a thousand requests may leave in memory, besides what the system keeps for itself.
const GROWTH_KILOBYTES_MAX: u64 = 48 * 1024;

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
fn crafted(terminal: &Terminal, nobody: &Terminal) -> Vec<(String, RequestBuilder)> {
    let methods = [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH];
    let mut requests = Vec::new();
    for path in PATHS {
        for method in &methods {
            let compressed = terminal.request(method.clone(), path);
            let compressed = compressed.header("content-encoding", "gzip").body("\x1f");
            requests.push((format!("{method} {path} compressed"), compressed));
            let stranger = nobody.request(method.clone(), path);
            requests.push((format!("{method} {path} as nobody"), stranger));
        }
        for flaw in FLAWS {
            let address = format!("{path}{flaw}");
            let is_ignored = flaw.starts_with('?') && path != "/v1/offices";
            if !is_ignored {
                let request = terminal.request(Method::GET, &address);
                requests.push((format!("GET {address}"), request));
            }
            let put = terminal.request(Method::PUT, &address).body("{}");
            requests.push((format!("PUT {address}"), put));
        }
    }
    requests
}

/// Bytes where JSON or a form is wanted, under headers that do not fit them.
fn random(terminal: &Terminal, dice: &mut StdRng) -> (String, RequestBuilder) {
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
    let request = terminal
        .request(method.clone(), &path)
        .header("content-type", *types.choose(dice).expect("there are some"))
        .header(IDEMPOTENCY_KEY, &key)
        .body(body);
    (format!("{method} {path} {key}"), request)
}

/// What the process holds in memory; none where the system does not tell.
fn resident_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[tokio::test]
async fn bad_requests_are_answered_by_problems_and_leave_nothing() {
    let bench = Bench::new().await;
    let terminal = bench.terminal(CARE_MANAGER, "pc-1").await;
    let mut nobody = bench.terminal(CARE_MANAGER, "pc-2").await;
    nobody.token = "guessed".to_owned();
    let crafted = crafted(&terminal, &nobody);
    assert!(300 <= crafted.len(), "{}", crafted.len());
    for (what, request) in crafted {
        is_problem(request.send().await.expect("an answer"), &what).await;
    }
    let before = resident_kilobytes();
    let mut dice = StdRng::seed_from_u64(SEED);
    for number in 0..RANDOM {
        let (what, request) = random(&terminal, &mut dice);
        let what = format!("seed {SEED}, number {number}: {what}");
        is_problem(request.send().await.expect(&what), &what).await;
    }
    let grown =
        resident_kilobytes().zip(before).map_or(0, |(now, before)| now.saturating_sub(before));
    assert!(grown < GROWTH_KILOBYTES_MAX, "{grown} kB");
    assert!(terminal.sent().await.is_empty(), "the session lives, and nothing was sent");
    assert!(bench.terminal(CARE_MANAGER, "pc-3").await.claim().await.is_empty());
}
