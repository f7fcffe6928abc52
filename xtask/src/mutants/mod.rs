//! `cargo xtask mutants`: code with a fault put in. Does anybody miss what it broke?

pub(crate) mod patch;
pub(crate) mod rules;
pub(crate) mod scenarios;

use std::{fs, io, path::Path};

/// Copies a folder with all that is in it.
fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
