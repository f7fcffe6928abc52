//! What Prometheus scrapes.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use careplan_protocol::ProblemKind;

use crate::http::{Answer, App};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/admin/metrics", get(metrics))
}

async fn metrics(State(app): State<Arc<App>>) -> Answer<Response> {
    app.records.metrics.stored(app.store.tally().await?);
    app.records.metrics.fired(&app.faults.counts());
    let text = app.records.metrics.text().map_err(|error| {
        tracing::error!(%error, "the metrics cannot be written");
        ProblemKind::Internal
    })?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response())
}
