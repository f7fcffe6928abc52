//! 第6表 サービス利用票 (予定): what the rows of one person say together.

mod detail_code_missing;
mod leases;
mod not_for_destination;
mod not_for_destination_kind;
mod not_for_destination_plain;
mod services;

pub(crate) use detail_code_missing::RULE as DETAIL_CODE_MISSING;
pub(crate) use leases::Leases;
pub(crate) use not_for_destination::RULE as NOT_FOR_DESTINATION;
pub(crate) use not_for_destination_kind::RULE as NOT_FOR_DESTINATION_KIND;
pub(crate) use not_for_destination_plain::RULE as NOT_FOR_DESTINATION_PLAIN;
pub(crate) use services::Services;
