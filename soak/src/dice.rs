//! Chance, from one seed: whoever needs it shares one stream, so that a run can be repeated.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// A stream of choices. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Dice(Arc<Mutex<ChaCha8Rng>>);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(ChaCha8Rng::seed_from_u64(seed))))
    }

    /// A number from 0 up to, not including, `limit`, which is not 0.
    pub(crate) fn below(&self, limit: u64) -> u64 {
        let scaled = u128::from(self.stream().next_u64()) * u128::from(limit);
        u64::try_from(scaled >> 64).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// A place in a list of `count`, which is not 0.
    pub(crate) fn place(&self, count: usize) -> usize {
        usize::try_from(self.below(count as u64)).unwrap_or(0)
    }

    /// Whether something happens that happens so many times in a thousand.
    pub(crate) fn happens(&self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// Random bytes.
    pub(crate) fn fill(&self, bytes: &mut [u8]) {
        self.stream().fill_bytes(bytes);
    }

    /// 32 characters, hexadecimal.
    pub(crate) fn name(&self) -> String {
        let mut bits = [0; 16];
        self.fill(&mut bits);
        bits.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn stream(&self) -> MutexGuard<'_, ChaCha8Rng> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
