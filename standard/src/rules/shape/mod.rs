//! CSV: commas, quotes, records.

mod blank_line;
mod empty_file;
mod header_line;
mod image_not_jpeg;
mod item_count;
mod stray_quote;
mod text_unquoted;
mod unclosed_quote;

pub(crate) use blank_line::RULE as BLANK_LINE;
pub(crate) use empty_file::RULE as EMPTY_FILE;
pub(crate) use header_line::RULE as HEADER_LINE;
pub(crate) use image_not_jpeg::RULE as IMAGE_NOT_JPEG;
pub(crate) use item_count::RULE as ITEM_COUNT;
pub(crate) use stray_quote::RULE as STRAY_QUOTE;
pub(crate) use text_unquoted::RULE as TEXT_UNQUOTED;
pub(crate) use unclosed_quote::RULE as UNCLOSED_QUOTE;
