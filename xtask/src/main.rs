//! `cargo xtask`: every command that a developer needs beside `cargo` itself.
//!
//! Exit status: 0 good; 1 a check failed; 2 wrong usage, or something that a command needs is not
//! there.

mod careplan;
mod ci;
mod contract;
mod docs;
mod fuzz;
mod mutants;
mod rust_source;
mod samples;
mod soak;
mod tidy;
mod tree;

use std::{
    env,
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

const USAGE: &str = "\
cargo xtask tidy            the house rules, as checks
cargo xtask docs [--check]  write (or compare) the generated pages; build the API documentation
cargo xtask samples         the verdict and the exit status of every sample
cargo xtask fuzz [TARGET] [--seconds N] [--or-skip]
                            every fuzz target for N seconds (10), on the nightly toolchain
cargo xtask contract [--seconds N] [--seed N] [--or-skip]
                            the running hub against docs/openapi.json, for N seconds (60)
  docs, samples and contract build careplan for release; with --tested they take the one that
  `cargo test --workspace` has built
cargo xtask soak [simulation|linearity|kill|all] [--seeds N …]
                            what the hub has to endure, at full length: docs/reliability.md
cargo xtask mutants rules   silences one rule after the other: does a test miss it?
cargo xtask mutants scenarios [NAME …] [--quick]
                            applies one patch of scenarios/mutants after the other: does a scenario
                            miss what it breaks? Quick: only the features that the patch names
cargo xtask ci [STEP]       what .ci/run does, or one step of it";

/// How a command ended: `Ok(true)` is good, `Ok(false)` a failed check, and an error names what the
/// command lacked.
type Outcome = Result<bool, String>;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["tidy"] => tidy::run(root()),
        ["docs", rest @ ..] => docs::run(root(), rest),
        ["samples", rest @ ..] => samples::run(root(), rest),
        ["fuzz", rest @ ..] => fuzz::run(root(), rest),
        ["contract", rest @ ..] => contract::run(root(), rest),
        ["soak", rest @ ..] => soak::run(root(), rest),
        ["mutants", "rules"] => mutants::rules::run(root()),
        ["mutants", "scenarios", rest @ ..] => mutants::scenarios::run(root(), rest),
        ["ci"] => ci::run(root(), None),
        ["ci", step] => ci::run(root(), Some(step)),
        _ => Err(format!("usage:\n{USAGE}")),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(lacking) => {
            say(&lacking);
            ExitCode::from(2)
        }
    }
}

/// The repository's root: the folder above this package.
fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("xtask lies in the repository's root")
}

/// A line for the person at the terminal. A reader that went away is no fault.
fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
