//! Starting anew, and going back to a moment that has a name.
//!
//! The store changes in one transaction, so that requests under way see all of it or nothing; the
//! clock and what is armed follow at once, also if whoever asked does not wait for it.

use std::sync::Arc;

use axum::{
    Extension, Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use careplan_protocol::{
    ClockMode, ProblemKind, SnapshotName,
    admin::{Snapshot, Snapshots},
    faults::FaultsArmed,
};
use hub_relay::Office;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tokio::sync::Mutex;

use crate::{
    http::{Answer, App, Head},
    keeping,
    problems::Rejection,
};

/// How the hub was when it started, for when it is to start anew.
pub(crate) struct Origin {
    pub(crate) offices: Vec<Office>,
    pub(crate) clock: ClockMode,
}

/// One request at a time, so that store, clock and faults are of one moment.
type Turn = Arc<Mutex<Origin>>;

/// What a snapshot holds beside the store.
#[derive(Serialize, Deserialize)]
struct Note {
    taken_at: OffsetDateTime,
    clock: ClockMode,
    #[serde(default)]
    faults: FaultsArmed,
}

pub(super) fn routes(origin: Origin) -> Router<Arc<App>> {
    Router::new()
        .route("/admin/reset", post(reset))
        .route("/admin/snapshots", get(list))
        .route("/admin/snapshots/{name}", get(one).put(save).delete(forget))
        .route("/admin/snapshots/{name}/restore", post(restore))
        .layer(Extension(Turn::new(Mutex::new(origin))))
}

async fn reset(
    State(app): State<Arc<App>>,
    Extension(turn): Extension<Turn>,
) -> Answer<StatusCode> {
    wholly(async move {
        let origin = turn.lock().await;
        app.store.reset(origin.offices.clone()).await?;
        app.clock.set_mode(origin.clock);
        app.faults.reset();
        tracing::info!("the hub was reset");
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Does all of it, even if the connection of whoever asked ends meanwhile.
async fn wholly<T: Send + 'static>(
    change: impl Future<Output = Answer<T>> + Send + 'static,
) -> Answer<T> {
    tokio::spawn(change).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a change of the whole hub ended early");
        Err(ProblemKind::Internal.into())
    })
}

async fn list(State(app): State<Arc<App>>) -> Answer<Json<Snapshots>> {
    let snapshots = app.store.snapshots().await?;
    let snapshots = snapshots.iter().map(read).collect::<Answer<Vec<_>>>()?;
    let snapshots = snapshots.into_iter().map(|(snapshot, _)| snapshot).collect();
    Ok(Json(Snapshots { snapshots }))
}

async fn one(
    State(app): State<Arc<App>>,
    Head(Path(name)): Head<Path<SnapshotName>>,
) -> Answer<Json<Snapshot>> {
    let (snapshot, _) = find(&app, &name).await?;
    Ok(Json(snapshot))
}

async fn find(app: &App, name: &SnapshotName) -> Answer<(Snapshot, Note)> {
    let snapshots = app.store.snapshots().await?;
    let found = snapshots.iter().find(|found| found.name == name.as_str());
    read(found.ok_or(ProblemKind::NotFound)?)
}

async fn save(
    State(app): State<Arc<App>>,
    Extension(turn): Extension<Turn>,
    Head(Path(name)): Head<Path<SnapshotName>>,
) -> Answer<Json<Snapshot>> {
    let _turn = turn.lock().await;
    let note = Note { taken_at: app.now(), clock: app.clock.mode(), faults: app.faults.armed() };
    let text = serde_json::to_string(&note).map_err(|error| unreadable(&error))?;
    app.store.save(hub_store::Snapshot { name: name.to_string(), note: text }).await?;
    tracing::info!(%name, "a snapshot was taken");
    Ok(Json(Snapshot { name, taken_at: note.taken_at }))
}

async fn forget(
    State(app): State<Arc<App>>,
    Extension(turn): Extension<Turn>,
    Head(Path(name)): Head<Path<SnapshotName>>,
) -> Answer<StatusCode> {
    let _turn = turn.lock().await;
    match app.store.forget(name.to_string()).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(ProblemKind::NotFound.into()),
    }
}

async fn restore(
    State(app): State<Arc<App>>,
    Extension(turn): Extension<Turn>,
    Head(Path(name)): Head<Path<SnapshotName>>,
) -> Answer<Json<Snapshot>> {
    wholly(async move {
        let _turn = turn.lock().await;
        // One whose note cannot be read must not replace anything.
        let (snapshot, note) = find(&app, &name).await?;
        app.store.restore(name.to_string()).await?.ok_or(ProblemKind::NotFound)?;
        keeping::set_clock(&app, note.clock).await?;
        app.faults.rearm(note.faults);
        tracing::info!(%name, "a snapshot is in force");
        Ok(Json(snapshot))
    })
    .await
}

fn read(stored: &hub_store::Snapshot) -> Answer<(Snapshot, Note)> {
    let note: Note = serde_json::from_str(&stored.note).map_err(|error| unreadable(&error))?;
    let name = SnapshotName::parse(&stored.name)?;
    Ok((Snapshot { name, taken_at: note.taken_at }, note))
}

fn unreadable(error: &serde_json::Error) -> Rejection {
    tracing::error!(%error, "the note of a snapshot cannot be read or written");
    ProblemKind::Internal.into()
}
