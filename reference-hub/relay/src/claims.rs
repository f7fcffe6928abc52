//! Which terminal gets a delivery: `waiting → claimed(terminal) → fetched`, and back to waiting by
//! release, by taking back or by the end of a lease.
//!
//! Invariant: a delivery has at most one holder, and only the holder moves it on. A lease ends by
//! arithmetic alone: nothing needs to happen for a delivery to wait again.

use careplan_standard::{Party, ServiceKind};
use time::{Duration, OffsetDateTime};

use crate::{
    Caller, Change, Decision, DeliveryId, DeliveryState, FileEntry, Office, Profile, Refusal,
    Sending, Standing, TerminalId, submit::licensed,
};

/// A terminal opens 受信一覧.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who asks.
    pub caller: Caller,
    /// For what.
    pub wanted: Wanted,
    /// How this hub treats claims.
    pub terms: Terms,
}

/// How a hub treats claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// As the real system, or with what offices ask for.
    pub profile: Profile,
    /// How long a claim lasts without a fetch, in `plus`; in `actual` it lasts for good.
    pub lease: Duration,
}

/// What a claim is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All that waits.
    Everything,
    /// What waits for certain services of the office.
    Kinds {
        /// Which.
        kinds: Vec<ServiceKind>,
        /// And what names no service: V3, or chosen by office number alone.
        with_unaddressed: bool,
    },
    /// These and no others, all or none.
    Items(Vec<DeliveryId>),
}

impl Wanted {
    fn includes(&self, delivery: &DeliveryId, to: Party) -> bool {
        match self {
            Self::Everything => true,
            Self::Kinds { kinds, with_unaddressed } => {
                to.kind.map_or(*with_unaddressed, |kind| kinds.contains(&kind))
            }
            Self::Items(items) => items.contains(delivery),
        }
    }
}

impl Terms {
    /// Until when a claim or a fetch at `now` holds.
    fn until(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        (self.profile == Profile::Plus).then(|| now + self.lease)
    }

    /// Whether a lease is worth renewing: half of it is over. More often would be a write a request.
    fn is_due(&self, until: Option<OffsetDateTime>, now: OffsetDateTime) -> bool {
        self.profile == Profile::Plus && until.is_some_and(|until| until - now <= self.lease / 2)
    }
}

/// Gives to the caller what it wants and what waits, and renews what it holds of that already.
/// `open` are deliveries of the caller's office that are not fetched: all of them, or those that
/// are wanted by name.
///
/// # Errors
/// The office has no licence in force; a claim of a part in `actual`; a delivery wanted by name is
/// not there, held by another terminal, or fetched by one.
pub fn claim(
    claim: &Claim,
    office: Option<Office>,
    open: &[Standing],
    now: OffsetDateTime,
) -> Result<Decision<()>, Refusal> {
    let Claim { caller, wanted, terms } = claim;
    if terms.profile == Profile::Actual && *wanted != Wanted::Everything {
        return Err(Refusal::ProfileLacks);
    }
    licensed(office, now)?;
    if let Wanted::Items(items) = wanted {
        items.iter().try_for_each(|item| claimable(caller, item, open, now))?;
    }
    let taken = |standing: &&Standing| {
        wanted.includes(&standing.delivery, standing.to)
            && match &standing.state.clone().at(now) {
                DeliveryState::Waiting => true,
                DeliveryState::Claimed { by, until } => {
                    *by == caller.terminal && terms.is_due(*until, now)
                }
                DeliveryState::Fetched { .. } | DeliveryState::Undelivered { .. } => false,
            }
    };
    let deliveries: Vec<_> =
        open.iter().filter(taken).map(|standing| standing.delivery.clone()).collect();
    let (by, until) = (caller.terminal.clone(), terms.until(now));
    let changes = match deliveries.is_empty() {
        true => Vec::new(),
        false => vec![Change::Claim { deliveries, by, at: now, until }],
    };
    Ok(Decision { changes, answer: () })
}

/// Opens a delivery that this terminal holds, as often as it likes.
///
/// # Errors
/// There is no such delivery for this office, it is kept no longer, another terminal holds it, or
/// this one's claim is over.
pub fn fetch(
    caller: &Caller,
    delivery: Option<Sending>,
    now: OffsetDateTime,
) -> Result<Sending, Refusal> {
    let sending = addressed(caller, delivery)?;
    match &sending.state {
        DeliveryState::Claimed { by, .. } if *by == caller.terminal => {
            if sending.state.is_lapsed(now) { Err(Refusal::ClaimLost) } else { Ok(sending) }
        }
        DeliveryState::Fetched { by, .. } if *by == caller.terminal => Ok(sending),
        DeliveryState::Undelivered { .. } => Err(Refusal::RetentionOver),
        state => match state.clone().at(now) {
            DeliveryState::Waiting => Err(Refusal::NotFound),
            _ => Err(Refusal::DeliveryElsewhere),
        },
    }
}

/// Opens a file of a delivery. That is noted: see [`note_fetch`].
///
/// # Errors
/// As for [`fetch`], or there is no file of this name.
pub fn fetch_file(
    fetching: &Fetching,
    delivery: Option<Sending>,
    is_noted: bool,
    now: OffsetDateTime,
) -> Result<Decision<FileEntry>, Refusal> {
    let sending = fetch(&fetching.caller, delivery, now)?;
    let changes = note_fetch(fetching, &sending.state, is_noted, now);
    let entry = sending.files.into_iter().find(|entry| entry.name == fetching.file);
    Ok(Decision { changes, answer: entry.ok_or(Refusal::NotFound)? })
}

/// What a terminal that opens a file leaves behind: a note, once a file, because a receipt stands on
/// it; and, since it lives, a lease that begins anew. Nothing, if it does not hold the delivery.
pub fn note_fetch(
    fetching: &Fetching,
    state: &DeliveryState,
    is_noted: bool,
    now: OffsetDateTime,
) -> Vec<Change> {
    let Fetching { caller, delivery, file, terms } = fetching;
    let mut changes = Vec::new();
    let DeliveryState::Claimed { by, until } = state else { return changes };
    if *by != caller.terminal || state.is_lapsed(now) {
        return changes;
    }
    if !is_noted {
        let (delivery, file, by) = (delivery.clone(), file.clone(), by.clone());
        changes.push(Change::NoteFetch { delivery, file, by });
    }
    if until.is_some() && (!is_noted || terms.is_due(*until, now)) {
        // A request that came later may have renewed it first.
        let until = terms.until(now).max(*until);
        changes.push(Change::Renew { delivery: delivery.clone(), until });
    }
    changes
}

/// A terminal asks for a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetching {
    /// Who asks.
    pub caller: Caller,
    /// Of which delivery.
    pub delivery: DeliveryId,
    /// The file's name.
    pub file: String,
    /// How this hub treats claims.
    pub terms: Terms,
}

/// データ取得済: the terminal has the files. Saying so again changes nothing. `unfetched` are the
/// names of the files that it never asked for.
///
/// # Errors
/// As for [`fetch`], or there are such files.
pub fn receipt(
    caller: &Caller,
    delivery: Option<Sending>,
    unfetched: Vec<String>,
    now: OffsetDateTime,
) -> Result<Decision<Sending>, Refusal> {
    let mut sending = fetch(caller, delivery, now)?;
    if matches!(sending.state, DeliveryState::Fetched { .. }) {
        return Ok(Decision::only(sending));
    }
    if let Some(file) = unfetched.into_iter().next() {
        return Err(Refusal::FileUnfetched { file });
    }
    sending.state = DeliveryState::Fetched { by: caller.terminal.clone(), at: now };
    let changes = vec![Change::Confirm { delivery: sending.delivery.clone(), at: now }];
    Ok(Decision { changes, answer: sending })
}

/// Gives a claimed delivery back, so that any terminal of the office may claim it. Giving back what
/// waits already changes nothing.
///
/// # Errors
/// The profile is `actual`, there is no such delivery, another terminal holds it, it is fetched, or
/// it is kept no longer.
pub fn release(
    profile: Profile,
    caller: &Caller,
    delivery: Option<Sending>,
    now: OffsetDateTime,
) -> Result<Decision<Sending>, Refusal> {
    let mut sending = given_up(profile, caller, delivery, now)?;
    match sending.state.holder() {
        None => Ok(Decision::only(sending)),
        Some(holder) if *holder != caller.terminal => Err(Refusal::DeliveryElsewhere),
        Some(_) => {
            sending.state = DeliveryState::Waiting;
            let changes = vec![Change::Release { delivery: sending.delivery.clone() }];
            Ok(Decision { changes, answer: sending })
        }
    }
}

/// A terminal takes back what its office holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakingBack {
    /// Who asks.
    pub caller: Caller,
    /// For which delivery.
    pub delivery: DeliveryId,
    /// The terminal that was seen to hold it; none for whichever does.
    pub holder: Option<TerminalId>,
}

/// Takes a delivery back from the terminal of the office that holds it, so that any may claim it:
/// the claim is over. Should its holder come back, it hears [`Refusal::ClaimLost`].
///
/// # Errors
/// The profile is `actual`, there is no such delivery, another terminal holds it than the one that
/// is named, it is fetched, or it is kept no longer.
pub fn take_back(
    profile: Profile,
    asked: &TakingBack,
    delivery: Option<Sending>,
    now: OffsetDateTime,
) -> Result<Decision<Sending>, Refusal> {
    let mut sending = given_up(profile, &asked.caller, delivery, now)?;
    let Some(holder) = sending.state.holder() else {
        return Ok(Decision::only(sending));
    };
    // A request that is repeated because its answer was lost may find the next holder.
    if asked.holder.as_ref().is_some_and(|named| named != holder) {
        return Err(Refusal::DeliveryElsewhere);
    }
    sending.state = DeliveryState::Waiting;
    // Over for what its holder asked before now and is still under way, too.
    let until = Some(now.min(sending.submitted_at));
    let changes = vec![Change::Renew { delivery: sending.delivery.clone(), until }];
    Ok(Decision { changes, answer: sending })
}

/// A delivery of the caller's office that waits or that somebody could give up, as it is now.
fn given_up(
    profile: Profile,
    caller: &Caller,
    delivery: Option<Sending>,
    now: OffsetDateTime,
) -> Result<Sending, Refusal> {
    if profile == Profile::Actual {
        return Err(Refusal::ProfileLacks);
    }
    let sending = addressed(caller, delivery)?;
    let state = sending.state.clone().at(now);
    match &state {
        DeliveryState::Waiting | DeliveryState::Claimed { .. } => Ok(Sending { state, ..sending }),
        DeliveryState::Fetched { .. } => Err(Refusal::DeliveryFetched),
        DeliveryState::Undelivered { .. } => Err(Refusal::RetentionOver),
    }
}

fn claimable(
    caller: &Caller,
    item: &DeliveryId,
    open: &[Standing],
    now: OffsetDateTime,
) -> Result<(), Refusal> {
    let standing = open.iter().find(|standing| standing.delivery == *item);
    let standing = standing.filter(|standing| standing.to.office == caller.office);
    match standing.map(|standing| standing.state.clone().at(now)).ok_or(Refusal::NotFound)? {
        DeliveryState::Undelivered { .. } => Err(Refusal::RetentionOver),
        state => match state.holder() {
            Some(holder) if *holder != caller.terminal => Err(Refusal::DeliveryElsewhere),
            _ => Ok(()),
        },
    }
}

/// Another office's delivery is as good as none: its existence is nobody else's business.
fn addressed(caller: &Caller, delivery: Option<Sending>) -> Result<Sending, Refusal> {
    let own = delivery.filter(|sending| sending.to.party.office == caller.office);
    let sending = own.ok_or(Refusal::NotFound)?;
    if sending.is_removed() { Err(Refusal::RetentionOver) } else { Ok(sending) }
}
