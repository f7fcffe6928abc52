//! Offices and their licences: registered, looked at and changed while the hub runs.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use careplan_protocol::{
    OfficeNumber, Problem, ProblemKind,
    admin::{Licence, LicenceChange, OfficeChange, OfficeEntries, OfficeEntry, Plan},
};
use hub_relay::{LicencePlan, LicenceRequest, Office, Prefecture};
use time::OffsetDateTime;

use super::clock::{beyond_all_time, is_known};
use crate::{
    http::{Answer, App, Head, JsonBody},
    operations::directory::{Filter, as_table},
    wire,
};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/admin/offices", get(search))
        .route("/admin/offices/{office}", get(show).put(register).delete(remove))
        .route("/admin/offices/{office}/licence", get(licence).post(change_licence))
}

/// Offices with and without a licence; otherwise as the public directory.
async fn search(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Head(Query(filter)): Head<Query<Filter>>,
) -> Answer<Response> {
    let is_table = filter.wants_table(&headers)?;
    let query = filter.query()?;
    if is_table {
        return Ok(as_table(app, query));
    }
    let page = app.store.directory(query).await?;
    let now = app.now();
    let offices = page.offices.into_iter().map(|office| entry(office, now)).collect();
    let next = page.next.map(|number| number.to_string());
    Ok(Json(OfficeEntries { offices, next }).into_response())
}

async fn show(
    State(app): State<Arc<App>>,
    Head(Path(number)): Head<Path<String>>,
) -> Answer<Json<OfficeEntry>> {
    let office = app.store.office(parsed(&number)?).await?.ok_or(ProblemKind::NotFound)?;
    Ok(Json(entry(office, app.now())))
}

async fn register(
    State(app): State<Arc<App>>,
    Head(Path(number)): Head<Path<String>>,
    JsonBody(change): JsonBody<OfficeChange>,
) -> Answer<Json<OfficeEntry>> {
    let number = parsed(&number)?;
    if [&change.name]
        .into_iter()
        .chain(&change.versions)
        .any(|text| text.contains(char::is_control))
    {
        return Err(ProblemKind::RequestMalformed.into());
    }
    let prefecture = match change.prefecture.as_deref() {
        None => Prefecture::of(number),
        Some(text) => Some(text.parse().map_err(|error| {
            Problem::new(ProblemKind::RequestMalformed).with_detail(format!("{error}"))
        })?),
    };
    let OfficeChange { name, kinds, versions, .. } = change;
    let wanted = Office { number, name, kinds, prefecture, versions, licence: None };
    let office = app.store.enter(wanted).await?;
    tracing::info!(office = %number, "an office was registered");
    Ok(Json(entry(office, app.now())))
}

async fn remove(
    State(app): State<Arc<App>>,
    Head(Path(number)): Head<Path<String>>,
) -> Answer<StatusCode> {
    let office = app.store.remove_office(parsed(&number)?).await?;
    tracing::info!(office = %office.number, "an office was removed");
    Ok(StatusCode::NO_CONTENT)
}

async fn licence(
    State(app): State<Arc<App>>,
    Head(Path(number)): Head<Path<String>>,
) -> Answer<Json<Licence>> {
    let office = app.store.office(parsed(&number)?).await?.ok_or(ProblemKind::NotFound)?;
    Ok(Json(licence_of(&office, app.now())))
}

async fn change_licence(
    State(app): State<Arc<App>>,
    Head(Path(number)): Head<Path<String>>,
    JsonBody(change): JsonBody<LicenceChange>,
) -> Answer<Json<Licence>> {
    let (number, now) = (parsed(&number)?, app.now());
    let request = match change {
        LicenceChange::Apply { applied_at: Some(at), .. } if !is_known(at) => {
            return Err(beyond_all_time());
        }
        LicenceChange::Apply { plan, applied_at, renews } => LicenceRequest::Apply {
            plan: match plan {
                Plan::Ordinary => LicencePlan::Ordinary,
                Plan::FreePass => LicencePlan::FreePass,
            },
            at: applied_at.unwrap_or(now),
            renews,
        },
        LicenceChange::Renew => LicenceRequest::Renew,
        LicenceChange::Stop => LicenceRequest::Stop,
        LicenceChange::Resume => LicenceRequest::Resume,
        LicenceChange::Expire => LicenceRequest::Expire,
    };
    let office = app.store.change_licence(number, request, now).await?;
    tracing::info!(office = %number, ?request, "a licence was changed");
    Ok(Json(licence_of(&office, now)))
}

fn parsed(number: &str) -> Answer<OfficeNumber> {
    number.parse().map_err(|_| ProblemKind::NotFound.into())
}

fn entry(office: Office, now: OffsetDateTime) -> OfficeEntry {
    OfficeEntry {
        licence: licence_of(&office, now),
        office: office.number,
        name: office.name,
        kinds: office.kinds,
        prefecture: office.prefecture.map(|prefecture| prefecture.to_string()),
        versions: office.versions,
    }
}

fn licence_of(office: &Office, now: OffsetDateTime) -> Licence {
    let (state, until) = wire::licence(office.licence(now));
    let known = office.licence;
    let plan = known.map(|licence| licence.plan(now));
    Licence {
        state,
        applied_at: known.and_then(|licence| licence.applied_at),
        until,
        renews: known.is_some_and(|licence| licence.renews),
        plan: plan.map(|plan| match plan {
            LicencePlan::Ordinary => Plan::Ordinary,
            LicencePlan::FreePass => Plan::FreePass,
        }),
        yen: plan.map(LicencePlan::yen),
        free_pass_used: known.is_some_and(|licence| licence.free_pass_at.is_some()),
    }
}
