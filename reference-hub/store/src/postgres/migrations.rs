//! The form of the tables: numbered steps from nothing to what this hub works with.
//!
//! Every connection of a hub shares a lock for as long as it lives, and whoever changes the form
//! has the lock alone: no hub works on tables that change under its hands.

use postgres::{Client, Transaction};

use crate::Fault;

/// In order; the first one makes form 1. A step that was published is never changed.
const STEPS: &[&str] = &[
    include_str!("migrations/0001_sendings.sql"),
    include_str!("migrations/0002_claims.sql"),
    include_str!("migrations/0003_snapshots.sql"),
    include_str!("migrations/0004_packed.sql"),
    include_str!("migrations/0005_clock.sql"),
];

/// The key of the lock on the form, among the database's advisory locks: "CPDRform".
const FORM_LOCK: i64 = 0x4350_4452_666f_726d;

/// Joins those who work with the tables, and makes sure that they have this hub's form.
pub(super) fn join(client: &mut Client) -> Result<(), Fault> {
    loop {
        client.execute("SELECT pg_advisory_lock_shared($1)", &[&FORM_LOCK])?;
        let form = form(&mut client.transaction()?)?;
        match form.cmp(&STEPS.len()) {
            std::cmp::Ordering::Equal => return Ok(()),
            std::cmp::Ordering::Greater => {
                return Err(Fault::Foreign(format!(
                    "its tables have form {form}, this hub's have form {}; use a newer hub",
                    STEPS.len()
                )));
            }
            std::cmp::Ordering::Less => {
                client.execute("SELECT pg_advisory_unlock_shared($1)", &[&FORM_LOCK])?;
                bring_up_to_date(client)?;
            }
        }
    }
}

/// Takes all steps that lack, or none.
fn bring_up_to_date(client: &mut Client) -> Result<(), Fault> {
    let mut transaction = client.transaction()?;
    let locked = transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&FORM_LOCK]);
    locked.map_err(|error| match Fault::from(error) {
        Fault::Contended(_) => Fault::Foreign(
            "its tables have an older form, and a hub that works with it is running; \
             end that one first"
                .to_owned(),
        ),
        other => other,
    })?;
    take_steps(&mut transaction, STEPS)?;
    Ok(transaction.commit()?)
}

/// Takes those of the steps that lack.
fn take_steps(transaction: &mut Transaction<'_>, steps: &[&str]) -> Result<(), Fault> {
    let form = form(transaction)?;
    for (number, step) in (1_i64..).zip(steps).skip(form) {
        if number == 1 {
            transaction.batch_execute(
                "CREATE SCHEMA careplan_hub; \
                 CREATE TABLE forms (form bigint PRIMARY KEY)",
            )?;
        }
        transaction.batch_execute(step)?;
        transaction.execute("INSERT INTO forms (form) VALUES ($1)", &[&number])?;
    }
    Ok(())
}

/// The form that the tables have: as many steps as were taken.
fn form(transaction: &mut Transaction<'_>) -> Result<usize, Fault> {
    // Asked of the catalogue's tables: name look-ups may remember what was before the lock.
    let known = "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_tables \
         WHERE schemaname = 'careplan_hub' AND tablename = 'forms')";
    if !transaction.query_one(known, &[])?.try_get::<_, bool>(0)? {
        return Ok(0);
    }
    let form: i64 = transaction
        .query_one("SELECT coalesce(max(form), 0) FROM careplan_hub.forms", &[])?
        .try_get(0)?;
    usize::try_from(form).map_err(|_| Fault::Damaged(format!("form {form}")))
}

#[cfg(test)]
mod tests {
    use private_postgres::Absence;

    use super::*;
    use crate::{PostgresPlace, postgres::Connection};

    const FILES_OF_FORM_3: &str = "\
        INSERT INTO sendings (submission, delivery, submitted_at, from_office, from_name, terminal, \
        to_office, to_name, message, idempotency_key, content_digest) \
        VALUES ('s-1', 'd-1', 0, '2770100012', '', 't', '2770200036', '', '', 'k', ''); \
        INSERT INTO files SELECT arrival, 0, 'memo.txt', '', 'attachment', NULL, 'abc' FROM sendings; \
        CREATE TABLE snapshot_1_files AS TABLE files";

    #[test]
    fn what_was_kept_in_an_older_form_is_kept_in_this_one() {
        let url = match private_postgres::new_database() {
            Ok(url) => url,
            Err(absence @ Absence::NotInstalled) => return eprintln!("skipped: {absence}"),
            Err(absence) => panic!("{absence}"),
        };
        let place = PostgresPlace::parse(&url).expect("a place");
        let mut client = place.config().connect(postgres::NoTls).expect("connects");
        client.batch_execute("SET search_path = careplan_hub").expect("settles");
        let mut transaction = client.transaction().expect("begins");
        take_steps(&mut transaction, &STEPS[..3]).expect("lays out form 3");
        transaction.batch_execute(FILES_OF_FORM_3).expect("fills");
        transaction.commit().expect("commits");
        let mut connection = Connection::open(&place).expect("brings it up to date");
        for table in ["files", "snapshot_1_files"] {
            let sql = format!("SELECT content, size FROM {table}");
            let row = connection.client().query_one(&sql, &[]).expect("is there");
            let (content, size): (&[u8], i64) = (row.get(0), row.get(1));
            assert_eq!((content, size), (&b"abc"[..], 3), "{table}");
        }
    }
}
