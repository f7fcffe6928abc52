//! The same tables in memory, without a thread: for simulations, where one thing happens at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, TransactionBehavior};

use super::{prepare, settle, shelf::SqlShelf};
use crate::{
    Failure, Fault, Reply,
    operations::{Shelf, Shelved, Turn},
};

/// SQLite without a file: an operation runs where it is asked for, and its answer is there at once.
/// What was committed lasts as long as one of the clones, which are the same store.
#[derive(Debug, Clone)]
pub struct InMemorySqlite {
    connection: Arc<Mutex<Connection>>,
}

impl InMemorySqlite {
    /// An empty database.
    ///
    /// # Errors
    /// SQLite cannot lay out its tables.
    pub fn open() -> Result<Self, Fault> {
        let connection = Connection::open_in_memory()?;
        settle(&connection)?;
        prepare(&connection)?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A transaction that a panic leaves behind is rolled back with it.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run<T>(
        &self,
        job: impl FnOnce(&mut SqlShelf<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut connection = self.lock();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Fault::from)?;
        let answer = job(&mut SqlShelf::new(&transaction))?;
        transaction.commit().map_err(Fault::from)?;
        Ok(answer)
    }
}

impl Shelved for InMemorySqlite {
    fn read<T: Send + 'static>(
        &self,
        job: impl Fn(&dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        let outcome = self.run(|shelf| job(shelf));
        Box::pin(std::future::ready(outcome))
    }

    fn write<T: Send + 'static>(
        &self,
        _turn: Turn,
        job: impl Fn(&mut dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        let outcome = self.run(|shelf| job(shelf));
        Box::pin(std::future::ready(outcome))
    }
}
