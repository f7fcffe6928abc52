//! The relay's values as they travel, and back.

use careplan_protocol::{
    BadId, DeliveryId, Finding, SubmissionId, TerminalId,
    hub::{self, Deliveries, Delivery, File, LicenceState, Notice, Submission, Submissions},
};
use hub_relay::{DeliveryState, Event, EventKind, FileEntry, FileRole, Profile, Remark, Sending};
use time::OffsetDateTime;

use crate::secrets::hex;

/// A sending as its sender sees it now.
pub(crate) fn submission(sending: Sending, now: OffsetDateTime) -> Result<Submission, BadId> {
    let at = sending.state.at(now);
    Ok(Submission {
        id: SubmissionId::parse(sending.submission.as_str())?,
        submitted_at: sending.submitted_at,
        from: sending.from.party.into(),
        to: sending.to.party.into(),
        to_name: sending.to.name,
        message: sending.message,
        files: sending.files.into_iter().map(file).collect(),
        state: state(&at),
        fetched_at: fetched_at(&at),
        findings: sending.remarks.into_iter().map(finding).collect(),
    })
}

/// A sending as its recipient sees it now.
pub(crate) fn delivery(sending: Sending, now: OffsetDateTime) -> Result<Delivery, BadId> {
    let at = sending.state.at(now);
    let holder = at.holder().map(|holder| TerminalId::parse(holder.as_str()));
    Ok(Delivery {
        id: DeliveryId::parse(sending.delivery.as_str())?,
        submitted_at: sending.submitted_at,
        from: sending.from.party.into(),
        from_name: sending.from.name,
        to: sending.to.party.into(),
        message: sending.message,
        files: sending.files.into_iter().map(file).collect(),
        state: state(&at),
        terminal: holder.transpose()?,
        claimed_until: match at {
            DeliveryState::Claimed { until, .. } => until,
            _ => None,
        },
    })
}

/// A page of 受信一覧, of which the store gave one item more if there is one.
pub(crate) fn deliveries(
    mut found: Vec<Sending>,
    limit: usize,
    now: OffsetDateTime,
) -> Result<Deliveries, BadId> {
    let is_more = limit < found.len();
    found.truncate(limit);
    let deliveries =
        found.into_iter().map(|one| delivery(one, now)).collect::<Result<Vec<_>, _>>()?;
    let next = deliveries.last().filter(|_| is_more).map(|last| last.id.clone());
    Ok(Deliveries { deliveries, next })
}

/// A page of 送信一覧, likewise.
pub(crate) fn submissions(
    mut found: Vec<Sending>,
    limit: usize,
    now: OffsetDateTime,
) -> Result<Submissions, BadId> {
    let is_more = limit < found.len();
    found.truncate(limit);
    let submissions =
        found.into_iter().map(|one| submission(one, now)).collect::<Result<Vec<_>, _>>()?;
    let next = submissions.last().filter(|_| is_more).map(|last| last.id.clone());
    Ok(Submissions { submissions, next })
}

/// What an office is told of an event.
pub(crate) fn notice(event: Event) -> Result<Notice, BadId> {
    let sending = event.sending;
    let to = sending.to.party.into();
    let id = SubmissionId::parse(sending.submission.as_str())?;
    Ok(match (event.kind, fetched_at(&sending.state)) {
        (EventKind::Arrival, _) => Notice::Arrival {
            id: DeliveryId::parse(sending.delivery.as_str())?,
            from: sending.from.party.into(),
            to,
            files: sending.files.len(),
        },
        (EventKind::Receipt, Some(fetched_at)) => Notice::Receipt { id, to, fetched_at },
        (EventKind::Receipt | EventKind::Undelivered, _) => Notice::Undelivered { id, to },
    })
}

fn fetched_at(state: &DeliveryState) -> Option<OffsetDateTime> {
    match state {
        DeliveryState::Fetched { at, .. } => Some(*at),
        _ => None,
    }
}

/// A finding, in the words that it was first reported in.
pub(crate) fn finding(remark: Remark) -> Finding {
    Finding {
        rule: remark.rule,
        severity: remark.severity.into(),
        file: remark.file,
        record: remark.record,
        item: remark.item,
        clause: remark.clause,
        message: remark.message,
    }
}

/// How claims and lists behave, as the relay calls it.
pub(crate) fn profile(profile: hub::Profile) -> Profile {
    match profile {
        hub::Profile::Actual => Profile::Actual,
        hub::Profile::Plus => Profile::Plus,
    }
}

/// The state of a licence, and its end.
pub(crate) fn licence(state: hub_relay::LicenceState) -> (LicenceState, Option<OffsetDateTime>) {
    use hub_relay::LicenceState as State;
    match state {
        State::None => (LicenceState::None, None),
        State::Active { until } => (LicenceState::Active, Some(until)),
        State::Expired { since } => (LicenceState::Expired, Some(since)),
    }
}

fn file(entry: FileEntry) -> File {
    let role = match entry.role {
        FileRole::Register => hub::FileRole::Register,
        FileRole::Withdraw => hub::FileRole::Withdraw,
        FileRole::Attachment => hub::FileRole::Attachment,
    };
    File {
        name: entry.name,
        size: entry.size,
        sha256: hex(&entry.sha256),
        role,
        csv_version: entry.csv_version,
    }
}

fn state(state: &DeliveryState) -> hub::DeliveryState {
    match state {
        DeliveryState::Waiting => hub::DeliveryState::Waiting,
        DeliveryState::Claimed { .. } => hub::DeliveryState::Claimed,
        DeliveryState::Fetched { .. } => hub::DeliveryState::Fetched,
        DeliveryState::Undelivered { .. } => hub::DeliveryState::Undelivered,
    }
}
