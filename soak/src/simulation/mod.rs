//! A seeded simulation of the hub and its terminals.
//!
//! The hub's router, operations, relay and store run as they are, in one thread; terminals are a
//! model of the reference client; time is virtual and every choice comes from one stream of ChaCha.
//! It promises that a seed gives the same log to the byte, on every machine.

mod call;
mod cast;
mod custody;
mod hub;
mod judge;
mod ledger;
mod link;
mod notices;
mod overseer;
mod quiet;
mod terminal;
mod world;

use std::{collections::BTreeMap, fmt};

use hub_relay::{Profile, Retention};
use time::Duration;
use tokio::runtime::{Builder, Runtime};

pub use overseer::Troubles;

use crate::dice::Dice;

/// Where the simulated hub keeps things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In memory, with its own way back from half an operation.
    Memory,
    /// In SQLite.
    Sqlite,
}

/// A store that is not sound, in one way, once. The simulation has to notice each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Canary {
    /// A claim is answered and not kept.
    ForgottenClaim,
    /// A receipt is answered and not kept.
    ForgottenReceipt,
    /// The last file of a sending is not kept.
    HalfASending,
    /// An operation is answered and then undone.
    AnsweredBeforeCommit,
    /// A bit of a file turns.
    ChangedByte,
    /// A sending is kept for another office.
    WrongOffice,
    /// A claim ends a year too late.
    EndlessLease,
    /// Taking back is answered and changes nothing.
    ForgottenTakeBack,
    /// A notice is left out.
    ForgottenNotice,
    /// A notice is told twice, under two numbers.
    DoubledNotice,
    /// Two notices are told in the wrong order.
    UnorderedNotices,
    /// A notice tells of something that did not happen.
    FalseNotice,
    /// The notice of a delivery that is given up is left out.
    SilentGivingUp,
    /// What was given up is claimed with what waits.
    ReturnedDelivery,
    /// What nobody fetches is given up after half of its time.
    GivenUpTooEarly,
    /// It is given up after twice its time.
    GivenUpTooLate,
    /// What is over is removed after half of its time.
    RemovedTooEarly,
    /// It is removed after twice its time.
    KeptTooLong,
}

impl Canary {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::ForgottenClaim,
        Self::ForgottenReceipt,
        Self::HalfASending,
        Self::AnsweredBeforeCommit,
        Self::ChangedByte,
        Self::WrongOffice,
        Self::EndlessLease,
        Self::ForgottenTakeBack,
        Self::ForgottenNotice,
        Self::DoubledNotice,
        Self::UnorderedNotices,
        Self::FalseNotice,
        Self::SilentGivingUp,
        Self::ReturnedDelivery,
        Self::GivenUpTooEarly,
        Self::GivenUpTooLate,
        Self::RemovedTooEarly,
        Self::KeptTooLong,
    ];
}

/// What a run is made of. Chances are per mille.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The store.
    pub place: Place,
    /// The profile.
    pub profile: Profile,
    /// How long a claim lasts in `plus`, unless a fetch renews it.
    pub lease: Duration,
    /// How long things are kept.
    pub retention: Retention,
    /// How many offices take part, 2 to 5.
    pub offices: usize,
    /// How many terminals an office has.
    pub terminals: usize,
    /// How many sendings are handed in at each terminal.
    pub sendings: u64,
    /// A request or an answer is lost.
    pub loss: u64,
    /// It takes long.
    pub delay: u64,
    /// A body is cut off.
    pub cut: u64,
    /// A request arrives twice.
    pub twice: u64,
    /// A terminal crashes at a write.
    pub terminal_crashes: u64,
    /// How often the hub loses its power.
    pub power_cuts: u64,
    /// What befalls the hub at its store.
    pub troubles: Troubles,
    /// How long it storms, in milliseconds, unless as long as ever.
    pub storm: Option<u64>,
    /// How the store is not sound.
    pub canary: Option<Canary>,
}

impl Setup {
    /// What a seed stands for: two seeds of four take each store, two each profile. In half of those
    /// of `plus` claims end while a terminal is busy, waits or is away; in the other half they outlast
    /// the run. In half of all, things are given up and removed while it lasts.
    pub fn of(seed: u64) -> Self {
        let dice = Dice::new(seed ^ 0x5EED);
        let up_to = |max: u64| if dice.happens(500) { dice.below(max + 1) } else { 0 };
        let some = |max: u64| (0..dice.below(max)).map(|_| dice.between(1, 400)).collect();
        let troubles = Troubles {
            stops: some(6),
            stops_from: dice.happens(150).then(|| dice.between(1, 400)),
            fails: some(5),
            full: dice.happens(250).then(|| {
                let from = dice.between(1, 350);
                (from, from + dice.between(1, 150))
            }),
        };
        let is_short = (seed / 4).is_multiple_of(2);
        let lease = if is_short { Duration::seconds(10) } else { Duration::days(1) };
        let retention = match (seed / 8).is_multiple_of(2) {
            true => seconds(dice.between(10, 30), dice.between(10, 30)),
            false => Retention { fetched: Duration::days(90), unfetched: Duration::days(180) },
        };
        Self {
            place: if seed.is_multiple_of(2) { Place::Memory } else { Place::Sqlite },
            profile: if (seed / 2).is_multiple_of(2) { Profile::Actual } else { Profile::Plus },
            lease,
            retention,
            offices: 2 + dice.place(2),
            terminals: 1 + dice.place(2),
            sendings: dice.between(1, 3),
            loss: up_to(150),
            delay: up_to(100),
            cut: up_to(100),
            twice: up_to(100),
            terminal_crashes: up_to(60),
            power_cuts: up_to(4),
            troubles,
            storm: None,
            canary: None,
        }
    }

    /// Few people, no troubles, a sound line: to be disturbed at one call after the other.
    pub fn small(place: Place, profile: Profile) -> Self {
        Self {
            place,
            profile,
            lease: Duration::seconds(10),
            retention: seconds(6, 8),
            offices: 2,
            terminals: 2,
            sendings: 1,
            loss: 0,
            delay: 0,
            cut: 0,
            twice: 0,
            terminal_crashes: 0,
            power_cuts: 0,
            troubles: Troubles::default(),
            storm: Some(12_000),
            canary: None,
        }
    }
}

fn seconds(fetched: u64, unfetched: u64) -> Retention {
    let seconds = |count| Duration::seconds(i64::try_from(count).unwrap_or(i64::MAX));
    Retention { fetched: seconds(fetched), unfetched: seconds(unfetched) }
}

/// How often things happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<String, u64>);

impl Tally {
    pub(crate) fn count(&mut self, what: &str, times: u64) {
        *self.0.entry(what.to_owned()).or_default() += times;
    }

    /// Adds what happened elsewhere.
    pub fn add(&mut self, other: &Self) {
        other.0.iter().for_each(|(what, count)| self.count(what, *count));
    }

    /// What happened, and how often, by name.
    pub fn entries(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(what, count)| (what.as_str(), *count))
    }
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// What did not hold, if anything.
    pub verdict: Result<(), String>,
    /// What happened.
    pub tally: Tally,
    /// Everything, in order.
    pub log: String,
    /// How many moments there were at which the hub could have been stopped.
    pub calls: u64,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verdict {
            Ok(()) => write!(f, "holds"),
            Err(broken) => write!(f, "{broken}"),
        }
    }
}

/// Runs simulations, one after the other.
pub struct Simulator {
    runtime: Runtime,
}

impl Simulator {
    /// A simulator of its own thread.
    ///
    /// # Panics
    /// The machine gives no thread for what the hub does apart.
    pub fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(1).build();
        Self { runtime: runtime.expect("a machine that runs tests has a thread to spare") }
    }

    /// Runs a seed as [`Setup::of`] has it.
    pub fn run(&self, seed: u64) -> Outcome {
        self.run_as(seed, Setup::of(seed))
    }

    /// Runs a seed in another set-up.
    pub fn run_as(&self, seed: u64, setup: Setup) -> Outcome {
        let _within = self.runtime.enter();
        world::World::new(seed, setup).run()
    }

    /// In a small run on each store and in each profile, stops the hub at every `step`th of its
    /// moments in turn, once; then from there on until it is mended; then has the call fail alone.
    /// Answers how many runs that took.
    ///
    /// # Errors
    /// What does not hold, and where the hub was stopped.
    pub fn stop_everywhere(&self, seed: u64, step: u64, tally: &mut Tally) -> Result<u64, String> {
        let mut runs = 0;
        for place in Place::BOTH {
            for profile in [Profile::Actual, Profile::Plus] {
                let setup = Setup::small(place, profile);
                let moments = self.run_as(seed, setup.clone()).calls;
                let every = usize::try_from(step.max(1)).unwrap_or(usize::MAX);
                for at in (1..=moments).step_by(every) {
                    for troubles in Troubles::at(at) {
                        let setup = Setup { troubles: troubles.clone(), ..setup.clone() };
                        let outcome = self.run_as(seed, setup);
                        runs += 1;
                        tally.add(&outcome.tally);
                        outcome.verdict.map_err(|broken| {
                            format!("seed {seed}, {place:?}, {profile:?}, {troubles:?}: {broken}")
                        })?;
                    }
                }
            }
        }
        Ok(runs)
    }
}

impl Default for Simulator {
    fn default() -> Self {
        Self::new()
    }
}
