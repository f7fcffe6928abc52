//! The tables, read and written within a transaction.

use std::{cell::RefCell, collections::HashMap, str::FromStr};

use hub_relay::{
    Bytes, Caller, Change, DeliveryId, DeliveryState, Digest, Earlier, FileEntry, IdempotencyKey,
    NewSending, Office, OfficeNumber, OfficeQuery, Party, Remark, Sending, SentScope, Session,
    Side, SubmissionId, TerminalId,
};
use postgres::{
    Row,
    types::{FromSql, ToSql},
};
use time::OffsetDateTime;

use super::connection::Connection;
use crate::{
    Fault,
    columns::{self, milliseconds, role_word, severity_word},
    operations::Shelf,
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

    pub(super) fn execute(&self, sql: &str, params: Params<'_>) -> Result<(), Fault> {
        self.all(sql, params, |_| Ok(())).map(drop)
    }

    /// The sendings that a condition selects, with their files and remarks.
    fn sendings(&self, rest: &str, params: Params<'_>) -> Result<Vec<Sending>, Fault> {
        let sql = format!("SELECT {SENDING_COLUMNS} FROM sendings {rest}");
        let rows = self.all(&sql, params, |row| Ok((get(row, "arrival")?, sending(row)?)))?;
        let arrivals: Vec<i64> = rows.iter().map(|(arrival, _)| *arrival).collect();
        let mut files = self.parts(
            "SELECT arrival, name, octet_length(content)::bigint AS size, sha256, role, \
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
        let complete = |(arrival, sending): (i64, Sending)| Sending {
            files: files.remove(&arrival).unwrap_or_default(),
            remarks: remarks.remove(&arrival).unwrap_or_default(),
            ..sending
        };
        Ok(rows.into_iter().map(complete).collect())
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
        self.accept_remarks(arrival, &sending.remarks)
    }

    /// All files in one statement: each has a trip to the server and back otherwise.
    fn accept_files(
        &self,
        arrival: i64,
        files: &[FileEntry],
        contents: &[Bytes],
    ) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO files (arrival, place, name, sha256, role, csv_version, content) \
             SELECT $1, place - 1, name, sha256, role, csv_version, content \
             FROM unnest($2::text[], $3::bytea[], $4::text[], $5::text[], $6::bytea[]) \
             WITH ORDINALITY AS file (name, sha256, role, csv_version, content, place)",
            &[
                &arrival,
                &column(files, |file| file.name.as_str()),
                &column(files, |file| file.sha256.as_slice()),
                &column(files, |file| role_word(file.role)),
                &column(files, |file| file.csv_version.as_deref()),
                &column(contents, |bytes| &**bytes),
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

    fn sent(&self, scope: &SentScope) -> Result<Vec<Sending>, Fault> {
        self.sendings(
            "WHERE from_office = $1 AND ($2::text IS NULL OR terminal = $2) ORDER BY arrival DESC",
            &[&scope.office.as_str(), &scope.terminal.as_ref().map(TerminalId::as_str)],
        )
    }

    fn inbox(&self, caller: &Caller, with_waiting: bool) -> Result<Vec<Sending>, Fault> {
        let condition = match with_waiting {
            true => "(holder = $2 OR holder IS NULL)",
            false => "holder = $2",
        };
        self.sendings(
            &format!("WHERE to_office = $1 AND {condition} ORDER BY arrival"),
            &[&caller.office.as_str(), &caller.terminal.as_str()],
        )
    }

    fn content(&self, id: &DeliveryId, name: &str) -> Result<Option<Bytes>, Fault> {
        self.one(
            "SELECT content FROM files JOIN sendings USING (arrival) \
             WHERE delivery = $1 AND name = $2",
            &[&id.as_str(), &name],
            |row| Ok(get::<&[u8]>(row, "content")?.into()),
        )
    }

    fn apply(&mut self, change: Change) -> Result<(), Fault> {
        match change {
            Change::Accept(new) => self.accept(&new),
            Change::Claim { deliveries, by, at } => self.execute(
                "UPDATE sendings SET holder = $1, claimed_at = $2 WHERE delivery = ANY($3)",
                &[&by.as_str(), &milliseconds(at), &column(&deliveries, DeliveryId::as_str)],
            ),
            Change::Confirm { delivery, at } => self.execute(
                "UPDATE sendings SET fetched_at = $1 WHERE delivery = $2",
                &[&milliseconds(at), &delivery.as_str()],
            ),
            Change::Release { delivery } => self.execute(
                "UPDATE sendings SET holder = NULL, claimed_at = NULL WHERE delivery = $1",
                &[&delivery.as_str()],
            ),
            Change::Register(office) => self.store_office(&office),
        }
    }
}

const SENDING_COLUMNS: &str = "arrival, submission, delivery, submitted_at, from_office, from_kind, \
     from_name, terminal, to_office, to_kind, to_name, message, holder, fetched_at";

/// One value of each, as an array.
fn column<'a, T, V>(rows: &'a [T], value: impl Fn(&'a T) -> V) -> Vec<V> {
    rows.iter().map(value).collect()
}

pub(super) fn get<'a, T: FromSql<'a>>(row: &'a Row, column: &str) -> Result<T, Fault> {
    row.try_get(column).map_err(damaged)
}

fn sending(row: &Row) -> Result<Sending, Fault> {
    let holder = get::<Option<String>>(row, "holder")?.map(TerminalId::new);
    let fetched_at = get::<Option<i64>>(row, "fetched_at")?;
    let state = match (holder, fetched_at) {
        (None, _) => DeliveryState::Waiting,
        (Some(by), None) => DeliveryState::Claimed { by },
        (Some(by), Some(at)) => DeliveryState::Fetched { by, at: moment(at)? },
    };
    Ok(Sending {
        submission: SubmissionId::new(get::<String>(row, "submission")?),
        delivery: DeliveryId::new(get::<String>(row, "delivery")?),
        submitted_at: moment(get(row, "submitted_at")?)?,
        from: side(row, ["from_office", "from_kind", "from_name"])?,
        terminal: TerminalId::new(get::<String>(row, "terminal")?),
        to: side(row, ["to_office", "to_kind", "to_name"])?,
        message: get(row, "message")?,
        files: Vec::new(),
        remarks: Vec::new(),
        state,
    })
}

fn side(row: &Row, [office, kind, name]: [&str; 3]) -> Result<Side, Fault> {
    let kind: Option<&str> = get(row, kind)?;
    let party = Party { office: parsed(get(row, office)?)?, kind: kind.map(parsed).transpose()? };
    Ok(Side { party, name: get(row, name)? })
}

fn file(row: &Row) -> Result<FileEntry, Fault> {
    Ok(FileEntry {
        name: get(row, "name")?,
        size: u64::try_from(get::<i64>(row, "size")?).map_err(damaged)?,
        sha256: digest(row, "sha256")?,
        role: columns::role(get(row, "role")?),
        csv_version: get(row, "csv_version")?,
    })
}

fn remark(row: &Row) -> Result<Remark, Fault> {
    let number = |column| get::<Option<i64>>(row, column);
    Ok(Remark {
        rule: get(row, "rule")?,
        severity: columns::severity(get(row, "severity")?),
        file: get(row, "file")?,
        record: number("record")?.map(TryInto::try_into).transpose().map_err(damaged)?,
        item: number("item")?.map(TryInto::try_into).transpose().map_err(damaged)?,
        clause: get(row, "clause")?,
        message: get(row, "message")?,
    })
}

fn session(row: &Row) -> Result<Session, Fault> {
    Ok(Session {
        token_digest: digest(row, "token_digest")?,
        caller: Caller {
            office: parsed(get(row, "office")?)?,
            terminal: TerminalId::new(get::<String>(row, "terminal")?),
        },
        certificate_serial: get(row, "certificate_serial")?,
        expires_at: moment(get(row, "expires_at")?)?,
    })
}

fn digest(row: &Row, column: &str) -> Result<Digest, Fault> {
    get::<&[u8]>(row, column)?.try_into().map_err(damaged)
}

pub(super) fn parsed<T: FromStr<Err: std::error::Error>>(text: &str) -> Result<T, Fault> {
    text.parse().map_err(damaged)
}

pub(super) fn moment(milliseconds: i64) -> Result<OffsetDateTime, Fault> {
    columns::moment(milliseconds).map_err(damaged)
}

/// A value that this hub did not write.
fn damaged(error: impl std::error::Error) -> Fault {
    Fault::Damaged(columns::chain(&error))
}
