//! Files as paper forms: the page read back and compared with the records.

mod looks;
mod markup;
mod month;
mod others;
mod support;
