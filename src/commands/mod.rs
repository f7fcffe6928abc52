//! One module a command. Each has its arguments and a `run`.

pub(crate) mod ca;
pub(crate) mod catalogue;
pub(crate) mod check;
mod circle;
pub(crate) mod client;
pub(crate) mod convert;
mod convert_print;
pub(crate) mod fix;
pub(crate) mod hub;
pub(crate) mod reconcile;
mod reconcile_print;
pub(crate) mod run;
pub(crate) mod software;
mod software_print;
pub(crate) mod up;
