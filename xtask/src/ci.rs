//! `cargo xtask ci`: what `.ci/run` does, step by step, at a desk.

use std::{path::Path, process::Command};

use crate::{Outcome, say};

/// One step: a name, and the command that it is.
struct Step {
    name: &'static str,
    command: &'static str,
}

/// The steps of `.ci/run`, in its order: what fails in seconds comes first.
const STEPS: &[Step] = &[
    Step { name: "fmt", command: "cargo fmt --all --check" },
    Step { name: "tidy", command: "cargo xtask tidy" },
    Step { name: "clippy", command: "cargo clippy --workspace --all-targets -- --deny warnings" },
    Step { name: "test", command: "cargo test --workspace" },
    Step { name: "samples", command: "cargo xtask samples --tested" },
    Step { name: "fuzz", command: "cargo xtask fuzz --seconds 10 --or-skip" },
    Step { name: "contract", command: "cargo xtask contract --seconds 60 --or-skip --tested" },
    Step { name: "docs", command: "cargo xtask docs --check --tested" },
];

/// Runs all steps, or the one that is named; stops at the first that fails.
pub(crate) fn run(root: &Path, only: Option<&str>) -> Outcome {
    let steps: Vec<&Step> =
        STEPS.iter().filter(|step| only.is_none_or(|name| step.name == name)).collect();
    if steps.is_empty() {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        return Err(format!("no step is called so; there are {}", names.join(", ")));
    }
    for step in steps {
        say(&format!("+ {}", step.command));
        if !succeeds(root, step.command)? {
            say(&format!(
                "ci: {} failed; repeat it with `cargo xtask ci {}`",
                step.name, step.name
            ));
            return Ok(false);
        }
    }
    Ok(true)
}

fn succeeds(root: &Path, command: &str) -> Result<bool, String> {
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or_default();
    Command::new(program)
        .args(words)
        .current_dir(root)
        .status()
        .map(|status| status.success())
        .map_err(|error| format!("cannot start {program}: {error}; is Rust installed?"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_steps_are_those_of_the_script() {
        let script = fs::read_to_string(crate::root().join(".ci/run")).expect(".ci/run is there");
        let commands: Vec<&str> =
            script.lines().filter(|line| line.starts_with("cargo ")).map(str::trim).collect();
        let steps: Vec<&str> = STEPS.iter().map(|step| step.command).collect();
        assert_eq!(commands, steps);
    }

    #[test]
    fn an_unknown_step_says_which_there_are() {
        let lacking = run(crate::root(), Some("deploy")).expect_err("there is no such step");
        assert!(
            lacking.contains("fmt, tidy, clippy, test, samples, fuzz, contract, docs"),
            "{lacking}"
        );
    }
}
