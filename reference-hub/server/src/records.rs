//! What is kept of every request: a line of the audit log, numbers, and a line of the log.
//!
//! The outermost layer of both listeners, so that what is refused before anybody is known is noted
//! as well.

use std::{
    fmt, io, mem,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::HeaderValue,
    middleware::Next,
    response::Response,
};
use careplan_protocol::{DeliveryId, OfficeNumber, ProblemKind, SnapshotName};
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
/// What comes of a request whose peer left before the answer: what it asked for may be done or not.
const UNANSWERED: &str = "unanswered";
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

    /// The request is about nothing after all.
    pub(crate) fn on_nothing(&self) {
        self.with(|seen| seen.on = None);
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

    fn take(&self) -> Seen {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
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
    let under_way = UnderWay { app, trail, what, begun, is_noted: false };
    let mut answer = next.run(request).instrument(span.clone()).await;
    let status = answer.status().as_u16();
    let result = answer.extensions().get::<Refused>().map_or(OK, |refused| refused.0);
    under_way.answered(result, status);
    span.in_scope(|| tracing::info!(status, result, "answered"));
    if let Ok(id) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
    answer
}

/// A request that has no answer yet. When its peer leaves, whoever handles it is dropped where it
/// stands, but the store ends what it has begun: so this is noted as well.
struct UnderWay<'a> {
    app: &'a App,
    trail: Trail,
    what: String,
    begun: Instant,
    is_noted: bool,
}

impl UnderWay<'_> {
    fn answered(mut self, result: &'static str, status: u16) {
        self.note(result, Some(status));
    }

    fn note(&mut self, result: &'static str, status: Option<u16>) {
        self.is_noted = true;
        self.app.records.metrics.answered(&self.what, result, self.begun.elapsed());
        if let Some(audit) = &self.app.records.audit {
            let Seen { office, terminal, on } = self.trail.take();
            let (at, what) = (self.app.now(), mem::take(&mut self.what));
            audit.note(Note { at, what, office, terminal, on, result: result.to_owned(), status });
        }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if !self.is_noted {
            self.note(UNANSWERED, None);
        }
    }
}

/// Method and path with its parameters' names. What somebody asked for that does not exist is not
/// repeated: there is no end to it, and anything may stand there.
fn operation(request: &Request) -> String {
    let path = request.extensions().get::<MatchedPath>();
    match path {
        Some(path) => format!("{} {}", method(request), path.as_str()),
        None => "unknown".to_owned(),
    }
}

/// The method, if it is one of HTTP's own: any word may stand there.
fn method(request: &Request) -> &str {
    match request.method().as_str() {
        known @ ("GET" | "POST" | "PUT" | "DELETE" | "HEAD" | "PATCH" | "OPTIONS" | "TRACE"
        | "CONNECT") => known,
        _ => "other",
    }
}

/// What the path names, if it has the form of one. The name of a file is never noted.
fn named(request: &Request) -> Option<String> {
    let pattern = request.extensions().get::<MatchedPath>()?.as_str();
    let is_of_operator = pattern.starts_with("/admin/");
    let mut pairs = pattern.split('/').zip(request.uri().path().split('/'));
    pairs.find_map(|(pattern, name)| match pattern {
        "{id}" | "{number}" => DeliveryId::parse(name).ok().map(|id| id.to_string()),
        "{office}" => name.parse().ok().map(|office: OfficeNumber| office.to_string()),
        "{name}" if is_of_operator => SnapshotName::parse(name).ok().map(|name| name.to_string()),
        _ => None,
    })
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
