//! 家族構成の画像: the pictures beside 利用者基本情報.

mod missing;
mod name_differs;
mod named;
mod not_named;
mod unusual_branch;

pub(crate) use missing::RULE as MISSING;
pub(crate) use name_differs::RULE as NAME_DIFFERS;
pub(crate) use named::{Named, compare_names};
pub(crate) use not_named::RULE as NOT_NAMED;
pub(crate) use unusual_branch::RULE as UNUSUAL_BRANCH;
