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

    /// How long to wait after the attempt of this number that failed for a reason that may pass;
    /// none if there is no further attempt. What the other side asks for is waited for in full, with
    /// an own wait on top, so that those who are told the same do not come back together.
    pub fn wait_before_next(
        &self,
        attempt: u32,
        asked: Option<Duration>,
        share: f64,
    ) -> Option<Duration> {
        let asked = asked.unwrap_or_default();
        let is_over = self.attempts_max <= attempt || self.wait_max < asked;
        (!is_over).then(|| asked + self.wait_after(attempt, share))
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
    use std::collections::BTreeSet;

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
    fn a_hub_that_asks_for_time_gets_it_and_no_crowd_afterwards() {
        let patience = Patience::default();
        let asked = Some(Duration::from_secs(3));
        let waits: BTreeSet<_> = (0..100_u32)
            .filter_map(|terminal| patience.wait_before_next(2, asked, f64::from(terminal) / 100.0))
            .collect();
        assert_eq!(waits.len(), 100, "a hundred terminals come back at a hundred moments");
        assert!(waits.iter().all(|wait| Duration::from_secs(3) < *wait), "none too early");
        let (first, last) = (waits.first().expect("one"), waits.last().expect("one"));
        assert!(Duration::from_millis(200) < *last - *first, "{first:?} to {last:?}");
    }

    #[test]
    fn trying_ends_after_so_many_attempts_or_when_the_hub_asks_for_too_long() {
        let patience = Patience::default();
        let wait = |attempt, seconds| {
            patience.wait_before_next(attempt, Some(Duration::from_secs(seconds)), 0.5)
        };
        assert!(wait(1, 0).is_some() && wait(4, 10).is_some());
        assert_eq!((wait(5, 0), wait(1, 11)), (None, None));
    }

    #[test]
    fn a_large_sending_gets_more_time() {
        let patience = Patience::default();
        let extra = patience.attempt_max(64 * 1024) - patience.attempt_max(0);
        assert_eq!(extra, Duration::from_secs(2));
    }
}
