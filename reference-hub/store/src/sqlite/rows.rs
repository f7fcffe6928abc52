//! Rows of the tables as values, and values as what stands in a row.

use std::str::FromStr;

use hub_relay::{
    Caller, DeliveryId, DeliveryState, EventKind, FileEntry, Party, Remark, Sending, Session, Side,
    Standing, SubmissionId, TerminalId,
};
use rusqlite::{
    Row,
    types::{FromSql, Type},
};
use time::OffsetDateTime;

use crate::columns;

/// What [`sending`] reads, in its order.
pub(super) const SENDING_COLUMNS: &str = "submission, delivery, submitted_at, from_office, from_kind, \
     from_name, terminal, to_office, to_kind, to_name, message, holder, claimed_until, \
     fetched_at, undelivered_at, removed_at, arrival";

/// What [`standing`] reads, in its order.
pub(super) const STANDING_COLUMNS: &str = "delivery, submitted_at, to_office, to_kind, holder, \
     claimed_until, fetched_at, undelivered_at";

/// A row's columns, one after the other: looking each up by its name costs more than reading it.
pub(super) struct Columns<'a> {
    row: &'a Row<'a>,
    place: usize,
}

impl<'a> Columns<'a> {
    pub(super) fn of(row: &'a Row<'a>) -> Self {
        Self { row, place: 0 }
    }

    pub(super) fn next<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        let value = self.row.get(self.place);
        self.place += 1;
        value
    }

    pub(super) fn text(&mut self) -> rusqlite::Result<String> {
        self.next()
    }

    /// The value of a word.
    fn word<T>(&mut self, read: impl Fn(&str) -> T) -> rusqlite::Result<T> {
        let value = self.row.get_ref(self.place)?;
        self.place += 1;
        Ok(read(value.as_str()?))
    }

    pub(super) fn time(&mut self) -> rusqlite::Result<Option<OffsetDateTime>> {
        self.next::<Option<i64>>()?.map(moment).transpose()
    }

    fn party(&mut self) -> rusqlite::Result<Party> {
        let office = parsed(&self.text()?)?;
        let kind: Option<String> = self.next()?;
        Ok(Party { office, kind: kind.as_deref().map(parsed).transpose()? })
    }

    fn side(&mut self) -> rusqlite::Result<Side> {
        Ok(Side { party: self.party()?, name: self.text()? })
    }

    fn state(&mut self) -> rusqlite::Result<DeliveryState> {
        let holder = self.next::<Option<String>>()?.map(TerminalId::new);
        let (until, fetched_at, undelivered_at) = (self.time()?, self.time()?, self.time()?);
        Ok(match (undelivered_at, holder, fetched_at) {
            (Some(at), ..) => DeliveryState::Undelivered { at },
            (None, None, _) => DeliveryState::Waiting,
            (None, Some(by), None) => DeliveryState::Claimed { by, until },
            (None, Some(by), Some(at)) => DeliveryState::Fetched { by, at },
        })
    }
}

/// The sending, and its place in the order of arrival.
pub(super) fn sending(columns: &mut Columns<'_>) -> rusqlite::Result<(i64, Sending)> {
    let sending = Sending {
        submission: SubmissionId::new(columns.text()?),
        delivery: DeliveryId::new(columns.text()?),
        submitted_at: moment(columns.next()?)?,
        from: columns.side()?,
        terminal: TerminalId::new(columns.text()?),
        to: columns.side()?,
        message: columns.text()?,
        files: Vec::new(),
        remarks: Vec::new(),
        state: columns.state()?,
        removed_at: columns.time()?,
    };
    Ok((columns.next()?, sending))
}

pub(super) fn standing(row: &Row<'_>) -> rusqlite::Result<Standing> {
    let mut columns = Columns::of(row);
    Ok(Standing {
        delivery: DeliveryId::new(columns.text()?),
        submitted_at: moment(columns.next()?)?,
        to: columns.party()?,
        state: columns.state()?,
    })
}

/// What [`file`] reads, in its order.
pub(super) const FILE_COLUMNS: &str = "name, size, sha256, role, csv_version";

pub(super) fn file(row: &Row<'_>) -> rusqlite::Result<FileEntry> {
    let mut columns = Columns::of(row);
    Ok(FileEntry {
        name: columns.text()?,
        size: columns.next::<u32>()?.into(),
        sha256: columns.next()?,
        role: columns.word(columns::role)?,
        csv_version: columns.next()?,
    })
}

/// What [`remark`] reads, in its order.
pub(super) const REMARK_COLUMNS: &str = "rule, severity, file, record, item, clause, message";

pub(super) fn remark(row: &Row<'_>) -> rusqlite::Result<Remark> {
    let mut columns = Columns::of(row);
    Ok(Remark {
        rule: columns.text()?,
        severity: columns.word(columns::severity)?,
        file: columns.next()?,
        record: columns.next()?,
        item: columns.next()?,
        clause: columns.next()?,
        message: columns.text()?,
    })
}

/// What [`session`] reads, in its order.
pub(super) const SESSION_COLUMNS: &str =
    "token_digest, office, terminal, certificate_serial, expires_at";

pub(super) fn session(row: &Row<'_>) -> rusqlite::Result<Session> {
    let mut columns = Columns::of(row);
    Ok(Session {
        token_digest: columns.next()?,
        caller: Caller {
            office: parsed(&columns.text()?)?,
            terminal: TerminalId::new(columns.text()?),
        },
        certificate_serial: columns.next()?,
        expires_at: moment(columns.next()?)?,
    })
}

/// What [`event`] reads, in its order.
pub(super) const EVENT_COLUMNS: &str = "event, kind";

pub(super) fn event(columns: &mut Columns<'_>) -> rusqlite::Result<(u64, EventKind)> {
    Ok((columns.next::<i64>()?.cast_unsigned(), columns.word(columns::event_kind)?))
}

pub(super) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.cast_unsigned())
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
