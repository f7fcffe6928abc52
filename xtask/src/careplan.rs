//! The `careplan` that a command has work.

use std::{
    env::consts::EXE_SUFFIX,
    path::{Path, PathBuf},
    process::Command,
};

/// Which build of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// The one that the README's first command makes, brought up to date.
    Release,
    /// The one that `cargo test --workspace` worked with: CI has no other, since building both takes
    /// a third of its time.
    Tested,
}

impl Build {
    /// Where the program lies.
    ///
    /// # Errors
    /// It cannot be built, or there were no tests before.
    pub(crate) fn program(self, root: &Path) -> Result<PathBuf, String> {
        let folder = match self {
            Self::Release => "target/release",
            Self::Tested => "target/debug",
        };
        let program = root.join(folder).join(format!("careplan{EXE_SUFFIX}"));
        match self {
            Self::Release => build(root).map(|()| program),
            Self::Tested if program.is_file() => Ok(program),
            Self::Tested => {
                Err("run `cargo test --workspace` before, or leave out --tested".into())
            }
        }
    }
}

fn build(root: &Path) -> Result<(), String> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--quiet", "--package", "careplan"]).current_dir(root);
    match cargo.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("careplan cannot be built ({status})")),
        Err(error) => Err(format!("cannot start cargo: {error}; is Rust installed?")),
    }
}
