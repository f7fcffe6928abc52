//! What must hold of the standard's code for any bytes at all, one function a law.
//!
//! A law returns if it holds and panics if not. The fuzz targets are one call of one law each, and
//! the tests here call the same laws on a stable toolchain: with random bytes, with every sample,
//! and with all that ever broke one.

mod ms932_law;
mod names_law;
mod records_law;
mod sending;
mod sendings_law;
mod slow;

pub use ms932_law::ms932;
pub use names_law::names;
pub use records_law::{records, scan};
pub use sendings_law::{chunks, convert, fix, units};

/// A law, by the name of its fuzz target.
pub type Law = (&'static str, fn(&[u8]));

/// Every law.
pub const LAWS: [Law; 8] = [
    ("names", names),
    ("ms932", ms932),
    ("records", records),
    ("scan", scan),
    ("chunks", chunks),
    ("units", units),
    ("fix", fix),
    ("convert", convert),
];
