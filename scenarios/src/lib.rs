//! Scenarios: Gherkin scripts in Japanese, in the words of an office, run against stacks of their
//! own.
//!
//! It promises that whatever an office does goes through a public door (the client, the care software,
//! HTTP, files), while what an authority does of its own accord is done there, that no scenario knows of another, that a stack is taken down whatever became of its
//! scenario, and that a failure says what was expected, what was found, which requests stood behind
//! it, and how to run it again. It never prints, and never shows a secret in a report.

mod built_in;
mod clerk;
mod family;
mod line;
mod listener;
mod mistakes;
mod outcome;
mod redact;
mod replay;
mod report;
mod runner;
mod samples;
mod script;
mod steps;
mod world;

pub use built_in::BUILT_IN;
pub use careplan_sandbox::care_software::TOWN_SCALE_MAX;
pub use family::{FAMILIES, Family, Text, family_of};
pub use mistakes::ScriptError;
pub use outcome::{
    Exchange, Failure, FileSeen, RunReport, ScenarioReport, StepReport, Verdict, Way,
};
pub use report::write_report;
pub use runner::{Run, Settings, Standing, run_script};
pub use script::Script;
pub use steps::{Step, nearest, steps};
