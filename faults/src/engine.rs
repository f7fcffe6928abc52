//! What is armed in a running service, and what fired.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use careplan_protocol::{
    Clock,
    faults::{Arming, ArmingError, FaultFired, FaultKind, FaultsArmed, FaultsFired, FaultsWanted},
};

use crate::{Arsenal, Facts, Shot};

/// How many of the faults that fired are kept.
const FIRED_MAX: usize = 1000;

/// The faults of a service. Clones are the same faults.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// Whether anything is armed: all that a request looks at on an ordinary day.
    is_armed: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    arsenal: Arsenal,
    replay: String,
    start: Load,
    fired: VecDeque<FaultFired>,
    total: u64,
    counts: BTreeMap<FaultKind, u64>,
}

/// What is armed in one go, and the line that does it again.
#[derive(Debug, Clone, Default)]
struct Load {
    armings: Vec<Arming>,
    replay: String,
}

impl Faults {
    /// Nothing armed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether nothing is armed.
    pub fn is_quiet(&self) -> bool {
        !self.shared.is_armed.load(Ordering::Relaxed)
    }

    /// Arms one more fault, and says its number.
    ///
    /// # Errors
    /// It could never act.
    pub fn arm(&self, arming: Arming) -> Result<u64, ArmingError> {
        arming.check()?;
        Ok(self.change(|state| {
            state.replay.clear();
            state.arsenal.arm(arming)
        }))
    }

    /// Arms this in the place of all that is armed.
    ///
    /// # Errors
    /// One of them could never act; everything is as it was.
    pub fn replace(&self, wanted: &FaultsWanted) -> Result<(), ArmingError> {
        self.fill(Load::of(wanted)?);
        Ok(())
    }

    /// Does the same for a service that starts: a reset comes back to it.
    ///
    /// # Errors
    /// As [`Faults::replace`].
    pub fn start_with(&self, wanted: &FaultsWanted) -> Result<(), ArmingError> {
        let load = Load::of(wanted)?;
        self.lock().start = load.clone();
        self.fill(load);
        Ok(())
    }

    /// Arms what the service was started with, anew, in the place of all that is armed.
    pub fn reset(&self) {
        let start = self.lock().start.clone();
        self.fill(start);
    }

    /// Arms what was armed at another moment, with the counters of that moment, so that what is
    /// due and what is left to chance goes on from there.
    pub fn rearm(&self, armed: FaultsArmed) {
        self.change(|state| {
            state.arsenal.rearm(armed.armed);
            state.replay = armed.replay;
        });
    }

    /// Disarms one; whether there was one of this number.
    pub fn disarm(&self, number: u64) -> bool {
        self.change(|state| state.arsenal.disarm(number))
    }

    /// Disarms all.
    pub fn disarm_all(&self) {
        self.fill(Load::default());
    }

    /// What is armed.
    pub fn armed(&self) -> FaultsArmed {
        let state = self.lock();
        FaultsArmed { replay: state.replay.clone(), armed: state.arsenal.armed().to_vec() }
    }

    /// What fired after this sequence number, as far as it is kept.
    pub fn fired(&self, after: u64) -> FaultsFired {
        let state = self.lock();
        let fired = state.fired.iter().filter(|fired| after < fired.sequence).cloned().collect();
        FaultsFired { total: state.total, fired }
    }

    /// How often each fault that ever fired did so.
    pub fn counts(&self) -> BTreeMap<FaultKind, u64> {
        self.lock().counts.clone()
    }

    /// Whether a fault is armed for one terminal, so that it is worth finding out who asks.
    pub fn is_about_terminals(&self) -> bool {
        let state = self.lock();
        state.arsenal.armed().iter().any(|armed| armed.arming.scope.terminal.is_some())
    }

    /// The fault that fires now, which is noted.
    pub fn strike(&self, facts: &Facts<'_>, clock: &Clock) -> Option<Shot> {
        if self.is_quiet() {
            return None;
        }
        let shot = self.change(|state| {
            let shot = state.arsenal.decide(facts)?;
            state.note(&shot, facts, clock);
            Some(shot)
        })?;
        tracing::info!(
            fault = shot.arming.fault.id(),
            number = shot.number,
            operation = facts.operation.word(),
            "a fault that was armed fires"
        );
        Some(shot)
    }

    fn fill(&self, load: Load) {
        self.change(|state| {
            state.arsenal.disarm_all();
            for arming in load.armings {
                state.arsenal.arm(arming);
            }
            state.replay = load.replay;
        });
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let outcome = change(&mut state);
        let is_armed = !state.arsenal.armed().is_empty();
        self.shared.is_armed.store(is_armed, Ordering::Relaxed);
        outcome
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Counters and lists are whole even if somebody panicked while holding them.
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Load {
    fn of(wanted: &FaultsWanted) -> Result<Self, ArmingError> {
        Ok(Self { armings: wanted.armings()?, replay: wanted.replay() })
    }
}

impl State {
    fn note(&mut self, shot: &Shot, facts: &Facts<'_>, clock: &Clock) {
        self.total += 1;
        *self.counts.entry(shot.arming.fault).or_default() += 1;
        if self.fired.len() == FIRED_MAX {
            self.fired.pop_front();
        }
        self.fired.push_back(FaultFired {
            sequence: self.total,
            at: clock.now(),
            fault: shot.arming.fault,
            number: shot.number,
            operation: facts.operation,
            office: facts.office,
            terminal: facts.terminal.clone(),
        });
    }
}

#[cfg(test)]
mod tests {
    use careplan_protocol::faults::{FaultOperation, FaultProfile, FaultSchedule, FaultService};

    use super::*;

    fn connect() -> Facts<'static> {
        let (service, operation) = (FaultService::Hub, FaultOperation::Connect);
        Facts { service, operation, office: None, terminal: None, file: None }
    }

    #[test]
    fn what_fired_is_kept_in_its_order_and_counted() {
        let (faults, clock) = (Faults::new(), Clock::system());
        let slow = Arming::new(FaultKind::HandshakeSlow).with_schedule(FaultSchedule::Next(2));
        let number = faults.arm(slow).expect("can act");
        let shots: Vec<_> = (0..3).map(|_| faults.strike(&connect(), &clock).is_some()).collect();
        assert_eq!(shots, [true, true, false]);
        assert!(faults.is_quiet(), "it is spent");
        let fired = faults.fired(1);
        assert_eq!((fired.total, fired.fired.len()), (2, 1));
        assert_eq!((fired.fired[0].sequence, fired.fired[0].number), (2, number));
        assert_eq!(faults.counts()[&FaultKind::HandshakeSlow], 2);
    }

    #[test]
    fn a_profile_takes_the_place_of_what_was_armed_and_says_how_to_replay_it() {
        let faults = Faults::new();
        let number = faults.arm(Arming::new(FaultKind::HandshakeCut)).expect("can act");
        faults.replace(&FaultsWanted::profile(FaultProfile::Hostile, 7)).expect("can act");
        assert!(!faults.disarm(number));
        assert_eq!(faults.armed().replay, "--faults hostile --seed 7");
        assert_eq!(faults.armed().armed.len(), FaultKind::all().count());
        faults.disarm_all();
        assert!(faults.is_quiet());
        assert_eq!(faults.strike(&connect(), &Clock::system()), None);
    }

    #[test]
    fn a_reset_arms_what_the_service_was_started_with() {
        let faults = Faults::new();
        let cut = Arming::new(FaultKind::HandshakeCut).with_schedule(FaultSchedule::Next(1));
        faults.start_with(&FaultsWanted::these(vec![cut])).expect("can act");
        assert!(faults.strike(&connect(), &Clock::system()).is_some());
        faults.replace(&FaultsWanted::profile(FaultProfile::Hostile, 7)).expect("can act");
        faults.reset();
        assert_eq!(faults.armed().armed.len(), 1);
        assert!(faults.strike(&connect(), &Clock::system()).is_some(), "it is not spent any more");
    }

    #[test]
    fn what_was_armed_before_goes_on_where_it_was() {
        let (faults, clock) = (Faults::new(), Clock::system());
        let third = Arming::new(FaultKind::HandshakeCut).with_schedule(FaultSchedule::Every(3));
        let number = faults.arm(third).expect("can act");
        let fires = |times| -> Vec<bool> {
            (0..times).map(|_| faults.strike(&connect(), &clock).is_some()).collect()
        };
        assert_eq!(fires(2), [false, false]);
        let then = faults.armed();
        assert_eq!(fires(2), [true, false]);
        faults.disarm_all();
        faults.rearm(then.clone());
        assert_eq!(faults.armed(), then);
        assert_eq!(fires(2), [true, false]);
        let later = faults.arm(Arming::new(FaultKind::HandshakeSlow)).expect("can act");
        assert!(number < later, "a number names one fault");
    }

    #[test]
    fn what_could_never_act_leaves_everything_as_it_was() {
        let faults = Faults::new();
        faults.arm(Arming::new(FaultKind::HandshakeCut)).expect("can act");
        let never = Arming::new(FaultKind::AnswerLost).with_schedule(FaultSchedule::Next(0));
        assert!(faults.arm(never.clone()).is_err());
        assert!(faults.replace(&FaultsWanted::these(vec![never])).is_err());
        assert_eq!(faults.armed().armed.len(), 1);
    }

    #[test]
    fn the_oldest_are_forgotten_and_the_total_is_not() {
        let (faults, clock) = (Faults::new(), Clock::system());
        faults.arm(Arming::new(FaultKind::HandshakeCut)).expect("can act");
        for _ in 0..=FIRED_MAX {
            faults.strike(&connect(), &clock).expect("always");
        }
        let fired = faults.fired(0);
        assert_eq!((fired.total, fired.fired.len()), (FIRED_MAX as u64 + 1, FIRED_MAX));
        assert_eq!(fired.fired[0].sequence, 2);
    }
}
