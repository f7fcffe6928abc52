//! Opening 受信一覧.

use std::sync::Arc;

use axum::{Extension, Json, extract::State};
use careplan_protocol::{
    ProblemKind,
    hub::{CLAIM_ITEMS_MAX, ClaimRequest, Deliveries, LIST_ITEMS_MAX},
};
use hub_relay::{Claim, DeliveryId, Wanted};

use crate::{
    http::{Answer, App, JsonOrNothing, Visitor},
    records::Trail,
    wire,
};

/// Gives this terminal what waits, and answers what it holds and has not fetched.
#[utoipa::path(
    post, path = "/v1/claims", tag = "deliveries",
    request_body(content = ClaimRequest, description = "plus: 受信するもの。なければすべて"),
    responses((status = 200, description = "この端末が持ち、まだ取得していない配信", body = Deliveries))
)]
pub(crate) async fn claim(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Extension(trail): Extension<Trail>,
    JsonOrNothing(request): JsonOrNothing<ClaimRequest>,
) -> Answer<Json<Deliveries>> {
    let wanted = wanted(request.unwrap_or_default())?;
    let claim = Claim { caller: visitor.caller, wanted, terms: app.terms() };
    let now = app.now();
    let held = app.store.claim(claim, LIST_ITEMS_MAX + 1, now).await?;
    let answer = wire::deliveries(held, LIST_ITEMS_MAX, now)?;
    trail.on_all(answer.deliveries.iter().map(|delivery| &delivery.id));
    Ok(Json(answer))
}

/// What a request is for; one that could be meant in two ways is not guessed at.
fn wanted(request: ClaimRequest) -> Result<Wanted, ProblemKind> {
    let ClaimRequest { kinds, include_unaddressed, deliveries } = request;
    if CLAIM_ITEMS_MAX < kinds.len().max(deliveries.len()) {
        return Err(ProblemKind::RequestMalformed);
    }
    match (kinds.is_empty(), deliveries.is_empty(), include_unaddressed) {
        (true, true, false) => Ok(Wanted::Everything),
        (true, false, false) => {
            let items = deliveries.iter().map(|id| DeliveryId::new(id.as_str()));
            Ok(Wanted::Items(items.collect()))
        }
        (false, true, with_unaddressed) => Ok(Wanted::Kinds { kinds, with_unaddressed }),
        _ => Err(ProblemKind::RequestMalformed),
    }
}
