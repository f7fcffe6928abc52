//! Numbers for whoever watches the hub, in the text format of Prometheus.

use std::{fmt, time::Duration};

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

/// All numbers. What stands in the labels comes from the code, never from a peer.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    latencies: Family<OperationLabels, Histogram>,
    handshakes: Family<ResultLabels, Counter>,
    connections: Gauge,
    deliveries: Family<StateLabels, Gauge>,
    sessions: Gauge,
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
        let latencies =
            Family::new_with_constructor((|| Histogram::new(SECONDS)) as fn() -> Histogram);
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
        Self { registry, requests, latencies, handshakes, connections, deliveries, sessions }
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
