//! The store on a PostgreSQL server: for more than one hub process, each of them stateless.
//!
//! Invariant: an answer leaves only after COMMIT was confirmed. A COMMIT whose confirmation was lost
//! is a fault of its own, [`Fault::Unknown`]; the sender's key and the delivery's state tell the one
//! who asks again what became of it.
//!
//! Concurrent jobs, of one hub or of several, appear as if one came after the other:
//!
//! - A reading job is one REPEATABLE READ transaction, so it sees one moment.
//! - A writing job is one READ COMMITTED transaction that first takes its [`Turn`]: advisory locks
//!   that end with the transaction. Whatever it reads after that was committed by those whose turn
//!   came before, and nobody changes it until the job has committed. That, and not the rows' own
//!   locks, makes claims linearizable: see `docs/decisions/0006-claims-on-postgresql.md`.
//! - Two sendings with one key are kept apart by the unique index. The later one waits, fails, and
//!   runs again from its beginning, when it finds what the first one left.
//!
//! Deadlocks and failures to serialize, which this order leaves no room for but the server is free
//! to report, are handled likewise: the job runs again.

mod changes;
mod connection;
mod copies;
mod migrations;
mod offices;
mod place;
mod rows;
mod shelf;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use postgres::error::SqlState;
use tokio::sync::Semaphore;

pub(crate) use self::connection::Connection;
use crate::{
    Failure, Fault, Reply,
    operations::{Shelf, Shelved, Turn},
};

pub use place::{BadPlace, PostgresPlace};

/// How many connections one hub process has at most; the server's usual limit is 100 for all.
const CONNECTIONS_MAX: usize = 16;
/// How often a job is run that others keep from its end.
const ATTEMPTS_MAX: u32 = 8;
/// How long it waits before it runs again, times the attempts so far.
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(5);

/// Everything in a database that several hubs may share. Clones are the same store.
#[derive(Clone)]
pub struct Postgres {
    inner: Arc<Inner>,
    /// One permit a connection.
    permits: Arc<Semaphore>,
}

struct Inner {
    place: PostgresPlace,
    idle: Mutex<Vec<Connection>>,
}

impl Postgres {
    /// Connects, and lays out the tables or brings them up to date. It blocks, and must not be
    /// called on a thread that drives an asynchronous runtime.
    ///
    /// # Errors
    /// The server cannot be reached or refuses; the tables are of a newer hub, or of an older one
    /// while another such hub runs.
    pub fn open(place: &PostgresPlace) -> Result<Self, Fault> {
        let first = Connection::open(place)?;
        let inner = Inner { place: place.clone(), idle: Mutex::new(vec![first]) };
        Ok(Self { inner: Arc::new(inner), permits: Arc::new(Semaphore::new(CONNECTIONS_MAX)) })
    }

    /// Runs blocking work beside the runtime, once a connection is free for it.
    fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        let (inner, permits) = (Arc::clone(&self.inner), Arc::clone(&self.permits));
        Box::pin(async move {
            let permit = permits.acquire_owned().await.map_err(|_| Fault::Closed)?;
            let worked = tokio::task::spawn_blocking(move || {
                let worked = work(&inner);
                drop((inner, permit));
                worked
            });
            worked.await.unwrap_or_else(|error| Err(Fault::Failed(error.to_string()).into()))
        })
    }
}

impl Shelved for Postgres {
    fn read<T: Send + 'static>(
        &self,
        job: impl Fn(&dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        self.run(move |inner| inner.attempt(|connection| connection.read(&job)))
    }

    fn write<T: Send + 'static>(
        &self,
        turn: Turn,
        job: impl Fn(&mut dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        self.run(move |inner| inner.attempt(|connection| connection.write(turn, &job)))
    }

    /// Committed as well, so that every hub sees it, but flushed with what follows.
    fn write_behind(
        &self,
        turn: Turn,
        job: impl Fn(&mut dyn Shelf) -> Result<(), Failure> + Send + 'static,
    ) -> Reply<()> {
        self.run(move |inner| inner.attempt(|connection| connection.write_behind(turn, &job)))
    }
}

impl Inner {
    /// Does work on a connection, and does it again where that may help.
    fn attempt<T>(
        &self,
        work: impl Fn(&mut Connection) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let idle = self.idle().pop();
            let is_fresh = idle.is_none();
            let mut connection = match idle {
                Some(connection) => connection,
                None => Connection::open(&self.place)?,
            };
            let worked = work(&mut connection);
            let is_dead = connection.is_closed();
            if is_dead {
                // Those that lay idle beside it may be dead as well, and each takes long to say so.
                self.idle().clear();
            } else {
                self.idle().push(connection);
            }
            let again = match &worked {
                Err(Failure::Fault(Fault::Contended(_))) => attempts < ATTEMPTS_MAX,
                // A connection that lay idle may have died long ago. One that was just made did not,
                // and one that lives will say the same again.
                Err(Failure::Fault(Fault::Unreachable(_))) => is_dead && !is_fresh,
                _ => false,
            };
            if !again {
                return worked;
            }
            thread::sleep(BETWEEN_ATTEMPTS * attempts);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let idle = std::mem::take(&mut *self.idle());
        // A connection takes leave on a runtime of its own, for which this thread may be the wrong one.
        let leaving = thread::Builder::new().spawn(move || drop(idle));
        if let Ok(leaving) = leaving {
            // A panic of the thread has been reported where it happened.
            let _ = leaving.join();
        }
    }
}

impl From<postgres::Error> for Fault {
    fn from(error: postgres::Error) -> Self {
        let text = crate::columns::chain(&error);
        let Some(code) = error.code() else {
            return match error.is_closed() || is_input_output(&error) {
                true => Self::Unreachable(text),
                false => Self::Failed(text),
            };
        };
        match code {
            code if *code == SqlState::DISK_FULL => Self::Full,
            code if *code == SqlState::UNIQUE_VIOLATION
                || *code == SqlState::T_R_SERIALIZATION_FAILURE
                || *code == SqlState::T_R_DEADLOCK_DETECTED
                || *code == SqlState::LOCK_NOT_AVAILABLE =>
            {
                Self::Contended(text)
            }
            code => match code.code().get(..2) {
                // No room for another connection; shutting down, starting, or cut by the operator.
                Some("08" | "53" | "57") => Self::Unreachable(text),
                // Damaged pages and indexes.
                Some("XX") if code.code() != "XX000" => Self::Damaged(text),
                _ => Self::Failed(text),
            },
        }
    }
}

fn is_input_output(error: &postgres::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.is::<std::io::Error>() {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use private_postgres::Absence;

    use super::*;

    #[test]
    fn the_servers_codes_are_faults_that_a_hub_answers_for() {
        let url = match private_postgres::new_database() {
            Ok(url) => url,
            Err(absence @ Absence::NotInstalled) => return eprintln!("skipped: {absence}"),
            Err(absence) => panic!("{absence}"),
        };
        let place = PostgresPlace::parse(&url).expect("a place");
        let mut connection = Connection::open(&place).expect("connects");
        let mut raised = |code: &str| {
            let raise = format!("DO $$ BEGIN RAISE 'so' USING ERRCODE = '{code}'; END $$");
            Fault::from(connection.client().batch_execute(&raise).expect_err("it was raised"))
        };
        assert_eq!(raised("53100"), Fault::Full);
        for code in ["23505", "40001", "40P01", "55P03"] {
            assert!(matches!(raised(code), Fault::Contended(_)), "{code}");
        }
        for code in ["53300", "57P01", "08006"] {
            assert!(matches!(raised(code), Fault::Unreachable(_)), "{code}");
        }
        assert!(matches!(raised("XX001"), Fault::Damaged(_)));
        assert!(matches!(raised("22021"), Fault::Failed(_)));
    }
}
