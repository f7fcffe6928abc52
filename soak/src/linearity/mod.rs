//! Whether what many terminals saw at once could have happened one after the other.
//!
//! A history is linearizable if each operation can be given a moment between its call and its return
//! so that the answers follow from the order of the moments. Offices share nothing, so each has a
//! history of its own. An operation that a stopped hub left unanswered may have happened, up to the
//! restart, or not at all.

mod checker;
mod drive;
mod model;
pub mod stores;

pub use checker::{Broken, check};
pub use drive::{Drive, Driven, Reopen, run};
pub use model::{Entry, Operation, Seen};
