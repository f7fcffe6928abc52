//! The relay's changes, written within a transaction.

use hub_relay::{Change, DeliveryId, EventKind, FileEntry, NewSending, OfficeNumber, Remark};
use rusqlite::{Params, named_params, params};
use time::OffsetDateTime;

use super::shelf::SqlShelf;
use crate::{
    Fault,
    columns::{event_word, milliseconds, role_word, severity_word},
    packed::pack,
};

impl SqlShelf<'_> {
    /// Makes one change. One that finds nothing to change was decided on other facts than these.
    pub(super) fn make(&self, change: &Change) -> Result<(), Fault> {
        match change {
            Change::Accept(new) => self.accept(new),
            Change::Claim { deliveries, by, at, until } => deliveries.iter().try_for_each(|id| {
                self.update(
                    "UPDATE sendings SET holder = ?, claimed_at = ?, claimed_until = ? \
                     WHERE delivery = ?",
                    params![by.as_str(), milliseconds(*at), until.map(milliseconds), id.as_str()],
                )
            }),
            Change::Renew { delivery, until } => self.update(
                "UPDATE sendings SET claimed_until = ? WHERE delivery = ?",
                params![until.map(milliseconds), delivery.as_str()],
            ),
            Change::NoteFetch { delivery, file, by } => self.execute(
                "INSERT OR IGNORE INTO fetches (arrival, terminal, name) \
                 SELECT arrival, ?, ? FROM sendings WHERE delivery = ?",
                params![by.as_str(), file, delivery.as_str()],
            ),
            Change::Confirm { delivery, at } => {
                self.update(
                    "UPDATE sendings SET fetched_at = ?, claimed_until = NULL WHERE delivery = ?",
                    params![milliseconds(*at), delivery.as_str()],
                )?;
                self.forget_fetches(delivery)?;
                self.tell_sender(delivery, EventKind::Receipt)
            }
            Change::Release { delivery } => self.update(
                "UPDATE sendings SET holder = NULL, claimed_at = NULL, claimed_until = NULL \
                 WHERE delivery = ?",
                [delivery.as_str()],
            ),
            Change::GiveUp { delivery, at } => {
                self.update(
                    "UPDATE sendings SET undelivered_at = ? WHERE delivery = ?",
                    params![milliseconds(*at), delivery.as_str()],
                )?;
                self.forget_fetches(delivery)?;
                self.tell_sender(delivery, EventKind::Undelivered)
            }
            Change::Register(office) => self.store_office(office),
            Change::Remove { delivery, at } => self.remove(delivery, *at),
        }
    }

    fn update(&self, sql: &str, params: impl Params) -> Result<(), Fault> {
        match self.change(sql, params)? {
            1 => Ok(()),
            rows => Err(Fault::Failed(format!("a change concerns {rows} deliveries"))),
        }
    }

    fn remove(&self, delivery: &DeliveryId, at: OffsetDateTime) -> Result<(), Fault> {
        for table in ["files", "remarks"] {
            let of = "WHERE arrival = (SELECT arrival FROM sendings WHERE delivery = ?)";
            self.execute(&format!("DELETE FROM {table} {of}"), [delivery.as_str()])?;
        }
        self.update(
            "UPDATE sendings SET message = '', removed_at = ? WHERE delivery = ?",
            params![milliseconds(at), delivery.as_str()],
        )
    }

    fn forget_fetches(&self, delivery: &DeliveryId) -> Result<(), Fault> {
        self.execute(
            "DELETE FROM fetches WHERE arrival = \
             (SELECT arrival FROM sendings WHERE delivery = ?)",
            [delivery.as_str()],
        )
    }

    fn tell(&self, office: OfficeNumber, kind: EventKind, arrival: i64) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO events (office, kind, arrival) VALUES (?, ?, ?)",
            params![office.as_str(), event_word(kind), arrival],
        )
    }

    fn tell_sender(&self, delivery: &DeliveryId, kind: EventKind) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO events (office, kind, arrival) \
             SELECT from_office, ?, arrival FROM sendings WHERE delivery = ?",
            params![event_word(kind), delivery.as_str()],
        )
    }

    fn accept(&self, new: &NewSending) -> Result<(), Fault> {
        let NewSending { sending, contents, key, content_digest } = new;
        self.execute(
            "INSERT INTO sendings (submission, delivery, submitted_at, from_office, from_kind, \
             from_name, terminal, to_office, to_kind, to_name, message, idempotency_key, \
             content_digest) VALUES (:submission, :delivery, :submitted_at, :from_office, \
             :from_kind, :from_name, :terminal, :to_office, :to_kind, :to_name, :message, :key, \
             :content_digest)",
            named_params! {
                ":submission": sending.submission.as_str(),
                ":delivery": sending.delivery.as_str(),
                ":submitted_at": milliseconds(sending.submitted_at),
                ":from_office": sending.from.party.office.as_str(),
                ":from_kind": sending.from.party.kind.as_ref().map(|kind| kind.as_str()),
                ":from_name": sending.from.name,
                ":terminal": sending.terminal.as_str(),
                ":to_office": sending.to.party.office.as_str(),
                ":to_kind": sending.to.party.kind.as_ref().map(|kind| kind.as_str()),
                ":to_name": sending.to.name,
                ":message": sending.message,
                ":key": key.as_str(),
                ":content_digest": content_digest,
            },
        )?;
        let arrival = self.last_row();
        for (place, (file, bytes)) in (0..).zip(sending.files.iter().zip(contents)) {
            self.accept_file(arrival, place, file, bytes)?;
        }
        for (place, remark) in (0..).zip(&sending.remarks) {
            self.accept_remark(arrival, place, remark)?;
        }
        self.tell(sending.to.party.office, EventKind::Arrival, arrival)
    }

    fn accept_file(
        &self,
        arrival: i64,
        place: u32,
        file: &FileEntry,
        bytes: &[u8],
    ) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO files (arrival, place, name, sha256, role, csv_version, size, content) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                arrival,
                place,
                file.name,
                file.sha256,
                role_word(file.role),
                file.csv_version,
                file.size.cast_signed(),
                pack(bytes)
            ],
        )
    }

    fn accept_remark(&self, arrival: i64, place: u32, remark: &Remark) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO remarks (arrival, place, rule, severity, file, record, item, clause, \
             message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                arrival,
                place,
                remark.rule,
                severity_word(remark.severity),
                remark.file,
                remark.record,
                remark.item,
                remark.clause,
                remark.message
            ],
        )
    }
}
