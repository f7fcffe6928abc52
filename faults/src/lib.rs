//! Misbehaviour on purpose: which armed fault fires for which request, and what it does to request
//! and answer. The hub and the certificate authority share it.
//!
//! It promises that the same armed faults, seeds and order of requests fire the same faults; that
//! at most one acts upon a request; and that a service with nothing armed pays one look at an
//! atomic flag. It never decides what a request means: it stands around the handlers.

mod arsenal;
mod body;
mod enact;
mod engine;
mod list;

pub use arsenal::{Arsenal, Facts, Shot};
pub use enact::{HangUp, enact, refuse};
pub use engine::Faults;
