//! Copies of a store, beside a running hub: into one file, back from it, and whether all is sound.
//!
//! A backup is an SQLite file whatever the store: row by row, as one read transaction sees them, so
//! that it is consistent and keeps nobody from writing. A hub can be served from it as it is. What
//! the operator's snapshots hold is the store's past and stays out.

mod ends;
mod verify;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use self::ends::{Sink, Source};
use crate::{Fault, PostgresPlace};

pub use verify::{Damage, Verified, verify};

/// A store that outlives its hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// In this SQLite file; a backup is one, too.
    Sqlite(PathBuf),
    /// In this database.
    Postgres(PostgresPlace),
}

/// How far a copy or a check has come, in rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// So many are done.
    pub done: u64,
    /// So many there are.
    pub all: u64,
}

/// Copies a store into a new file. A hub may run meanwhile. It blocks.
///
/// # Errors
/// The store cannot be read, or the file is there already or cannot be written; nothing is left then.
pub fn backup(from: &Kept, to: &Path, told: &mut dyn FnMut(Step)) -> Result<u64, Fault> {
    copy(from, &Kept::Sqlite(to.to_owned()), told)
}

/// Copies a backup into a store that is empty. No hub may run on it. It blocks.
///
/// # Errors
/// The backup cannot be read, or the store holds something or cannot be written; nothing is left then.
pub fn restore(from: &Path, to: &Kept, told: &mut dyn FnMut(Step)) -> Result<u64, Fault> {
    copy(&Kept::Sqlite(from.to_owned()), to, told)
}

/// A table with its columns, under the same names in every database.
struct Table {
    name: String,
    columns: Vec<String>,
}

impl Table {
    fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.columns.join(", "), self.name)
    }
}

/// What lists the snapshots, whose own tables each database names in its way.
const SNAPSHOTS: &str = "snapshots";

/// The tables, those first that others refer to: what a new database has, but for snapshots.
fn tables() -> Result<Vec<Table>, Fault> {
    let connection = Connection::open_in_memory()?;
    crate::sqlite::prepare(&connection)?;
    let texts = |sql: &str, name: &[&str]| -> Result<Vec<String>, Fault> {
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map(rusqlite::params_from_iter(name), |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    let names = texts("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid", &[])?;
    let names = names.into_iter().filter(|name| !name.starts_with("sqlite_") && name != SNAPSHOTS);
    names
        .map(|name| {
            let columns = texts("SELECT name FROM pragma_table_info(?)", &[name.as_str()])?;
            Ok(Table { name, columns })
        })
        .collect()
}

fn copy(from: &Kept, to: &Kept, told: &mut dyn FnMut(Step)) -> Result<u64, Fault> {
    let tables = tables()?;
    let mut source = Source::open(from)?;
    let mut all = 0;
    for table in &tables {
        all += source.count(&format!("SELECT count(*) FROM {}", table.name))?;
    }
    let mut sink = Sink::open(to)?;
    let mut done = 0;
    let copied = tables.iter().try_for_each(|table| {
        sink.is_empty(table)?;
        source.rows(&table.select(), &mut |row| {
            sink.put(table, row)?;
            done += 1;
            told(Step { done, all });
            Ok(())
        })
    });
    sink.finish(copied)?;
    Ok(done)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use private_postgres::Absence;

    use super::*;

    #[test]
    fn both_databases_have_the_same_tables_and_columns() {
        let url = match private_postgres::new_database() {
            Ok(url) => url,
            Err(absence @ Absence::NotInstalled) => return eprintln!("skipped: {absence}"),
            Err(absence) => panic!("{absence}"),
        };
        let place = PostgresPlace::parse(&url).expect("a place");
        let mut connection = crate::postgres::Connection::open(&place).expect("connects");
        // How the tables came to their form, and snapshots, are the database's own affair.
        let sql = "SELECT table_name::text, column_name::text FROM information_schema.columns \
             WHERE table_schema = 'careplan_hub' AND table_name NOT IN ('forms', 'snapshots')";
        let rows = connection.client().query(sql, &[]).expect("asks");
        let there: BTreeSet<(String, String)> =
            rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let tables = tables().expect("lays out");
        let here = tables.iter().flat_map(|Table { name, columns }| {
            columns.iter().map(|column| (name.clone(), column.clone()))
        });
        assert_eq!(here.collect::<BTreeSet<_>>(), there);
    }
}
