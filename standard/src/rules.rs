//! The rule book.
use crate::Rule;
/// Every rule.
pub const RULES: &[&Rule] = &[];
