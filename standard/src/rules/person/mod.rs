//! What the rows of one person say together.

mod not_for_destination;
mod not_for_destination_kind;
mod not_for_destination_plain;
mod other_office;
mod other_office_plain;
mod subtotal_missing;
mod total_missing;

pub(crate) use not_for_destination::RULE as NOT_FOR_DESTINATION;
pub(crate) use not_for_destination_kind::RULE as NOT_FOR_DESTINATION_KIND;
pub(crate) use not_for_destination_plain::RULE as NOT_FOR_DESTINATION_PLAIN;
pub(crate) use other_office::RULE as OTHER_OFFICE;
pub(crate) use other_office_plain::RULE as OTHER_OFFICE_PLAIN;
pub(crate) use subtotal_missing::RULE as SUBTOTAL_MISSING;
pub(crate) use total_missing::RULE as TOTAL_MISSING;
