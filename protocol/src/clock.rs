//! The one clock, as a seam: whoever needs the time is handed a `Clock`.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use time::{Duration, OffsetDateTime};

/// The time of the stack. Clones are the same clock: setting one sets all.
///
/// It runs with the machine's clock, at a distance that can be changed, so that any day can be
/// today. Certificates, sessions, licences and retention all follow it.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead_milliseconds: Arc<AtomicI64>,
}

impl Clock {
    /// The machine's own time, until it is set.
    pub fn system() -> Self {
        Self::default()
    }

    /// What time it is, UTC.
    pub fn now(&self) -> OffsetDateTime {
        machine_time() + Duration::milliseconds(self.ahead_milliseconds.load(Ordering::SeqCst))
    }

    /// Makes it this time now; the clock runs on from there.
    pub fn set(&self, now: OffsetDateTime) {
        let ahead = (now - machine_time()).whole_milliseconds();
        self.ahead_milliseconds.store(i64::try_from(ahead).unwrap_or(0), Ordering::SeqCst);
    }

    /// Moves the clock on, or back.
    pub fn step(&self, by: Duration) {
        let by = i64::try_from(by.whole_milliseconds()).unwrap_or(0);
        self.ahead_milliseconds.fetch_add(by, Ordering::SeqCst);
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
fn machine_time() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn clones_are_one_clock() {
        let clock = Clock::system();
        let same = clock.clone();
        clock.set(datetime!(2025-04-01 00:00 UTC));
        let seen = same.now() - datetime!(2025-04-01 00:00 UTC);
        assert!(seen < Duration::minutes(1), "{seen}");
        same.step(Duration::days(365));
        assert_eq!(clock.now().year(), 2026);
    }
}
