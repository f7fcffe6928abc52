//! Opening 受信一覧.

use std::sync::Arc;

use axum::{Json, extract::State};
use careplan_protocol::hub::Deliveries;

use crate::{
    http::{Answer, App, Visitor},
    wire,
};

/// Gives this terminal everything that waits, and answers all that it holds.
#[utoipa::path(
    post, path = "/v1/claims", tag = "deliveries",
    responses((status = 200, description = "この端末が持つ配信のすべて", body = Deliveries))
)]
pub(crate) async fn claim(
    State(app): State<Arc<App>>,
    visitor: Visitor,
) -> Answer<Json<Deliveries>> {
    let held = app.store.claim(visitor.caller, app.now()).await?;
    let deliveries = held.into_iter().map(wire::delivery).collect::<Result<_, _>>()?;
    Ok(Json(Deliveries { deliveries }))
}
