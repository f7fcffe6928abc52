//! Files that only their owner may read, and that are never seen half-written.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::Path,
};

use crate::CaFault;

/// Replaces a file: written beside it, flushed to the disk, then renamed, and the name flushed too.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), CaFault> {
    let beside = path.with_extension("tmp");
    let written = private(OpenOptions::new().create(true).truncate(true))
        .open(&beside)
        .and_then(|file| write_through(file, bytes))
        .and_then(|()| fs::rename(&beside, path))
        .and_then(|()| keep_name(path));
    written.map_err(|source| fault(path, source))
}

/// Flushes what a folder says of its files, where folders can be opened.
fn keep_name(path: &Path) -> io::Result<()> {
    match path.parent() {
        // A relative path of one part has an empty parent.
        Some(folder) if cfg!(unix) => File::open(Path::new(".").join(folder))?.sync_all(),
        _ => Ok(()),
    }
}

/// Writes a file that must not be there yet.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> Result<(), CaFault> {
    private(OpenOptions::new().create_new(true))
        .open(path)
        .and_then(|file| write_through(file, bytes))
        .map_err(|source| fault(path, source))
}

/// Takes the lock of a file, waiting for whoever holds it. It is released when dropped.
pub(crate) fn lock(path: &Path) -> Result<File, CaFault> {
    let locked = private(OpenOptions::new().create(true)).open(path).and_then(|file| {
        file.lock()?;
        Ok(file)
    });
    locked.map_err(|source| fault(path, source))
}

/// Makes a folder, if it is not there.
pub(crate) fn make_folder(path: &Path) -> Result<(), CaFault> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made.map_err(|source| fault(path, source)),
    }
}

/// Reads a text file.
pub(crate) fn read(path: &Path) -> Result<String, CaFault> {
    fs::read_to_string(path).map_err(|source| fault(path, source))
}

pub(crate) fn fault(path: &Path, source: io::Error) -> CaFault {
    CaFault::Path { path: path.to_owned(), source }
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.write(true)
}

fn write_through(mut file: File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_stays_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state.json");
        replace(&path, b"first").expect("writes");
        replace(&path, b"second").expect("writes");
        assert_eq!(read(&path).expect("reads"), "second");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_file_that_is_there_is_not_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key.pem");
        create(&path, b"first").expect("writes");
        let again = create(&path, b"second").expect_err("it is there");
        assert!(again.to_string().contains("key.pem"), "{again}");
        assert_eq!(read(&path).expect("reads"), "first");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().expect("a folder");
        let folder = parent.path().join("ca");
        make_folder(&folder).expect("makes it");
        make_folder(&folder).expect("it is there");
        let path = folder.join("key.pem");
        replace(&path, b"secret").expect("writes");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&folder)), (0o600, 0o700));
    }
}
