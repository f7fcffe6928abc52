//! Requests of a hub's operator to its admin listener, and the answers. All JSON unless said
//! otherwise; times are RFC 3339.
//!
//! | request | body | answer |
//! |---|---|---|
//! | `GET /admin/health` | – | [`Health`] if it can work, else a problem |
//! | `GET /admin/metrics` | – | OpenMetrics text, for Prometheus |
//! | `GET /admin/clock` | – | [`ClockState`] |
//! | `PUT /admin/clock` | [`ClockChange`] | [`ClockState`] |
//! | `POST /admin/sweep` | – | [`Swept`] |
//! | `GET /admin/faults` | – | [`FaultsArmed`](crate::faults::FaultsArmed) |
//! | `PUT /admin/faults` | [`FaultsWanted`](crate::faults::FaultsWanted), in the place of all | [`FaultsArmed`](crate::faults::FaultsArmed) |
//! | `POST /admin/faults` | [`Arming`](crate::faults::Arming), one more | [`FaultsArmed`](crate::faults::FaultsArmed) |
//! | `DELETE /admin/faults`, `/admin/faults/{number}` | – | 204 |
//! | `GET /admin/faults/fired?after=` | – | [`FaultsFired`](crate::faults::FaultsFired) |
//! | `GET /admin/offices?number=&name=&prefecture=&kind=&limit=&cursor=` | – | [`OfficeEntries`]; with `format=csv` all of them as a table |
//! | `GET`, `PUT`, `DELETE /admin/offices/{office}` | `PUT`: [`OfficeChange`] | [`OfficeEntry`]; `DELETE`: 204 |
//! | `GET`, `POST /admin/offices/{office}/licence` | `POST`: [`LicenceChange`] | [`Licence`] |
//! | `POST /admin/reset` | – | 204 |
//! | `GET /admin/snapshots` | – | [`Snapshots`] |
//! | `PUT /admin/snapshots/{name}` | – | [`Snapshot`], taken just now |
//! | `GET /admin/snapshots/{name}` | – | [`Snapshot`] |
//! | `DELETE /admin/snapshots/{name}` | – | 204 |
//! | `POST /admin/snapshots/{name}/restore` | – | [`Snapshot`], in force from now on |
//!
//! Every request carries `Authorization: Bearer` with the listener's token. Errors are
//! [`Problem`](crate::Problem)s. The listener speaks plain HTTP, and listens on loopback unless its
//! operator says otherwise.

mod offices;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{SnapshotName, hub::Profile};

pub use offices::{Licence, LicenceChange, OfficeChange, OfficeEntries, OfficeEntry, Plan};

/// A hub that lives and can do its work: its store answered just now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// How it treats claims and lists.
    pub profile: Profile,
    /// How many offices are registered.
    pub offices: usize,
}

/// What was put away because it was kept long enough. A hub does so by itself every ten minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swept {
    /// Sendings whose files, message and entry are gone.
    pub removed: usize,
    /// Deliveries that nobody fetched, given up; their senders see it.
    pub undelivered: usize,
}

/// What the stack's clock tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockState {
    /// The time now.
    #[serde(with = "time::serde::rfc3339")]
    pub now: OffsetDateTime,
    /// Whether it stands.
    pub frozen: bool,
}

/// What to do with the stack's clock: everything that is given, in the order of the members.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockChange {
    /// Makes it this time, from 1970 to 9000.
    #[serde(
        default,
        with = "time::serde::rfc3339::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub set: Option<OffsetDateTime>,
    /// Moves it on by so many seconds, or back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_seconds: Option<i64>,
    /// Makes it stand, or run again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen: Option<bool>,
}

/// Everything that a hub held at a moment: offices, sessions, sendings with their files, how its
/// clock told the time, and which faults were armed. Certificates and passwords are the CA's, and in no snapshot; nor is the
/// audit log, which nothing takes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// What its operator calls it.
    pub name: SnapshotName,
    /// When it was taken, by the clock of the stack.
    #[serde(with = "time::serde::rfc3339")]
    pub taken_at: OffsetDateTime,
}

/// All snapshots of a hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshots {
    /// In the order of their names.
    pub snapshots: Vec<Snapshot>,
}
