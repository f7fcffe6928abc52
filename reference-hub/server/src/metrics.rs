//! Numbers for whoever watches the hub, in the text format of Prometheus.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use careplan_protocol::faults::FaultKind;
use hub_store::{Meter, Work};
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

/// From half a millisecond to eight seconds, each twice the one before.
const SECONDS: [f64; 15] = [
    0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048,
    4.096, 8.192,
];

/// How many operations a commit takes along.
const OPERATIONS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// How long things took, by their labels.
type Timed<L> = Family<L, Histogram, fn() -> Histogram>;

fn seconds() -> Histogram {
    Histogram::new(SECONDS)
}

/// All numbers. What stands in the labels comes from the code, never from a peer.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    latencies: Timed<OperationLabels>,
    handshakes: Family<ResultLabels, Counter>,
    connections: Gauge,
    deliveries: Family<StateLabels, Gauge>,
    sessions: Gauge,
    store: Arc<StoreMeter>,
    faults: Family<FaultLabels, Counter>,
}

/// What the store tells of itself.
struct StoreMeter {
    reads: Histogram,
    writes: Histogram,
    batches: Histogram,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    operation: String,
    result: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OperationLabels {
    operation: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ResultLabels {
    result: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct WorkLabels {
    work: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct FaultLabels {
    fault: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct StateLabels {
    state: &'static str,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("careplan_hub");
        let requests = Family::default();
        registry.register(
            "requests",
            "Requests answered, by operation and by ok or the problem's id",
            requests.clone(),
        );
        let latencies = Timed::new_with_constructor(seconds);
        registry.register(
            "request_seconds",
            "From a request's head to the head of its answer",
            latencies.clone(),
        );
        let handshakes = Family::default();
        registry.register(
            "handshakes",
            "TLS handshakes, by ok or the problem's id",
            handshakes.clone(),
        );
        let connections = Gauge::default();
        registry.register("connections", "Connections of offices now", connections.clone());
        let deliveries = Family::default();
        registry.register("deliveries", "Deliveries not fetched yet", deliveries.clone());
        let sessions = Gauge::default();
        registry.register("sessions", "Sessions that are kept", sessions.clone());
        let store = Arc::new(StoreMeter::new(&mut registry));
        let faults = Family::default();
        registry.register("faults_fired", "Armed faults that fired, by their id", faults.clone());
        Self {
            registry,
            requests,
            latencies,
            handshakes,
            connections,
            deliveries,
            sessions,
            store,
            faults,
        }
    }

    /// Where the store is to tell what it does.
    pub(crate) fn meter(&self) -> Arc<dyn Meter> {
        self.store.clone()
    }

    /// How often which fault fired so far.
    pub(crate) fn fired(&self, counts: &BTreeMap<FaultKind, u64>) {
        for (fault, count) in counts {
            let counter = self.faults.get_or_create(&FaultLabels { fault: fault.id() });
            counter.inner().store(*count, Ordering::Relaxed);
        }
    }

    /// A request was answered.
    pub(crate) fn answered(&self, operation: &str, result: &'static str, took: Duration) {
        let operation = operation.to_owned();
        let latency = OperationLabels { operation: operation.clone() };
        self.latencies.get_or_create(&latency).observe(took.as_secs_f64());
        self.requests.get_or_create(&RequestLabels { operation, result }).inc();
    }

    /// A handshake ended.
    pub(crate) fn shaken(&self, result: &'static str) {
        self.handshakes.get_or_create(&ResultLabels { result }).inc();
    }

    /// A connection begins; it ends when the guard goes.
    pub(crate) fn connected(&self) -> Connected {
        self.connections.inc();
        Connected(self.connections.clone())
    }

    /// What the store holds now.
    pub(crate) fn stored(&self, tally: hub_store::Tally) {
        for (state, count) in [("waiting", tally.waiting), ("claimed", tally.claimed)] {
            self.deliveries.get_or_create(&StateLabels { state }).set(signed(count));
        }
        self.sessions.set(signed(tally.sessions));
    }

    /// All of it, as it is scraped.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }
}

impl StoreMeter {
    fn new(registry: &mut Registry) -> Self {
        let works = Timed::new_with_constructor(seconds);
        registry.register(
            "store_seconds",
            "What operations of the store took, waiting and commit included, by read or write",
            works.clone(),
        );
        let batches = Histogram::new(OPERATIONS);
        registry.register(
            "store_commit_operations",
            "Operations that a commit of the SQLite store took along",
            batches.clone(),
        );
        let of = |work| works.get_or_create_owned(&WorkLabels { work });
        Self { reads: of("read"), writes: of("write"), batches }
    }
}

impl Meter for StoreMeter {
    fn answered(&self, work: Work, took: Duration) {
        let seconds = match work {
            Work::Read => &self.reads,
            Work::Write => &self.writes,
        };
        seconds.observe(took.as_secs_f64());
    }

    fn committed(&self, operations: usize) {
        self.batches.observe(operations as f64);
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A connection that stands.
pub(crate) struct Connected(Gauge);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.dec();
    }
}
