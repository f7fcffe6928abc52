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
    let form = form(&mut transaction)?;
    for (number, step) in (1_i64..).zip(STEPS).skip(form) {
        if number == 1 {
            transaction.batch_execute(
                "CREATE SCHEMA careplan_hub; \
                 CREATE TABLE forms (form bigint PRIMARY KEY)",
            )?;
        }
        transaction.batch_execute(step)?;
        transaction.execute("INSERT INTO forms (form) VALUES ($1)", &[&number])?;
    }
    Ok(transaction.commit()?)
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
