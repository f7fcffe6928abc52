//! What is kept of every request: a line of the audit log, numbers, and a line of the log.
//!
//! The outermost layer of both listeners, so that what is refused before anybody is known is noted
//! as well.

use std::{
    fmt, io,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::HeaderValue,
    middleware::Next,
    response::Response,
};
use careplan_protocol::{DeliveryId, ProblemKind};
use rustls::CertificateError;
use tracing::Instrument as _;

use crate::{
    audit::{Note, Recorder, own},
    http::App,
    metrics::Metrics,
    secrets,
};

/// The answer header with the request's own name, which stands in the log too.
pub(crate) const REQUEST_ID: &str = "x-request-id";

/// What goes well.
const OK: &str = "ok";
/// Who asks at the admin listener.
const OPERATOR: &str = "operator";

/// Where everything is noted.
pub(crate) struct Records {
    /// None if there is to be no audit log.
    pub(crate) audit: Option<Recorder>,
    pub(crate) metrics: Metrics,
}

/// What becomes known of a request on its way in: an extension of the request.
#[derive(Clone, Default)]
pub(crate) struct Trail(Arc<Mutex<Seen>>);

#[derive(Clone, Default)]
struct Seen {
    office: Option<String>,
    terminal: Option<String>,
    on: Option<String>,
}

/// What a refusal leaves on its answer for the records.
#[derive(Clone, Copy)]
pub(crate) struct Refused(pub(crate) &'static str);

impl Trail {
    /// The office is known.
    pub(crate) fn office(&self, office: impl ToString) {
        self.with(|seen| seen.office = Some(office.to_string()));
    }

    /// The terminal is known.
    pub(crate) fn terminal(&self, terminal: impl ToString) {
        self.with(|seen| seen.terminal = Some(terminal.to_string()));
    }

    /// The request is about this.
    pub(crate) fn on(&self, id: impl ToString) {
        self.with(|seen| seen.on = Some(id.to_string()));
    }

    /// The request is about all of these; about nothing if there are none.
    pub(crate) fn on_all(&self, ids: impl Iterator<Item = impl ToString>) {
        let ids: Vec<_> = ids.map(|id| id.to_string()).collect();
        if !ids.is_empty() {
            self.on(ids.join(" "));
        }
    }

    fn with(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn seen(&self) -> Seen {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Notes a request of an office.
pub(crate) async fn of_offices(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    noted(&app, Trail::default(), request, next).await
}

/// Notes a request of the operator.
pub(crate) async fn of_the_operator(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let trail = Trail::default();
    trail.office(OPERATOR);
    noted(&app, trail, request, next).await
}

async fn noted(app: &App, trail: Trail, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = secrets::new_id(&app.randomness, app.now());
    let what = operation(&request);
    if let Some(on) = named(&request) {
        trail.on(on);
    }
    request.extensions_mut().insert(trail.clone());
    let span = tracing::info_span!("request", id, what);
    let mut answer = next.run(request).instrument(span.clone()).await;
    let status = answer.status().as_u16();
    let result = answer.extensions().get::<Refused>().map_or(OK, |refused| refused.0);
    app.records.metrics.answered(&what, result, begun.elapsed());
    span.in_scope(|| tracing::info!(status, result, "answered"));
    if let Some(audit) = &app.records.audit {
        let Seen { office, terminal, on } = trail.seen();
        let (at, result) = (app.now(), result.to_owned());
        audit.note(Note { at, what, office, terminal, on, result, status: Some(status) });
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
    answer
}

/// Method and path with its parameters' names. What somebody asked for that does not exist is not
/// repeated: there is no end to it, and anything may stand there.
fn operation(request: &Request) -> String {
    let path = request.extensions().get::<MatchedPath>();
    match path {
        Some(path) => format!("{} {}", request.method(), path.as_str()),
        None => "unknown".to_owned(),
    }
}

/// The identifier in the path, if it has the form of one.
fn named(request: &Request) -> Option<String> {
    let pattern = request.extensions().get::<MatchedPath>()?.as_str();
    let pairs = pattern.split('/').zip(request.uri().path().split('/'));
    let mut named = pairs.filter(|(pattern, _)| matches!(*pattern, "{id}" | "{number}"));
    let (_, name) = named.next()?;
    DeliveryId::parse(name).ok().map(|id| id.to_string())
}

impl fmt::Debug for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records").field("audit", &self.audit).finish_non_exhaustive()
    }
}

impl Records {
    /// Notes a connection that never came to a request, and why.
    pub(crate) fn turned_away(&self, at: time::OffsetDateTime, result: &'static str) {
        self.metrics.shaken(result);
        if let Some(audit) = &self.audit {
            audit.note(Note {
                at,
                what: own::CONNECTION.to_owned(),
                office: None,
                terminal: None,
                on: None,
                result: result.to_owned(),
                status: None,
            });
        }
    }
}

/// Why TLS did not come about: a problem's identifier where there is one; none if the peer left.
pub(crate) fn tls_refusal(error: &io::Error) -> Option<&'static str> {
    use rustls::Error;
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    let kind = match inner {
        Some(Error::NoCertificatesPresented) => ProblemKind::CertificateMissing,
        Some(Error::InvalidCertificate(error)) => match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                ProblemKind::CertificateExpired
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                ProblemKind::CertificateNotYetValid
            }
            CertificateError::Revoked => ProblemKind::CertificateRevoked,
            CertificateError::UnknownIssuer => ProblemKind::CertificateUnknownIssuer,
            _ => ProblemKind::CertificateRefused,
        },
        Some(_) => return Some("tls-failed"),
        None => return None,
    };
    Some(kind.id())
}
