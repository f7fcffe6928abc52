//! 自事業所.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Extension, State},
};
use careplan_protocol::hub::{LicenceState, Office};

use crate::{
    http::{Answer, App, Visitor},
    peer::Identity,
    wire,
};

/// What the hub knows of the office that asks. One that is not registered has no licence.
#[utoipa::path(
    get, path = "/v1/office", operation_id = "own_office", tag = "offices",
    responses((status = 200, description = "自事業所", body = Office))
)]
pub(crate) async fn own(
    State(app): State<Arc<App>>,
    Extension(identity): Extension<Identity>,
    visitor: Visitor,
) -> Answer<Json<Office>> {
    let known = app.store.office(visitor.caller.office).await?;
    let (licence, licence_until) = match &known {
        Some(office) => wire::licence(office.licence(app.now())),
        None => (LicenceState::None, None),
    };
    let licence_renews =
        known.as_ref().and_then(|office| office.licence).is_some_and(|licence| licence.renews);
    let (name, kinds) = known.map(|office| (office.name, office.kinds)).unwrap_or_default();
    Ok(Json(Office {
        office: visitor.caller.office,
        name,
        kinds,
        licence,
        licence_until,
        licence_renews,
        certificate: identity.certificate,
    }))
}
