//! Items: requiredness, length, form, code lists.

use crate::{Item, item_check::Breach};

pub(crate) mod code_not_listed;
pub(crate) mod form;
pub(crate) mod leading_zeros_lost;
pub(crate) mod length;
pub(crate) mod missing;
pub(crate) mod not_real;
pub(crate) mod service_not_carried;
pub(crate) mod spreadsheet_form;
pub(crate) mod too_long;
pub(crate) mod unused_filled;
pub(crate) mod unusual_form;
pub(crate) mod wanted;

pub(crate) use code_not_listed::RULE as CODE_NOT_LISTED;
pub(crate) use form::RULE as FORM;
pub(crate) use leading_zeros_lost::RULE as LEADING_ZEROS_LOST;
pub(crate) use length::RULE as LENGTH;
pub(crate) use missing::RULE as MISSING;
pub(crate) use not_real::RULE as NOT_REAL;
pub(crate) use service_not_carried::RULE as SERVICE_NOT_CARRIED;
pub(crate) use spreadsheet_form::RULE as SPREADSHEET_FORM;
pub(crate) use too_long::RULE as TOO_LONG;
pub(crate) use unused_filled::RULE as UNUSED_FILLED;
pub(crate) use unusual_form::RULE as UNUSUAL_FORM;
pub(crate) use wanted::RULE as WANTED;

/// TAISコード and 福祉用具届出コード, but for the unusual hyphen.
fn equipment(item: &Item, value: &[u8]) -> Option<Breach> {
    length::check(item, value).or_else(|| form::equipment(value))
}
