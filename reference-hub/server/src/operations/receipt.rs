//! データ取得済.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use careplan_protocol::hub::Delivery;
use hub_relay::DeliveryId;

use crate::{
    http::{Answer, App, Head, Visitor},
    wire,
};

/// Notes that this terminal has the files; the sender sees it from now on.
#[utoipa::path(
    post, path = "/v1/deliveries/{id}/receipt", tag = "deliveries",
    params(("id" = careplan_protocol::DeliveryId, Path, description = "配信ID")),
    responses((status = 200, description = "データ取得済", body = Delivery))
)]
pub(crate) async fn receipt(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Head(Path(id)): Head<Path<String>>,
) -> Answer<Json<Delivery>> {
    let now = app.now();
    let sending = app.store.receipt(visitor.caller, DeliveryId::new(id), now).await?;
    app.notices.poke(sending.from.party.office);
    Ok(Json(wire::delivery(sending, now)?))
}
