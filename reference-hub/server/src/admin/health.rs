//! Whether the hub can work: it answers at all, and so does its store.

use std::sync::Arc;

use axum::{Json, Router, extract::State, routing::get};
use careplan_protocol::admin::Health;

use crate::http::{Answer, App};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/admin/health", get(health))
}

async fn health(State(app): State<Arc<App>>) -> Answer<Json<Health>> {
    let offices = app.store.office_count().await?;
    Ok(Json(Health { profile: app.profile, offices }))
}
