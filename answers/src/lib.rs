//! 正解集, the answer book: situations of care practice, each with the correct files in every version
//! that has it, and with wrong files and what a check has to find in them.
//!
//! It promises that every sum is computed, that the correct files break no rule and that the wrong
//! ones break exactly those that are named; a test goes through all of it. It shares no writer with
//! the reference care software, so that the two can be held against each other. It never touches a
//! file, a clock or a network: values out, bytes and pages of text.

mod annex;
mod cast;
mod chapters;
mod edit;
mod expected;
mod export;
mod file;
mod page;
mod plan;
mod prevention;
mod service;
mod sheet;
mod situation;
mod summary;
mod unit;
mod view;

pub use chapters::{Chapter, book};
pub use expected::Expectation;
pub use export::{ExportFile, export};
pub use file::AnswerFile;
pub use page::page;
pub use situation::{Edition, Situation, WrongEdition};
pub use summary::{FindingSummary, SendingSummary, Summary};
pub use view::{Telling, findings, telling};
