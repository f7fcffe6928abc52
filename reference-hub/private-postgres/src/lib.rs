//! A PostgreSQL server of one's own: for tests and scenarios, from programs that are installed.
//!
//! It promises to touch no server and no data that were there before: everything lies in a temporary
//! folder, reached through a socket in that folder, and goes with the process that started it,
//! however that process ends. It trusts everybody who reaches the socket, and flushes nothing, so
//! it is no place for what must outlive a power cut.

mod programs;
#[cfg(unix)]
mod server;
#[cfg(not(unix))]
#[path = "no_server.rs"]
mod server;

use std::sync::{Mutex, PoisonError};

use thiserror::Error;

pub use server::Server;

/// Why there is no server.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Absence {
    /// PostgreSQL is not installed here: no reason to fail.
    #[error(
        "PostgreSQL がありません（initdb と postgres が PATH にも /usr/lib/postgresql にもない） / \
         PostgreSQL is not installed (no initdb and postgres in PATH or /usr/lib/postgresql)"
    )]
    NotInstalled,
    /// It is installed, and does not start.
    #[error("PostgreSQL が起動しません / PostgreSQL does not start: {0}")]
    DoesNotStart(String),
}

/// The URL of a new, empty database on a server that all callers of this process share.
///
/// # Errors
/// PostgreSQL is not installed, or does not start.
pub fn new_database() -> Result<String, Absence> {
    static SHARED: Mutex<Option<Result<Server, Absence>>> = Mutex::new(None);
    // A server that failed to start is a value as well: a panic leaves nothing half done.
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    shared.get_or_insert_with(Server::start).as_ref().map_err(Clone::clone)?.new_database()
}
