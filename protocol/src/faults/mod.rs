//! Misbehaviour by name: what a hub or a certificate authority can be told to do wrong, to whom and
//! when.
//!
//! A published identifier is never given a second meaning. Everything that happens follows from the
//! list of armed faults, its seeds, and the order of requests: a run is repeated by its replay line.

mod arming;
mod catalogue;
mod operation;
mod profile;

pub use arming::{
    Arming, ArmingError, FaultArmed, FaultFired, FaultSchedule, FaultScope, FaultsArmed,
    FaultsFired, FaultsWanted,
};
pub use catalogue::{FaultKind, FaultParameter, FaultPlace};
pub use operation::{FaultOperation, FaultService};
pub use profile::FaultProfile;
