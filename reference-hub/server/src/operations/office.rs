//! 自事業所, and the public directory (利用事業所一覧).

use std::sync::Arc;

use axum::{
    Json,
    extract::{Extension, Query, State},
};
use careplan_protocol::{
    ServiceKind,
    hub::{Directory, DirectoryEntry, LicenceState, Office},
};
use hub_relay::Licence;
use serde::Deserialize;

use crate::{
    http::{Answer, App, Head, Visitor},
    peer::Identity,
    wire,
};

/// What to look for. What is not given matches all.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// The beginning of an office number.
    number: Option<String>,
    /// A part of a name.
    name: Option<String>,
    /// 都道府県, whole.
    prefecture: Option<String>,
    /// サービス種類コード.
    kind: Option<String>,
}

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
        Some(office) => (wire::licence(office.licence(app.now())), office.licence_until),
        None => (LicenceState::None, None),
    };
    let (name, kinds) = known.map(|office| (office.name, office.kinds)).unwrap_or_default();
    Ok(Json(Office {
        office: visitor.caller.office,
        name,
        kinds,
        licence,
        licence_until,
        certificate: identity.certificate,
    }))
}

/// The offices that can be sent to.
#[utoipa::path(
    get, path = "/v1/offices", operation_id = "search_offices", tag = "offices", params(Filter),
    responses((status = 200, description = "利用事業所一覧", body = Directory))
)]
pub(crate) async fn directory(
    State(app): State<Arc<App>>,
    _visitor: Visitor,
    Head(Query(filter)): Head<Query<Filter>>,
) -> Answer<Json<Directory>> {
    let now = app.now();
    let offices = app.store.offices().await?.into_iter();
    let offices = offices
        .filter(|office| office.licence(now) == Licence::Active && filter.matches(office))
        .map(|office| DirectoryEntry {
            office: office.number,
            name: office.name,
            kinds: office.kinds,
        })
        .collect();
    Ok(Json(Directory { offices }))
}

impl Filter {
    fn matches(&self, office: &hub_relay::Office) -> bool {
        let holds = |wanted: &Option<String>, test: &dyn Fn(&str) -> bool| {
            wanted.as_deref().is_none_or(test)
        };
        holds(&self.number, &|number| office.number.as_str().starts_with(number))
            && holds(&self.name, &|name| office.name.contains(name))
            && holds(&self.prefecture, &|wanted| office.prefecture.as_deref() == Some(wanted))
            && holds(&self.kind, &|kind| {
                kind.parse::<ServiceKind>().is_ok_and(|kind| office.kinds.contains(&kind))
            })
    }
}
