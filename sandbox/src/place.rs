//! The sandbox's folder, and private files in it.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use rand::{TryRng as _, rngs::SysRng};
use tempfile::TempDir;

use crate::SandboxError;

/// The folder, and whether it goes with the sandbox.
#[derive(Debug)]
pub(crate) enum Place {
    Temporary(TempDir),
    Kept(PathBuf),
}

impl Place {
    /// Makes the folder; a temporary one if none is named.
    pub(crate) fn make(folder: Option<PathBuf>, keep: bool) -> Result<Self, SandboxError> {
        if let Some(folder) = folder {
            make_folder(&folder)?;
            let is_used = fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some());
            // Programs that are started in the folder must be handed paths that hold there, too.
            let folder = std::path::absolute(&folder).unwrap_or(folder);
            return if is_used {
                Err(SandboxError::NotEmpty(folder))
            } else {
                Ok(Self::Kept(folder))
            };
        }
        let temporary = tempfile::Builder::new().prefix("careplan-").tempdir();
        let temporary = temporary.map_err(|source| fault(&std::env::temp_dir(), source))?;
        Ok(if keep { Self::Kept(temporary.keep()) } else { Self::Temporary(temporary) })
    }

    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Temporary(folder) => folder.path(),
            Self::Kept(folder) => folder,
        }
    }

    /// Removes the folder if it was a temporary one, else says where it is.
    pub(crate) fn leave(self) -> Option<PathBuf> {
        match self {
            Self::Temporary(folder) => {
                let path = folder.path().to_owned();
                if let Err(error) = folder.close() {
                    tracing::warn!(%error, path = %path.display(), "a temporary folder stays");
                }
                None
            }
            Self::Kept(folder) => Some(folder),
        }
    }
}

/// Makes a folder and those above it.
pub(crate) fn make_folder(path: &Path) -> Result<(), SandboxError> {
    fs::create_dir_all(path).map_err(|source| fault(path, source))
}

/// Writes a file that only its owner may read.
pub(crate) fn write_private(path: &Path, content: impl AsRef<[u8]>) -> Result<(), SandboxError> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)
        .and_then(|mut file| file.write_all(content.as_ref()));
    written.map_err(|source| fault(path, source))
}

/// A random password of sixteen letters and digits that are not mistaken for each other.
pub(crate) fn password() -> Result<String, SandboxError> {
    const TYPABLE: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut bytes = [0; 16];
    SysRng.try_fill_bytes(&mut bytes).map_err(|error| SandboxError::Ours(error.to_string()))?;
    Ok(bytes.map(|byte| char::from(TYPABLE[usize::from(byte % 32)])).iter().collect())
}

fn fault(path: &Path, source: io::Error) -> SandboxError {
    SandboxError::Path { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_folder_goes_and_a_named_one_stays() {
        let temporary = Place::make(None, false).expect("makes");
        let path = temporary.path().to_owned();
        assert_eq!(temporary.leave(), None);
        assert!(!path.exists());
        let parent = tempfile::tempdir().expect("a folder");
        let named = parent.path().join("new");
        let kept = Place::make(Some(named.clone()), false).expect("makes");
        assert_eq!(kept.leave(), Some(named.clone()));
        assert!(named.is_dir());
    }

    #[test]
    fn a_folder_with_something_in_it_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("mine.txt"), "mine").expect("writes");
        let refused = Place::make(Some(folder.path().to_owned()), false);
        assert!(matches!(refused, Err(SandboxError::NotEmpty(_))), "{refused:?}");
    }

    #[test]
    fn passwords_are_long_and_never_the_same() {
        let (first, second) = (password().expect("random"), password().expect("random"));
        assert_eq!(first.len(), 16);
        assert_ne!(first, second);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_a_private_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("password.txt");
        write_private(&path, "secret").expect("writes");
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
