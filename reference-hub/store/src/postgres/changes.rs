//! The relay's changes, written within a transaction.

use hub_relay::{
    Bytes, Change, DeliveryId, EventKind, FileEntry, NewSending, OfficeNumber, Remark,
};
use time::OffsetDateTime;

use super::{
    connection::event_lock,
    rows::{get, parsed},
    shelf::{Params, PgShelf},
};
use crate::{
    Fault,
    columns::{event_word, milliseconds, role_word, severity_word},
    packed::pack,
};

impl PgShelf<'_> {
    /// Makes one change. One that finds nothing to change was decided on other facts than these.
    pub(super) fn make(&self, change: &Change) -> Result<(), Fault> {
        match change {
            Change::Accept(new) => self.accept(new),
            Change::Claim { deliveries, by, at, until } => self.execute(
                "UPDATE sendings SET holder = $1, claimed_at = $2, claimed_until = $3 \
                 WHERE delivery = ANY($4)",
                &[
                    &by.as_str(),
                    &milliseconds(*at),
                    &until.map(milliseconds),
                    &column(deliveries, DeliveryId::as_str),
                ],
            ),
            Change::Renew { delivery, until } => self.execute(
                "UPDATE sendings SET claimed_until = $1 WHERE delivery = $2",
                &[&until.map(milliseconds), &delivery.as_str()],
            ),
            Change::NoteFetch { delivery, file, by } => self.execute(
                "INSERT INTO fetches (arrival, terminal, name) \
                 SELECT arrival, $1, $2 FROM sendings WHERE delivery = $3 ON CONFLICT DO NOTHING",
                &[&by.as_str(), file, &delivery.as_str()],
            ),
            Change::Confirm { delivery, at } => {
                let sql = "UPDATE sendings SET fetched_at = $1, claimed_until = NULL \
                           WHERE delivery = $2 RETURNING from_office, arrival";
                self.close(sql, &[&milliseconds(*at), &delivery.as_str()], EventKind::Receipt)
            }
            Change::Release { delivery } => self.execute(
                "UPDATE sendings SET holder = NULL, claimed_at = NULL, claimed_until = NULL \
                 WHERE delivery = $1",
                &[&delivery.as_str()],
            ),
            Change::GiveUp { delivery, at } => {
                let sql = "UPDATE sendings SET undelivered_at = $1 \
                           WHERE delivery = $2 RETURNING from_office, arrival";
                self.close(sql, &[&milliseconds(*at), &delivery.as_str()], EventKind::Undelivered)
            }
            Change::Register(office) => self.store_office(office),
            Change::Remove { delivery, at } => self.remove(delivery, *at),
        }
    }

    /// A delivery that is open no longer, and what its sender's office is told.
    fn close(&self, sql: &str, params: Params<'_>, kind: EventKind) -> Result<(), Fault> {
        let from = self.one(sql, params, |row| {
            Ok((parsed(get(row, "from_office")?)?, get::<i64>(row, "arrival")?))
        })?;
        let (office, arrival) = from.ok_or_else(|| Fault::Failed("no delivery".to_owned()))?;
        self.execute("DELETE FROM fetches WHERE arrival = $1", &[&arrival])?;
        self.tell(office, kind, arrival)
    }

    /// Whoever tells an office of something has it for itself until the commit, so that nobody
    /// reads a later event before an earlier one.
    fn tell(&self, office: OfficeNumber, kind: EventKind, arrival: i64) -> Result<(), Fault> {
        self.execute("SELECT pg_advisory_xact_lock($1)", &[&event_lock(office)])?;
        self.execute(
            "INSERT INTO events (office, kind, arrival) VALUES ($1, $2, $3)",
            &[&office.as_str(), &event_word(kind), &arrival],
        )
    }

    fn remove(&self, delivery: &DeliveryId, at: OffsetDateTime) -> Result<(), Fault> {
        for table in ["files", "remarks"] {
            let of = "WHERE arrival = (SELECT arrival FROM sendings WHERE delivery = $1)";
            self.execute(&format!("DELETE FROM {table} {of}"), &[&delivery.as_str()])?;
        }
        self.execute(
            "UPDATE sendings SET message = '', removed_at = $1 WHERE delivery = $2",
            &[&milliseconds(at), &delivery.as_str()],
        )
    }

    fn accept(&self, new: &NewSending) -> Result<(), Fault> {
        let NewSending { sending, contents, key, content_digest } = new;
        let arrival: Option<i64> = self.one(
            "INSERT INTO sendings (submission, delivery, submitted_at, from_office, from_kind, \
             from_name, terminal, to_office, to_kind, to_name, message, idempotency_key, \
             content_digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
             RETURNING arrival",
            &[
                &sending.submission.as_str(),
                &sending.delivery.as_str(),
                &milliseconds(sending.submitted_at),
                &sending.from.party.office.as_str(),
                &sending.from.party.kind.as_ref().map(|kind| kind.as_str()),
                &sending.from.name,
                &sending.terminal.as_str(),
                &sending.to.party.office.as_str(),
                &sending.to.party.kind.as_ref().map(|kind| kind.as_str()),
                &sending.to.name,
                &sending.message,
                &key.as_str(),
                &content_digest.as_slice(),
            ],
            |row| get(row, "arrival"),
        )?;
        let arrival = arrival.ok_or_else(|| Fault::Failed("no arrival".to_owned()))?;
        self.accept_files(arrival, &sending.files, contents)?;
        self.accept_remarks(arrival, &sending.remarks)?;
        self.tell(sending.to.party.office, EventKind::Arrival, arrival)
    }

    /// All files in one statement: each has a trip to the server and back otherwise.
    fn accept_files(
        &self,
        arrival: i64,
        files: &[FileEntry],
        contents: &[Bytes],
    ) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO files (arrival, place, name, sha256, role, csv_version, size, content) \
             SELECT $1, place - 1, name, sha256, role, csv_version, size, content \
             FROM unnest($2::text[], $3::bytea[], $4::text[], $5::text[], $6::bigint[], \
             $7::bytea[]) \
             WITH ORDINALITY AS file (name, sha256, role, csv_version, size, content, place)",
            &[
                &arrival,
                &column(files, |file| file.name.as_str()),
                &column(files, |file| file.sha256.as_slice()),
                &column(files, |file| role_word(file.role)),
                &column(files, |file| file.csv_version.as_deref()),
                &column(files, |file| file.size.cast_signed()),
                &column(contents, |bytes| pack(bytes)),
            ],
        )
    }

    fn accept_remarks(&self, arrival: i64, remarks: &[Remark]) -> Result<(), Fault> {
        if remarks.is_empty() {
            return Ok(());
        }
        self.execute(
            "INSERT INTO remarks (arrival, place, rule, severity, file, record, item, clause, \
             message) SELECT $1, place - 1, rule, severity, file, record, item, clause, message \
             FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], \
             $7::text[], $8::text[]) WITH ORDINALITY \
             AS remark (rule, severity, file, record, item, clause, message, place)",
            &[
                &arrival,
                &column(remarks, |remark| remark.rule.as_str()),
                &column(remarks, |remark| severity_word(remark.severity)),
                &column(remarks, |remark| remark.file.as_deref()),
                &column(remarks, |remark| remark.record.map(i64::from)),
                &column(remarks, |remark| remark.item.map(i64::from)),
                &column(remarks, |remark| remark.clause.as_str()),
                &column(remarks, |remark| remark.message.as_str()),
            ],
        )
    }
}

/// One value of each, as an array.
fn column<'a, T, V>(rows: &'a [T], value: impl Fn(&'a T) -> V) -> Vec<V> {
    rows.iter().map(value).collect()
}
