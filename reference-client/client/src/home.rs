//! A terminal's folder: locked while it is in use, its state files versioned JSON.
//!
//! ```text
//! terminal.json      who this terminal is        session.json   the open session
//! root.pem           the only root it trusts     outbox/KEY/    a sending on its way, with copies
//! credentials.pem    its certificate's chain,    sent/ID.json   a sending that arrived
//!                    then its private key        inbox/ID.json  a delivery that was fetched
//! ```
//!
//! Invariant: a file that cannot be read is reported by its name and left as it lies.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{ClientError, durable};

/// The format that this version writes, and the only one it reads.
const FORMAT: u32 = 1;

pub(crate) const IDENTITY: &str = "terminal.json";
pub(crate) const ROOT: &str = "root.pem";
pub(crate) const CREDENTIALS: &str = "credentials.pem";
pub(crate) const SESSION: &str = "session.json";
pub(crate) const OUTBOX: &str = "outbox";
pub(crate) const SENT: &str = "sent";
pub(crate) const INBOX: &str = "inbox";
const LOCK: &str = "lock";

/// A terminal's folder, held by this process alone.
pub(crate) struct Home {
    folder: PathBuf,
    _lock: File,
}

impl Home {
    /// Takes hold of a terminal's folder.
    pub(crate) fn open(folder: &Path) -> Result<Self, ClientError> {
        if !folder.join(IDENTITY).is_file() {
            return Err(ClientError::local(
                folder,
                "端末のフォルダではありません。careplan client enrol で端末を登録してください",
                "is not a terminal's folder; enrol the terminal with careplan client enrol",
            ));
        }
        Self::hold(folder)
    }

    /// Takes hold of a folder that is, or is about to be, a terminal's; makes it where it lacks.
    pub(crate) fn open_or_create(folder: &Path) -> Result<Self, ClientError> {
        for inner in [OUTBOX, SENT, INBOX] {
            let inner = folder.join(inner);
            durable::create_folder(&inner).map_err(|error| ClientError::io(&inner, &error))?;
        }
        durable::sync_folder(folder).map_err(|error| ClientError::io(folder, &error))?;
        Self::hold(folder)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn hold(folder: &Path) -> Result<Self, ClientError> {
        let path = folder.join(LOCK);
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| ClientError::io(&path, &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { folder: folder.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(ClientError::local(
                folder,
                "別のプログラムがこの端末を使用中です。終わるのを待って、もう一度お試しください",
                "another program is using this terminal; wait until it has ended and try again",
            )),
            Err(TryLockError::Error(error)) => Err(ClientError::io(&path, &error)),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Versioned<T> {
    format: u32,
    content: T,
}

/// Reads a state file; none if there is no such file.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, ClientError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(ClientError::io(path, &error)),
    };
    let Versioned { format, content } =
        serde_json::from_slice::<Versioned<serde_json::Value>>(&bytes)
            .map_err(|error| damaged(path, &error))?;
    if format != FORMAT {
        return Err(ClientError::local(
            path,
            format!("この版では読めない形式です（{format}）。careplan を新しくしてください"),
            format!("is in a format ({format}) of another version; update careplan"),
        ));
    }
    serde_json::from_value(content).map(Some).map_err(|error| damaged(path, &error))
}

/// Writes a state file, durably.
pub(crate) fn write<T: Serialize>(path: &Path, content: &T) -> Result<(), ClientError> {
    let text = serde_json::to_vec_pretty(&Versioned { format: FORMAT, content })
        .map_err(|error| ClientError::Ours(error.to_string()))?;
    write_bytes(path, &text)
}

/// Writes a file of the terminal, durably.
pub(crate) fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), ClientError> {
    durable::write(path, bytes).map_err(|error| ClientError::io(path, &error))
}

/// Removes a state file; there need not be one.
pub(crate) fn remove(path: &Path) -> Result<(), ClientError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(ClientError::io(path, &error)),
        _ => Ok(()),
    }
}

/// A state file that lacks, or does not hold what it should.
pub(crate) fn damaged(path: &Path, what: &dyn std::fmt::Display) -> ClientError {
    ClientError::local(
        path,
        format!(
            "端末のファイルが壊れています（{what}）。何も消していません。控えから戻すか、別の場所へ移してから登録・ログインし直してください"
        ),
        format!(
            "is damaged ({what}); nothing was deleted; restore it from a backup, or move it away and enrol or log in again"
        ),
    )
}

#[cfg(test)]
mod tests {
    use careplan_protocol::Lang;

    use super::*;

    #[test]
    fn what_was_written_is_read_and_what_lacks_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("list.json");
        assert_eq!(read::<Vec<u8>>(&path).expect("no fault"), None);
        write(&path, &vec![1_u8, 2]).expect("writes");
        assert_eq!(read::<Vec<u8>>(&path).expect("reads"), Some(vec![1, 2]));
    }

    #[test]
    fn a_damaged_file_is_named_and_left_as_it_lies() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("session.json");
        for bytes in ["", "{", "[]", r#"{"format":1}"#, r#"{"format":1,"content":"text"}"#] {
            fs::write(&path, bytes).expect("writes");
            let line = read::<Vec<u8>>(&path).expect_err("damaged").line(Lang::En);
            assert!(line.contains("session.json") && line.contains("damaged"), "{line}");
            assert_eq!(fs::read_to_string(&path).expect("still there"), bytes);
        }
        fs::write(&path, r#"{"format":2,"content":[]}"#).expect("writes");
        let line = read::<Vec<u8>>(&path).expect_err("newer").line(Lang::En);
        assert!(line.contains("another version"), "{line}");
    }

    #[test]
    fn two_holders_are_kept_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Home::open_or_create(folder.path()).expect("free");
        let line = Home::open_or_create(folder.path()).err().expect("held").line(Lang::En);
        assert!(line.contains("another program"), "{line}");
        drop(first);
        Home::open_or_create(folder.path()).expect("free again");
    }

    #[test]
    fn a_folder_without_a_terminal_says_how_to_enrol() {
        let folder = tempfile::tempdir().expect("a folder");
        let line = Home::open(folder.path()).err().expect("no terminal").line(Lang::Ja);
        assert!(line.contains("careplan client enrol"), "{line}");
    }
}
