//! The units of one sending: what they do to each other when they are imported, one after the other.

mod key_twice;
mod order;
mod slip_not_attached;
mod withdrawal_not_needed;
mod withdrawn;

pub(crate) use key_twice::RULE as KEY_TWICE;
pub(crate) use order::check;
pub(crate) use slip_not_attached::RULE as SLIP_NOT_ATTACHED;
pub(crate) use withdrawal_not_needed::RULE as WITHDRAWAL_NOT_NEEDED;
pub(crate) use withdrawn::RULE as WITHDRAWN;
