//! The relay's values as they travel, and back.

use careplan_protocol::{
    BadId, DeliveryId, Finding, SubmissionId, TerminalId,
    hub::{self, Delivery, File, LicenceState, Submission},
};
use hub_relay::{DeliveryState, FileEntry, FileRole, Profile, Remark, Sending};
use time::OffsetDateTime;

use crate::secrets::hex;

/// A sending as its sender sees it.
pub(crate) fn submission(sending: Sending) -> Result<Submission, BadId> {
    let fetched_at = match sending.state {
        DeliveryState::Fetched { at, .. } => Some(at),
        DeliveryState::Waiting | DeliveryState::Claimed { .. } => None,
    };
    Ok(Submission {
        id: SubmissionId::parse(sending.submission.as_str())?,
        submitted_at: sending.submitted_at,
        from: sending.from.party.into(),
        to: sending.to.party.into(),
        to_name: sending.to.name,
        message: sending.message,
        files: sending.files.into_iter().map(file).collect(),
        state: state(&sending.state),
        fetched_at,
        findings: sending.remarks.into_iter().map(finding).collect(),
    })
}

/// A sending as its recipient sees it.
pub(crate) fn delivery(sending: Sending) -> Result<Delivery, BadId> {
    let holder = sending.state.holder().map(|holder| TerminalId::parse(holder.as_str()));
    Ok(Delivery {
        id: DeliveryId::parse(sending.delivery.as_str())?,
        submitted_at: sending.submitted_at,
        from: sending.from.party.into(),
        from_name: sending.from.name,
        to: sending.to.party.into(),
        message: sending.message,
        files: sending.files.into_iter().map(file).collect(),
        state: state(&sending.state),
        terminal: holder.transpose()?,
    })
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
    }
}
