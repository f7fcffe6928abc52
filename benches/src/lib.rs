//! Generated files, and the ways of checking them that are compared.
//!
//! It promises the same bytes for the same seed on every machine. It reads no clock: who measures
//! is the binary and the benches.

mod dice;
pub mod generate;
pub mod methods;
