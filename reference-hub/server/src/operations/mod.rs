//! One module an operation: converts at the door, calls relay or store, and renders.

pub(crate) mod claim;
pub(crate) mod directory;
mod disposition;
pub(crate) mod events;
pub(crate) mod fetch;
pub(crate) mod office;
pub(crate) mod receipt;
pub(crate) mod release;
pub(crate) mod sent;
pub(crate) mod session;
pub(crate) mod submit;
