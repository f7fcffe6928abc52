//! Snapshots in the database itself: a copy of every table, numbered, beside it.
//!
//! What a table looks like is of no importance here: a table that is added to the schema is copied
//! like the others. Whoever runs this is alone, by its [`Turn`](crate::operations::Turn); those who
//! read go on with the rows that they began with.

use super::{rows::get, shelf::PgShelf};
use crate::{Fault, Snapshot, Tally, columns, upkeep::Copies};

/// What precedes the names of copies. No table of the schema begins so.
const COPY: &str = "snapshot";

impl PgShelf<'_> {
    /// The tables of the schema that hold something of the hub's; first those that name others.
    fn tables(&self) -> Result<Vec<String>, Fault> {
        let sql = "SELECT c.relname::text AS name FROM pg_class c \
                   JOIN pg_namespace n ON n.oid = c.relnamespace \
                   WHERE n.nspname = 'careplan_hub' AND c.relkind = 'r' AND c.relname <> 'forms' \
                   AND left(c.relname::text, length($1::text)) <> $1::text \
                   ORDER BY (SELECT count(*) FROM pg_constraint f \
                   WHERE f.conrelid = c.oid AND f.contype = 'f') DESC, c.relname";
        self.all(sql, &[&COPY], |row| get(row, "name"))
    }

    fn number(&self, name: &str) -> Result<Option<i64>, Fault> {
        self.one("SELECT number FROM snapshots WHERE name = $1", &[&name], |row| get(row, "number"))
    }

    /// The tables of the schema that a snapshot has, each with its copy.
    fn copies(&self, number: i64) -> Result<Vec<(String, String)>, Fault> {
        let mut pairs = Vec::new();
        for table in self.tables()? {
            let copy = copy_of(&table, number);
            let sql = "SELECT to_regclass($1::text) IS NOT NULL AS there";
            let there: Option<bool> = self.one(sql, &[&copy], |row| get(row, "there"))?;
            if there == Some(true) {
                pairs.push((table, copy));
            }
        }
        Ok(pairs)
    }
}

impl Copies for PgShelf<'_> {
    fn clear(&mut self) -> Result<(), Fault> {
        let tables = self.tables()?;
        tables.iter().try_for_each(|table| self.batch(&format!("DELETE FROM {table}")))
    }

    fn save(&mut self, snapshot: &Snapshot) -> Result<(), Fault> {
        let Snapshot { name, note } = snapshot;
        self.forget(name)?;
        let sql = "INSERT INTO snapshots (name, note) VALUES ($1, $2) RETURNING number";
        let number: Option<i64> = self.one(sql, &[name, note], |row| get(row, "number"))?;
        let number = number.ok_or_else(|| Fault::Failed("a snapshot has no number".to_owned()))?;
        self.tables()?.iter().try_for_each(|table| {
            let copy = copy_of(table, number);
            self.batch(&format!("CREATE TABLE {copy} AS TABLE {table}"))
        })
    }

    fn restore(&mut self, name: &str) -> Result<Option<Snapshot>, Fault> {
        let Some(number) = self.number(name)? else { return Ok(None) };
        self.clear()?;
        for (table, copy) in self.copies(number)?.into_iter().rev() {
            self.batch(&format!("INSERT INTO {table} SELECT * FROM {copy}"))?;
        }
        Ok(self.snapshots()?.into_iter().find(|one| one.name == name))
    }

    fn forget(&mut self, name: &str) -> Result<bool, Fault> {
        let Some(number) = self.number(name)? else { return Ok(false) };
        for (_, copy) in self.copies(number)? {
            self.batch(&format!("DROP TABLE {copy}"))?;
        }
        self.execute("DELETE FROM snapshots WHERE name = $1", &[&name])?;
        Ok(true)
    }

    fn snapshots(&self) -> Result<Vec<Snapshot>, Fault> {
        self.all("SELECT name, note FROM snapshots ORDER BY name", &[], |row| {
            Ok(Snapshot { name: get(row, "name")?, note: get(row, "note")? })
        })
    }

    fn clock(&self) -> Result<Option<String>, Fault> {
        self.one("SELECT mode FROM clock", &[], |row| get(row, "mode"))
    }

    fn set_clock(&mut self, note: &str) -> Result<(), Fault> {
        self.execute("DELETE FROM clock", &[])?;
        self.execute("INSERT INTO clock (mode) VALUES ($1)", &[&note])
    }

    fn tally(&self) -> Result<Tally, Fault> {
        let tally = self.one(columns::TALLY, &[], |row| {
            let count = |column| get::<i64>(row, column).map(i64::unsigned_abs);
            Ok(Tally {
                waiting: count("waiting")?,
                claimed: count("claimed")?,
                sessions: count("sessions")?,
            })
        })?;
        Ok(tally.unwrap_or_default())
    }
}

fn copy_of(table: &str, number: i64) -> String {
    format!("{COPY}_{number}_{table}")
}
