//! ファイル名.

mod branch;
mod extension;
mod form_differs;
mod month;
mod month_differs;
mod office;
mod parts;
mod prefix;
mod role;
mod same_office;
mod sequence;
mod sequence_not_a_time;
mod service_kind;
mod service_kind_unknown;
mod unusual_form;
mod unusual_role;

pub(crate) use branch::RULE as BRANCH;
pub(crate) use extension::RULE as EXTENSION;
pub(crate) use form_differs::RULE as FORM_DIFFERS;
pub(crate) use month::RULE as MONTH;
pub(crate) use month_differs::RULE as MONTH_DIFFERS;
pub(crate) use office::RULE as OFFICE;
pub(crate) use parts::RULE as PARTS;
pub(crate) use prefix::RULE as PREFIX;
pub(crate) use role::RULE as ROLE;
pub(crate) use same_office::RULE as SAME_OFFICE;
pub(crate) use sequence::RULE as SEQUENCE;
pub(crate) use sequence_not_a_time::RULE as SEQUENCE_NOT_A_TIME;
pub(crate) use service_kind::RULE as SERVICE_KIND;
pub(crate) use service_kind_unknown::RULE as SERVICE_KIND_UNKNOWN;
pub(crate) use unusual_form::RULE as UNUSUAL_FORM;
pub(crate) use unusual_role::RULE as UNUSUAL_ROLE;
