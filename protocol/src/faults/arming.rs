//! An armed fault: which, for whom, when; and what came of it.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{FaultKind, FaultOperation, FaultParameter, FaultProfile};
use crate::{OfficeNumber, TerminalId};

/// A fault that is to be armed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arming {
    /// Which.
    pub fault: FaultKind,
    /// Whom and what it touches; all if nothing is said.
    #[serde(default)]
    pub scope: FaultScope,
    /// How often it fires among what it touches.
    #[serde(default)]
    pub schedule: FaultSchedule,
    /// Decides all that is left to chance.
    #[serde(default)]
    pub seed: u64,
    /// Seconds for `Retry-After`; 0 leaves the header out.
    #[serde(default = "Arming::retry_after_default")]
    pub retry_after: u32,
    /// Whether `Retry-After` is an HTTP date.
    #[serde(default)]
    pub as_date: bool,
    /// How long it holds up, in milliseconds; at most [`Arming::WAIT_MS_MAX`].
    #[serde(default = "Arming::wait_ms_default")]
    pub wait_ms: u64,
    /// By how many seconds the time is wrong, either way; at most [`Arming::SHIFT_S_MAX`].
    #[serde(default = "Arming::shift_s_default")]
    pub shift_s: i64,
}

/// Whom and what a fault touches. What is not given matches all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FaultScope {
    /// 事業所番号 of the certificate that asks.
    #[serde(with = "crate::as_text::option", skip_serializing_if = "Option::is_none")]
    pub office: Option<OfficeNumber>,
    /// The terminal whose session asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terminal: Option<TerminalId>,
    /// What is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<FaultOperation>,
    /// The ending of the file that is fetched: `csv`, `pdf`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// How often a fault fires, counted among the requests within its scope.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FaultSchedule {
    /// Every time, until it is disarmed.
    #[default]
    Always,
    /// The next so many times; then it is spent.
    Next(u32),
    /// Every so-manieth time: 3 fires at the third, the sixth, …
    Every(u32),
    /// With this probability, 0 to 1, by the seed.
    Chance(f64),
}

/// What is to be armed in the place of all that is: a profile, and faults beside it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FaultsWanted {
    /// A named set; none is `quiet`.
    pub profile: FaultProfile,
    /// Decides all that is left to chance in the profile.
    pub seed: u64,
    /// Further faults, before those of the profile.
    pub faults: Vec<Arming>,
}

/// A fault that is armed, as the hub lists it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FaultArmed {
    /// Names it, for disarming.
    pub number: u64,
    /// What was armed.
    pub arming: Arming,
    /// How many times something within its scope came by.
    pub seen: u64,
    /// How many times it fired.
    pub fired: u64,
}

/// What is armed: the answer to `GET /admin/faults`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FaultsArmed {
    /// What arms the same again, as arguments of `careplan hub serve`, `up` and `run`. A list
    /// stands in it as the content of the file to name. Empty if faults were armed one by one.
    pub replay: String,
    /// In the order of arming.
    pub armed: Vec<FaultArmed>,
}

/// A fault that fired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultFired {
    /// Counts everything that fired, from 1.
    pub sequence: u64,
    /// When, by the service's clock.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Which.
    pub fault: FaultKind,
    /// The number that it was armed under.
    pub number: u64,
    /// What was asked for.
    pub operation: FaultOperation,
    /// Who asked, if that was known.
    #[serde(with = "crate::as_text::option")]
    pub office: Option<OfficeNumber>,
    /// The terminal that asked, if that was known.
    pub terminal: Option<TerminalId>,
}

/// What fired: the answer to `GET /admin/faults/fired?after=N`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultsFired {
    /// How many fired since the service started.
    pub total: u64,
    /// The latest of them, oldest first.
    pub fired: Vec<FaultFired>,
}

/// Why a fault cannot be armed as it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArmingError {
    /// It never acts on this operation.
    Operation(FaultKind, FaultOperation),
    /// Where it acts nobody knows office or terminal.
    Peer(FaultKind),
    /// Only a fetch is of a file.
    File(FaultKind),
    /// A schedule that never fires, or a probability outside 0 to 1.
    Schedule(FaultKind),
    /// It would hold up for too long.
    Wait(FaultKind),
    /// The time would be wrong by too much.
    Shift(FaultKind),
}

impl Arming {
    /// How long a fault may hold up.
    pub const WAIT_MS_MAX: u64 = 10 * 60 * 1000;

    /// By how much a fault may have the time wrong: a hundred years.
    pub const SHIFT_S_MAX: u64 = 100 * 366 * 24 * 60 * 60;

    /// This fault, for everybody, always, with seed 0 and the usual parameters.
    pub fn new(fault: FaultKind) -> Self {
        Self {
            fault,
            scope: FaultScope::default(),
            schedule: FaultSchedule::Always,
            seed: 0,
            retry_after: Self::retry_after_default(),
            as_date: false,
            wait_ms: Self::wait_ms_default(),
            shift_s: Self::shift_s_default(),
        }
    }

    /// With this schedule.
    #[must_use]
    pub fn with_schedule(self, schedule: FaultSchedule) -> Self {
        Self { schedule, ..self }
    }

    /// Whether it can act at all.
    ///
    /// # Errors
    /// Scope, schedule or parameters do not go with the fault.
    pub fn check(&self) -> Result<(), ArmingError> {
        let Self { fault, scope, schedule, wait_ms, shift_s, .. } = self;
        if let Some(operation) = scope.operation
            && !operation.is_reached_by(*fault)
        {
            return Err(ArmingError::Operation(*fault, operation));
        }
        let has_peer = fault.reach().iter().any(|operation| operation.has_peer())
            && fault.service() == super::FaultService::Hub;
        if (scope.office.is_some() || scope.terminal.is_some()) && !has_peer {
            return Err(ArmingError::Peer(*fault));
        }
        if scope.file.is_some() && !FaultOperation::Fetch.is_reached_by(*fault) {
            return Err(ArmingError::File(*fault));
        }
        let fires = match schedule {
            FaultSchedule::Always => true,
            FaultSchedule::Next(times) | FaultSchedule::Every(times) => 0 < *times,
            FaultSchedule::Chance(chance) => 0.0 < *chance && *chance <= 1.0,
        };
        if !fires {
            return Err(ArmingError::Schedule(*fault));
        }
        let waits = fault.parameters().contains(&FaultParameter::WaitMs);
        if waits && Self::WAIT_MS_MAX < *wait_ms {
            return Err(ArmingError::Wait(*fault));
        }
        let shifts = fault.parameters().contains(&FaultParameter::ShiftS);
        if shifts && Self::SHIFT_S_MAX < shift_s.unsigned_abs() {
            return Err(ArmingError::Shift(*fault));
        }
        Ok(())
    }

    const fn retry_after_default() -> u32 {
        1
    }

    const fn wait_ms_default() -> u64 {
        1000
    }

    const fn shift_s_default() -> i64 {
        -3600
    }
}

impl FaultsWanted {
    /// A profile alone.
    pub fn profile(profile: FaultProfile, seed: u64) -> Self {
        Self { profile, seed, faults: Vec::new() }
    }

    /// These faults alone.
    pub fn these(faults: Vec<Arming>) -> Self {
        Self { faults, ..Self::default() }
    }

    /// Everything that it arms.
    ///
    /// # Errors
    /// One of them could never act.
    pub fn armings(&self) -> Result<Vec<Arming>, ArmingError> {
        self.faults.iter().try_for_each(Arming::check)?;
        let profile = self.profile.armings(self.seed);
        Ok(self.faults.iter().cloned().chain(profile).collect())
    }

    /// What `--faults` takes for the same again: the profile's word, or the content of the file to
    /// name. Empty if it is nothing.
    pub fn source(&self) -> String {
        match (self.faults.is_empty(), self.profile) {
            (true, FaultProfile::Quiet) => String::new(),
            (true, profile) => profile.word().to_owned(),
            (false, _) => serde_json::to_string(self).unwrap_or_default(),
        }
    }

    /// The arguments that arm the same again; empty if it is nothing.
    pub fn replay(&self) -> String {
        match self.source().as_str() {
            "" => String::new(),
            source => format!("--faults {source} --seed {}", self.seed),
        }
    }
}

impl ArmingError {
    /// One line for a person, 日本語 and English.
    pub fn lines(&self) -> (String, String) {
        match self {
            Self::Operation(kind, operation) => (
                format!("障害 {kind} は操作 {operation} には起こせません。{}", reach_ja(*kind)),
                format!("{kind} cannot act on {operation}; it acts on {}", reach(*kind)),
            ),
            Self::Peer(kind) => (
                format!("障害 {kind} は事業所や端末を選べません。指定を外してください"),
                format!("{kind} cannot be bound to an office or a terminal; leave that out"),
            ),
            Self::File(kind) => (
                format!("障害 {kind} はファイルの種類を選べません。指定を外してください"),
                format!("{kind} cannot be bound to a kind of file; leave that out"),
            ),
            Self::Schedule(kind) => (
                format!(
                    "障害 {kind} の時機が正しくありません。回数は1以上、確率は0より大きく1以下です"
                ),
                format!("the schedule of {kind} never fires: counts begin at 1, chances end at 1"),
            ),
            Self::Wait(kind) => (
                format!("障害 {kind} の待ち時間は{}ミリ秒までです", Arming::WAIT_MS_MAX),
                format!("{kind} holds up for at most {} ms", Arming::WAIT_MS_MAX),
            ),
            Self::Shift(kind) => (
                format!("障害 {kind} の時刻のずれは前後{}秒までです", Arming::SHIFT_S_MAX),
                format!("{kind} has the time wrong by at most {} s", Arming::SHIFT_S_MAX),
            ),
        }
    }
}

fn reach(kind: FaultKind) -> String {
    kind.reach().iter().map(|operation| operation.word()).collect::<Vec<_>>().join(", ")
}

fn reach_ja(kind: FaultKind) -> String {
    format!("起こせる操作: {}", reach(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_armed_with_little_said() {
        let armed: Arming = serde_json::from_str(r#"{"fault":"refuse-503"}"#).expect("reads");
        assert_eq!(armed, Arming::new(FaultKind::Refuse503));
        let text = r#"{"fault":"answer-lost","schedule":{"next":2},
            "scope":{"office":"2770200036","operation":"submit"},"seed":7}"#;
        let armed: Arming = serde_json::from_str(text).expect("reads");
        assert_eq!(armed.schedule, FaultSchedule::Next(2));
        assert_eq!(armed.scope.operation, Some(FaultOperation::Submit));
        let again = serde_json::to_string(&armed).expect("writes");
        assert_eq!(serde_json::from_str::<Arming>(&again).expect("reads"), armed);
        assert!(serde_json::from_str::<Arming>(r#"{"fault":"answer-lost","oops":1}"#).is_err());
    }

    #[test]
    fn what_could_never_act_is_not_armed() {
        let with = |fault, scope| Arming { scope, ..Arming::new(fault) }.check();
        let fetch = FaultScope { operation: Some(FaultOperation::Fetch), ..FaultScope::default() };
        let wrong = ArmingError::Operation(FaultKind::UploadCut, FaultOperation::Fetch);
        assert_eq!(with(FaultKind::UploadCut, fetch.clone()), Err(wrong.clone()));
        assert!(wrong.lines().1.contains("submit"), "{wrong:?}");
        assert_eq!(with(FaultKind::DownloadShort, fetch), Ok(()));
        let office = "2770200036".parse().ok();
        let office = FaultScope { office, ..FaultScope::default() };
        for kind in [FaultKind::HandshakeSlow, FaultKind::CaLoginDown] {
            assert_eq!(with(kind, office.clone()), Err(ArmingError::Peer(kind)));
        }
        let file = FaultScope { file: Some("csv".to_owned()), ..FaultScope::default() };
        let kind = FaultKind::ListStale;
        assert_eq!(with(kind, file), Err(ArmingError::File(kind)));
        for schedule in [FaultSchedule::Next(0), FaultSchedule::Chance(1.5)] {
            let armed = Arming::new(kind).with_schedule(schedule);
            assert_eq!(armed.check(), Err(ArmingError::Schedule(kind)));
        }
        let kind = FaultKind::ClockSkew;
        for shift_s in [i64::MIN, i64::MAX] {
            let armed = Arming { shift_s, ..Arming::new(kind) };
            assert_eq!(armed.check(), Err(ArmingError::Shift(kind)));
        }
    }
}
