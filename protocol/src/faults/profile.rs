//! Profiles: faults that are armed together.

use serde::{Deserialize, Serialize};

use super::{Arming, FaultKind, FaultSchedule};

/// A named set of armed faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FaultProfile {
    /// None.
    #[default]
    Quiet,
    /// A few per cent of small trouble, as on an ordinary day.
    Realistic,
    /// Everything, now and then.
    Hostile,
}

/// Small trouble, with the chance of each.
const REALISTIC: &[(FaultKind, f64)] = &[
    (FaultKind::Refuse429, 0.005),
    (FaultKind::Refuse503, 0.01),
    (FaultKind::Gateway502, 0.005),
    (FaultKind::RequestStall, 0.01),
    (FaultKind::RequestDrop, 0.01),
    (FaultKind::UploadCut, 0.01),
    (FaultKind::AnswerLost, 0.01),
    (FaultKind::AnswerLate, 0.02),
    (FaultKind::AnswerCut, 0.005),
    (FaultKind::SessionLost, 0.005),
    (FaultKind::KeepAliveOff, 0.05),
    (FaultKind::HandshakeSlow, 0.02),
    (FaultKind::HandshakeCut, 0.01),
    (FaultKind::CaLoginSlow, 0.05),
];

/// How often a hostile hub does each thing.
const HOSTILE_CHANCE: f64 = 0.02;

/// How long the faults of a profile hold up, in milliseconds.
const WAIT_MS: u64 = 200;

impl FaultProfile {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Quiet, Self::Realistic, Self::Hostile];

    /// The word for arguments and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Realistic => "realistic",
            Self::Hostile => "hostile",
        }
    }

    /// The profile of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.word() == word)
    }

    /// What it arms. Each fault has a seed of its own, so that they do not fire together.
    pub fn armings(self, seed: u64) -> Vec<Arming> {
        let chances: Vec<(FaultKind, f64)> = match self {
            Self::Quiet => Vec::new(),
            Self::Realistic => REALISTIC.to_vec(),
            Self::Hostile => FaultKind::all().map(|kind| (kind, HOSTILE_CHANCE)).collect(),
        };
        let arm = |(kind, chance)| Arming {
            schedule: FaultSchedule::Chance(chance),
            // Far apart for neighbouring seeds, too.
            seed: seed.wrapping_mul(1009).wrapping_add(kind as u64),
            wait_ms: WAIT_MS,
            ..Arming::new(kind)
        };
        chances.into_iter().map(arm).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn quiet_is_nothing_and_hostile_is_everything() {
        assert!(FaultProfile::default().armings(1).is_empty());
        let hostile = FaultProfile::Hostile.armings(1);
        let kinds: BTreeSet<_> = hostile.iter().map(|arming| arming.fault).collect();
        assert_eq!(kinds, FaultKind::all().collect());
    }

    #[test]
    fn what_a_profile_arms_can_act() {
        for profile in FaultProfile::ALL {
            assert_eq!(FaultProfile::from_word(profile.word()), Some(profile));
            for arming in profile.armings(7) {
                assert_eq!(arming.check(), Ok(()), "{}", arming.fault);
            }
        }
    }
}
