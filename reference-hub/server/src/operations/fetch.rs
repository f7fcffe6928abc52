//! データ取得: what this terminal holds, and its files.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderName, HeaderValue, Method, header},
    response::{IntoResponse, Response},
};
use careplan_protocol::{
    ProblemKind,
    hub::{Deliveries, Delivery, FILE_SHA256},
};
use hub_relay::{Bytes, DeliveryId, Fetching, InboxScope, Page};
use hub_store::StoredFile;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{
    http::{Answer, App, Head, Part, Visitor},
    problems::Rejection,
    secrets::hex,
    wire,
};

/// Which deliveries to list.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Which {
    scope: Option<Scope>,
    state: Option<Open>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Scope {
    Terminal,
    Office,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Open {
    Open,
}

/// What this terminal holds (or, in `plus`, the whole office's), in the order of arrival.
#[utoipa::path(
    get, path = "/v1/deliveries", operation_id = "list_deliveries", tag = "deliveries",
    params(
        ("scope" = Option<String>, Query, description = "terminal（省略時）または office（plus）"),
        ("state" = Option<String>, Query, description = "open: まだ取得していないものだけ"),
        ("after" = Option<careplan_protocol::DeliveryId>, Query, description = "前のページの next"),
        ("limit" = Option<usize>, Query, description = "件数（1～500）", minimum = 1, maximum = 500),
    ),
    responses((status = 200, description = "受信一覧", body = Deliveries))
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Head(Query(which)): Head<Query<Which>>,
    Head(Query(part)): Head<Query<Part>>,
) -> Answer<Json<Deliveries>> {
    let (limit, now) = (part.limit()?, app.now());
    let scope = match which.scope {
        None | Some(Scope::Terminal) => InboxScope::held(&visitor.caller),
        Some(Scope::Office) => InboxScope::of_office(wire::profile(app.profile), &visitor.caller)?,
    };
    let scope = InboxScope { only_open: which.state.is_some(), ..scope };
    let page = Page { after: part.after.map(DeliveryId::new), limit: limit + 1 };
    let found = app.store.inbox(scope, page, now).await?;
    Ok(Json(wire::deliveries(found, limit, now)?))
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
    let now = app.now();
    let sending = app.store.delivery(visitor.caller, DeliveryId::new(id), now).await?;
    Ok(Json(wire::delivery(sending, now)?))
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
    method: Method,
    Head(Path((id, file))): Head<Path<(String, String)>>,
) -> Answer<Response> {
    // A HEAD fetches nothing, and what is answered here counts as fetched.
    if method != Method::GET {
        return Err(ProblemKind::MethodNotAllowed.into());
    }
    let delivery = DeliveryId::new(id.as_str());
    let fetching = Fetching { caller: visitor.caller, delivery, file, terms: app.terms() };
    let StoredFile { entry, bytes } = app.store.file(fetching, app.now()).await?;
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
