//! Rows of the tables as values, and values as what stands in a row.

use std::str::FromStr;

use hub_relay::{
    Caller, DeliveryId, DeliveryState, EventKind, FileEntry, Party, Remark, Sending, Session, Side,
    Standing, SubmissionId, TerminalId,
};
use rusqlite::{Row, types::Type};
use time::OffsetDateTime;

use crate::columns;

pub(super) const SENDING_COLUMNS: &str = "arrival, submission, delivery, submitted_at, from_office, from_kind, \
     from_name, terminal, to_office, to_kind, to_name, message, holder, claimed_until, \
     fetched_at, undelivered_at, removed_at";

pub(super) const STANDING_COLUMNS: &str = "delivery, submitted_at, to_office, to_kind, holder, \
     claimed_until, fetched_at, undelivered_at";

pub(super) fn sending(row: &Row<'_>) -> rusqlite::Result<Sending> {
    let text = |column| row.get::<_, String>(column);
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
        state: state(row)?,
        removed_at: time(row, "removed_at")?,
    })
}

pub(super) fn standing(row: &Row<'_>) -> rusqlite::Result<Standing> {
    Ok(Standing {
        delivery: DeliveryId::new(row.get::<_, String>("delivery")?),
        submitted_at: moment(row.get("submitted_at")?)?,
        to: party(row, ["to_office", "to_kind"])?,
        state: state(row)?,
    })
}

fn state(row: &Row<'_>) -> rusqlite::Result<DeliveryState> {
    if let Some(at) = time(row, "undelivered_at")? {
        return Ok(DeliveryState::Undelivered { at });
    }
    let holder = row.get::<_, Option<String>>("holder")?.map(TerminalId::new);
    Ok(match (holder, time(row, "fetched_at")?) {
        (None, _) => DeliveryState::Waiting,
        (Some(by), None) => DeliveryState::Claimed { by, until: time(row, "claimed_until")? },
        (Some(by), Some(at)) => DeliveryState::Fetched { by, at },
    })
}

fn side(row: &Row<'_>, [office, kind, name]: [&str; 3]) -> rusqlite::Result<Side> {
    Ok(Side { party: party(row, [office, kind])?, name: row.get(name)? })
}

fn party(row: &Row<'_>, [office, kind]: [&str; 2]) -> rusqlite::Result<Party> {
    let kind: Option<String> = row.get(kind)?;
    Ok(Party {
        office: parsed(&row.get::<_, String>(office)?)?,
        kind: kind.as_deref().map(parsed).transpose()?,
    })
}

fn time(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<OffsetDateTime>> {
    row.get::<_, Option<i64>>(column)?.map(moment).transpose()
}

pub(super) fn file(row: &Row<'_>) -> rusqlite::Result<FileEntry> {
    Ok(FileEntry {
        name: row.get("name")?,
        size: row.get::<_, u32>("size")?.into(),
        sha256: row.get("sha256")?,
        role: columns::role(row.get_ref("role")?.as_str()?),
        csv_version: row.get("csv_version")?,
    })
}

pub(super) fn remark(row: &Row<'_>) -> rusqlite::Result<Remark> {
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

pub(super) fn session(row: &Row<'_>) -> rusqlite::Result<Session> {
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

pub(super) fn event_kind(row: &Row<'_>) -> rusqlite::Result<EventKind> {
    Ok(columns::event_kind(row.get_ref("kind")?.as_str()?))
}

pub(super) fn number(row: &Row<'_>, column: &str) -> rusqlite::Result<u64> {
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
