//! 送信単位: which files go together.

mod base_without_dependent;
mod key_not_in_base;
mod member_missing;
mod member_twice;
mod member_wanted;
mod month_differs;
mod parties_differ;
mod service_not_in_annex;
mod service_not_in_slip;
mod services;
mod times_differ;
mod units_differ;
mod unknown;
mod version_differs;

pub(crate) use base_without_dependent::RULE as BASE_WITHOUT_DEPENDENT;
pub(crate) use key_not_in_base::RULE as KEY_NOT_IN_BASE;
pub(crate) use member_missing::RULE as MEMBER_MISSING;
pub(crate) use member_twice::RULE as MEMBER_TWICE;
pub(crate) use member_wanted::RULE as MEMBER_WANTED;
pub(crate) use month_differs::RULE as MONTH_DIFFERS;
pub(crate) use parties_differ::RULE as PARTIES_DIFFER;
pub(crate) use service_not_in_annex::RULE as SERVICE_NOT_IN_ANNEX;
pub(crate) use service_not_in_slip::RULE as SERVICE_NOT_IN_SLIP;
pub(crate) use services::compare as compare_services;
pub(crate) use times_differ::RULE as TIMES_DIFFER;
pub(crate) use units_differ::RULE as UNITS_DIFFER;
pub(crate) use unknown::RULE as UNKNOWN;
pub(crate) use version_differs::RULE as VERSION_DIFFERS;
