//! Putting away at once what has been kept long enough.

use std::sync::Arc;

use axum::{Json, Router, extract::State, routing::post};
use careplan_protocol::admin::Swept;

use crate::{
    http::{Answer, App},
    keeping,
};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/admin/sweep", post(sweep))
}

async fn sweep(State(app): State<Arc<App>>) -> Answer<Json<Swept>> {
    let hub_relay::Swept { removed, undelivered } = keeping::sweep(&app).await?;
    Ok(Json(Swept { removed, undelivered }))
}
