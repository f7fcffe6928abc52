//! One connection, and the transactions on it.

use std::collections::HashMap;

use hub_relay::OfficeNumber;
use postgres::{Client, NoTls, Statement};

use super::{migrations, place::PostgresPlace, shelf::PgShelf};
use crate::{
    Failure, Fault,
    operations::{Shelf, Turn},
};

/// What holds for the whole connection. A hub that dies takes its locks with it; one whose machine
/// vanishes loses them after half a minute.
const SETTINGS: &str = "SET search_path = careplan_hub; \
     SET lock_timeout = '5s'; \
     SET idle_in_transaction_session_timeout = '30s'; \
     SET client_min_messages = warning; \
     SELECT set_config('synchronous_commit', 'on', false) \
     WHERE current_setting('synchronous_commit') IN ('off', 'local')";

const WRITING: &str = "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE";

/// The key of the lock that every writing job shares, unless it wants to be alone: "CPDRjobs".
const JOBS_LOCK: i64 = 0x4350_4452_6a6f_6273;

/// What the keys of the inboxes' locks begin with: "CP" above the 52 bits of an office number.
const INBOX_LOCKS: i64 = 0x435 << 52;
/// What the keys of the events' locks begin with.
const EVENT_LOCKS: i64 = 0x436 << 52;

pub(crate) struct Connection {
    client: Client,
    statements: HashMap<String, Statement>,
}

impl Connection {
    /// Connects to a database whose tables have this hub's form, or are brought to it.
    pub(crate) fn open(place: &PostgresPlace) -> Result<Self, Fault> {
        let mut client = place.config().connect(NoTls)?;
        client.batch_execute(SETTINGS)?;
        let encoding: String = client.query_one("SHOW server_encoding", &[])?.try_get(0)?;
        if encoding != "UTF8" {
            return Err(Fault::Foreign(format!("its encoding is {encoding}, and has to be UTF8")));
        }
        migrations::join(&mut client)?;
        Ok(Self { client, statements: HashMap::new() })
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    pub(crate) fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    /// A statement that is prepared once.
    pub(crate) fn statement(&mut self, sql: &str) -> Result<Statement, Fault> {
        if let Some(known) = self.statements.get(sql) {
            return Ok(known.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Runs a job that changes nothing.
    pub(super) fn read<T>(
        &mut self,
        job: impl Fn(&dyn Shelf) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.begin("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")?;
        let outcome = job(&PgShelf::new(self));
        self.roll_back();
        outcome
    }

    /// Runs a job when its turn has come, and commits.
    pub(super) fn write<T>(
        &mut self,
        turn: Turn,
        job: impl Fn(&mut dyn Shelf) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.begin(&format!("{WRITING}; {}", locks(turn)))?;
        self.work(job)
    }

    /// As [`write`](Self::write), but does not wait for the flush: a crash of the server may lose it.
    pub(super) fn write_behind(
        &mut self,
        turn: Turn,
        job: impl Fn(&mut dyn Shelf) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.begin(&format!("{WRITING}; SET LOCAL synchronous_commit = off; {}", locks(turn)))?;
        self.work(job)
    }

    /// Runs a job in the transaction that has begun, and ends that.
    fn work<T>(
        &mut self,
        job: impl Fn(&mut dyn Shelf) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut shelf = PgShelf::new(self);
        let outcome = job(&mut shelf);
        // A transaction with a statement that failed would "commit" as well, to nothing.
        let outcome = match shelf.fault() {
            Some(fault) => Err(fault.into()),
            None => outcome,
        };
        match outcome {
            Ok(answer) => self.commit().map(|()| answer),
            Err(failure) => {
                self.roll_back();
                Err(failure)
            }
        }
    }

    fn begin(&mut self, sql: &str) -> Result<(), Failure> {
        self.client.batch_execute(sql).map_err(|error| {
            // The first statement may have begun before a later one failed.
            self.roll_back();
            Fault::from(error).into()
        })
    }

    /// Begins to write, beside no other job of any hub.
    pub(crate) fn begin_alone(&mut self) -> Result<(), Fault> {
        let begin = format!("BEGIN ISOLATION LEVEL READ COMMITTED; {}", locks(Turn::Alone));
        Ok(self.client.batch_execute(&begin)?)
    }

    fn commit(&mut self) -> Result<(), Failure> {
        let committed = self.client.batch_execute("COMMIT");
        Ok(committed.map_err(|error| match Fault::from(error) {
            Fault::Contended(text) => Fault::Contended(text),
            Fault::Full => Fault::Full,
            other => Fault::Unknown(other.to_string()),
        })?)
    }

    /// Where it fails the connection is closed, and the server rolls back by itself.
    fn roll_back(&mut self) {
        if let Err(error) = self.client.batch_execute("ROLLBACK") {
            tracing::debug!(%error, "a transaction ended with its connection");
        }
    }
}

/// The statements that wait for a turn. The lock of all jobs always comes first.
fn locks(turn: Turn) -> String {
    match turn {
        Turn::Beside => format!("SELECT pg_advisory_xact_lock_shared({JOBS_LOCK})"),
        Turn::Inbox(office) => format!(
            "SELECT pg_advisory_xact_lock_shared({JOBS_LOCK}); \
             SELECT pg_advisory_xact_lock({})",
            INBOX_LOCKS | bits(office)
        ),
        Turn::Alone => format!("SELECT pg_advisory_xact_lock({JOBS_LOCK})"),
    }
}

/// The key of the lock that orders what an office is told of. A job takes at most one, as its last,
/// unless it is alone.
pub(super) fn event_lock(office: OfficeNumber) -> i64 {
    EVENT_LOCKS | bits(office)
}

/// An office number as 52 bits: ten digits, of which one may be a letter.
fn bits(office: OfficeNumber) -> i64 {
    i64::from_str_radix(office.as_str(), 36)
        .expect("ten digits or letters are a number of base 36, and fit 52 bits")
}
