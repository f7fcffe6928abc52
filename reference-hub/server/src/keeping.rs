//! How long things last, and putting away what has lasted long enough.

use std::{sync::Arc, time::Duration as Wait};

use careplan_protocol::{Clock, ClockMode};
use hub_relay::{Retention, Swept};
use hub_store::{Failure, Fault, Store};
use time::Duration;

use crate::http::App;

/// How often the hub looks for what has been kept long enough.
const SWEEP_EVERY: Wait = Wait::from_secs(10 * 60);

/// How long things last at a hub, by its clock. The figures are ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keeping {
    /// A claim in `plus`, unless a fetch renews it.
    pub lease: Duration,
    /// Files, message and entry of a delivery after its receipt, or after it was given up.
    pub fetched: Duration,
    /// A delivery that nobody fetches, after its arrival; then it is given up, and its sender told.
    pub unfetched: Duration,
}

impl Default for Keeping {
    /// Half an hour for a claim; 90 days after the receipt; 180 days for what nobody fetches.
    fn default() -> Self {
        Self {
            lease: Duration::minutes(30),
            fetched: Duration::days(90),
            unfetched: Duration::days(180),
        }
    }
}

/// Puts away all that has been kept long enough; when this fails, what was put away stays so.
pub(crate) async fn sweep(app: &App) -> Result<Swept, Failure> {
    let Keeping { fetched, unfetched, .. } = app.keeping;
    let retention = Retention { fetched, unfetched };
    let mut swept = Swept::default();
    loop {
        let part = app.store.sweep(retention, app.now()).await?;
        if part == Swept::default() {
            return Ok(swept);
        }
        swept.removed += part.removed;
        swept.undelivered += part.undelivered;
    }
}

/// Tells the time as it was last noted in the store: by a hub before this one, or by another on the
/// same database. What is kept was dated by that clock, and by no other may it be put away.
pub(crate) async fn follow_clock(store: &dyn Store, clock: &Clock) -> Result<(), Failure> {
    let before = clock.mode();
    let Some(note) = store.clock().await? else { return Ok(()) };
    let mode = serde_json::from_str(&note)
        .map_err(|error| Fault::Damaged(format!("the clock cannot be read: {error}")))?;
    if mode != before {
        clock.set_mode(mode);
        tracing::warn!(now = %clock.now(), "the clock is as it was set before");
    }
    Ok(())
}

/// Notes how the clock shall tell the time, and has it do so.
pub(crate) async fn set_clock(app: &App, mode: ClockMode) -> Result<(), Failure> {
    let note = serde_json::to_string(&mode).map_err(|error| Fault::Failed(error.to_string()))?;
    app.store.set_clock(note).await?;
    app.clock.set_mode(mode);
    Ok(())
}

async fn follow_and_sweep(app: &App) -> Result<Swept, Failure> {
    follow_clock(&*app.store, &app.clock).await?;
    sweep(app).await
}

/// Puts away now and then, for as long as it is polled.
pub(crate) async fn keep_tidy(app: Arc<App>) {
    loop {
        match follow_and_sweep(&app).await {
            Ok(swept) if swept == Swept::default() => {}
            Ok(Swept { removed, undelivered }) => {
                tracing::info!(removed, undelivered, "put away what was kept long enough");
            }
            Err(failure) => {
                tracing::error!(?failure, "could not put away what was kept long enough");
            }
        }
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}
