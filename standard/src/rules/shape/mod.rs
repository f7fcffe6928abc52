//! CSV: commas, quotes, records.

use crate::{Rule, ShapeKind};

mod blank_line;
mod empty_file;
pub(crate) mod header_line;
pub(crate) mod image_not_jpeg;
pub(crate) mod item_count;
pub(crate) mod separator;
mod stray_quote;
pub(crate) mod text_unquoted;
mod unclosed_quote;

pub(crate) use blank_line::RULE as BLANK_LINE;
pub(crate) use empty_file::RULE as EMPTY_FILE;
pub(crate) use header_line::RULE as HEADER_LINE;
pub(crate) use image_not_jpeg::RULE as IMAGE_NOT_JPEG;
pub(crate) use item_count::RULE as ITEM_COUNT;
pub(crate) use separator::RULE as SEPARATOR;
pub(crate) use stray_quote::RULE as STRAY_QUOTE;
pub(crate) use text_unquoted::RULE as TEXT_UNQUOTED;
pub(crate) use unclosed_quote::RULE as UNCLOSED_QUOTE;

/// The rule that a shape breaks.
pub(crate) fn rule_of(kind: ShapeKind) -> &'static Rule {
    match kind {
        ShapeKind::StrayQuote => &STRAY_QUOTE,
        ShapeKind::UnclosedQuote => &UNCLOSED_QUOTE,
        ShapeKind::BlankLine => &BLANK_LINE,
    }
}
