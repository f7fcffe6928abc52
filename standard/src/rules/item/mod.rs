//! Items: requiredness, length, form, code lists.

mod code_not_listed;
mod form;
mod length;
mod missing;
mod not_real;
mod service_not_carried;
mod too_long;
mod unused_filled;
mod unusual_form;
mod wanted;

pub(crate) use code_not_listed::RULE as CODE_NOT_LISTED;
pub(crate) use form::RULE as FORM;
pub(crate) use length::RULE as LENGTH;
pub(crate) use missing::RULE as MISSING;
pub(crate) use not_real::RULE as NOT_REAL;
pub(crate) use service_not_carried::RULE as SERVICE_NOT_CARRIED;
pub(crate) use too_long::RULE as TOO_LONG;
pub(crate) use unused_filled::RULE as UNUSED_FILLED;
pub(crate) use unusual_form::RULE as UNUSUAL_FORM;
pub(crate) use wanted::RULE as WANTED;
