//! The sample sendings, for every test from outside.

use std::{fs, path::PathBuf};

/// Files by name, sorted.
pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// The files of a folder of `samples/`.
pub(crate) fn sample(folder: &str) -> Files {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../samples").join(folder);
    let mut files: Files = fs::read_dir(path)
        .expect("the sample is there")
        .map(|entry| {
            let path = entry.expect("readable").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(path).expect("readable"))
        })
        .collect();
    files.sort();
    files
}
