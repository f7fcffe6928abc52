//! Where the hub misbehaves when it was told to: around a request, in the handshake, and when the
//! revocation list is due.
//!
//! What fires is decided in `careplan-faults`. Here are the facts that it asks for, and what only
//! the hub can do.

mod handshake;

use axum::{extract::Request, middleware::Next, response::Response};
use careplan_faults::{Facts, enact};
use careplan_protocol::{
    OfficeNumber, TerminalId,
    faults::{FaultKind, FaultOperation, FaultService},
};

pub(crate) use self::handshake::{Opening, opening};
use crate::{
    http::{App, bearer},
    secrets,
};

/// Handles a request, unless a fault that is armed keeps it from it.
pub(crate) async fn around(
    app: &App,
    office: OfficeNumber,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let operation = FaultOperation::of(FaultService::Hub, request.method().as_str(), &path);
    let (parts, body) = request.into_parts();
    let token = bearer(&parts).map(secrets::token_digest);
    let terminal = match token {
        Some(digest) if app.faults.is_about_terminals() => {
            let session = app.store.session(digest).await.ok().flatten();
            session.and_then(|session| TerminalId::parse(session.caller.terminal.as_str()).ok())
        }
        _ => None,
    };
    let file = (operation == FaultOperation::Fetch).then(|| path.rsplit('/').next()).flatten();
    let facts = Facts { operation, office: Some(office), terminal, file, ..HUB };
    let shot = app.faults.strike(&facts, &app.clock);
    let request = Request::from_parts(parts, body);
    let Some(shot) = shot else { return next.run(request).await };
    if let (FaultKind::SessionLost, Some(digest)) = (shot.arming.fault, token)
        && let Err(failure) = app.store.close_session(digest).await
    {
        tracing::warn!(?failure, "a session could not be lost");
    }
    enact(&shot, app.now(), request, next).await
}

/// What is known before a connection stands.
pub(crate) const HUB: Facts<'static> = Facts {
    service: FaultService::Hub,
    operation: FaultOperation::Connect,
    office: None,
    terminal: None,
    file: None,
};
