//! Whether a database's file is still as its last hub left it.
//!
//! To look through a database takes as long as to read it. A hub that ends in order leaves a mark
//! beside the file with its size and time; where both are still so, nobody has written to it, and a
//! large one is not looked through again. Why that is enough, and what it does not find, is in
//! `docs/decisions/0008-what-is-checked-at-start.md`.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::UNIX_EPOCH,
};

/// Up to this size a database is looked through at every start, in less than a second.
const SMALL_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Takes the mark away, before anybody opens the database. Says whether the file is as the last hub
/// left it, and too large to be looked through without need.
pub(super) fn lift(path: &Path) -> bool {
    let mark = mark(path);
    let is_large = fs::metadata(path).is_ok_and(|file| SMALL_BYTES_MAX < file.len());
    let is_untouched = is_large
        && !has_log(path)
        && match (shape(path), fs::read_to_string(&mark)) {
            (Ok(shape), Ok(marked)) => shape == marked,
            _ => false,
        };
    // One that stays is of no harm: the file's time goes on.
    let _ = fs::remove_file(mark);
    is_untouched
}

/// A sound database that is open: dropped after the last connection, it sets the mark.
pub(super) struct Seal {
    path: PathBuf,
    is_doubted: AtomicBool,
}

impl Seal {
    /// For a database that was found sound.
    pub(super) fn of(path: &Path) -> Self {
        Self { path: path.to_owned(), is_doubted: AtomicBool::new(false) }
    }

    /// Damage was met: the database is to be looked through before it is opened again.
    pub(super) fn doubt(&self) {
        self.is_doubted.store(true, Ordering::Relaxed);
    }

    /// Marks a file that holds everything and that nobody doubts; one whose log was not taken in does
    /// not hold it.
    fn set(&self) -> io::Result<()> {
        match has_log(&self.path) || self.is_doubted.load(Ordering::Relaxed) {
            true => Ok(()),
            false => fs::write(mark(&self.path), shape(&self.path)?),
        }
    }
}

impl Drop for Seal {
    fn drop(&mut self) {
        // Without a mark the next start takes longer.
        let _ = self.set();
    }
}

/// What tells whether a file was written to.
fn shape(path: &Path) -> io::Result<String> {
    let file = fs::metadata(path)?;
    let modified = file.modified()?.duration_since(UNIX_EPOCH).map_err(io::Error::other)?;
    Ok(format!("{} {}\n", file.len(), modified.as_nanos()))
}

/// Whether there is a log that the file does not hold yet.
fn has_log(path: &Path) -> bool {
    beside(path, "-wal").exists()
}

fn mark(path: &Path) -> PathBuf {
    beside(path, "-closed")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use std::{fs::File, time::Duration};

    use super::*;

    /// A file of so many bytes, without writing them all.
    fn file_of(bytes: u64) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("hub.db");
        File::create(&path).and_then(|file| file.set_len(bytes)).expect("makes");
        (folder, path)
    }

    /// Opens, and ends in order.
    fn is_untouched(path: &Path) -> bool {
        let is_untouched = lift(path);
        drop(Seal::of(path));
        is_untouched
    }

    #[test]
    fn a_large_file_is_known_again_after_an_orderly_end() {
        let (_folder, path) = file_of(SMALL_BYTES_MAX + 1);
        assert!(!is_untouched(&path), "nobody has closed it yet");
        assert!(is_untouched(&path));
        assert!(is_untouched(&path), "each end sets the mark again");
        fs::remove_file(mark(&path)).expect("is there");
        assert!(!is_untouched(&path), "as after a crash");
        lift(&path);
        Seal::of(&path).doubt();
        assert!(!is_untouched(&path), "damage was met");
    }

    #[test]
    fn a_file_that_was_written_to_or_is_small_or_lacks_its_log_is_looked_through() {
        let (_folder, path) = file_of(SMALL_BYTES_MAX + 1);
        drop(Seal::of(&path));
        let file = File::options().write(true).open(&path).expect("opens");
        let before = file.metadata().and_then(|file| file.modified()).expect("a time");
        file.set_modified(before + Duration::from_secs(1)).expect("sets");
        assert!(!is_untouched(&path), "its time is another");
        file.set_len(SMALL_BYTES_MAX + 2).and_then(|()| file.set_modified(before)).expect("sets");
        assert!(!is_untouched(&path), "its size is another");
        fs::write(beside(&path, "-wal"), "frames").expect("writes");
        drop(Seal::of(&path));
        assert!(!is_untouched(&path), "it does not hold everything");

        let (_folder, path) = file_of(SMALL_BYTES_MAX);
        drop(Seal::of(&path));
        assert!(!is_untouched(&path));
    }
}
