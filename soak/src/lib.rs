//! What the hub has to endure: a seeded simulation, histories that have to be linearizable, and a
//! process that is killed under load.
//!
//! It promises that what fails can be repeated: a simulation by its seed, a history by the file that
//! it was written to. It judges by what clients were told and by what is durable, never by what the
//! hub says of itself.

mod dice;
pub mod kill;
pub mod linearity;
pub mod simulation;
