//! Which terminal gets a delivery: `waiting → claimed(terminal) → fetched`, and back to waiting by
//! release.
//!
//! Invariant: a delivery has at most one holder, and only the holder moves it on.

use time::OffsetDateTime;

use crate::{
    Caller, Change, Decision, DeliveryId, DeliveryState, Office, Profile, Refusal, Sending,
    SentScope, submit::licensed,
};

/// Opens 受信一覧: gives everything that waits for the office to this terminal, and answers all that
/// it then holds. `deliveries` are those of the office that wait or that the terminal holds, in the
/// order of arrival.
///
/// # Errors
/// The office has no licence in force.
pub fn claim(
    caller: &Caller,
    office: Option<Office>,
    mut deliveries: Vec<Sending>,
    now: OffsetDateTime,
) -> Result<Decision<Vec<Sending>>, Refusal> {
    licensed(office, now)?;
    let mut claimed: Vec<DeliveryId> = Vec::new();
    for sending in &mut deliveries {
        if sending.state == DeliveryState::Waiting {
            sending.state = DeliveryState::Claimed { by: caller.terminal.clone() };
            claimed.push(sending.delivery.clone());
        }
    }
    let changes = match claimed.is_empty() {
        true => Vec::new(),
        false => {
            vec![Change::Claim { deliveries: claimed, by: caller.terminal.clone(), at: now }]
        }
    };
    Ok(Decision { changes, answer: deliveries })
}

/// Opens a delivery that this terminal holds, or one of its files; as often as it likes.
///
/// # Errors
/// There is no such delivery for this office, or another terminal holds it.
pub fn fetch(caller: &Caller, delivery: Option<Sending>) -> Result<Sending, Refusal> {
    let sending = addressed(caller, delivery)?;
    match sending.state.holder() {
        None => Err(Refusal::NotFound),
        Some(holder) if *holder != caller.terminal => Err(Refusal::DeliveryElsewhere),
        Some(_) => Ok(sending),
    }
}

/// データ取得済: the terminal has the files. Saying so again changes nothing.
///
/// # Errors
/// As for [`fetch`].
pub fn receipt(
    caller: &Caller,
    delivery: Option<Sending>,
    now: OffsetDateTime,
) -> Result<Decision<Sending>, Refusal> {
    let mut sending = fetch(caller, delivery)?;
    if matches!(sending.state, DeliveryState::Fetched { .. }) {
        return Ok(Decision::only(sending));
    }
    sending.state = DeliveryState::Fetched { by: caller.terminal.clone(), at: now };
    let changes = vec![Change::Confirm { delivery: sending.delivery.clone(), at: now }];
    Ok(Decision { changes, answer: sending })
}

/// Gives a claimed delivery back, so that any terminal of the office may claim it. Giving back what
/// waits already changes nothing.
///
/// # Errors
/// The profile is `actual`, there is no such delivery, another terminal holds it, or it is fetched.
pub fn release(
    profile: Profile,
    caller: &Caller,
    delivery: Option<Sending>,
) -> Result<Decision<Sending>, Refusal> {
    if profile == Profile::Actual {
        return Err(Refusal::ProfileLacks);
    }
    let mut sending = addressed(caller, delivery)?;
    match &sending.state {
        DeliveryState::Waiting => Ok(Decision::only(sending)),
        DeliveryState::Claimed { by } | DeliveryState::Fetched { by, .. }
            if *by != caller.terminal =>
        {
            Err(Refusal::DeliveryElsewhere)
        }
        DeliveryState::Fetched { .. } => Err(Refusal::DeliveryFetched),
        DeliveryState::Claimed { .. } => {
            sending.state = DeliveryState::Waiting;
            let changes = vec![Change::Release { delivery: sending.delivery.clone() }];
            Ok(Decision { changes, answer: sending })
        }
    }
}

/// What a caller sees of 送信一覧: in `actual` it lives on the sending terminal.
pub fn sent_scope(profile: Profile, caller: &Caller) -> SentScope {
    let terminal = match profile {
        Profile::Actual => Some(caller.terminal.clone()),
        Profile::Plus => None,
    };
    SentScope { office: caller.office, terminal }
}

/// Opens a sending of 送信一覧.
///
/// # Errors
/// There is none of this name within the scope.
pub fn find_sent(scope: &SentScope, submission: Option<Sending>) -> Result<Sending, Refusal> {
    submission
        .filter(|sending| sending.from.party.office == scope.office)
        .filter(|sending| scope.terminal.as_ref().is_none_or(|own| *own == sending.terminal))
        .ok_or(Refusal::NotFound)
}

/// Another office's delivery is as good as none: its existence is nobody else's business.
fn addressed(caller: &Caller, delivery: Option<Sending>) -> Result<Sending, Refusal> {
    delivery.filter(|sending| sending.to.party.office == caller.office).ok_or(Refusal::NotFound)
}
