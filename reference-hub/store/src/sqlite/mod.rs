//! The store in one file: SQLite, one writer, many operations a commit.
//!
//! Invariant: an answer leaves only after the transaction with its changes is on the disk. Writes
//! queue for one thread, which takes all that wait into one transaction, so that they share one
//! flush. Reads have connections of their own and see what was committed.

mod changes;
mod copies;
mod in_memory;
mod offices;
mod rows;
mod seal;
mod shelf;
mod writer;

use std::{
    future::ready,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, config::DbConfig};

pub use self::in_memory::InMemorySqlite;
use self::{seal::Seal, shelf::SqlShelf, writer::Writer};
use crate::{
    Failure, Fault, Meter, Reply,
    operations::{Shelf, Shelved, Turn},
};

/// In the database's header, so that it is known for ours: "CPDR".
const APPLICATION_ID: i32 = 0x4350_4452;
/// The form of the tables.
const SCHEMA_VERSION: i32 = 3;
const SCHEMA: &str = include_str!("schema.sql");
/// The tables that form 2 had not, or had otherwise.
const SINCE_FORM_3: &str = include_str!("schema_3.sql");
/// The form before: no content was packed, so that its length was the file's; numbers of events
/// could come twice; and nothing was known of the clock.
const FORM_BEFORE: i32 = 2;

/// Twice SQLite's own: files of some kilobytes lie in fewer pieces, and an entry of an index still
/// costs one small page.
const PAGE_BYTES: u32 = 8 * 1024;
/// How much is written ahead before it is moved into the file, 32 MiB: a page that many sendings
/// change is then moved once.
const CHECKPOINT_PAGES: u32 = 4 * 1024;

/// How long another process may keep the file locked.
const LOCK_WAIT_MAX: Duration = Duration::from_secs(5);
/// How many idle connections are kept for readers.
const IDLE_READERS_MAX: usize = 8;

/// Everything in one file, durable. Clones are the same store; the file is closed with the last.
#[derive(Clone)]
pub struct Sqlite {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    // In the order in which a drop closes them: the seal is set last.
    writer: Writer,
    idle_readers: Mutex<Vec<Connection>>,
    seal: Seal,
}

impl Sqlite {
    /// Opens the database, or makes it where there is none. Its folder must exist. It is looked
    /// through, unless it is large and as its last hub left it.
    ///
    /// # Errors
    /// The file cannot be opened, is not a database of this hub, or is damaged.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        Self::open_with(path, None)
    }

    /// Opens the database so that `meter` is told of every commit.
    ///
    /// # Errors
    /// As [`Sqlite::open`].
    pub fn open_measured(path: &Path, meter: Arc<dyn Meter>) -> Result<Self, Fault> {
        Self::open_with(path, Some(meter))
    }

    fn open_with(path: &Path, meter: Option<Arc<dyn Meter>>) -> Result<Self, Fault> {
        let is_untouched = seal::lift(path);
        let connection = connect(path)?;
        prepare(&connection)?;
        if !is_untouched {
            look_through(&connection)?;
        }
        let inner = Inner {
            path: path.to_owned(),
            writer: Writer::start(connection, meter)?,
            idle_readers: Mutex::default(),
            seal: Seal::of(path),
        };
        Ok(Self { inner: Arc::new(inner) })
    }
}

impl Shelved for Sqlite {
    fn look<T: Send + 'static>(
        &self,
        job: impl Fn(&dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        Box::pin(ready(self.inner.read(job)))
    }

    fn read<T: Send + 'static>(
        &self,
        job: impl Fn(&dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        let inner = Arc::clone(&self.inner);
        Box::pin(async move {
            let read = tokio::task::spawn_blocking(move || inner.read(job)).await;
            read.unwrap_or_else(|error| Err(Fault::Failed(error.to_string()).into()))
        })
    }

    fn write<T: Send + 'static>(
        &self,
        _turn: Turn,
        job: impl Fn(&mut dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        let (inner, written) = (Arc::clone(&self.inner), self.inner.writer.submit(job));
        Box::pin(async move { inner.doubting(written.await) })
    }

    fn write_behind(
        &self,
        _turn: Turn,
        job: impl Fn(&mut dyn Shelf) -> Result<(), Failure> + Send + 'static,
    ) -> Reply<()> {
        self.inner.writer.submit_behind(job)
    }
}

impl Inner {
    fn read<T>(&self, job: impl Fn(&dyn Shelf) -> Result<T, Failure>) -> Result<T, Failure> {
        let idle = self.idle_readers().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect(&self.path)?,
        };
        // One transaction, so that all queries of the job see the same state. A connection whose job
        // panics is closed, and its transaction ends with it.
        turn(&connection, "BEGIN")?;
        let outcome = job(&SqlShelf::new(&connection));
        roll_back(&connection)?;
        let mut idle = self.idle_readers();
        if idle.len() < IDLE_READERS_MAX {
            idle.push(connection);
        }
        self.doubting(outcome)
    }

    /// Damage that is met is not forgotten with the hub.
    fn doubting<T>(&self, outcome: Result<T, Failure>) -> Result<T, Failure> {
        outcome.inspect_err(|failure| {
            if matches!(failure, Failure::Fault(Fault::Damaged(_))) {
                self.seal.doubt();
            }
        })
    }

    fn idle_readers(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle_readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn connect(path: &Path) -> Result<Connection, Fault> {
    let connection = Connection::open(path)?;
    settle(&connection)?;
    Ok(connection)
}

/// How every connection behaves.
fn settle(connection: &Connection) -> Result<(), Fault> {
    connection.busy_timeout(LOCK_WAIT_MAX)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    // Without, a statement whose plan might depend on what is bound is compiled anew whenever
    // something else is bound: a quarter of all that a hub does.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Begins or ends a transaction or a part of one, with a statement that stays prepared.
fn turn(connection: &Connection, sql: &str) -> Result<(), Fault> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// Ends the transaction, unless what went wrong in it has ended it already.
fn roll_back(connection: &Connection) -> Result<(), Fault> {
    if connection.is_autocommit() { Ok(()) } else { turn(connection, "ROLLBACK") }
}

/// Makes sure that the database is ours and written ahead; lays out an empty one.
pub(crate) fn prepare(connection: &Connection) -> Result<(), Fault> {
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        connection.pragma_update(None, "page_size", PAGE_BYTES)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.execute_batch(&format!(
            "BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; \
             PRAGMA user_version = {SCHEMA_VERSION}; {SCHEMA} {SINCE_FORM_3} COMMIT;"
        ))?;
        return Ok(());
    }
    prepare_existing(connection)
}

/// Makes sure that the whole structure of a database is sound.
fn look_through(connection: &Connection) -> Result<(), Fault> {
    let verdict: String = connection.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    match verdict.as_str() {
        "ok" => Ok(()),
        _ => Err(Fault::Damaged(verdict)),
    }
}

/// Makes sure that a database is there and ours, without looking through it.
pub(crate) fn prepare_existing(connection: &Connection) -> Result<(), Fault> {
    let number =
        |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
    if number("application_id")? != APPLICATION_ID {
        return Err(Fault::Foreign("it belongs to another program".to_owned()));
    }
    let mut version = number("user_version")?;
    if version == FORM_BEFORE {
        bring_up_to_date(connection)?;
        version = SCHEMA_VERSION;
    }
    if version != SCHEMA_VERSION {
        return Err(Fault::Foreign(format!(
            "its tables have form {version}, this hub's have form {SCHEMA_VERSION}"
        )));
    }
    Ok(())
}

/// Brings the form before to this one, or leaves it as it was.
fn bring_up_to_date(connection: &Connection) -> Result<(), Fault> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let brought = take_step(connection);
    if brought.is_err() {
        roll_back(connection)?;
    }
    Ok(brought?)
}

/// The events, and the files with what snapshots have of them.
fn take_step(connection: &Connection) -> rusqlite::Result<()> {
    let files =
        "SELECT name FROM sqlite_schema WHERE name = 'files' OR name GLOB 'snapshot/*/files'";
    let mut files = connection.prepare(files)?;
    let files: Vec<String> =
        files.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for name in files {
        connection.execute_batch(&format!(
            "ALTER TABLE \"{name}\" ADD COLUMN size INTEGER NOT NULL DEFAULT 0; \
             UPDATE \"{name}\" SET size = length(content);"
        ))?;
    }
    connection.execute_batch(&format!(
        "ALTER TABLE events RENAME TO events_before; DROP INDEX events_of_office; {SINCE_FORM_3} \
         INSERT INTO events SELECT * FROM events_before; DROP TABLE events_before; \
         PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
    ))
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        let text = error.to_string();
        match error {
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..) => Self::Damaged(text),
            _ => match error.sqlite_error_code() {
                Some(ErrorCode::DiskFull) => Self::Full,
                Some(ErrorCode::DatabaseCorrupt) => Self::Damaged(text),
                Some(ErrorCode::NotADatabase) => Self::Foreign(text),
                _ => Self::Failed(text),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use hub_relay::Office;

    use super::*;
    use crate::{Store as _, Upkeep as _};

    /// A store of so many pages, as if the disk had no more.
    fn with_room_for(pages: u32) -> (Sqlite, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("hub.db");
        let connection = connect(&path).expect("opens");
        prepare(&connection).expect("lays out");
        connection.pragma_update(None, "max_page_count", pages).expect("bounds");
        let writer = Writer::start(connection, None).expect("starts");
        let seal = Seal::of(&path);
        let inner = Inner { path, writer, idle_readers: Mutex::default(), seal };
        (Sqlite { inner: Arc::new(inner) }, folder)
    }

    fn office(number: &str, name_bytes: usize) -> Office {
        let number = number.parse().expect("an office number");
        let name = "x".repeat(name_bytes);
        Office { number, name, kinds: vec![], prefecture: None, versions: vec![], licence: None }
    }

    #[tokio::test]
    async fn a_full_disk_refuses_a_batch_loses_nothing_and_is_got_over() {
        let (store, _folder) = with_room_for(100);
        let first = office("2770100012", 10);
        store.register(vec![first.clone()]).await.expect("fits");

        let (open, gate) = mpsc::channel::<()>();
        let gate = Mutex::new(gate);
        let held = store.inner.writer.submit(move |_| {
            // Until both others wait, who share the next commit, or this one.
            let _ = gate.lock().map(|gate| gate.recv());
            Ok(())
        });
        let small = store.register(vec![office("2770200036", 10)]);
        let large = store.register(vec![office("2770300042", 2 << 20)]);
        let (_, small, large, ()) = tokio::join!(held, small, large, async { drop(open) });
        assert_eq!(large, Err(Fault::Full.into()));
        assert_eq!(small, Err(Fault::Full.into()), "what shares its commit may come again");
        assert_eq!(store.office(first.number).await, Ok(Some(first.clone())), "nothing is lost");
        assert_eq!(store.office_count().await, Ok(1), "and nothing half done");

        store.register(vec![office("2770200036", 10)]).await.expect("the writer goes on");
        store.register(vec![office("2770300042", 180 << 10)]).await.expect("just fits");
        let another = office("2770400059", 180 << 10);
        assert_eq!(store.register(vec![another.clone()]).await, Err(Fault::Full.into()));
        store.reset(vec![first]).await.expect("makes room");
        store.register(vec![another]).await.expect("there is room again");
    }
}
