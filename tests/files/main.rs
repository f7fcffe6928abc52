//! The commands that take files, or nothing, and need no server: as a person or a program runs them.

mod answers;
mod check;
mod convert;
mod fix;
mod reconcile;
mod rules;
mod show;
mod software;

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

/// Runs the program at a Japanese terminal.
fn careplan(args: &[&str]) -> Output {
    careplan_in(Path::new("."), args)
}

/// The same, started in a folder.
fn careplan_in(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_careplan"))
        .args(args)
        .current_dir(folder)
        .env("LANG", "ja_JP.UTF-8")
        .env_remove("LC_ALL")
        .output()
        .expect("the program starts")
}

/// The folder of a sample.
fn sample(folder: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(folder);
    path.display().to_string()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// The files of a folder by name, with their bytes.
fn files(folder: impl AsRef<Path>) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("it is there")
        .map(|entry| entry.expect("readable").path())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(path).expect("readable"))
        })
        .collect();
    files.sort();
    files
}
