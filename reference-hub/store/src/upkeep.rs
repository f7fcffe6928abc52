//! What the hub's operator does with a store: starting anew, and going back to a copy by name.

use hub_relay::Office;

use crate::{
    Failure, Fault, Reply,
    operations::{Shelf, Shelved, Turn},
};

/// A copy of everything that a store held, sessions included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// What it is called.
    pub name: String,
    /// What whoever had it taken wants to find again with it.
    pub note: String,
}

/// How much there is of what comes and goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Deliveries that no terminal has.
    pub waiting: u64,
    /// Deliveries that a terminal has, and has not fetched.
    pub claimed: u64,
    /// Sessions that are kept, those whose time is over included.
    pub sessions: u64,
}

/// What every store promises to its operator.
///
/// As with all operations, those that run beside one see everything before it or everything after
/// it, and nothing between.
pub trait Upkeep: Send + Sync + 'static {
    /// Forgets everything but the snapshots, and registers these offices.
    fn reset(&self, offices: Vec<Office>) -> Reply<()>;

    /// Copies everything. An earlier snapshot of the same name is forgotten.
    fn save(&self, snapshot: Snapshot) -> Reply<()>;

    /// Brings back what a snapshot holds, and forgets all else but the snapshots. None if there is
    /// no such snapshot: nothing has changed.
    fn restore(&self, name: String) -> Reply<Option<Snapshot>>;

    /// Forgets a snapshot; says whether there was one.
    fn forget(&self, name: String) -> Reply<bool>;

    /// All snapshots, in the order of their names.
    fn snapshots(&self) -> Reply<Vec<Snapshot>>;

    /// How much there is now.
    fn tally(&self) -> Reply<Tally>;

    /// What was noted of the clock that all that is kept is told by; none if nothing was, or nothing
    /// since a reset. Snapshots have their own.
    fn clock(&self) -> Reply<Option<String>>;

    /// Notes how the clock tells the time, in the place of what was noted before.
    fn set_clock(&self, note: String) -> Reply<()>;
}

/// The same within one transaction.
pub(crate) trait Copies {
    fn clear(&mut self) -> Result<(), Fault>;
    fn save(&mut self, snapshot: &Snapshot) -> Result<(), Fault>;
    fn restore(&mut self, name: &str) -> Result<Option<Snapshot>, Fault>;
    fn forget(&mut self, name: &str) -> Result<bool, Fault>;
    fn snapshots(&self) -> Result<Vec<Snapshot>, Fault>;
    fn tally(&self) -> Result<Tally, Fault>;
    fn clock(&self) -> Result<Option<String>, Fault>;
    fn set_clock(&mut self, note: &str) -> Result<(), Fault>;
}

impl<S: Shelved> Upkeep for S {
    fn reset(&self, offices: Vec<Office>) -> Reply<()> {
        self.write(Turn::Alone, move |shelf| {
            shelf.clear()?;
            offices.iter().try_for_each(|office| shelf.put_office(office))?;
            Ok(())
        })
    }

    fn save(&self, snapshot: Snapshot) -> Reply<()> {
        self.write(Turn::Alone, move |shelf| Ok(shelf.save(&snapshot)?))
    }

    fn restore(&self, name: String) -> Reply<Option<Snapshot>> {
        self.write(Turn::Alone, move |shelf: &mut dyn Shelf| {
            Ok::<_, Failure>(shelf.restore(&name)?)
        })
    }

    fn forget(&self, name: String) -> Reply<bool> {
        self.write(Turn::Alone, move |shelf| Ok(shelf.forget(&name)?))
    }

    fn snapshots(&self) -> Reply<Vec<Snapshot>> {
        self.read(|shelf| Ok(shelf.snapshots()?))
    }

    fn tally(&self) -> Reply<Tally> {
        self.read(|shelf| Ok(shelf.tally()?))
    }

    fn clock(&self) -> Reply<Option<String>> {
        self.read(|shelf| Ok(shelf.clock()?))
    }

    fn set_clock(&self, note: String) -> Reply<()> {
        self.write(Turn::Alone, move |shelf| Ok(shelf.set_clock(&note)?))
    }
}
