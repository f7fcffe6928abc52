//! How long things are kept, by the clock.
//!
//! What a terminal has confirmed is kept for a while and then removed: files, message, remarks and
//! notices go, and only what makes a repetition known stays. What nobody fetched is never removed in
//! silence: after a longer term it is given up, which its sender sees and is told, and removed when
//! it has stood in the sender's list for a while.

use time::{Duration, OffsetDateTime};

use crate::{Change, DeliveryState, Standing};

/// How long a hub keeps things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// What is over: after the receipt, or after it was given up.
    pub fetched: Duration,
    /// What nobody fetched, after its arrival.
    pub unfetched: Duration,
}

/// How much a sweep has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Sendings removed.
    pub removed: usize,
    /// Deliveries given up.
    pub undelivered: usize,
}

impl Retention {
    /// What was over then or before may go now.
    pub fn over_until(&self, now: OffsetDateTime) -> OffsetDateTime {
        before(now, self.fetched)
    }

    /// What arrived then or before, and is not fetched, may be given up now.
    pub fn arrived_until(&self, now: OffsetDateTime) -> OffsetDateTime {
        before(now, self.unfetched)
    }

    fn fate(&self, standing: &Standing, now: OffsetDateTime) -> Option<Fate> {
        match &standing.state {
            DeliveryState::Fetched { at, .. } | DeliveryState::Undelivered { at } => {
                (*at <= self.over_until(now)).then_some(Fate::Remove)
            }
            DeliveryState::Waiting | DeliveryState::Claimed { .. } => {
                (standing.submitted_at <= self.arrived_until(now)).then_some(Fate::GiveUp)
            }
        }
    }
}

/// A term that reaches back before all time lets nothing go.
fn before(now: OffsetDateTime, term: Duration) -> OffsetDateTime {
    now.checked_sub(term).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

enum Fate {
    Remove,
    GiveUp,
}

/// What to do now with sendings that are still kept.
pub fn sweep(kept: &[Standing], retention: &Retention, now: OffsetDateTime) -> Vec<Change> {
    let change = |standing: &Standing| {
        let delivery = standing.delivery.clone();
        Some(match retention.fate(standing, now)? {
            Fate::Remove => Change::Remove { delivery, at: now },
            Fate::GiveUp => Change::GiveUp { delivery, at: now },
        })
    };
    kept.iter().filter_map(change).collect()
}

impl Swept {
    /// What these changes come to.
    pub fn of(changes: &[Change]) -> Self {
        let count = |is: fn(&Change) -> bool| changes.iter().filter(|change| is(change)).count();
        Self {
            removed: count(|change| matches!(change, Change::Remove { .. })),
            undelivered: count(|change| matches!(change, Change::GiveUp { .. })),
        }
    }
}
