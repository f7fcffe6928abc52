//! The tables, read and written within a transaction.

use std::cell::Cell;

use hub_relay::{
    Bytes, Change, DeliveryId, Digest, Earlier, Event, IdempotencyKey, InboxScope, Office,
    OfficeNumber, OfficeQuery, Page, Retention, Sending, SentScope, Session, Standing,
    SubmissionId, TerminalId,
};
use rusqlite::{Connection, OptionalExtension, Params, Row, ToSql, params};
use time::OffsetDateTime;

use super::rows::{
    Columns, EVENT_COLUMNS, FILE_COLUMNS, REMARK_COLUMNS, SENDING_COLUMNS, SESSION_COLUMNS,
    STANDING_COLUMNS, event, file, number, remark, sending, session, standing,
};
use crate::{
    Fault,
    columns::{self, count, milliseconds},
    operations::Shelf,
    packed::unpack,
};

/// The tables, as one transaction sees them.
pub(super) struct SqlShelf<'a> {
    connection: &'a Connection,
    is_changed: Cell<bool>,
}

impl<'a> SqlShelf<'a> {
    pub(super) fn new(connection: &'a Connection) -> Self {
        Self { connection, is_changed: Cell::new(false) }
    }

    /// Whether anything that changes the tables was begun.
    pub(super) fn is_changed(&self) -> bool {
        self.is_changed.get()
    }

    /// The number that the row had which was written last.
    pub(super) fn last_row(&self) -> i64 {
        self.connection.last_insert_rowid()
    }

    /// Runs statements that are needed so seldom that nobody keeps them prepared.
    pub(super) fn batch(&self, sql: &str) -> Result<(), Fault> {
        self.is_changed.set(true);
        Ok(self.connection.execute_batch(sql)?)
    }

    pub(super) fn execute(&self, sql: &str, params: impl Params) -> Result<(), Fault> {
        self.change(sql, params).map(drop)
    }

    /// Changes rows, and says how many.
    pub(super) fn change(&self, sql: &str, params: impl Params) -> Result<usize, Fault> {
        self.is_changed.set(true);
        Ok(self.connection.prepare_cached(sql)?.execute(params)?)
    }

    pub(super) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Fault> {
        Ok(self.connection.prepare_cached(sql)?.query_row(params, read).optional()?)
    }

    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Fault> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_map(params, read)?.collect::<rusqlite::Result<_>>()?)
    }

    /// The sendings that a condition selects, with their files and remarks.
    fn sendings(&self, rest: &str, params: &[&dyn ToSql]) -> Result<Vec<Sending>, Fault> {
        let sql = format!("SELECT {SENDING_COLUMNS} FROM sendings {rest}");
        let rows = self.all(&sql, params, |row| sending(&mut Columns::of(row)))?;
        rows.into_iter().map(|(arrival, sending)| self.complete(arrival, sending)).collect()
    }

    fn standings(&self, rest: &str, params: &[&dyn ToSql]) -> Result<Vec<Standing>, Fault> {
        self.all(&format!("SELECT {STANDING_COLUMNS} FROM sendings {rest}"), params, standing)
    }

    fn complete(&self, arrival: i64, mut sending: Sending) -> Result<Sending, Fault> {
        sending.files = self.all(
            &format!("SELECT {FILE_COLUMNS} FROM files WHERE arrival = ? ORDER BY place"),
            [arrival],
            file,
        )?;
        sending.remarks = self.all(
            &format!("SELECT {REMARK_COLUMNS} FROM remarks WHERE arrival = ? ORDER BY place"),
            [arrival],
            remark,
        )?;
        Ok(sending)
    }
}

impl Shelf for SqlShelf<'_> {
    fn office(&self, number: OfficeNumber) -> Result<Option<Office>, Fault> {
        self.office_of(number)
    }

    fn search_offices(&self, query: &OfficeQuery) -> Result<Vec<Office>, Fault> {
        self.search(query)
    }

    fn office_count(&self) -> Result<usize, Fault> {
        self.counted()
    }

    fn put_office(&mut self, office: &Office) -> Result<(), Fault> {
        self.store_office(office)
    }

    fn remove_office(&mut self, number: OfficeNumber) -> Result<(), Fault> {
        self.drop_office(number)
    }

    fn session(&self, token_digest: &Digest) -> Result<Option<Session>, Fault> {
        self.one(
            &format!("SELECT {SESSION_COLUMNS} FROM sessions WHERE token_digest = ?"),
            [token_digest],
            session,
        )
    }

    fn put_session(&mut self, session: &Session) -> Result<(), Fault> {
        self.execute(
            "INSERT OR REPLACE INTO sessions (token_digest, office, terminal, certificate_serial, \
             expires_at) VALUES (?, ?, ?, ?, ?)",
            params![
                session.token_digest,
                session.caller.office.as_str(),
                session.caller.terminal.as_str(),
                session.certificate_serial,
                milliseconds(session.expires_at)
            ],
        )
    }

    fn remove_session(&mut self, token_digest: &Digest) -> Result<(), Fault> {
        self.execute("DELETE FROM sessions WHERE token_digest = ?", [token_digest])
    }

    fn remove_sessions_until(&mut self, now: OffsetDateTime) -> Result<(), Fault> {
        self.execute("DELETE FROM sessions WHERE expires_at <= ?", [milliseconds(now)])
    }

    fn earlier(
        &self,
        sender: OfficeNumber,
        key: &IdempotencyKey,
    ) -> Result<Option<Earlier>, Fault> {
        let found = self.one(
            "SELECT content_digest, submission FROM sendings \
             WHERE from_office = ? AND idempotency_key = ?",
            [sender.as_str(), key.as_str()],
            |row| Ok((row.get(0)?, SubmissionId::new(row.get::<_, String>(1)?))),
        )?;
        let Some((content_digest, submission)) = found else { return Ok(None) };
        let sending = self.by_submission(&submission)?;
        Ok(sending.map(|sending| Earlier { content_digest, sending }))
    }

    fn by_submission(&self, id: &SubmissionId) -> Result<Option<Sending>, Fault> {
        Ok(self.sendings("WHERE submission = ?", &[&id.as_str()])?.pop())
    }

    fn by_delivery(&self, id: &DeliveryId) -> Result<Option<Sending>, Fault> {
        Ok(self.sendings("WHERE delivery = ?", &[&id.as_str()])?.pop())
    }

    fn standing(&self, id: &DeliveryId) -> Result<Option<Standing>, Fault> {
        Ok(self.standings("WHERE delivery = ?", &[&id.as_str()])?.pop())
    }

    fn open(&self, office: OfficeNumber) -> Result<Vec<Standing>, Fault> {
        self.standings(
            &format!("WHERE to_office = ? AND {IS_OPEN} ORDER BY arrival"),
            &[&office.as_str()],
        )
    }

    fn sent(&self, scope: &SentScope, page: &Page<SubmissionId>) -> Result<Vec<Sending>, Fault> {
        let terminal = scope.terminal.as_ref().map(TerminalId::as_str);
        let after = page.after.as_ref().map(SubmissionId::as_str);
        self.sendings(
            "WHERE from_office = ?1 AND (?2 IS NULL OR terminal = ?2) AND removed_at IS NULL \
             AND (?3 IS NULL OR arrival < (SELECT arrival FROM sendings WHERE submission = ?3)) \
             ORDER BY arrival DESC LIMIT ?4",
            &[&scope.office.as_str(), &terminal, &after, &count(page.limit)],
        )
    }

    fn inbox(
        &self,
        scope: &InboxScope,
        page: &Page<DeliveryId>,
        now: OffsetDateTime,
    ) -> Result<Vec<Sending>, Fault> {
        let open = if scope.only_open { IS_OPEN } else { "undelivered_at IS NULL" };
        let terminal = scope.terminal.as_ref().map(TerminalId::as_str);
        let after = page.after.as_ref().map(DeliveryId::as_str);
        self.sendings(
            &format!(
                "WHERE to_office = ?1 AND {open} AND removed_at IS NULL AND (?2 IS NULL OR \
                 (holder = ?2 AND (claimed_until IS NULL OR ?3 < claimed_until))) AND arrival \
                 > coalesce((SELECT arrival FROM sendings WHERE delivery = ?4), 0) \
                 ORDER BY arrival LIMIT ?5"
            ),
            &[&scope.office.as_str(), &terminal, &milliseconds(now), &after, &count(page.limit)],
        )
    }

    fn is_fetched(&self, id: &DeliveryId, name: &str, by: &TerminalId) -> Result<bool, Fault> {
        let fetch = self.one(
            "SELECT 1 FROM sendings JOIN fetches USING (arrival) \
             WHERE delivery = ? AND fetches.terminal = ? AND name = ?",
            [id.as_str(), by.as_str(), name],
            |_| Ok(()),
        )?;
        Ok(fetch.is_some())
    }

    fn unfetched(&self, id: &DeliveryId, by: &TerminalId) -> Result<Vec<String>, Fault> {
        self.all(
            "SELECT files.name FROM files JOIN sendings USING (arrival) LEFT JOIN fetches \
             ON fetches.arrival = files.arrival AND fetches.name = files.name AND fetches.terminal = ? \
             WHERE delivery = ? AND fetches.name IS NULL ORDER BY place",
            [by.as_str(), id.as_str()],
            |row| row.get(0),
        )
    }

    fn events(&self, office: OfficeNumber, after: u64, limit: usize) -> Result<Vec<Event>, Fault> {
        let rows = self.all(
            &format!(
                "SELECT {EVENT_COLUMNS}, {SENDING_COLUMNS} FROM events JOIN sendings USING (arrival) \
                 WHERE office = ? AND event > ? AND removed_at IS NULL ORDER BY event LIMIT ?"
            ),
            params![office.as_str(), count(after), count(limit)],
            |row| {
                let columns = &mut Columns::of(row);
                Ok((event(columns)?, sending(columns)?))
            },
        )?;
        let whole = |((number, kind), (arrival, sending))| {
            Ok(Event { number, kind, sending: self.complete(arrival, sending)? })
        };
        rows.into_iter().map(whole).collect()
    }

    fn last_event(&self, office: OfficeNumber) -> Result<u64, Fault> {
        let last = "SELECT coalesce(max(event), 0) FROM events WHERE office = ?";
        let last = self.one(last, [office.as_str()], |row| number(row, 0))?;
        Ok(last.unwrap_or(0))
    }

    fn forget_events(&mut self) -> Result<(), Fault> {
        self.execute(columns::FORGET_EVENTS, [])
    }

    fn due(
        &self,
        retention: &Retention,
        now: OffsetDateTime,
        limit: usize,
    ) -> Result<Vec<Standing>, Fault> {
        let (over, arrived) = (retention.over_until(now), retention.arrived_until(now));
        self.standings(
            &format!(
                "WHERE removed_at IS NULL AND submitted_at <= max(?1, ?2) AND (fetched_at <= ?1 \
                 OR undelivered_at <= ?1 OR ({IS_OPEN} AND submitted_at <= ?2)) LIMIT ?3"
            ),
            &[&milliseconds(over), &milliseconds(arrived), &count(limit)],
        )
    }

    fn content(&self, id: &DeliveryId, name: &str) -> Result<Option<Bytes>, Fault> {
        self.one(
            "SELECT content, size FROM files JOIN sendings USING (arrival) \
             WHERE delivery = ? AND name = ?",
            [id.as_str(), name],
            |row| Ok(unpack(row.get_ref(0)?.as_blob()?, number(row, 1)?)),
        )
    }

    fn apply(&mut self, change: Change) -> Result<(), Fault> {
        self.make(&change)
    }
}

/// As the index of what is open has it.
const IS_OPEN: &str = "fetched_at IS NULL AND undelivered_at IS NULL";
