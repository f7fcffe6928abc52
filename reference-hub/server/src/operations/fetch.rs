//! データ取得: what this terminal holds, and its files.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use careplan_protocol::{
    ProblemKind,
    hub::{Deliveries, Delivery, FILE_SHA256},
};
use hub_relay::{Bytes, DeliveryId};
use hub_store::StoredFile;
use sha2::{Digest, Sha256};

use crate::{
    http::{Answer, App, Head, Visitor},
    problems::Rejection,
    secrets::hex,
    wire,
};

/// What this terminal holds, in the order of arrival.
#[utoipa::path(
    get, path = "/v1/deliveries", operation_id = "list_deliveries", tag = "deliveries",
    responses((status = 200, description = "受信一覧", body = Deliveries))
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    visitor: Visitor,
) -> Answer<Json<Deliveries>> {
    let held = app.store.held(visitor.caller).await?;
    let deliveries = held.into_iter().map(wire::delivery).collect::<Result<_, _>>()?;
    Ok(Json(Deliveries { deliveries }))
}

/// One of them.
#[utoipa::path(
    get, path = "/v1/deliveries/{id}", operation_id = "show_delivery", tag = "deliveries",
    params(("id" = careplan_protocol::DeliveryId, Path, description = "配信ID")),
    responses((status = 200, description = "配信", body = Delivery))
)]
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Head(Path(id)): Head<Path<String>>,
) -> Answer<Json<Delivery>> {
    let sending = app.store.delivery(visitor.caller, DeliveryId::new(id)).await?;
    Ok(Json(wire::delivery(sending)?))
}

/// A file's bytes, if they are still what arrived.
#[utoipa::path(
    get, path = "/v1/deliveries/{id}/files/{name}", operation_id = "fetch_file", tag = "deliveries",
    params(
        ("id" = careplan_protocol::DeliveryId, Path, description = "配信ID"),
        ("name" = String, Path, description = "ファイル名"),
    ),
    responses((
        status = 200, description = "ファイル", body = Vec<u8>,
        content_type = "application/octet-stream",
        headers(("x-file-sha256" = String, description = "SHA-256（16進小文字）")),
    ))
)]
pub(crate) async fn file(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Head(Path((id, name))): Head<Path<(String, String)>>,
) -> Answer<Response> {
    let StoredFile { entry, bytes } =
        app.store.file(visitor.caller, DeliveryId::new(id.as_str()), name).await?;
    if Sha256::digest(&bytes) != entry.sha256 {
        tracing::error!(delivery = id, "a stored file is not what arrived");
        return Err(ProblemKind::FileDamaged.into());
    }
    let digest = HeaderValue::from_str(&hex(&entry.sha256))
        .map_err(|_| Rejection::from(ProblemKind::Internal))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (HeaderName::from_static(FILE_SHA256), digest),
    ];
    Ok((headers, Shared(bytes).into_body()).into_response())
}

/// The store's bytes, lent to the answer.
struct Shared(Bytes);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Shared {
    fn into_body(self) -> axum::body::Body {
        axum::body::Bytes::from_owner(self).into()
    }
}
