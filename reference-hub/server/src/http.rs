//! HTTP: which request goes where, who asks, and what every request is checked for.

use std::{fmt, marker::PhantomData, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Extension, FromRequest, FromRequestParts, Request, State},
    http::{StatusCode, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use careplan_faults::Faults;
use careplan_protocol::{
    Clock, ProblemKind,
    hub::{LIST_ITEMS_MAX, Profile, TERMINAL},
};
use hub_relay::{Caller, CheckLevel, Refusal, Terms};
use hub_store::Store;
use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeOwned, MapAccess, value::MapAccessDeserializer},
};
use time::OffsetDateTime;
use tokio::time::timeout;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt as _},
    routes,
};

use crate::{
    authority::LogIns,
    faults,
    keeping::Keeping,
    notices::Notices,
    openapi,
    operations::{
        claim, directory, events, fetch, office, receipt, release, sent, session, submit,
    },
    peer::{Identity, Peer},
    problems::Rejection,
    records::{self, Records, Trail},
    room::Room,
    secrets::{self, Randomness},
    wire,
};

/// How large a JSON body may be.
const JSON_BYTES_MAX: usize = 16 * 1024;
/// How long a body may take beside the time that its bytes need on the slowest line. One of JSON
/// needs next to none.
pub(crate) const BODY_GRACE: Duration = Duration::from_secs(20);

/// What the operations work with.
pub(crate) struct App {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) log_ins: Arc<dyn LogIns>,
    pub(crate) is_revoked: IsRevoked,
    pub(crate) randomness: Randomness,
    pub(crate) profile: Profile,
    pub(crate) keeping: Keeping,
    pub(crate) notices: Notices,
    pub(crate) check: CheckLevel,
    pub(crate) clock: Clock,
    /// What the hub was told to do wrong.
    pub(crate) faults: Faults,
    pub(crate) records: Arc<Records>,
    /// Room for large bodies under way.
    pub(crate) room: Room,
}

/// Whether a certificate of this serial number is revoked.
pub(crate) type IsRevoked = Arc<dyn Fn(&str) -> bool + Send + Sync>;

impl App {
    /// The time, as the store keeps it: to the millisecond.
    pub(crate) fn now(&self) -> OffsetDateTime {
        let now = self.clock.now();
        now.replace_millisecond(now.millisecond()).unwrap_or(now)
    }

    /// How this hub treats claims.
    pub(crate) fn terms(&self) -> Terms {
        Terms { profile: wire::profile(self.profile), lease: self.keeping.lease }
    }
}

/// What a handler returns.
pub(crate) type Answer<T> = Result<T, Rejection>;

/// Every request that the hub answers, with the document that describes them.
pub(crate) fn routes() -> OpenApiRouter<Arc<App>> {
    let body = DefaultBodyLimit::max(submit::BODY_BYTES_MAX);
    OpenApiRouter::with_openapi(openapi::head())
        .routes(routes!(session::log_in, session::log_out))
        .routes(routes!(office::own))
        .routes(routes!(directory::search))
        .routes(routes!(sent::list))
        .routes(routes!(submit::submit).layer(body))
        .routes(routes!(sent::one))
        .routes(routes!(claim::claim))
        .routes(routes!(fetch::list))
        .routes(routes!(fetch::one))
        .routes(routes!(fetch::file))
        .routes(routes!(receipt::receipt))
        .routes(routes!(release::release))
        .routes(routes!(release::take_back))
        .routes(routes!(events::listen))
        .routes(routes!(openapi::served))
}

/// The routes behind the door: who asks is known before anything is looked at.
pub(crate) fn router(app: Arc<App>) -> Router {
    let (router, _document) = routes().split_for_parts();
    router
        .fallback(|| async { Rejection::from(ProblemKind::NotFound) })
        .method_not_allowed_fallback(|| async { Rejection::from(ProblemKind::MethodNotAllowed) })
        .layer(DefaultBodyLimit::max(JSON_BYTES_MAX))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), identify))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), records::of_offices))
        .with_state(app)
}

/// Lets nobody further whose certificate does not hold now.
async fn identify(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    mut request: Request,
    next: Next,
) -> Answer<Response> {
    if let Some(trail) = request.extensions().get::<Trail>() {
        peer.office().inspect(|office| trail.office(office));
    }
    let identity = peer.identify(app.now(), |serial| (app.is_revoked)(serial))?;
    let office = identity.office;
    request.extensions_mut().insert(identity);
    check_form(&request)?;
    if app.faults.is_quiet() {
        return Ok(next.run(request).await);
    }
    Ok(faults::around(&app, office, request, next).await)
}

/// What no request may have: a compressed body, since a small one may hide a great one, and a zero
/// byte in its address, which databases do not take as text.
fn check_form(request: &Request) -> Answer<()> {
    let encoding = request.headers().get(header::CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(ProblemKind::ContentEncoding.into());
    }
    match request.uri().path_and_query().is_some_and(|address| address.as_str().contains("%00")) {
        true => Err(ProblemKind::RequestMalformed.into()),
        false => Ok(()),
    }
}

/// A caller whose session holds.
pub(crate) struct Visitor {
    /// Who asks.
    pub(crate) caller: Caller,
}

impl FromRequestParts<Arc<App>> for Visitor {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Answer<Self> {
        let token = bearer(parts).ok_or(Refusal::SessionMissing)?;
        let session = app.store.session(secrets::token_digest(token)).await?;
        let identity = parts.extensions.get::<Identity>().ok_or(ProblemKind::CertificateMissing)?;
        let terminal = parts.headers.get(TERMINAL).and_then(|value| value.to_str().ok());
        let serial = &identity.certificate.serial;
        let caller = hub_relay::admit(session, serial, terminal, app.now())?;
        if let Some(trail) = parts.extensions.get::<Trail>() {
            trail.terminal(&caller.terminal);
        }
        Ok(Self { caller })
    }
}

/// The token of `Authorization: Bearer`.
pub(crate) fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// A JSON body; one that is malformed is a problem like any other.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for JsonBody<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, app: &Arc<App>) -> Answer<Self> {
        let arriving = async { Json::from_request(request, app).await.map_err(malformed) };
        let Json(Members(body)) = within(BODY_GRACE, arriving).await?;
        Ok(Self(body))
    }
}

/// A JSON body, or none at all.
pub(crate) struct JsonOrNothing<T>(pub(crate) Option<T>);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for JsonOrNothing<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, app: &Arc<App>) -> Answer<Self> {
        let arriving = async { Bytes::from_request(request, app).await.map_err(malformed) };
        let body = within(BODY_GRACE, arriving).await?;
        if body.is_empty() {
            return Ok(Self(None));
        }
        let read = serde_json::from_slice(&body);
        let Members(read) = read.map_err(|_| ProblemKind::RequestMalformed)?;
        Ok(Self(Some(read)))
    }
}

/// What stands in a JSON object. A structure alone would be read from a list of its members, too.
pub(crate) struct Members<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfObject<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> de::Visitor<'de> for OfObject<T> {
            type Value = Members<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Members)
            }
        }
        deserializer.deserialize_map(OfObject(PhantomData))
    }
}

/// What arrives, if it does so in time.
pub(crate) async fn within<T>(
    wait: Duration,
    arriving: impl Future<Output = Answer<T>>,
) -> Answer<T> {
    match timeout(wait, arriving).await {
        Ok(arrived) => arrived,
        Err(_) => Err(ProblemKind::RequestTimeout.into()),
    }
}

/// Which part of a list is asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Part {
    /// The last item of the part before.
    pub(crate) after: Option<String>,
    limit: Option<usize>,
}

impl Part {
    /// How many items at most.
    pub(crate) fn limit(&self) -> Result<usize, ProblemKind> {
        let limit = self.limit.unwrap_or(LIST_ITEMS_MAX);
        let is_sound = (1..=LIST_ITEMS_MAX).contains(&limit);
        is_sound.then_some(limit).ok_or(ProblemKind::RequestMalformed)
    }
}

/// Something of the request's head, likewise. A path or a query with a NUL is malformed whatever it
/// asks for: no name has one, and not every database can be asked for one.
pub(crate) struct Head<E>(pub(crate) E);

impl<E> FromRequestParts<Arc<App>> for Head<E>
where
    E: FromRequestParts<Arc<App>, Rejection: IntoResponse>,
{
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Answer<Self> {
        let asked = parts.uri.path_and_query();
        if asked.is_some_and(|asked| asked.as_str().contains("%00")) {
            return Err(ProblemKind::RequestMalformed.into());
        }
        let read = E::from_request_parts(parts, app).await;
        read.map(Self).map_err(malformed)
    }
}

/// What the framework's own refusals mean here. Its words are for programmers and may repeat what
/// was sent, so they go nowhere.
pub(crate) fn malformed(rejected: impl IntoResponse) -> Rejection {
    match rejected.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => ProblemKind::TooLarge.into(),
        _ => ProblemKind::RequestMalformed.into(),
    }
}
