//! `cargo xtask samples`: `careplan check`, the built binary, over every sample.
//!
//! The verdicts stand in the table of the samples' own README. A script depends on the exit status
//! as much as a person on the words, so both are compared.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde::Deserialize;

use crate::{Outcome, careplan::Build, say};

/// Where the samples lie.
const FOLDER: &str = "samples";

/// A path that is not there.
const MISSING: &str = "samples/no-such-sending";

#[derive(Deserialize)]
struct Report {
    verdict: String,
}

/// The program, and where it works.
struct Desk<'a> {
    root: &'a Path,
    careplan: PathBuf,
}

/// Checks every sample, and a path that does not exist.
pub(crate) fn run(root: &Path, arguments: &[&str]) -> Outcome {
    let build = match arguments {
        [] => Build::Release,
        ["--tested"] => Build::Tested,
        _ => return Err("samples knows --tested alone".to_owned()),
    };
    let desk = Desk { root, careplan: build.program(root)? };
    let readme = format!("{FOLDER}/README.md");
    let table = fs::read_to_string(root.join(&readme))
        .map_err(|error| format!("cannot read {readme}: {error}"))?;
    let expected = verdicts(&table);
    let mut good = true;
    for folder in folders(root)? {
        let Some((_, verdict)) = expected.iter().find(|(name, _)| *name == folder) else {
            say(&format!("{readme}:1: has no row for {folder}; add its verdict"));
            good = false;
            continue;
        };
        good &= desk.holds(&format!("{FOLDER}/{folder}"), verdict)?;
    }
    Ok(good & desk.missing_path_is_a_wrong_set_up()?)
}

impl Desk<'_> {
    fn holds(&self, path: &str, verdict: &str) -> Outcome {
        let output = self.check(path)?;
        let status = output.status.code();
        let wanted = if verdict == "pass" { 0 } else { 1 };
        let told = serde_json::from_slice::<Report>(&output.stdout).map(|report| report.verdict);
        let told = told.unwrap_or_else(|error| format!("unreadable ({error})"));
        if status == Some(wanted) && told == verdict {
            say(&format!("samples: {path}: {verdict}"));
            return Ok(true);
        }
        say(&format!(
            "{path}:1: verdict {told}, exit status {status:?}; the README says {verdict}, hence {wanted}"
        ));
        Ok(false)
    }

    fn missing_path_is_a_wrong_set_up(&self) -> Outcome {
        let output = self.check(MISSING)?;
        let words = String::from_utf8_lossy(&output.stderr);
        let good = output.status.code() == Some(2) && words.lines().count() == 1;
        if !good {
            let status = output.status.code();
            say(&format!("{MISSING}:1: exit status {status:?}, not 2 with one line: {words}"));
        }
        Ok(good)
    }

    fn check(&self, path: &str) -> Result<Output, String> {
        Command::new(&self.careplan)
            .args(["check", "--format", "json", path])
            .current_dir(self.root)
            .output()
            .map_err(|error| format!("cannot start careplan: {error}"))
    }
}

fn folders(root: &Path) -> Result<Vec<String>, String> {
    let unreadable = |error| format!("cannot read {FOLDER}: {error}");
    let mut folders = Vec::new();
    for entry in fs::read_dir(root.join(FOLDER)).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.file_type().map_err(unreadable)?.is_dir() {
            folders.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    folders.sort();
    Ok(folders)
}

/// The folders of the table, with their verdicts. One row may name several folders.
fn verdicts(table: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for line in table.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        if let [names, _, _, verdict @ ("pass" | "fail")] = cells.as_slice() {
            let names = names.split(',').map(|name| name.trim().trim_matches('`').to_owned());
            found.extend(names.map(|name| (name, (*verdict).to_owned())));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_read_from_the_table() {
        let table = "\
| folder | version | what | verdict |
|---|---|---|---|
| a, b | 3.2 | two | pass |
| `c` | 4.1 | one | fail |
";
        let pair = |name: &str, verdict: &str| (name.to_owned(), verdict.to_owned());
        assert_eq!(verdicts(table), [pair("a", "pass"), pair("b", "pass"), pair("c", "fail")]);
    }

    #[test]
    fn every_sample_has_a_verdict() {
        let readme = fs::read_to_string(crate::root().join(FOLDER).join("README.md"));
        let expected = verdicts(&readme.expect("the samples have a README"));
        for folder in folders(crate::root()).expect("the samples are there") {
            assert!(expected.iter().any(|(name, _)| *name == folder), "{folder}");
        }
    }
}
