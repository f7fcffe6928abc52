//! One module a command. Each has its arguments and a `run`.

pub(crate) mod answers;
pub(crate) mod ca;
pub(crate) mod check;
mod circle;
pub(crate) mod client;
pub(crate) mod convert;
mod convert_print;
mod faults;
pub(crate) mod fix;
pub(crate) mod hub;
mod levels;
pub(crate) mod problems;
pub(crate) mod reconcile;
mod reconcile_print;
pub(crate) mod rules;
pub(crate) mod run;
pub(crate) mod show;
pub(crate) mod software;
pub(crate) mod up;
