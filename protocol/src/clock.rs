//! The one clock, as a seam: whoever needs the time is handed a `Clock`.

use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime, macros::datetime};

/// The time of the stack. Clones are the same clock: setting one sets all.
///
/// It runs with the machine's clock, at a distance that can be changed, so that any day can be
/// today; or it is frozen, and always tells the same moment. Certificates, sessions, licences,
/// passwords and retention all follow it. It never leaves [`Clock::EARLIEST`] to
/// [`Clock::LATEST`]: whoever asks for more gets the nearer of the two.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    mode: Arc<RwLock<ClockMode>>,
}

/// How a clock tells the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClockMode {
    /// It runs, at this distance from the machine's clock.
    Running {
        /// How far it is ahead; negative if it is behind.
        ahead: Duration,
    },
    /// It stands.
    Frozen {
        /// At this moment.
        at: OffsetDateTime,
    },
}

impl Default for ClockMode {
    /// The machine's own time.
    fn default() -> Self {
        Self::Running { ahead: Duration::ZERO }
    }
}

impl Clock {
    /// The first moment that a clock can tell: where the time of certificates begins.
    pub const EARLIEST: OffsetDateTime = datetime!(1970-01-01 00:00 UTC);
    /// The last moment that a clock can be set to: what is valid from then on still ends in a year
    /// of four digits.
    pub const LATEST: OffsetDateTime = datetime!(9000-01-01 00:00 UTC);

    /// The machine's own time, until it is set.
    pub fn system() -> Self {
        Self::default()
    }

    /// What time it is, UTC.
    pub fn now(&self) -> OffsetDateTime {
        self.mode().now()
    }

    /// Makes it this time now. A running clock runs on from there, a frozen one stands there.
    pub fn set(&self, now: OffsetDateTime) {
        self.change(|mode| mode.moved_to(now));
    }

    /// Moves the clock on, or back.
    pub fn step(&self, by: Duration) {
        self.change(|mode| mode.moved_to(mode.now().saturating_add(by)));
    }

    /// Stops the clock at this moment, until it is thawed. A frozen clock stays as it is.
    pub fn freeze(&self) {
        self.change(|mode| ClockMode::Frozen { at: mode.now() });
    }

    /// Lets a frozen clock run on from where it stands. A running clock stays as it is.
    pub fn thaw(&self) {
        self.change(|mode| match mode {
            ClockMode::Frozen { at } => ClockMode::Running { ahead: at - machine_time() },
            running @ ClockMode::Running { .. } => running,
        });
    }

    /// Whether it stands.
    pub fn is_frozen(&self) -> bool {
        matches!(self.mode(), ClockMode::Frozen { .. })
    }

    /// How it tells the time, for whoever wants to bring it back later.
    pub fn mode(&self) -> ClockMode {
        *self.mode.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the time in this way from now on.
    pub fn set_mode(&self, mode: ClockMode) {
        self.change(|_| mode);
    }

    /// One change at a time, so that no two are mixed.
    fn change(&self, next: impl FnOnce(ClockMode) -> ClockMode) {
        let mut mode = self.mode.write().unwrap_or_else(PoisonError::into_inner);
        *mode = next(*mode);
    }
}

impl ClockMode {
    fn now(self) -> OffsetDateTime {
        match self {
            Self::Running { ahead } => machine_time().saturating_add(ahead),
            Self::Frozen { at } => at,
        }
    }

    fn moved_to(self, now: OffsetDateTime) -> Self {
        let now = now.to_offset(time::UtcOffset::UTC).clamp(Clock::EARLIEST, Clock::LATEST);
        match self {
            Self::Running { .. } => Self::Running { ahead: now - machine_time() },
            Self::Frozen { .. } => Self::Frozen { at: now },
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
fn machine_time() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPRING: OffsetDateTime = datetime!(2025-04-01 00:00 UTC);

    #[test]
    fn clones_are_one_clock() {
        let clock = Clock::system();
        let same = clock.clone();
        clock.set(SPRING);
        let seen = same.now() - SPRING;
        assert!(seen < Duration::minutes(1), "{seen}");
        same.step(Duration::days(365));
        assert_eq!(clock.now().year(), 2026);
    }

    #[test]
    fn a_frozen_clock_stands_and_a_thawed_one_runs_on_from_there() {
        let clock = Clock::system();
        clock.set(SPRING);
        clock.freeze();
        let stands = clock.now();
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert_eq!(clock.now(), stands);
        clock.step(Duration::hours(1));
        assert_eq!(clock.now(), stands + Duration::hours(1), "it can be moved and still stands");
        clock.thaw();
        std::thread::sleep(std::time::Duration::from_millis(5));
        let ran = clock.now() - (stands + Duration::hours(1));
        assert!(Duration::ZERO < ran && ran < Duration::minutes(1), "{ran}");
    }

    #[test]
    fn a_mode_brings_the_clock_back() {
        let clock = Clock::system();
        clock.freeze();
        let (mode, then) = (clock.mode(), clock.now());
        clock.thaw();
        clock.step(Duration::days(1));
        clock.set_mode(mode);
        assert_eq!(clock.now(), then);
    }

    #[test]
    fn no_step_leaves_the_time_that_there_is() {
        let clock = Clock::system();
        clock.freeze();
        clock.step(Duration::MAX);
        assert_eq!(clock.now(), Clock::LATEST);
        clock.step(Duration::MIN);
        assert_eq!(clock.now(), Clock::EARLIEST);
    }
}
