//! The hub without sockets and TLS: its router and all that stands behind it, asked by hand.
//!
//! It promises that a request meets what it would meet over the network once the handshake is done.
//! Store, log-ins, time and randomness come from outside, so that a simulation repeats a run to the
//! byte.

use std::{convert::Infallible, sync::Arc};

use axum::{Router, body::Body};
use careplan_faults::Faults;
use careplan_protocol::{
    Clock, OfficeNumber,
    hub::{Certificate, Profile},
};
use hub_relay::{CheckLevel, Swept};
use hub_store::{Failure, Store};
use hyper::{Request, Response, service::Service};
use hyper_util::service::TowerToHyperService;

use crate::{
    authority::LogIns,
    http::{self, App},
    keeping::{self, Keeping},
    metrics::Metrics,
    notices::Notices,
    peer::Peer,
    records::Records,
    room::Room,
    secrets::Randomness,
};

/// What a hub consists of behind its door.
pub struct Parts {
    /// Where it keeps things.
    pub store: Arc<dyn Store>,
    /// Who checks passwords.
    pub log_ins: Arc<dyn LogIns>,
    /// How claims and lists behave.
    pub profile: Profile,
    /// How long claims last, and how long things are kept.
    pub keeping: Keeping,
    /// The time.
    pub clock: Clock,
    /// Where identifiers and tokens come from.
    pub randomness: Randomness,
}

/// A hub without a door.
pub struct Offline {
    app: Arc<App>,
    router: TowerToHyperService<Router>,
}

impl Offline {
    /// Puts a hub together. No certificate is revoked.
    pub fn new(parts: Parts) -> Self {
        let Parts { store, log_ins, profile, keeping, clock, randomness } = parts;
        let is_revoked = Arc::new(|_: &str| false);
        let app = Arc::new(App {
            store,
            log_ins,
            is_revoked,
            profile,
            keeping,
            notices: Notices::default(),
            check: CheckLevel::Standard,
            clock,
            randomness,
            faults: Faults::new(),
            records: Arc::new(Records { audit: None, metrics: Metrics::new() }),
            room: Room::new(),
        });
        Self { router: TowerToHyperService::new(http::router(Arc::clone(&app))), app }
    }

    /// Puts away all that has been kept long enough, as a hub with a door does now and then.
    pub fn sweep(&self) -> impl Future<Output = Result<Swept, Failure>> + Send + 'static {
        let app = Arc::clone(&self.app);
        async move { keeping::sweep(&app).await }
    }

    /// Answers a request of an office that has shown this certificate.
    pub fn answer(
        &self,
        office: OfficeNumber,
        certificate: Certificate,
        mut request: Request<Body>,
    ) -> impl Future<Output = Result<Response<Body>, Infallible>> + Send + 'static {
        request.extensions_mut().insert(Peer::of(office, certificate));
        self.router.call(request)
    }
}
