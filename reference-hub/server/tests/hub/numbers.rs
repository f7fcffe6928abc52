//! The numbers that Prometheus scrapes: what they say, and in which form.

use std::collections::{BTreeMap, BTreeSet};

use careplan_protocol::{
    Party,
    faults::{Arming, FaultKind, FaultOperation, FaultScope},
    hub::{Deliveries, SubmissionMeta},
};
use reference_hub::Method;

use crate::support::{Bench, CARE_MANAGER, HOME_HELP, office, terminal::Terminal};

/// The page for the operator, which lists every number.
const OPERATING: &str = include_str!("../../../../docs/operating.md");

fn greeting() -> SubmissionMeta {
    let destination = Some(Party { office: office(HOME_HELP), kind: None });
    SubmissionMeta { message: "4月分".to_owned(), destination }
}

/// A millisecond late: slow enough to be counted.
fn late_sendings() -> Arming {
    let operation = Some(FaultOperation::Submit);
    let scope = FaultScope { operation, ..FaultScope::default() };
    Arming { scope, wait_ms: 1, ..Arming::new(FaultKind::AnswerLate) }
}

#[tokio::test]
async fn the_numbers_tell_what_happened() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    bench.faults.arm(late_sendings()).expect("can act");
    sender.send("key-0001", &greeting(), &[]).await.expect("taken");
    sender.send("key-0002", &greeting(), &[]).await.expect("taken");
    assert!(sender.get::<Deliveries>("/v1/nothing").await.is_err());
    let nobody = Terminal::new(bench.hub.url(), &bench.ca, None);
    assert!(nobody.request(Method::GET, "/v1/office").send().await.is_err());
    let text = bench.admin().text("/admin/metrics").await.expect("scrapes");
    for line in [
        r#"careplan_hub_requests_total{operation="POST /v1/submissions",result="ok"} 2"#,
        r#"careplan_hub_requests_total{operation="unknown",result="not-found"} 1"#,
        r#"careplan_hub_request_seconds_count{operation="POST /v1/session"} 1"#,
        r#"careplan_hub_handshakes_total{result="ok"} 1"#,
        r#"careplan_hub_handshakes_total{result="certificate-missing"} 1"#,
        r#"careplan_hub_deliveries{state="waiting"} 2"#,
        r#"careplan_hub_deliveries{state="claimed"} 0"#,
        r#"careplan_hub_faults_fired_total{fault="answer-late"} 2"#,
        "careplan_hub_sessions 1",
        "careplan_hub_connections 1",
    ] {
        assert!(text.lines().any(|one| one == line), "{line}\n{text}");
    }
    let terminal = bench.terminal(HOME_HELP, "pc-2").await;
    terminal.claim().await;
    let text = bench.admin().text("/admin/metrics").await.expect("scrapes");
    assert!(text.contains(r#"careplan_hub_deliveries{state="claimed"} 2"#), "{text}");
}

#[tokio::test]
async fn methods_that_nobody_knows_are_counted_as_one_at_either_listener() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let admin = bench.admin();
    for invented in ["KAIGO", "YOTEI", "JISSEKI"] {
        let method = Method::from_bytes(invented.as_bytes()).expect("a method");
        sender.request(method.clone(), "/v1/office").send().await.expect("an answer");
        admin.tell(method, "/admin/clock").await.expect_err("no such method");
    }
    let text = admin.text("/admin/metrics").await.expect("scrapes");
    for path in ["/v1/office", "/admin/clock"] {
        let labels = format!(r#"operation="other {path}",result="method-not-allowed""#);
        let line = format!("careplan_hub_requests_total{{{labels}}} 3");
        assert!(text.lines().any(|one| one == line), "{line}\n{text}");
    }
    assert!(!text.contains("KAIGO"), "{text}");
}

#[tokio::test]
async fn the_store_says_how_long_it_takes_and_how_much_a_commit_takes_along() {
    let folder = tempfile::tempdir().expect("a folder");
    let bench = Bench::on_disk(&folder.path().join("hub.db")).await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    sender.send("key-0001", &greeting(), &[]).await.expect("taken");
    let scraped = Scraped::read(&bench.admin().text("/admin/metrics").await.expect("scrapes"));
    let value = |name: &str| scraped.samples.get(name).copied().unwrap_or_default();
    assert!(3.0 <= value(r#"careplan_hub_store_seconds_count{work="write"}"#), "{scraped:?}");
    assert!(1.0 <= value(r#"careplan_hub_store_seconds_count{work="read"}"#), "{scraped:?}");
    assert!(3.0 <= value("careplan_hub_store_commit_operations_count"), "{scraped:?}");
}

/// A text of numbers, taken apart as strictly as its format is.
#[derive(Debug, Default)]
struct Scraped {
    /// The type by the family's name.
    types: BTreeMap<String, String>,
    /// What a family is about.
    help: BTreeMap<String, String>,
    /// The value by name and labels.
    samples: BTreeMap<String, f64>,
}

impl Scraped {
    fn read(text: &str) -> Self {
        let body = text.strip_suffix("# EOF\n").expect("it ends as OpenMetrics does");
        let mut read = Self::default();
        for line in body.lines() {
            let words: Vec<&str> = line.splitn(4, ' ').collect();
            match words[..] {
                ["#", "TYPE", name, kind] => {
                    let known = ["counter", "gauge", "histogram"].contains(&kind);
                    let twice = read.types.insert(name.to_owned(), kind.to_owned());
                    assert!(known && twice.is_none(), "{line}");
                }
                ["#", "HELP", name, help] => {
                    read.help.insert(name.to_owned(), help.to_owned());
                }
                _ => read.sample(line),
            }
        }
        read
    }

    /// A line `name{label="value",…} number`, of a family that was declared before.
    fn sample(&mut self, line: &str) {
        let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
        let value = value.parse().unwrap_or_else(|_| panic!("{line}"));
        let (name, labels) = match series.split_once('{') {
            Some((name, labels)) => (name, labels.strip_suffix("\"}").expect("labels end")),
            None => (series, ""),
        };
        for label in labels.split("\",").filter(|label| !label.is_empty()) {
            let (label, value) = label.split_once("=\"").unwrap_or_else(|| panic!("{line}"));
            assert!(is_name(label) && !value.contains(['"', '\\', '\n']), "{line}");
        }
        let suffixes = ["_total", "_bucket", "_count", "_sum"];
        let family = suffixes.iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name);
        assert!(is_name(name) && self.types.contains_key(family), "{line}");
        assert_eq!(self.samples.insert(series.to_owned(), value), None, "{line}");
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

#[tokio::test]
async fn the_numbers_have_the_form_that_prometheus_reads_and_stand_in_the_operators_page() {
    let bench = Bench::new().await;
    bench.terminal(CARE_MANAGER, "pc-1").await;
    let answer = bench.admin().request(Method::GET, "/admin/metrics").send().await;
    let answer = answer.expect("an answer");
    let media_type = answer.headers()["content-type"].to_str().expect("text").to_owned();
    assert!(media_type.starts_with("application/openmetrics-text; version=1.0.0"), "{media_type}");
    let scraped = Scraped::read(&answer.text().await.expect("a text"));
    let named: BTreeSet<_> = scraped.types.keys().collect();
    assert_eq!(named, scraped.help.keys().collect(), "each has its help");
    for (series, value) in &scraped.samples {
        let Some((family, labels)) = series.split_once("_count") else { continue };
        let inside = labels.trim_start_matches('{').trim_end_matches('}');
        let comma = if inside.is_empty() { "" } else { "," };
        let last = format!("{family}_bucket{{le=\"+Inf\"{comma}{inside}}}");
        assert_eq!(scraped.samples.get(&last), Some(value), "{last}");
    }
    for (name, help) in &scraped.help {
        let kind = &scraped.types[name];
        let name = if kind == "counter" { format!("{name}_total") } else { name.clone() };
        let row = format!("| `{name}` | {kind} | {} |", help.trim_end_matches('.'));
        assert!(OPERATING.contains(&row), "docs/operating.md lacks {row}");
    }
}
