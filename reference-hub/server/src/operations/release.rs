//! Giving back, and taking back (`plus`).

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

/// Lets a delivery that this terminal claimed wait again.
#[utoipa::path(
    post, path = "/v1/deliveries/{id}/release", tag = "deliveries",
    params(("id" = careplan_protocol::DeliveryId, Path, description = "配信ID")),
    responses((status = 200, description = "返却した配信", body = Delivery))
)]
pub(crate) async fn release(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Head(Path(id)): Head<Path<String>>,
) -> Answer<Json<Delivery>> {
    let (profile, now) = (wire::profile(app.profile), app.now());
    let sending = app.store.release(profile, visitor.caller, DeliveryId::new(id), now).await?;
    Ok(Json(wire::delivery(sending, now)?))
}

/// Lets a delivery wait again that any terminal of the office claimed, should that one be lost.
#[utoipa::path(
    post, path = "/v1/deliveries/{id}/take-back", tag = "deliveries",
    params(("id" = careplan_protocol::DeliveryId, Path, description = "配信ID")),
    responses((status = 200, description = "取り戻した配信", body = Delivery))
)]
pub(crate) async fn take_back(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Head(Path(id)): Head<Path<String>>,
) -> Answer<Json<Delivery>> {
    let (profile, now) = (wire::profile(app.profile), app.now());
    let sending = app.store.take_back(profile, visitor.caller, DeliveryId::new(id), now).await?;
    Ok(Json(wire::delivery(sending, now)?))
}
