//! What a terminal stands on: the time, who watches, and how long it tries.

use std::{fmt, sync::Arc, time::Duration};

use careplan_protocol::{Clock, Lang, hub::SLOWEST_BYTES_PER_SECOND};

use crate::exchange::{Observer, Silent};

/// How long a request is tried again, and how long one attempt may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Attempts in all, the first included.
    pub attempts_max: u32,
    /// The wait before the second attempt; it doubles from one attempt to the next.
    pub wait_first: Duration,
    /// The longest wait. A `Retry-After` beyond it ends the trying.
    pub wait_max: Duration,
    /// How long a connection may take to come about.
    pub connect_max: Duration,
    /// How long one attempt may take, beside the time that its bytes need at
    /// [`SLOWEST_BYTES_PER_SECOND`].
    pub answer_max: Duration,
}

impl Patience {
    /// How long to wait after the attempt of this number, counted from 1. `share` of 0 to 1 spreads
    /// the waits of many terminals between half of the full time and all of it.
    pub fn wait_after(&self, attempt: u32, share: f64) -> Duration {
        let doublings = attempt.saturating_sub(1).min(16);
        let full = self.wait_first.saturating_mul(1 << doublings).min(self.wait_max);
        full.mul_f64(0.5 + share.clamp(0.0, 1.0) / 2.0)
    }

    /// How long one attempt that carries this many bytes may take.
    pub fn attempt_max(&self, bytes: u64) -> Duration {
        self.answer_max + Duration::from_secs(bytes / SLOWEST_BYTES_PER_SECOND)
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            attempts_max: 5,
            wait_first: Duration::from_millis(250),
            wait_max: Duration::from_secs(10),
            connect_max: Duration::from_secs(10),
            answer_max: Duration::from_secs(30),
        }
    }
}

/// What a terminal stands on. The default is the machine's time, Japanese, and nobody watching.
#[derive(Clone)]
pub struct Settings {
    /// The time, for certificates and for the terminal's own lists.
    pub clock: Clock,
    /// The language of the findings in a [`CheckReport`](careplan_protocol::CheckReport).
    pub lang: Lang,
    /// Who sees exchanges, progress and waits.
    pub observer: Arc<dyn Observer>,
    /// How long a request is tried.
    pub patience: Patience,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            clock: Clock::system(),
            lang: Lang::Ja,
            observer: Arc::new(Silent),
            patience: Patience::default(),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("clock", &self.clock)
            .field("lang", &self.lang)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_are_spread() {
        let patience = Patience {
            wait_first: Duration::from_secs(1),
            wait_max: Duration::from_secs(5),
            ..Patience::default()
        };
        let whole: Vec<_> = (1..=4).map(|n| patience.wait_after(n, 1.0).as_secs()).collect();
        assert_eq!(whole, [1, 2, 4, 5]);
        assert_eq!(patience.wait_after(1, 0.0), Duration::from_millis(500));
        assert_eq!(patience.wait_after(u32::MAX, 1.0), Duration::from_secs(5), "no overflow");
    }

    #[test]
    fn a_large_sending_gets_more_time() {
        let patience = Patience::default();
        let extra = patience.attempt_max(64 * 1024) - patience.attempt_max(0);
        assert_eq!(extra, Duration::from_secs(2));
    }
}
