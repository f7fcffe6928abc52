//! What records say of the two sides of the exchange.

mod claims;
mod manager_differs;
mod other_office;
mod other_office_plain;
mod planner_differs;
mod updater_differs;
mod withdrawal_kind;
mod withdrawal_office;

pub(crate) use claims::Claims;
pub(crate) use manager_differs::RULE as MANAGER_DIFFERS;
pub(crate) use other_office::RULE as OTHER_OFFICE;
pub(crate) use other_office_plain::RULE as OTHER_OFFICE_PLAIN;
pub(crate) use planner_differs::RULE as PLANNER_DIFFERS;
pub(crate) use updater_differs::RULE as UPDATER_DIFFERS;
pub(crate) use withdrawal_kind::RULE as WITHDRAWAL_KIND;
pub(crate) use withdrawal_office::RULE as WITHDRAWAL_OFFICE;
