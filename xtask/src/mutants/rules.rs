//! `cargo xtask mutants rules`: what if a rule were silent?
//!
//! A copy of the standard is changed in one place, where every finding passes, so that one rule at a
//! time can be silenced. Its tests are built once and run once a rule. The test of all examples misses
//! every rule that has one, and says nothing of its boundaries: a rule that no other test misses
//! fails the command. The copy lies in the build folder; the code that ships reads no environment.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use super::copy_folder;
use crate::{Outcome, say};

/// Where the copy lies, below the root.
const COPY: &str = "target/mutants";

/// What is copied: the standard, and what its tests read.
const COPIED: [&str; 2] = ["standard", "samples"];

/// The place where every finding passes, and what stands in front of it in the copy.
const PLACE: (&str, &str) = ("standard/src/check.rs", "    Check { findings, files:");
const SILENCE: &str = "    let silent = std::env::var(\"SILENT_RULE\").unwrap_or_default();
    findings.retain(|finding| finding.rule.id != silent);
";

/// The tests that know rules by name, with the arguments that choose them. Tests of anything at all,
/// which take longest, look at no rule.
const TESTS: [(&str, &[&str]); 2] = [
    ("careplan_standard", &["rules::", "example::", "attachments::"]),
    ("check", &["--skip", "damaged_files", "--skip", "bounded"]),
];

/// The test that holds every rule against the example that stands with it.
const OF_EXAMPLES: &str = "every_rule_reports_its_refused_example";

/// Silences one rule after the other, and says who misses it.
pub(crate) fn run(root: &Path) -> Outcome {
    let copy = root.join(COPY);
    lay_out(root, &copy).map_err(|error| format!("cannot write {}: {error}", copy.display()))?;
    let rules = rule_ids(&copy.join("standard/src/rules"))
        .map_err(|error| format!("cannot read the rules: {error}"))?;
    say(&format!("mutants: building the tests of {} rules", rules.len()));
    let tests = build(&copy)?;
    let sound = failed(&tests, "")?;
    if !sound.is_empty() {
        let names: Vec<_> = sound.into_iter().collect();
        say(&format!("mutants: tests fail with no rule silent: {}", names.join(", ")));
        return Ok(false);
    }
    say(&format!("{:<36}{:>8}{:>16}", "silent rule", "missed", "but for examples"));
    let mut unmissed = vec![];
    for rule in &rules {
        let missed = failed(&tests, rule)?;
        let own = missed.iter().filter(|test| !test.contains(OF_EXAMPLES)).count();
        say(&format!("{rule:<36}{:>8}{own:>16}", missed.len()));
        if own == 0 {
            unmissed.push(rule.as_str());
        }
    }
    if unmissed.is_empty() {
        say(&format!("mutants: each of {} rules is missed", rules.len()));
    } else {
        say(&format!("mutants: no test but that of examples misses {}", unmissed.join(", ")));
    }
    Ok(unmissed.is_empty())
}

/// Writes the copy anew. What was built of it before stays, for what has not changed.
fn lay_out(root: &Path, copy: &Path) -> io::Result<()> {
    for folder in COPIED {
        let to = copy.join(folder);
        if to.exists() {
            fs::remove_dir_all(&to)?;
        }
        copy_folder(&root.join(folder), &to)?;
    }
    fs::copy(root.join("Cargo.lock"), copy.join("Cargo.lock"))?;
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    fs::write(copy.join("Cargo.toml"), small_workspace(&manifest))?;
    let (path, place) = PLACE;
    let path = copy.join(path);
    let code = fs::read_to_string(&path)?;
    if code.matches(place).count() != 1 {
        let told = format!("{}: `{}` is not there once", path.display(), place.trim());
        return Err(io::Error::other(told));
    }
    fs::write(path, code.replace(place, &format!("{SILENCE}{place}")))
}

/// The workspace without the root's own package, and with the standard's members alone.
fn small_workspace(manifest: &str) -> String {
    let workspace = manifest.split("\n[package]").next().unwrap_or_default();
    let is_ours = |line: &str| line.trim_start().starts_with("\"standard");
    let is_member = |line: &str| line.starts_with("    \"") && line.ends_with("\",");
    let lines = workspace.lines().filter(|line| !is_member(line) || is_ours(line));
    lines.map(|line| format!("{line}\n")).collect()
}

/// Every identifier that a file of the rule book gives.
fn rule_ids(folder: &Path) -> io::Result<BTreeSet<String>> {
    let mut ids = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            ids.extend(rule_ids(&path)?);
            continue;
        }
        let code = fs::read_to_string(&path)?;
        let after = code.lines().filter_map(|line| line.strip_prefix("    id: \""));
        ids.extend(after.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
    }
    Ok(ids)
}

/// A test's program, and the arguments that choose among its tests.
type Test = (PathBuf, &'static [&'static str]);

fn build(copy: &Path) -> Result<Vec<Test>, String> {
    let output = Command::new("cargo")
        .args(["test", "--package", "careplan-standard", "--no-run", "--lib", "--test", "check"])
        .arg("--message-format=json-render-diagnostics")
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1")
        .env_remove("CARGO_TARGET_DIR")
        .current_dir(copy)
        .output()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "the copy does not build: {}",
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let program = |message: Value| {
        let name = message["target"]["name"].as_str()?;
        let (_, arguments) = TESTS.iter().find(|(test, _)| *test == name)?;
        Some((PathBuf::from(message["executable"].as_str()?), *arguments))
    };
    let tests: Vec<Test> =
        messages.lines().filter_map(|line| program(serde_json::from_str(line).ok()?)).collect();
    if tests.len() == TESTS.len() {
        Ok(tests)
    } else {
        Err(format!("{} of {} test programs were built", tests.len(), TESTS.len()))
    }
}

/// The tests that fail while this rule is silent.
fn failed(tests: &[Test], silent: &str) -> Result<BTreeSet<String>, String> {
    let mut failed = BTreeSet::new();
    for (program, arguments) in tests {
        let output = Command::new(program)
            .args(*arguments)
            .env("SILENT_RULE", silent)
            .output()
            .map_err(|error| format!("cannot start {}: {error}", program.display()))?;
        let told = String::from_utf8_lossy(&output.stdout);
        failed.extend(told.lines().filter_map(failed_test).map(str::to_owned));
    }
    Ok(failed)
}

fn failed_test(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_small_workspace_has_the_standard_alone() {
        let manifest = "[workspace]\nmembers = [\n    \"standard/scan\",\n    \"standard\",\n    \
                        \"protocol\",\n]\n\n[workspace.lints.rust]\n\n[package]\nname = \"x\"\n";
        let small = small_workspace(manifest);
        assert_eq!(
            small,
            "[workspace]\nmembers = [\n    \"standard/scan\",\n    \"standard\",\n]\n\n\
             [workspace.lints.rust]\n",
        );
    }

    #[test]
    fn every_rule_of_the_book_has_its_turn() {
        let ids = rule_ids(&crate::root().join("standard/src/rules")).expect("it is there");
        assert!(ids.contains("item.missing") && 60 < ids.len(), "{ids:?}");
    }

    #[test]
    fn every_finding_passes_the_place_that_is_changed() {
        let (path, place) = PLACE;
        let code = fs::read_to_string(crate::root().join(path)).expect("it is there");
        assert_eq!(code.matches(place).count(), 1);
    }

    #[test]
    fn a_test_that_fails_is_known_by_its_line() {
        assert_eq!(failed_test("test a::b ... FAILED"), Some("a::b"));
        assert_eq!(failed_test("test a::b ... ok"), None);
    }
}
