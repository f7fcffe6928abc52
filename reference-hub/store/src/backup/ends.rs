//! Where rows come from, and where they go to.

use std::{
    error::Error,
    fs::{self, File},
    path::{Path, PathBuf},
};

use postgres::{
    fallible_iterator::FallibleIterator as _,
    types::{FromSql, IsNull, ToSql, Type, private::BytesMut, to_sql_checked},
};
use rusqlite::{OpenFlags, params_from_iter, types::Value};

use super::{Kept, Table};
use crate::{Fault, postgres::Connection as PgConnection, sqlite};

type AnyError = Box<dyn Error + Sync + Send>;

/// A store that is read, as of one moment.
pub(super) enum Source {
    Sqlite(rusqlite::Connection),
    Postgres(Box<PgConnection>),
}

impl Source {
    pub(super) fn open(kept: &Kept) -> Result<Self, Fault> {
        match kept {
            Kept::Sqlite(path) => {
                // Not to be made where there is none.
                let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let connection = rusqlite::Connection::open_with_flags(path, flags)?;
                sqlite::prepare_existing(&connection)?;
                connection.execute_batch("BEGIN")?;
                Ok(Self::Sqlite(connection))
            }
            Kept::Postgres(place) => {
                let mut connection = PgConnection::open(place)?;
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
                connection.client().batch_execute(begin)?;
                Ok(Self::Postgres(Box::new(connection)))
            }
        }
    }

    /// Hands over row by row. The statement is one that all databases understand.
    pub(super) fn rows(
        &mut self,
        sql: &str,
        each: &mut dyn FnMut(Vec<Value>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare(sql)?;
                let columns = statement.column_count();
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    let cells = (0..columns).map(|at| row.get(at));
                    each(cells.collect::<rusqlite::Result<_>>()?)?;
                }
            }
            Self::Postgres(connection) => {
                let none: [&dyn ToSql; 0] = [];
                let mut rows = connection.client().query_raw(sql, none)?;
                while let Some(row) = rows.next()? {
                    let cells = (0..row.len()).map(|at| Ok(row.try_get::<_, Cell>(at)?.0));
                    each(cells.collect::<Result<_, Fault>>()?)?;
                }
            }
        }
        Ok(())
    }

    /// The one number that a statement answers.
    pub(super) fn count(&mut self, sql: &str) -> Result<u64, Fault> {
        let mut count = 0;
        self.rows(sql, &mut |row| {
            if let [Value::Integer(number)] = row[..] {
                count = u64::try_from(number).unwrap_or_default();
            }
            Ok(())
        })?;
        Ok(count)
    }

    /// The file of an SQLite store, for what only SQLite can say of it.
    pub(super) fn sqlite(&self) -> Option<&rusqlite::Connection> {
        match self {
            Self::Sqlite(connection) => Some(connection),
            Self::Postgres(_) => None,
        }
    }
}

/// A store that is filled: wholly, or not at all.
pub(super) enum Sink {
    /// A file under another name, until it is whole.
    Sqlite {
        connection: rusqlite::Connection,
        part: PathBuf,
        path: PathBuf,
    },
    Postgres(Box<PgConnection>),
}

impl Sink {
    pub(super) fn open(kept: &Kept) -> Result<Self, Fault> {
        match kept {
            Kept::Sqlite(path) => {
                if path.exists() {
                    return Err(Fault::Foreign(format!("{} is there already", path.display())));
                }
                let part = beside(path, ".part");
                remove(&part);
                let connection = sqlite::connect(&part)?;
                sqlite::prepare(&connection)?;
                connection.execute_batch("BEGIN IMMEDIATE")?;
                Ok(Self::Sqlite { connection, part, path: path.clone() })
            }
            Kept::Postgres(place) => {
                let mut connection = PgConnection::open(place)?;
                connection.begin_alone()?;
                Ok(Self::Postgres(Box::new(connection)))
            }
        }
    }

    /// Makes sure that nothing stands in a table.
    pub(super) fn is_empty(&mut self, table: &Table) -> Result<(), Fault> {
        let Self::Postgres(connection) = self else { return Ok(()) };
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {})", table.name);
        match connection.client().query_one(&sql, &[])?.try_get(0)? {
            false => Ok(()),
            true => Err(Fault::Foreign(format!("it is not empty: {}", table.name))),
        }
    }

    pub(super) fn put(&mut self, table: &Table, row: Vec<Value>) -> Result<(), Fault> {
        let Table { name, columns } = table;
        let marks: Vec<String> = (1..=columns.len()).map(|at| format!("${at}")).collect();
        let (columns, marks) = (columns.join(", "), marks.join(", "));
        let sql = format!("INSERT INTO {name} ({columns}) VALUES ({marks})");
        match self {
            Self::Sqlite { connection, .. } => {
                connection.prepare_cached(&sql)?.execute(params_from_iter(row))?;
            }
            Self::Postgres(connection) => {
                let statement = connection.statement(&sql)?;
                let cells: Vec<Cell> = row.into_iter().map(Cell).collect();
                let params: Vec<&(dyn ToSql + Sync)> = cells.iter().map(|cell| cell as _).collect();
                connection.client().execute(&statement, &params)?;
            }
        }
        Ok(())
    }

    /// Commits what was put, if that went well; else leaves nothing.
    pub(super) fn finish(self, put: Result<(), Fault>) -> Result<(), Fault> {
        match self {
            Self::Sqlite { connection, part, path } => {
                let finished = put.and_then(|()| Ok(connection.execute_batch("COMMIT")?));
                let closed = connection.close().map_err(|(_, error)| Fault::from(error));
                let kept = finished.and(closed).and_then(|()| settle(&part, &path));
                kept.inspect_err(|_| remove(&part))
            }
            Self::Postgres(mut connection) => {
                put?;
                connection.client().batch_execute(GO_ON_NUMBERING)?;
                Ok(connection.client().batch_execute("COMMIT")?)
            }
        }
    }
}

/// New arrivals and events are numbered after those that were put.
const GO_ON_NUMBERING: &str = "SELECT setval(pg_get_serial_sequence('sendings', 'arrival'), \
     (SELECT max(arrival) FROM sendings)) WHERE EXISTS (SELECT 1 FROM sendings); \
     SELECT setval(pg_get_serial_sequence('events', 'event'), \
     (SELECT max(event) FROM events)) WHERE EXISTS (SELECT 1 FROM events)";

/// Gives a file that is whole, and on the disk, its name.
fn settle(part: &Path, path: &Path) -> Result<(), Fault> {
    // To be flushed, a file has to be open for writing on Windows, and a folder cannot be opened there.
    let settled = File::options().write(true).open(part).and_then(|file| file.sync_all());
    let named = settled.and_then(|()| fs::rename(part, path)).and_then(|()| match path.parent() {
        Some(folder) if cfg!(unix) && folder.as_os_str().is_empty() => File::open(".")?.sync_all(),
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    });
    named.map_err(|error| match error.kind() {
        std::io::ErrorKind::StorageFull => Fault::Full,
        _ => Fault::Failed(error.to_string()),
    })
}

/// Removes a file that SQLite was writing, with what lies beside it.
fn remove(part: &Path) {
    for path in [part.to_owned(), beside(part, "-wal"), beside(part, "-shm")] {
        // There need not be one.
        let _ = fs::remove_file(path);
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// A value on its way from or to PostgreSQL.
#[derive(Debug)]
struct Cell(Value);

impl<'a> FromSql<'a> for Cell {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, AnyError> {
        Ok(Self(match *kind {
            Type::INT8 => Value::Integer(i64::from_sql(kind, raw)?),
            Type::BOOL => Value::Integer(bool::from_sql(kind, raw)?.into()),
            Type::BYTEA => Value::Blob(raw.to_vec()),
            _ => Value::Text(String::from_sql(kind, raw)?),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, AnyError> {
        Ok(Self(Value::Null))
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::BOOL, Type::BYTEA, Type::TEXT].contains(kind)
    }
}

impl ToSql for Cell {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, AnyError> {
        match &self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(number) if *kind == Type::BOOL => (*number != 0).to_sql(kind, out),
            Value::Integer(number) => number.to_sql_checked(kind, out),
            Value::Real(number) => number.to_sql_checked(kind, out),
            Value::Text(text) => text.to_sql_checked(kind, out),
            Value::Blob(bytes) => bytes.to_sql_checked(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
