//! Where the CA misbehaves when it was told to. What fires is decided in `careplan-faults`.

use std::sync::{Arc, OnceLock};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use careplan_faults::{Facts, Faults, enact};
use careplan_protocol::{
    Clock,
    faults::{FaultKind, FaultOperation, FaultService},
};

/// A revocation list that cannot be read.
const GARBLED: &str = "-----BEGIN X509 CRL-----\nMIIB!!!!\n-----END X509 CRL-----\n";

/// What the CA is told to do wrong, by whose time.
#[derive(Clone)]
pub(crate) struct Misbehaviour {
    pub(crate) faults: Faults,
    pub(crate) clock: Clock,
    /// The first revocation list that was given.
    first_list: Arc<OnceLock<Bytes>>,
}

impl Misbehaviour {
    pub(crate) fn new(faults: Faults, clock: Clock) -> Self {
        Self { faults, clock, first_list: Arc::default() }
    }
}

/// Answers a request, unless a fault that is armed keeps it from it.
pub(crate) async fn around(
    State(told): State<Misbehaviour>,
    request: Request,
    next: Next,
) -> Response {
    let (service, method) = (FaultService::Ca, request.method().as_str());
    let operation = FaultOperation::of(service, method, request.uri().path());
    let facts = Facts { service, operation, office: None, terminal: None, file: None };
    let shot = told.faults.strike(&facts, &told.clock);
    let Some(shot) = shot else {
        let response = next.run(request).await;
        return if operation == FaultOperation::CaList {
            told.kept(response).await
        } else {
            response
        };
    };
    let old = told.first_list.get().cloned();
    match (shot.arming.fault, old) {
        (FaultKind::CaListGarbled, _) => Response::new(Body::from(GARBLED)),
        (FaultKind::CaListStale, Some(old)) => Response::new(Body::from(old)),
        _ => enact(&shot, told.clock.now(), request, next).await,
    }
}

impl Misbehaviour {
    /// Keeps the first list, for when an old one is asked for.
    async fn kept(&self, response: Response) -> Response {
        if self.first_list.get().is_some() || !response.status().is_success() {
            return response;
        }
        let (head, body) = response.into_parts();
        let list = to_bytes(body, usize::MAX).await.unwrap_or_default();
        // Another request may have been first, which is as good.
        let _ = self.first_list.set(list.clone());
        Response::from_parts(head, Body::from(list))
    }
}
