//! 文字コード: MS932, no 外字, nothing else.

mod broken;
mod byte_order_mark;
mod user_defined;
mod utf8;

pub(crate) use broken::RULE as BROKEN;
pub(crate) use byte_order_mark::RULE as BYTE_ORDER_MARK;
pub(crate) use user_defined::RULE as USER_DEFINED;
pub(crate) use utf8::RULE as UTF8;
