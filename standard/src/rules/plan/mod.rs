//! 第2表, and the 別表 of 介護予防サービス・支援計画書: numbers and the words that belong to them.

mod first_text_missing;
mod not_sorted;
mod rows;
mod text_differs;
mod text_repeated;

pub(crate) use first_text_missing::RULE as FIRST_TEXT_MISSING;
pub(crate) use not_sorted::RULE as NOT_SORTED;
pub(crate) use rows::Rows;
pub(crate) use text_differs::RULE as TEXT_DIFFERS;
pub(crate) use text_repeated::RULE as TEXT_REPEATED;
