//! The tables, read and written within a transaction.

use std::{cell::RefCell, collections::HashMap};

use hub_relay::{
    Bytes, Change, DeliveryId, Digest, Earlier, Event, IdempotencyKey, InboxScope, Office,
    OfficeNumber, OfficeQuery, Page, Retention, Sending, SentScope, Session, Standing,
    SubmissionId, TerminalId,
};
use postgres::{Row, types::ToSql};
use time::OffsetDateTime;

use super::{
    connection::Connection,
    rows::{
        SENDING_COLUMNS, STANDING_COLUMNS, digest, file, get, number, remark, sending, session,
        standing,
    },
};
use crate::{
    Fault,
    columns::{self, count, milliseconds},
    operations::Shelf,
    packed::unpack,
};

pub(super) type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// The tables, as one transaction sees them.
pub(super) struct PgShelf<'a> {
    connection: RefCell<&'a mut Connection>,
    /// The first statement that failed, after which the transaction can only be rolled back.
    fault: RefCell<Option<Fault>>,
}

impl<'a> PgShelf<'a> {
    pub(super) fn new(connection: &'a mut Connection) -> Self {
        Self { connection: RefCell::new(connection), fault: RefCell::default() }
    }

    /// The first fault there was.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.fault.borrow().clone()
    }

    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: Params<'_>,
        read: impl Fn(&Row) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let mut connection = self.connection.borrow_mut();
        let rows = connection
            .statement(sql)
            .and_then(|statement| Ok(connection.client().query(&statement, params)?));
        let read = rows.and_then(|rows| rows.iter().map(read).collect());
        read.inspect_err(|fault: &Fault| {
            self.fault.borrow_mut().get_or_insert_with(|| fault.clone());
        })
    }

    pub(super) fn one<T>(
        &self,
        sql: &str,
        params: Params<'_>,
        read: impl Fn(&Row) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        Ok(self.all(sql, params, read)?.pop())
    }

    /// Runs statements that are needed so seldom that nobody keeps them prepared.
    pub(super) fn batch(&self, sql: &str) -> Result<(), Fault> {
        let ran = self.connection.borrow_mut().client().batch_execute(sql).map_err(Fault::from);
        ran.inspect_err(|fault| {
            self.fault.borrow_mut().get_or_insert_with(|| fault.clone());
        })
    }

    pub(super) fn execute(&self, sql: &str, params: Params<'_>) -> Result<(), Fault> {
        self.all(sql, params, |_| Ok(())).map(drop)
    }

    /// The sendings that a condition selects, in its order, with their files and remarks.
    fn sendings(&self, rest: &str, params: Params<'_>) -> Result<Vec<Sending>, Fault> {
        Ok(self.numbered(rest, params)?.into_iter().map(|(_, sending)| sending).collect())
    }

    /// The same, each with its arrival.
    fn numbered(&self, rest: &str, params: Params<'_>) -> Result<Vec<(i64, Sending)>, Fault> {
        let sql = format!("SELECT {SENDING_COLUMNS} FROM sendings {rest}");
        let rows = self.all(&sql, params, |row| Ok((get(row, "arrival")?, sending(row)?)))?;
        let arrivals: Vec<i64> = rows.iter().map(|(arrival, _)| *arrival).collect();
        let mut files = self.parts(
            "SELECT arrival, name, size, sha256, role, \
             csv_version FROM files WHERE arrival = ANY($1) ORDER BY arrival, place",
            &arrivals,
            file,
        )?;
        let mut remarks = self.parts(
            "SELECT arrival, rule, severity, file, record, item, clause, message FROM remarks \
             WHERE arrival = ANY($1) ORDER BY arrival, place",
            &arrivals,
            remark,
        )?;
        let complete = |(arrival, sending): (i64, Sending)| {
            let files = files.remove(&arrival).unwrap_or_default();
            let remarks = remarks.remove(&arrival).unwrap_or_default();
            (arrival, Sending { files, remarks, ..sending })
        };
        Ok(rows.into_iter().map(complete).collect())
    }

    fn standings(&self, rest: &str, params: Params<'_>) -> Result<Vec<Standing>, Fault> {
        self.all(&format!("SELECT {STANDING_COLUMNS} FROM sendings {rest}"), params, standing)
    }

    /// What belongs to each of these sendings, in its order.
    fn parts<T>(
        &self,
        sql: &str,
        arrivals: &[i64],
        read: impl Fn(&Row) -> Result<T, Fault>,
    ) -> Result<HashMap<i64, Vec<T>>, Fault> {
        let mut parts: HashMap<i64, Vec<T>> = HashMap::new();
        if !arrivals.is_empty() {
            let rows = self.all(sql, &[&arrivals], |row| Ok((get(row, "arrival")?, read(row)?)))?;
            for (arrival, part) in rows {
                parts.entry(arrival).or_default().push(part);
            }
        }
        Ok(parts)
    }
}

impl Shelf for PgShelf<'_> {
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
            "SELECT token_digest, office, terminal, certificate_serial, expires_at FROM sessions \
             WHERE token_digest = $1",
            &[&token_digest.as_slice()],
            session,
        )
    }

    fn put_session(&mut self, session: &Session) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO sessions (token_digest, office, terminal, certificate_serial, \
             expires_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (token_digest) DO UPDATE SET \
             office = excluded.office, terminal = excluded.terminal, \
             certificate_serial = excluded.certificate_serial, expires_at = excluded.expires_at",
            &[
                &session.token_digest.as_slice(),
                &session.caller.office.as_str(),
                &session.caller.terminal.as_str(),
                &session.certificate_serial,
                &milliseconds(session.expires_at),
            ],
        )
    }

    fn remove_session(&mut self, token_digest: &Digest) -> Result<(), Fault> {
        self.execute("DELETE FROM sessions WHERE token_digest = $1", &[&token_digest.as_slice()])
    }

    fn remove_sessions_until(&mut self, now: OffsetDateTime) -> Result<(), Fault> {
        self.execute("DELETE FROM sessions WHERE expires_at <= $1", &[&milliseconds(now)])
    }

    fn earlier(
        &self,
        sender: OfficeNumber,
        key: &IdempotencyKey,
    ) -> Result<Option<Earlier>, Fault> {
        let found = self.one(
            "SELECT content_digest, submission FROM sendings \
             WHERE from_office = $1 AND idempotency_key = $2",
            &[&sender.as_str(), &key.as_str()],
            |row| Ok((digest(row, "content_digest")?, get::<String>(row, "submission")?)),
        )?;
        let Some((content_digest, submission)) = found else { return Ok(None) };
        let sending = self.by_submission(&SubmissionId::new(submission))?;
        Ok(sending.map(|sending| Earlier { content_digest, sending }))
    }

    fn by_submission(&self, id: &SubmissionId) -> Result<Option<Sending>, Fault> {
        Ok(self.sendings("WHERE submission = $1", &[&id.as_str()])?.pop())
    }

    fn by_delivery(&self, id: &DeliveryId) -> Result<Option<Sending>, Fault> {
        Ok(self.sendings("WHERE delivery = $1", &[&id.as_str()])?.pop())
    }

    fn standing(&self, id: &DeliveryId) -> Result<Option<Standing>, Fault> {
        Ok(self.standings("WHERE delivery = $1", &[&id.as_str()])?.pop())
    }

    fn open(&self, office: OfficeNumber) -> Result<Vec<Standing>, Fault> {
        let rest = format!("WHERE to_office = $1 AND {IS_OPEN} ORDER BY arrival");
        self.standings(&rest, &[&office.as_str()])
    }

    fn sent(&self, scope: &SentScope, page: &Page<SubmissionId>) -> Result<Vec<Sending>, Fault> {
        self.sendings(
            "WHERE from_office = $1 AND ($2::text IS NULL OR terminal = $2) \
             AND removed_at IS NULL AND ($3::text IS NULL \
             OR arrival < (SELECT arrival FROM sendings WHERE submission = $3)) \
             ORDER BY arrival DESC LIMIT $4",
            &[
                &scope.office.as_str(),
                &scope.terminal.as_ref().map(TerminalId::as_str),
                &page.after.as_ref().map(SubmissionId::as_str),
                &count(page.limit),
            ],
        )
    }

    fn inbox(
        &self,
        scope: &InboxScope,
        page: &Page<DeliveryId>,
        now: OffsetDateTime,
    ) -> Result<Vec<Sending>, Fault> {
        let open = if scope.only_open { IS_OPEN } else { "undelivered_at IS NULL" };
        self.sendings(
            &format!(
                "WHERE to_office = $1 AND {open} AND removed_at IS NULL AND ($2::text IS NULL OR \
                 (holder = $2 AND (claimed_until IS NULL OR $3 < claimed_until))) AND arrival \
                 > coalesce((SELECT arrival FROM sendings WHERE delivery = $4), 0) \
                 ORDER BY arrival LIMIT $5"
            ),
            &[
                &scope.office.as_str(),
                &scope.terminal.as_ref().map(TerminalId::as_str),
                &milliseconds(now),
                &page.after.as_ref().map(DeliveryId::as_str),
                &count(page.limit),
            ],
        )
    }

    fn is_fetched(&self, id: &DeliveryId, name: &str, by: &TerminalId) -> Result<bool, Fault> {
        let fetch = self.one(
            "SELECT 1 FROM sendings JOIN fetches USING (arrival) \
             WHERE delivery = $1 AND fetches.terminal = $2 AND name = $3",
            &[&id.as_str(), &by.as_str(), &name],
            |_| Ok(()),
        )?;
        Ok(fetch.is_some())
    }

    fn unfetched(&self, id: &DeliveryId, by: &TerminalId) -> Result<Vec<String>, Fault> {
        self.all(
            "SELECT files.name FROM files JOIN sendings USING (arrival) LEFT JOIN fetches \
             ON fetches.arrival = files.arrival AND fetches.name = files.name \
             AND fetches.terminal = $1 WHERE delivery = $2 AND fetches.name IS NULL ORDER BY place",
            &[&by.as_str(), &id.as_str()],
            |row| get(row, "name"),
        )
    }

    fn events(&self, office: OfficeNumber, after: u64, limit: usize) -> Result<Vec<Event>, Fault> {
        let rows = self.all(
            "SELECT event, kind, arrival FROM events JOIN sendings USING (arrival) \
             WHERE office = $1 AND event > $2 AND removed_at IS NULL ORDER BY event LIMIT $3",
            &[&office.as_str(), &count(after), &count(limit)],
            |row| {
                let kind = columns::event_kind(get(row, "kind")?);
                Ok((number(row, "event")?, kind, get::<i64>(row, "arrival")?))
            },
        )?;
        let arrivals: Vec<i64> = rows.iter().map(|(.., arrival)| *arrival).collect();
        let sendings = self.numbered("WHERE arrival = ANY($1)", &[&arrivals])?;
        let sendings: HashMap<_, _> = sendings.into_iter().collect();
        let event = |(number, kind, arrival)| {
            let lost = || Fault::Damaged(format!("event {number} lacks its sending"));
            let sending = sendings.get(&arrival).cloned().ok_or_else(lost)?;
            Ok(Event { number, kind, sending })
        };
        rows.into_iter().map(event).collect()
    }

    fn last_event(&self, office: OfficeNumber) -> Result<u64, Fault> {
        let last = "SELECT coalesce(max(event), 0) AS last FROM events WHERE office = $1";
        let last = self.one(last, &[&office.as_str()], |row| number(row, "last"))?;
        Ok(last.unwrap_or(0))
    }

    fn forget_events(&mut self) -> Result<(), Fault> {
        self.execute(columns::FORGET_EVENTS, &[])
    }

    fn due(
        &self,
        retention: &Retention,
        now: OffsetDateTime,
        limit: usize,
    ) -> Result<Vec<Standing>, Fault> {
        let (over, arrived) = (retention.over_until(now), retention.arrived_until(now));
        let rest = format!(
            "WHERE removed_at IS NULL AND submitted_at <= greatest($1::bigint, $2) \
             AND (fetched_at <= $1 OR undelivered_at <= $1 \
             OR ({IS_OPEN} AND submitted_at <= $2)) LIMIT $3"
        );
        self.standings(&rest, &[&milliseconds(over), &milliseconds(arrived), &count(limit)])
    }

    fn content(&self, id: &DeliveryId, name: &str) -> Result<Option<Bytes>, Fault> {
        self.one(
            "SELECT content, size FROM files JOIN sendings USING (arrival) \
             WHERE delivery = $1 AND name = $2",
            &[&id.as_str(), &name],
            |row| Ok(unpack(get(row, "content")?, number(row, "size")?)),
        )
    }

    fn apply(&mut self, change: Change) -> Result<(), Fault> {
        self.make(&change)
    }
}

/// As the index of what is open has it.
const IS_OPEN: &str = "fetched_at IS NULL AND undelivered_at IS NULL";
