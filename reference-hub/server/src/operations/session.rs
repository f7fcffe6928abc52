//! ログイン and ログアウト.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Extension, State},
    http::{StatusCode, request::Parts},
};
use careplan_protocol::{
    ProblemKind, ca,
    hub::{Login, Session},
};
use hub_relay::{Caller, TerminalId};
use time::Duration;

use crate::{
    http::{Answer, App, Head, JsonBody, Visitor, bearer},
    peer::Identity,
    records::Trail,
    secrets,
};

/// How long a session lasts.
const SESSION_LASTS: Duration = Duration::minutes(60);

/// Has the CA check user ID and password, and opens a session for the office of both.
#[utoipa::path(
    post, path = "/v1/session", tag = "session", security(("certificate" = [])),
    request_body = Login, responses((status = 201, description = "ログインした", body = Session))
)]
pub(crate) async fn log_in(
    State(app): State<Arc<App>>,
    Extension(identity): Extension<Identity>,
    Extension(trail): Extension<Trail>,
    JsonBody(login): JsonBody<Login>,
) -> Answer<(StatusCode, Json<Session>)> {
    trail.terminal(&login.terminal);
    let asked = ca::Login { user_id: login.user_id, password: login.password };
    let account = app.log_ins.log_in(&asked).await?;
    if account.office != identity.office {
        return Err(ProblemKind::IdentityMismatch.into());
    }
    let token = secrets::new_token(&app.randomness);
    let now = app.now();
    let expires_at = now + SESSION_LASTS;
    let session = hub_relay::Session {
        token_digest: secrets::token_digest(&token),
        caller: Caller {
            office: identity.office,
            terminal: TerminalId::new(login.terminal.as_str()),
        },
        certificate_serial: identity.certificate.serial,
        expires_at,
    };
    app.store.open_session(session, now).await?;
    tracing::info!(office = %identity.office, terminal = %login.terminal, "logged in");
    let session = Session { token, expires_at, office: identity.office, profile: app.profile };
    Ok((StatusCode::CREATED, Json(session)))
}

/// Forgets the session.
#[utoipa::path(
    delete, path = "/v1/session", tag = "session",
    responses((status = 204, description = "ログアウトした"))
)]
pub(crate) async fn log_out(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Head(parts): Head<Parts>,
) -> Answer<StatusCode> {
    if let Some(token) = bearer(&parts) {
        app.store.close_session(secrets::token_digest(token)).await?;
    }
    tracing::info!(office = %visitor.caller.office, terminal = %visitor.caller.terminal, "logged out");
    Ok(StatusCode::NO_CONTENT)
}
