//! How values stand in columns, alike in every database.

use hub_relay::{EventKind, FileRole, Severity};
use time::{OffsetDateTime, error::ComponentRange};

/// How much there is of what comes and goes.
pub(crate) const TALLY: &str = "SELECT \
    (SELECT count(*) FROM sendings WHERE fetched_at IS NULL \
     AND undelivered_at IS NULL AND holder IS NULL) AS waiting, \
    (SELECT count(*) FROM sendings WHERE fetched_at IS NULL \
     AND undelivered_at IS NULL AND holder IS NOT NULL) AS claimed, \
    (SELECT count(*) FROM sessions) AS sessions";

/// Takes the first events away, up to one whose sending is kept. The last of all stays: a backup that
/// is brought back is numbered on behind it.
pub(crate) const FORGET_EVENTS: &str = "DELETE FROM events WHERE event < coalesce( \
    (SELECT event FROM events JOIN sendings USING (arrival) \
     WHERE removed_at IS NULL ORDER BY event LIMIT 1), \
    (SELECT max(event) FROM events))";

pub(crate) fn role_word(role: FileRole) -> &'static str {
    match role {
        FileRole::Register => "register",
        FileRole::Withdraw => "withdraw",
        FileRole::Attachment => "attachment",
    }
}

pub(crate) fn role(word: &str) -> FileRole {
    match word {
        "register" => FileRole::Register,
        "withdraw" => FileRole::Withdraw,
        _ => FileRole::Attachment,
    }
}

pub(crate) fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

pub(crate) fn severity(word: &str) -> Severity {
    match word {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Info,
    }
}

pub(crate) fn event_word(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Arrival => "arrival",
        EventKind::Receipt => "receipt",
        EventKind::Undelivered => "undelivered",
    }
}

pub(crate) fn event_kind(word: &str) -> EventKind {
    match word {
        "arrival" => EventKind::Arrival,
        "receipt" => EventKind::Receipt,
        _ => EventKind::Undelivered,
    }
}

/// A number of rows or events, as databases count.
pub(crate) fn count(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// Since 1970.
pub(crate) fn milliseconds(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos().div_euclid(1_000_000))
        .expect("the library's last year has 4 digits, and its milliseconds fit 64 bits")
}

/// The time so many milliseconds after 1970 began.
pub(crate) fn moment(milliseconds: i64) -> Result<OffsetDateTime, ComponentRange> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000)
}

/// An error with all its causes: the outermost alone often says nothing.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
