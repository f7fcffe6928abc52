//! `cargo xtask docs`: the pages that the binary writes itself, and the API documentation.

use std::{fs, path::Path, process::Command};

use crate::{Outcome, careplan::Build, say};

/// Pages of `docs/`, each with the arguments that make `careplan` write it.
const PAGES: [(&str, &[&str]); 5] = [
    ("docs/rules.md", &["rules", "--markdown"]),
    ("docs/problems.md", &["problems", "--markdown"]),
    ("docs/openapi.json", &["hub", "openapi"]),
    ("docs/faults.md", &["hub", "fault", "list", "--markdown"]),
    ("docs/steps.md", &["run", "--steps", "--markdown"]),
];

/// What to do with the pages.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Write them.
    Write,
    /// Fail where one is not what the binary writes now.
    Compare,
}

/// Writes or compares the pages, then builds the API documentation with warnings denied.
pub(crate) fn run(root: &Path, arguments: &[&str]) -> Outcome {
    let (mode, build) = match arguments {
        [] => (Mode::Write, Build::Release),
        ["--check"] => (Mode::Compare, Build::Release),
        ["--check", "--tested"] => (Mode::Compare, Build::Tested),
        _ => return Err("docs knows --check and --check --tested alone".to_owned()),
    };
    let careplan = build.program(root)?;
    let mut good = true;
    for (page, arguments) in PAGES {
        let mut command = Command::new(&careplan);
        let text = written_by(command.args(["--lang", "ja"]).args(arguments).current_dir(root))?;
        good &= turn_to(root, page, &text, mode)?;
    }
    Ok(good && api(root)?)
}

fn turn_to(root: &Path, page: &str, text: &str, mode: Mode) -> Outcome {
    let path = root.join(page);
    let kept = fs::read_to_string(&path).unwrap_or_default();
    if same(&kept, text) {
        return Ok(true);
    }
    if mode == Mode::Compare {
        say(&format!("{page}:1: is not what careplan writes now; run `cargo xtask docs`"));
        return Ok(false);
    }
    fs::write(&path, text).map_err(|error| format!("cannot write {page}: {error}"))?;
    say(&format!("docs: wrote {page}"));
    Ok(true)
}

/// A checkout on Windows may end its lines differently.
fn same(kept: &str, written: &str) -> bool {
    kept.lines().eq(written.lines())
}

fn written_by(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("cannot start careplan: {error}"))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{command:?} failed: {why}"));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{command:?} wrote no UTF-8"))
}

fn api(root: &Path) -> Outcome {
    Command::new("cargo")
        .args(["doc", "--workspace", "--no-deps", "--quiet"])
        .env("RUSTDOCFLAGS", "--deny warnings")
        .current_dir(root)
        .status()
        .map(|status| status.success())
        .map_err(|error| format!("cannot start cargo: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_no_difference_but_words_are() {
        assert!(same("# A\r\nb\r\n", "# A\nb\n"));
        assert!(!same("# A\n", "# A\nb\n"));
    }
}
