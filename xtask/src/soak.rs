//! `cargo xtask soak`: the trials of `soak/` at full length, optimized.

use std::{path::Path, process::Command};

use crate::{Outcome, careplan::Build, say};

/// The trials, each with what it is called with, in the order of `all`.
const TRIALS: [(&str, &[&str]); 6] = [
    ("simulation", &["simulation"]),
    ("linearity", &["linearity", "--store", "memory"]),
    ("linearity", &["linearity", "--store", "sqlite"]),
    ("linearity", &["linearity", "--store", "postgres"]),
    ("kill", &["kill", "--store", "sqlite"]),
    ("kill", &["kill", "--store", "postgres"]),
];

/// Runs all trials, or one with its own options: `cargo xtask soak simulation --seeds 500`.
pub(crate) fn run(root: &Path, arguments: &[&str]) -> Outcome {
    let (trial, options) = arguments.split_first().map_or(("all", &[][..]), |(a, b)| (*a, b));
    match trial {
        "all" => {
            let mut good = true;
            for (_, call) in TRIALS {
                good &= trial_with(root, call, options)?;
            }
            Ok(good)
        }
        known if TRIALS.iter().any(|(name, _)| *name == known) => {
            trial_with(root, &[known], options)
        }
        other => Err(format!("{other}: there are simulation, linearity, kill and all")),
    }
}

fn trial_with(root: &Path, call: &[&str], options: &[&str]) -> Outcome {
    let mut words = vec!["run", "--release", "--quiet", "--package", "careplan-soak", "--"];
    words.extend(call.iter().chain(options));
    if call.first() != Some(&"kill") {
        return cargo(root, &words);
    }
    let binary = Build::Release.program(root)?;
    let binary = binary.to_string_lossy();
    words.extend(["--binary", &*binary]);
    cargo(root, &words)
}

fn cargo(root: &Path, words: &[&str]) -> Outcome {
    say(&format!("+ cargo {}", words.join(" ")));
    let status = Command::new("cargo").args(words).current_dir(root).status();
    status.map(|status| status.success()).map_err(|error| format!("cannot start cargo: {error}"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_unknown_trial_says_which_there_are() {
        let lacking = super::run(crate::root(), &["sleep"]).expect_err("there is no such trial");
        assert!(lacking.contains("simulation, linearity, kill"), "{lacking}");
    }
}
