//! 第7表 サービス利用票別表: its lines, subtotals and total.

mod lines;
mod subtotal_missing;
mod subtotal_over_offices;
mod sum_differs;
mod total_missing;

pub(crate) use lines::Lines;
pub(crate) use subtotal_missing::RULE as SUBTOTAL_MISSING;
pub(crate) use subtotal_over_offices::RULE as SUBTOTAL_OVER_OFFICES;
pub(crate) use sum_differs::RULE as SUM_DIFFERS;
pub(crate) use total_missing::RULE as TOTAL_MISSING;
