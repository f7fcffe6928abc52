//! The stack's clock: what it tells, and setting, stepping and freezing it.

use std::sync::Arc;

use axum::{Json, Router, extract::State, routing::get};
use careplan_protocol::{
    Clock, Problem, ProblemKind,
    admin::{ClockChange, ClockState},
};
use time::{Duration, OffsetDateTime};

use crate::{
    http::{Answer, App, JsonBody},
    keeping,
    problems::Rejection,
};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/admin/clock", get(show).put(change))
}

async fn show(State(app): State<Arc<App>>) -> Json<ClockState> {
    Json(state(&app.clock))
}

/// All that is asked for happens, or nothing.
async fn change(
    State(app): State<Arc<App>>,
    JsonBody(change): JsonBody<ClockChange>,
) -> Answer<Json<ClockState>> {
    if !is_possible(&change, app.clock.now()) {
        return Err(beyond_all_time());
    }
    // The same on a clock beside: what cannot be noted does not happen.
    let clock = Clock::system();
    clock.set_mode(app.clock.mode());
    if let Some(moment) = change.set {
        clock.set(moment);
    }
    if let Some(seconds) = change.step_seconds {
        clock.step(Duration::seconds(seconds));
    }
    match change.frozen {
        Some(true) => clock.freeze(),
        Some(false) => clock.thaw(),
        None => {}
    }
    keeping::set_clock(&app, clock.mode()).await?;
    let state = state(&app.clock);
    tracing::info!(now = %state.now, frozen = state.frozen, "the clock was changed");
    Ok(Json(state))
}

/// Whether the clock stays in its time all the way.
fn is_possible(change: &ClockChange, now: OffsetDateTime) -> bool {
    let start = change.set.unwrap_or(now);
    let end = start.checked_add(Duration::seconds(change.step_seconds.unwrap_or(0)));
    is_known(start) && end.is_some_and(is_known)
}

/// Whether the clock ever tells this moment.
pub(super) fn is_known(moment: OffsetDateTime) -> bool {
    (Clock::EARLIEST..=Clock::LATEST).contains(&moment)
}

/// What is answered to a moment that the clock never tells.
pub(super) fn beyond_all_time() -> Rejection {
    let detail = format!("{} – {}", Clock::EARLIEST.year(), Clock::LATEST.year());
    Problem::new(ProblemKind::RequestMalformed).with_detail(detail).into()
}

fn state(clock: &Clock) -> ClockState {
    ClockState { now: clock.now(), frozen: clock.is_frozen() }
}
