//! The stores that are driven: opened, dropped and opened again on what is durable.

use std::sync::Arc;

use hub_store::{Memory, Postgres, PostgresPlace, Sqlite, Store};
use private_postgres::Absence;
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

/// PostgreSQL, in this database.
///
/// # Panics
/// When asked to open: the server is gone.
pub fn postgres(place: PostgresPlace) -> Reopen {
    Box::new(move || Arc::new(Postgres::open(&place).expect("a sound database opens")))
}

/// A new database on a PostgreSQL server of this process's own, which goes with the process.
///
/// # Errors
/// There is no PostgreSQL on this machine, or it does not start.
///
/// # Panics
/// The server's own URL is none.
pub fn postgres_place() -> Result<PostgresPlace, Absence> {
    let url = private_postgres::new_database()?;
    Ok(PostgresPlace::parse(&url).expect("the URL of a private server is sound"))
}
