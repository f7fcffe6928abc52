//! Giving back, and taking back (`plus`).

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use careplan_protocol::hub::{Delivery, TakeBackRequest};
use hub_relay::{DeliveryId, TakingBack, TerminalId};

use crate::{
    http::{Answer, App, Head, JsonOrNothing, Visitor},
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
    request_body(content = TakeBackRequest, description = "どの端末から取り戻すか。なければ、いま持っている端末"),
    responses((status = 200, description = "取り戻した配信", body = Delivery))
)]
pub(crate) async fn take_back(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Head(Path(id)): Head<Path<String>>,
    JsonOrNothing(request): JsonOrNothing<TakeBackRequest>,
) -> Answer<Json<Delivery>> {
    let holder = request.unwrap_or_default().holder;
    let holder = holder.map(|holder| TerminalId::new(holder.as_str()));
    let asked = TakingBack { caller: visitor.caller, delivery: DeliveryId::new(id), holder };
    let (profile, now) = (wire::profile(app.profile), app.now());
    let sending = app.store.take_back(profile, asked, now).await?;
    Ok(Json(wire::delivery(sending, now)?))
}
