//! The requests of [`careplan_protocol::ca`]: converted at the door, granted by [`FakeCa`], rendered.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Path, Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use careplan_protocol::{
    OfficeNumber, Problem, ProblemKind,
    ca::{
        AgentOffices, Application, Applied, CertificatePem, Certificates, IssuePassword, LoggedIn,
        Login, PasswordChange,
    },
};
use serde::de::DeserializeOwned;
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

use crate::{
    FakeCa, Refusal,
    misbehaviour::{self, Misbehaviour},
};

/// No request needs more than a name and two passwords.
const BODY_BYTES_MAX: usize = 16 * 1024;

/// How long it may take to arrive: nobody has to show a certificate here.
const BODY_WAIT_MAX: Duration = Duration::from_secs(20);

/// So many passwords are hashed at once: each takes 19 MiB and a processor.
const HASHES_AT_ONCE: usize = 2;

const PEM: &str = "application/x-pem-file";
const PKCS12: &str = "application/x-pkcs12";

#[derive(Clone)]
struct Service {
    ca: FakeCa,
    hashing: Arc<Semaphore>,
}

/// Every request of the wire, and a problem for everything else.
pub(crate) fn router(ca: FakeCa, told: Misbehaviour) -> Router {
    let service = Service { ca, hashing: Arc::new(Semaphore::new(HASHES_AT_ONCE)) };
    Router::new()
        .route("/v1/root.pem", get(root))
        .route("/v1/crl.pem", get(crl))
        .route("/v1/login", post(log_in))
        .route("/v1/password", post(change_password))
        .route("/v1/applications", post(apply))
        .route("/v1/applications/{id}/certificate.pem", post(download_pem))
        .route("/v1/applications/{id}/certificate.p12", post(download_pkcs12))
        .route("/v1/applications/{id}/issue-password", post(reissue_issue_password))
        .route("/v1/certificates", get(certificates))
        .route("/v1/certificates/{serial}/renew", post(renew))
        .route("/v1/certificates/{serial}/reissue", post(reissue))
        .route("/v1/certificates/{serial}/revoke", post(revoke))
        .route("/v1/agent/offices", get(agent_offices))
        .route("/v1/agent/offices/{office}", put(add_agent_office).delete(remove_agent_office))
        .fallback(async || Failed::from(ProblemKind::NotFound))
        .method_not_allowed_fallback(async || Failed::from(ProblemKind::MethodNotAllowed))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(told, misbehaviour::around))
        .layer(middleware::from_fn(note))
        .with_state(service)
}

async fn root(State(service): State<Service>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, PEM)], service.ca.root_pem().to_owned())
}

async fn crl(State(service): State<Service>) -> Result<impl IntoResponse, Failed> {
    let crl = service.work(|ca| Ok(ca.crl_pem()?)).await?;
    Ok(([(header::CONTENT_TYPE, PEM)], crl))
}

async fn log_in(
    State(service): State<Service>,
    Body(login): Body<Login>,
) -> Result<Json<LoggedIn>, Failed> {
    service.hash(move |ca| ca.log_in(&login)).await.map(Json)
}

async fn change_password(
    State(service): State<Service>,
    Body(change): Body<PasswordChange>,
) -> Result<StatusCode, Failed> {
    service.hash(move |ca| ca.change_password(&change)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn apply(
    State(service): State<Service>,
    Token(token): Token,
    Body(application): Body<Application>,
) -> Result<(StatusCode, Json<Applied>), Failed> {
    service.grant(move |ca| ca.apply(&token, &application)).await
}

async fn download_pem(
    State(service): State<Service>,
    Segment(id): Segment,
    Token(token): Token,
    Body(IssuePassword { issue_password }): Body<IssuePassword>,
) -> Result<Json<CertificatePem>, Failed> {
    let issued = service.work(move |ca| ca.download(&token, &id, &issue_password)).await?;
    Ok(Json(issued.into()))
}

async fn download_pkcs12(
    State(service): State<Service>,
    Segment(id): Segment,
    Token(token): Token,
    Body(IssuePassword { issue_password }): Body<IssuePassword>,
) -> Result<impl IntoResponse, Failed> {
    let pkcs12 = service.work(move |ca| {
        let issued = ca.download(&token, &id, &issue_password)?;
        Ok(ca.pkcs12(&issued, &issue_password)?)
    });
    Ok(([(header::CONTENT_TYPE, PKCS12)], pkcs12.await?))
}

async fn reissue_issue_password(
    State(service): State<Service>,
    Segment(id): Segment,
    Token(token): Token,
) -> Result<(StatusCode, Json<Applied>), Failed> {
    service.grant(move |ca| ca.reissue_issue_password(&token, &id)).await
}

async fn renew(
    State(service): State<Service>,
    Segment(serial): Segment,
    Token(token): Token,
) -> Result<(StatusCode, Json<Applied>), Failed> {
    service.grant(move |ca| ca.renew(&token, &serial)).await
}

async fn reissue(
    State(service): State<Service>,
    Segment(serial): Segment,
    Token(token): Token,
) -> Result<(StatusCode, Json<Applied>), Failed> {
    service.grant(move |ca| ca.reissue(&token, &serial)).await
}

async fn agent_offices(
    State(service): State<Service>,
    Token(token): Token,
) -> Result<Json<AgentOffices>, Failed> {
    service.work(move |ca| ca.agent_offices(&token)).await.map(Json)
}

async fn add_agent_office(
    State(service): State<Service>,
    Segment(office): Segment,
    Token(token): Token,
) -> Result<StatusCode, Failed> {
    let office = office_number(&office)?;
    service.work(move |ca| ca.add_agent_office(&token, office)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove_agent_office(
    State(service): State<Service>,
    Segment(office): Segment,
    Token(token): Token,
) -> Result<StatusCode, Failed> {
    let office = office_number(&office)?;
    service.work(move |ca| ca.remove_agent_office(&token, office)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn office_number(text: &str) -> Result<OfficeNumber, Failed> {
    let wanted = "事業所番号 / office number";
    text.parse().map_err(|_| {
        Failed(Box::new(Problem::new(ProblemKind::RequestMalformed).with_detail(wanted)))
    })
}

async fn certificates(
    State(service): State<Service>,
    Token(token): Token,
) -> Result<Json<Certificates>, Failed> {
    service.work(move |ca| ca.own_certificates(&token)).await.map(Json)
}

async fn revoke(
    State(service): State<Service>,
    Segment(serial): Segment,
    Token(token): Token,
) -> Result<StatusCode, Failed> {
    service.work(move |ca| ca.revoke_own(&token, &serial)).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Service {
    /// Does the CA's work off the asynchronous threads.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&FakeCa) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Failed> {
        let ca = self.ca.clone();
        match spawn_blocking(move || work(&ca)).await {
            Ok(done) => done.map_err(Failed::from),
            Err(error) => {
                tracing::error!(%error, "a request broke off");
                Err(Failed::from(ProblemKind::Internal))
            }
        }
    }

    /// Like [`Service::work`], for what is then to be downloaded.
    async fn grant(
        &self,
        work: impl FnOnce(&FakeCa) -> Result<Applied, Refusal> + Send + 'static,
    ) -> Result<(StatusCode, Json<Applied>), Failed> {
        Ok((StatusCode::CREATED, Json(self.work(work).await?)))
    }

    /// Like [`Service::work`], for work that hashes a password.
    async fn hash<T: Send + 'static>(
        &self,
        work: impl FnOnce(&FakeCa) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Failed> {
        let _permit = self.hashing.acquire().await.map_err(|_| ProblemKind::Unavailable)?;
        self.work(work).await
    }
}

/// A problem on its way out.
struct Failed(Box<Problem>);

impl From<ProblemKind> for Failed {
    fn from(kind: ProblemKind) -> Self {
        Self(Box::new(kind.into()))
    }
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Problem(kind) => kind.into(),
            Refusal::Fault(fault) => {
                tracing::error!(%fault, "a request failed");
                ProblemKind::Internal.into()
            }
        }
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.0)).into_response();
        let media_type = HeaderValue::from_static(Problem::MEDIA_TYPE);
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        response
    }
}

/// A JSON body. What is wrong with a bad one is not repeated: it may hold a password.
struct Body<T>(T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failed> {
        match timeout(BODY_WAIT_MAX, Json::from_request(request, state)).await {
            Err(_) => Err(ProblemKind::RequestTimeout.into()),
            Ok(Ok(Json(body))) => Ok(Self(body)),
            Ok(Err(rejection)) => {
                let detail = match rejection.status() {
                    StatusCode::PAYLOAD_TOO_LARGE => format!("more than {BODY_BYTES_MAX} bytes"),
                    StatusCode::UNSUPPORTED_MEDIA_TYPE => "Content-Type: application/json".into(),
                    _ => "JSON".to_owned(),
                };
                Err(Failed(Box::new(
                    Problem::new(ProblemKind::RequestMalformed).with_detail(detail),
                )))
            }
        }
    }
}

/// The one part of the path that the request names. One that is no text names nothing.
struct Segment(String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(segment)) => Ok(Self(segment)),
            Err(_) => Err(ProblemKind::NotFound.into()),
        }
    }
}

/// The log-in's token: `Authorization: Bearer`.
struct Token(String);

impl<S: Send + Sync> FromRequestParts<S> for Token {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failed> {
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        match header.and_then(|value| value.split_once(' ')) {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                Ok(Self(token.to_owned()))
            }
            _ => Err(ProblemKind::SessionMissing.into()),
        }
    }
}

/// Logs a request by its line and status, and keeps answers out of caches: some hold keys.
async fn note(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, no_store);
    tracing::info!(%method, path, status = response.status().as_u16(), "request");
    response
}
