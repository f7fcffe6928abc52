//! Snapshots in the database itself: a copy of every table, named after table and snapshot.
//!
//! What a table looks like is of no importance here: a table that is added to the schema is copied
//! like the others.

use rusqlite::params;

use super::shelf::SqlShelf;
use crate::{Fault, Snapshot, Tally, columns, upkeep::Copies};

/// What precedes the names of copies. No table of the schema begins so.
const COPY: &str = "snapshot";

impl SqlShelf<'_> {
    /// The tables of the schema that hold something of the hub's.
    fn tables(&self) -> Result<Vec<String>, Fault> {
        self.names(
            "SELECT name FROM sqlite_schema WHERE type = 'table' \
             AND substr(name, 1, 8) <> ? AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
            COPY,
        )
    }

    /// The tables that a snapshot consists of.
    fn copies(&self, snapshot: &str) -> Result<Vec<String>, Fault> {
        let first = copy_of("", snapshot);
        let mut copies = self.names(
            "SELECT name FROM sqlite_schema WHERE type = 'table' \
             AND substr(name, 1, length(?1)) = ?1 ORDER BY name",
            &first,
        )?;
        copies.retain(|copy| !copy[first.len()..].contains('/'));
        Ok(copies)
    }

    fn names(&self, sql: &str, param: &str) -> Result<Vec<String>, Fault> {
        self.all(sql, [param], |row| row.get(0))
    }
}

impl Copies for SqlShelf<'_> {
    fn clear(&mut self) -> Result<(), Fault> {
        // Rows that name each other go together, in whichever order.
        self.batch("PRAGMA defer_foreign_keys = ON")?;
        let tables = self.tables()?;
        tables.iter().try_for_each(|table| self.batch(&format!("DELETE FROM {}", quoted(table))))
    }

    fn save(&mut self, snapshot: &Snapshot) -> Result<(), Fault> {
        let Snapshot { name, note } = snapshot;
        self.forget(name)?;
        for table in self.tables()? {
            let copy = copy_of(&table, name);
            let (copy, table) = (quoted(&copy), quoted(&table));
            self.batch(&format!("CREATE TABLE {copy} AS SELECT * FROM {table}"))?;
        }
        self.execute("INSERT INTO snapshots (name, note) VALUES (?, ?)", params![name, note])
    }

    fn restore(&mut self, name: &str) -> Result<Option<Snapshot>, Fault> {
        let snapshots = self.snapshots()?;
        let Some(found) = snapshots.into_iter().find(|one| one.name == name) else {
            return Ok(None);
        };
        self.clear()?;
        let copies = self.copies(name)?;
        for table in self.tables()? {
            let copy = copy_of(&table, name);
            if copies.contains(&copy) {
                let (copy, table) = (quoted(&copy), quoted(&table));
                self.batch(&format!("INSERT INTO {table} SELECT * FROM {copy}"))?;
            }
        }
        Ok(Some(found))
    }

    fn forget(&mut self, name: &str) -> Result<bool, Fault> {
        let copies = self.copies(name)?;
        copies.iter().try_for_each(|copy| self.batch(&format!("DROP TABLE {}", quoted(copy))))?;
        self.execute("DELETE FROM snapshots WHERE name = ?", [name])?;
        Ok(!copies.is_empty())
    }

    fn snapshots(&self) -> Result<Vec<Snapshot>, Fault> {
        self.all("SELECT name, note FROM snapshots ORDER BY name", [], |row| {
            Ok(Snapshot { name: row.get(0)?, note: row.get(1)? })
        })
    }

    fn clock(&self) -> Result<Option<String>, Fault> {
        self.one("SELECT mode FROM clock", [], |row| row.get(0))
    }

    fn set_clock(&mut self, note: &str) -> Result<(), Fault> {
        self.execute("DELETE FROM clock", [])?;
        self.execute("INSERT INTO clock (mode) VALUES (?)", [note])
    }

    fn tally(&self) -> Result<Tally, Fault> {
        let count = |row: &rusqlite::Row<'_>, column| {
            row.get(column).map(|count: i64| count.unsigned_abs())
        };
        let tally = self.all(columns::TALLY, [], |row| {
            Ok(Tally {
                waiting: count(row, "waiting")?,
                claimed: count(row, "claimed")?,
                sessions: count(row, "sessions")?,
            })
        })?;
        Ok(tally.into_iter().next().unwrap_or_default())
    }
}

/// The name of a table's copy. No table's own name has a `/`.
fn copy_of(table: &str, snapshot: &str) -> String {
    format!("{COPY}/{snapshot}/{table}")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
