//! `careplan-soak`: what the hub has to endure, for as long as is asked for.
//!
//! Results go to standard output, progress to standard error. Exit status: 0 all holds; 1 something
//! does not; 2 wrong usage, or something that is needed is not there.

mod commands;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::run()
}
