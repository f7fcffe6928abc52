//! Items of one record that must agree with each other.

use crate::{FileKind, row::RecordRule, rules::annex};

mod day_map_beyond_month;
mod day_map_empty;
mod day_outside_month;
mod detail_code_stray;
mod end_before_start;
mod equipment;
mod equipment_code_missing;
mod equipment_code_stray;
mod equipment_codes_both;
mod limit_slot_gap;
mod limit_slot_kind;
mod limit_slots;
mod limit_unusual;
mod one_time_missing;
mod other_text;
mod other_text_missing;
mod other_text_stray;
mod over_30_days_unlikely;
mod period_reversed;
mod supplement_day;
mod week;
mod week_groups;
mod week_time_missing;

pub(crate) use day_map_beyond_month::RULE as DAY_MAP_BEYOND_MONTH;
pub(crate) use day_map_empty::RULE as DAY_MAP_EMPTY;
pub(crate) use day_outside_month::RULE as DAY_OUTSIDE_MONTH;
pub(crate) use detail_code_stray::RULE as DETAIL_CODE_STRAY;
pub(crate) use end_before_start::RULE as END_BEFORE_START;
pub(crate) use equipment_code_missing::RULE as EQUIPMENT_CODE_MISSING;
pub(crate) use equipment_code_stray::RULE as EQUIPMENT_CODE_STRAY;
pub(crate) use equipment_codes_both::RULE as EQUIPMENT_CODES_BOTH;
pub(crate) use limit_slot_gap::RULE as LIMIT_SLOT_GAP;
pub(crate) use limit_slot_kind::RULE as LIMIT_SLOT_KIND;
pub(crate) use limit_unusual::RULE as LIMIT_UNUSUAL;
pub(crate) use one_time_missing::RULE as ONE_TIME_MISSING;
pub(crate) use other_text_missing::RULE as OTHER_TEXT_MISSING;
pub(crate) use other_text_stray::RULE as OTHER_TEXT_STRAY;
pub(crate) use over_30_days_unlikely::RULE as OVER_30_DAYS_UNLIKELY;
pub(crate) use period_reversed::RULE as PERIOD_REVERSED;
pub(crate) use supplement_day::RULE as SUPPLEMENT_DAY;
pub(crate) use week_groups::RULE as WEEK_GROUPS;
pub(crate) use week_time_missing::RULE as WEEK_TIME_MISSING;

/// The rules about the items of one record, by kind of file.
pub(crate) fn rules_of(kind: FileKind) -> &'static [RecordRule] {
    match kind {
        FileKind::Slip | FileKind::Results => &[
            day_outside_month::check,
            day_map_beyond_month::check,
            day_map_empty::check,
            one_time_missing::check,
            end_before_start::check,
            equipment_code_missing::check,
            equipment_code_stray::check,
            equipment_codes_both::check,
            detail_code_stray::check,
            over_30_days_unlikely::check,
        ],
        FileKind::SlipAnnex => &[
            equipment_code_missing::check,
            equipment_code_stray::check,
            equipment_codes_both::check,
            over_30_days_unlikely::check,
            annex::sum_line_units,
            annex::sum_line_discount,
            annex::total_office,
            annex::total_office_elsewhere,
            annex::amount_differs,
        ],
        FileKind::Supplement => &[
            supplement_day::check,
            period_reversed::check,
            limit_unusual::check,
            limit_slot_gap::check,
            limit_slot_kind::check,
        ],
        FileKind::PlanTable1 | FileKind::PersonRecord => {
            &[other_text_missing::check, other_text_stray::check, period_reversed::check]
        }
        FileKind::PlanTable3 => {
            &[week_groups::check, week_time_missing::check, end_before_start::check_week]
        }
        FileKind::PreventionPlan => &[period_reversed::check],
        _ => &[],
    }
}
