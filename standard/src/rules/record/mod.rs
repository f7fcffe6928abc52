//! Items of one record that must agree with each other.

use crate::{FileKind, row::RecordRule};

mod day_map_beyond_month;
mod day_outside_month;
mod detail_code_stray;
mod end_before_start;
mod equipment_code_missing;
mod one_time_missing;

pub(crate) use day_map_beyond_month::RULE as DAY_MAP_BEYOND_MONTH;
pub(crate) use day_outside_month::RULE as DAY_OUTSIDE_MONTH;
pub(crate) use detail_code_stray::RULE as DETAIL_CODE_STRAY;
pub(crate) use end_before_start::RULE as END_BEFORE_START;
pub(crate) use equipment_code_missing::RULE as EQUIPMENT_CODE_MISSING;
pub(crate) use one_time_missing::RULE as ONE_TIME_MISSING;

/// The rules about the items of one record, by kind of file.
pub(crate) fn rules_of(kind: FileKind) -> &'static [RecordRule] {
    match kind {
        FileKind::Slip | FileKind::Results => &[
            day_outside_month::check,
            day_map_beyond_month::check,
            one_time_missing::check,
            end_before_start::check,
            equipment_code_missing::check,
            detail_code_stray::check,
        ],
        FileKind::SlipAnnex => &[equipment_code_missing::check],
        _ => &[],
    }
}
