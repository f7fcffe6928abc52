//! Misbehaviour by name: what is armed, arming and disarming, and what fired.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    routing::{delete, get},
};
use careplan_protocol::{
    Problem, ProblemKind,
    faults::{Arming, ArmingError, FaultsArmed, FaultsFired, FaultsWanted},
};
use serde::Deserialize;

use crate::{
    http::{Answer, App, Head, JsonBody},
    problems::Rejection,
};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/faults", get(show).put(replace).post(arm).delete(disarm_all))
        .route("/admin/faults/fired", get(fired))
        .route("/admin/faults/{number}", delete(disarm))
}

/// From where on to tell what fired.
#[derive(Deserialize)]
struct From {
    #[serde(default)]
    after: u64,
}

async fn show(State(app): State<Arc<App>>) -> Json<FaultsArmed> {
    Json(app.faults.armed())
}

async fn replace(
    State(app): State<Arc<App>>,
    JsonBody(wanted): JsonBody<FaultsWanted>,
) -> Answer<Json<FaultsArmed>> {
    app.faults.replace(&wanted).map_err(|error| unusable(&error))?;
    tracing::info!(replay = wanted.replay(), "faults were armed");
    Ok(Json(app.faults.armed()))
}

async fn arm(
    State(app): State<Arc<App>>,
    JsonBody(arming): JsonBody<Arming>,
) -> Answer<Json<FaultsArmed>> {
    let fault = arming.fault;
    let number = app.faults.arm(arming).map_err(|error| unusable(&error))?;
    tracing::info!(%fault, number, "a fault was armed");
    Ok(Json(app.faults.armed()))
}

async fn disarm_all(State(app): State<Arc<App>>) -> StatusCode {
    app.faults.disarm_all();
    StatusCode::NO_CONTENT
}

async fn disarm(
    State(app): State<Arc<App>>,
    Head(Path(number)): Head<Path<u64>>,
) -> Answer<StatusCode> {
    match app.faults.disarm(number) {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(ProblemKind::NotFound.into()),
    }
}

async fn fired(
    State(app): State<Arc<App>>,
    Head(Query(from)): Head<Query<From>>,
) -> Json<FaultsFired> {
    Json(app.faults.fired(from.after))
}

fn unusable(error: &ArmingError) -> Rejection {
    let (ja, en) = error.lines();
    Problem::new(ProblemKind::FaultUnusable).with_detail(format!("{ja} / {en}")).into()
}
