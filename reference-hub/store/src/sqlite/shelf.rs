//! The tables, read and written within a transaction.

use std::str::FromStr;

use hub_relay::{
    Bytes, Caller, Change, DeliveryId, DeliveryState, Digest, Earlier, FileEntry, IdempotencyKey,
    NewSending, Office, OfficeNumber, OfficeQuery, Party, Remark, Sending, SentScope, Session,
    Side, SubmissionId, TerminalId,
};
use rusqlite::{
    Connection, OptionalExtension, Params, Row, ToSql, named_params, params, types::Type,
};
use time::OffsetDateTime;

use crate::{
    Fault,
    columns::{self, milliseconds, role_word, severity_word},
    operations::Shelf,
};

/// The tables, as one transaction sees them.
pub(super) struct SqlShelf<'a> {
    connection: &'a Connection,
}

impl<'a> SqlShelf<'a> {
    pub(super) fn new(connection: &'a Connection) -> Self {
        Self { connection }
    }

    pub(super) fn execute(&self, sql: &str, params: impl Params) -> Result<(), Fault> {
        self.connection.prepare_cached(sql)?.execute(params)?;
        Ok(())
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
        let rows = self.all(&sql, params, |row| Ok((row.get("arrival")?, sending(row)?)))?;
        rows.into_iter().map(|(arrival, sending)| self.complete(arrival, sending)).collect()
    }

    fn complete(&self, arrival: i64, mut sending: Sending) -> Result<Sending, Fault> {
        sending.files = self.all(
            "SELECT name, length(content) AS size, sha256, role, csv_version FROM files WHERE arrival = ? \
             ORDER BY place",
            [arrival],
            file,
        )?;
        sending.remarks = self.all(
            "SELECT rule, severity, file, record, item, clause, message FROM remarks \
             WHERE arrival = ? ORDER BY place",
            [arrival],
            remark,
        )?;
        Ok(sending)
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
        let arrival = self.connection.last_insert_rowid();
        for (place, (file, bytes)) in (0..).zip(sending.files.iter().zip(contents)) {
            self.accept_file(arrival, place, file, bytes)?;
        }
        for (place, remark) in (0..).zip(&sending.remarks) {
            self.accept_remark(arrival, place, remark)?;
        }
        Ok(())
    }

    fn accept_file(
        &self,
        arrival: i64,
        place: u32,
        file: &FileEntry,
        bytes: &[u8],
    ) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO files (arrival, place, name, sha256, role, csv_version, content) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
            params![
                arrival,
                place,
                file.name,
                file.sha256,
                role_word(file.role),
                file.csv_version,
                bytes
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
            "SELECT token_digest, office, terminal, certificate_serial, expires_at FROM sessions \
             WHERE token_digest = ?",
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

    fn sent(&self, scope: &SentScope) -> Result<Vec<Sending>, Fault> {
        let terminal = scope.terminal.as_ref().map(TerminalId::as_str);
        self.sendings(
            "WHERE from_office = ?1 AND (?2 IS NULL OR terminal = ?2) ORDER BY arrival DESC",
            &[&scope.office.as_str(), &terminal],
        )
    }

    fn inbox(&self, caller: &Caller, with_waiting: bool) -> Result<Vec<Sending>, Fault> {
        let condition = match with_waiting {
            true => "(holder = ?2 OR holder IS NULL)",
            false => "holder = ?2",
        };
        self.sendings(
            &format!("WHERE to_office = ?1 AND {condition} ORDER BY arrival"),
            &[&caller.office.as_str(), &caller.terminal.as_str()],
        )
    }

    fn content(&self, id: &DeliveryId, name: &str) -> Result<Option<Bytes>, Fault> {
        self.one(
            "SELECT content FROM files JOIN sendings USING (arrival) \
             WHERE delivery = ? AND name = ?",
            [id.as_str(), name],
            |row| Ok(row.get_ref(0)?.as_blob()?.into()),
        )
    }

    fn apply(&mut self, change: Change) -> Result<(), Fault> {
        match change {
            Change::Accept(new) => self.accept(&new),
            Change::Claim { deliveries, by, at } => deliveries.iter().try_for_each(|delivery| {
                self.execute(
                    "UPDATE sendings SET holder = ?, claimed_at = ? WHERE delivery = ?",
                    params![by.as_str(), milliseconds(at), delivery.as_str()],
                )
            }),
            Change::Confirm { delivery, at } => self.execute(
                "UPDATE sendings SET fetched_at = ? WHERE delivery = ?",
                params![milliseconds(at), delivery.as_str()],
            ),
            Change::Release { delivery } => self.execute(
                "UPDATE sendings SET holder = NULL, claimed_at = NULL WHERE delivery = ?",
                [delivery.as_str()],
            ),
            Change::Register(office) => self.store_office(&office),
        }
    }
}

const SENDING_COLUMNS: &str = "arrival, submission, delivery, submitted_at, from_office, from_kind, \
     from_name, terminal, to_office, to_kind, to_name, message, holder, fetched_at";

fn sending(row: &Row<'_>) -> rusqlite::Result<Sending> {
    let text = |column| row.get::<_, String>(column);
    let holder = row.get::<_, Option<String>>("holder")?.map(TerminalId::new);
    let fetched_at = row.get::<_, Option<i64>>("fetched_at")?;
    let state = match (holder, fetched_at) {
        (None, _) => DeliveryState::Waiting,
        (Some(by), None) => DeliveryState::Claimed { by },
        (Some(by), Some(at)) => DeliveryState::Fetched { by, at: moment(at)? },
    };
    Ok(Sending {
        submission: SubmissionId::new(text("submission")?),
        delivery: DeliveryId::new(text("delivery")?),
        submitted_at: moment(row.get("submitted_at")?)?,
        from: side(row, ["from_office", "from_kind", "from_name"])?,
        terminal: TerminalId::new(text("terminal")?),
        to: side(row, ["to_office", "to_kind", "to_name"])?,
        message: text("message")?,
        files: Vec::new(),
        remarks: Vec::new(),
        state,
    })
}

fn side(row: &Row<'_>, [office, kind, name]: [&str; 3]) -> rusqlite::Result<Side> {
    let kind: Option<String> = row.get(kind)?;
    let party = Party {
        office: parsed(&row.get::<_, String>(office)?)?,
        kind: kind.as_deref().map(parsed).transpose()?,
    };
    Ok(Side { party, name: row.get(name)? })
}

fn file(row: &Row<'_>) -> rusqlite::Result<FileEntry> {
    Ok(FileEntry {
        name: row.get("name")?,
        size: row.get::<_, u32>("size")?.into(),
        sha256: row.get("sha256")?,
        role: columns::role(row.get_ref("role")?.as_str()?),
        csv_version: row.get("csv_version")?,
    })
}

fn remark(row: &Row<'_>) -> rusqlite::Result<Remark> {
    Ok(Remark {
        rule: row.get("rule")?,
        severity: columns::severity(row.get_ref("severity")?.as_str()?),
        file: row.get("file")?,
        record: row.get("record")?,
        item: row.get("item")?,
        clause: row.get("clause")?,
        message: row.get("message")?,
    })
}

fn session(row: &Row<'_>) -> rusqlite::Result<Session> {
    Ok(Session {
        token_digest: row.get("token_digest")?,
        caller: Caller {
            office: parsed(&row.get::<_, String>("office")?)?,
            terminal: TerminalId::new(row.get::<_, String>("terminal")?),
        },
        certificate_serial: row.get("certificate_serial")?,
        expires_at: moment(row.get("expires_at")?)?,
    })
}

pub(super) fn parsed<T>(text: &str) -> rusqlite::Result<T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    text.parse()
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))
}

pub(super) fn moment(milliseconds: i64) -> rusqlite::Result<OffsetDateTime> {
    columns::moment(milliseconds).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, Type::Integer, Box::new(error))
    })
}
