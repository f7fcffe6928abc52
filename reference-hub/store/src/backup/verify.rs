//! Whether a store is sound: its structure, its references, its states, and every file's bytes.

use rusqlite::types::Value;
use sha2::{Digest as _, Sha256};

use super::{Kept, Step, ends::Source};
use crate::{Fault, packed::unpack};

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Files whose bytes were compared.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What is not as it should be.
    pub damage: Vec<Damage>,
}

/// Something that is not as it should be. Names are identifiers of the store's, never contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// The database itself: what it says.
    Structure(String),
    /// So many rows of a table belong to no sending.
    Orphans {
        /// The table.
        table: String,
        /// How many.
        rows: u64,
    },
    /// A delivery whose holder and times do not go together.
    State {
        /// The delivery.
        delivery: String,
    },
    /// A file whose bytes are not those that arrived.
    Digest {
        /// The delivery that it belongs to.
        delivery: String,
        /// Its place in the sending, from 1.
        place: u64,
    },
}

/// Tables whose rows belong to a sending.
const PARTS: [&str; 2] = ["files", "remarks"];

/// Deliveries that are in no state: held and not, or fetched by nobody.
const STATELESS: &str = "SELECT delivery FROM sendings WHERE (holder IS NULL) <> (claimed_at IS NULL) \
     OR (holder IS NULL AND fetched_at IS NOT NULL)";

/// Checks a store, beside a running hub. It blocks, and reads everything.
///
/// # Errors
/// The store cannot be opened or is so damaged that it cannot be read further.
pub fn verify(kept: &Kept, told: &mut dyn FnMut(Step)) -> Result<Verified, Fault> {
    let mut source = Source::open(kept)?;
    let mut verified = Verified::default();
    if let Some(connection) = source.sqlite() {
        let mut statement = connection.prepare("PRAGMA integrity_check")?;
        let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
        for line in lines.collect::<rusqlite::Result<Vec<_>>>()? {
            if line != "ok" {
                verified.damage.push(Damage::Structure(line));
            }
        }
    }
    for table in PARTS {
        let rows = source.count(&format!(
            "SELECT count(*) FROM {table} WHERE NOT EXISTS \
             (SELECT 1 FROM sendings WHERE sendings.arrival = {table}.arrival)"
        ))?;
        if 0 < rows {
            verified.damage.push(Damage::Orphans { table: table.to_owned(), rows });
        }
    }
    source.rows(STATELESS, &mut |row| {
        if let [Value::Text(delivery)] = &row[..] {
            verified.damage.push(Damage::State { delivery: delivery.clone() });
        }
        Ok(())
    })?;
    files(&mut source, &mut verified, told)?;
    Ok(verified)
}

fn files(
    source: &mut Source,
    verified: &mut Verified,
    told: &mut dyn FnMut(Step),
) -> Result<(), Fault> {
    let all = source.count("SELECT count(*) FROM files")?;
    let sql = "SELECT delivery, place, sha256, size, content FROM files \
         JOIN sendings ON sendings.arrival = files.arrival";
    source.rows(sql, &mut |row| {
        if let [
            Value::Text(delivery),
            Value::Integer(place),
            sha256,
            Value::Integer(size),
            Value::Blob(kept),
        ] = &row[..]
        {
            let size = size.cast_unsigned();
            verified.files += 1;
            verified.bytes += size;
            let digest = Sha256::digest(unpack(kept, size));
            if *sha256 != Value::Blob(digest.to_vec()) {
                let place = u64::try_from(*place).unwrap_or_default() + 1;
                verified.damage.push(Damage::Digest { delivery: delivery.clone(), place });
            }
        }
        told(Step { done: verified.files, all });
        Ok(())
    })
}
