//! CSVバージョン.

mod as_printed;
mod before_service_month;
mod layout_missing;
mod mixed;
mod unknown;

pub(crate) use as_printed::RULE as AS_PRINTED;
pub(crate) use before_service_month::RULE as BEFORE_SERVICE_MONTH;
pub(crate) use layout_missing::RULE as LAYOUT_MISSING;
pub(crate) use mixed::RULE as MIXED;
pub(crate) use unknown::RULE as UNKNOWN;
