//! Seeded choices, the same on every machine: SplitMix64 (Steele, Lea and Flood, 2014), which is a
//! few arithmetic operations of fixed meaning and fast enough for gigabytes.

/// What the choices are about. Each topic has a stream of its own, so that a new choice in one does
/// not move those of another.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Topic {
    Person = 1,
    Texts = 2,
    Faults = 3,
}

/// A stream of choices.
pub(crate) struct Dice(u64);

impl Dice {
    /// The stream of one seed, topic and place: a person's place in the file.
    pub(crate) fn new(seed: u64, topic: Topic, place: u64) -> Self {
        let mut dice = Self(seed);
        dice.0 = dice.next() ^ topic as u64;
        dice.0 = dice.next() ^ place;
        dice.0 = dice.next();
        dice
    }

    /// A number from 0 up to, not including, `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let scaled = u128::from(self.next()) * limit as u128;
        usize::try_from(scaled >> 64).unwrap_or(0)
    }

    /// One of several. `from` is never empty.
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// Whether something happens that happens so many times in a hundred.
    pub(crate) fn happens(&mut self, percent: u8) -> bool {
        self.below(100) < usize::from(percent)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        // The first numbers of SplitMix64 for the state 1234567.
        let mut dice = Dice(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| dice.next()).collect();
        assert_eq!(
            first,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn topics_and_places_do_not_share_a_stream() {
        let rolls = |topic, place| {
            let mut dice = Dice::new(7, topic, place);
            (0..8).map(|_| dice.below(1_000_000)).collect::<Vec<_>>()
        };
        assert_ne!(rolls(Topic::Person, 1), rolls(Topic::Texts, 1));
        assert_ne!(rolls(Topic::Person, 1), rolls(Topic::Person, 2));
        assert_eq!(rolls(Topic::Faults, 3), rolls(Topic::Faults, 3));
    }
}
