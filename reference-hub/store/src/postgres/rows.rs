//! Rows of the tables as values.

use std::str::FromStr;

use hub_relay::{
    Caller, DeliveryId, DeliveryState, Digest, FileEntry, Party, Remark, Sending, Session, Side,
    Standing, SubmissionId, TerminalId,
};
use postgres::{Row, types::FromSql};
use time::OffsetDateTime;

use crate::{Fault, columns};

pub(super) const SENDING_COLUMNS: &str = "arrival, submission, delivery, submitted_at, from_office, from_kind, \
     from_name, terminal, to_office, to_kind, to_name, message, holder, claimed_until, \
     fetched_at, undelivered_at, removed_at";

pub(super) const STANDING_COLUMNS: &str = "delivery, submitted_at, to_office, to_kind, holder, \
     claimed_until, fetched_at, undelivered_at";

pub(super) fn get<'a, T: FromSql<'a>>(row: &'a Row, column: &str) -> Result<T, Fault> {
    row.try_get(column).map_err(damaged)
}

pub(super) fn sending(row: &Row) -> Result<Sending, Fault> {
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
        state: state(row)?,
        removed_at: time(row, "removed_at")?,
    })
}

pub(super) fn standing(row: &Row) -> Result<Standing, Fault> {
    Ok(Standing {
        delivery: DeliveryId::new(get::<String>(row, "delivery")?),
        submitted_at: moment(get(row, "submitted_at")?)?,
        to: party(row, ["to_office", "to_kind"])?,
        state: state(row)?,
    })
}

fn state(row: &Row) -> Result<DeliveryState, Fault> {
    if let Some(at) = time(row, "undelivered_at")? {
        return Ok(DeliveryState::Undelivered { at });
    }
    let holder = get::<Option<String>>(row, "holder")?.map(TerminalId::new);
    Ok(match (holder, time(row, "fetched_at")?) {
        (None, _) => DeliveryState::Waiting,
        (Some(by), None) => DeliveryState::Claimed { by, until: time(row, "claimed_until")? },
        (Some(by), Some(at)) => DeliveryState::Fetched { by, at },
    })
}

fn side(row: &Row, [office, kind, name]: [&str; 3]) -> Result<Side, Fault> {
    Ok(Side { party: party(row, [office, kind])?, name: get(row, name)? })
}

fn party(row: &Row, [office, kind]: [&str; 2]) -> Result<Party, Fault> {
    let kind: Option<&str> = get(row, kind)?;
    Ok(Party { office: parsed(get(row, office)?)?, kind: kind.map(parsed).transpose()? })
}

fn time(row: &Row, column: &str) -> Result<Option<OffsetDateTime>, Fault> {
    get::<Option<i64>>(row, column)?.map(moment).transpose()
}

pub(super) fn number(row: &Row, column: &str) -> Result<u64, Fault> {
    u64::try_from(get::<i64>(row, column)?).map_err(damaged)
}

pub(super) fn file(row: &Row) -> Result<FileEntry, Fault> {
    Ok(FileEntry {
        name: get(row, "name")?,
        size: number(row, "size")?,
        sha256: digest(row, "sha256")?,
        role: columns::role(get(row, "role")?),
        csv_version: get(row, "csv_version")?,
    })
}

pub(super) fn remark(row: &Row) -> Result<Remark, Fault> {
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

pub(super) fn session(row: &Row) -> Result<Session, Fault> {
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

pub(super) fn digest(row: &Row, column: &str) -> Result<Digest, Fault> {
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
