//! 第7表 サービス利用票別表: its lines, subtotals and total.

mod amount_differs;
mod facts;
mod lines;
mod subtotal_missing;
mod subtotal_over_offices;
mod sum_differs;
mod sum_line_discount;
mod sum_line_units;
mod total_missing;
mod total_office;
mod total_office_elsewhere;

pub(crate) use amount_differs::{RULE as AMOUNT_DIFFERS, check as amount_differs};
pub(crate) use lines::Lines;
pub(crate) use subtotal_missing::RULE as SUBTOTAL_MISSING;
pub(crate) use subtotal_over_offices::RULE as SUBTOTAL_OVER_OFFICES;
pub(crate) use sum_differs::RULE as SUM_DIFFERS;
pub(crate) use sum_line_discount::{RULE as SUM_LINE_DISCOUNT, check as sum_line_discount};
pub(crate) use sum_line_units::{RULE as SUM_LINE_UNITS, check as sum_line_units};
pub(crate) use total_missing::RULE as TOTAL_MISSING;
pub(crate) use total_office::{RULE as TOTAL_OFFICE, check as total_office};
pub(crate) use total_office_elsewhere::{
    RULE as TOTAL_OFFICE_ELSEWHERE, check as total_office_elsewhere,
};
