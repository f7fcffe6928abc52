//! Files that travel beside those of the standard.

mod content;
mod file_type;
mod not_of_the_standard;

pub(crate) use content::RULE as CONTENT;
pub(crate) use file_type::RULE as TYPE;
pub(crate) use not_of_the_standard::RULE as NOT_OF_THE_STANDARD;
