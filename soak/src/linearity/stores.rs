//! The stores that are driven: opened, dropped and opened again on what is durable.

use std::sync::Arc;

use hub_store::{Memory, Postgres, PostgresPlace, Sqlite, Store};
use tempfile::TempDir;

use super::Reopen;

/// Memory. What it has outlives a stop, since there is nothing to stop.
pub fn memory() -> Reopen {
    let store = Memory::new();
    Box::new(move || Arc::new(store.clone()) as Arc<dyn Store>)
}

/// SQLite in a folder of its own, which goes with it, with its writing thread.
///
/// # Errors
/// There is no room for a folder.
///
/// # Panics
/// When asked to open: the database is damaged.
pub fn sqlite() -> Result<Reopen, String> {
    let folder = TempDir::new().map_err(|error| error.to_string())?;
    Ok(Box::new(move || {
        Arc::new(Sqlite::open(&folder.path().join("hub.db")).expect("a sound database opens"))
    }))
}

/// PostgreSQL, on a server of this process's own.
///
/// # Errors
/// There is none on this machine: the text says what to install.
///
/// # Panics
/// When asked to open: the server is gone.
pub fn postgres() -> Result<Reopen, String> {
    let url = private_postgres::new_database().map_err(|absence| absence.to_string())?;
    let place = PostgresPlace::parse(&url).map_err(|bad| bad.to_string())?;
    Ok(Box::new(move || Arc::new(Postgres::open(&place).expect("a sound database opens"))))
}
