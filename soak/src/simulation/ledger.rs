//! Every sending that the store was ever seen to keep: whether it was kept as long as it had to be,
//! and what offices have to be told of it.
//!
//! The store is looked at before a sweep begins and after each of its steps, so that nothing is given
//! up or removed unseen, and what is known of it is known from the moment at which it happened.

use std::collections::BTreeMap;

use careplan_protocol::{
    OfficeNumber,
    hub::{DeliveryState, Notice},
};
use hub_relay::{DeliveryState as Held, EventKind, Retention, Sending};

use super::{Tally, hub::since_start, judge::Verdict};

/// All sendings, by 送信ID.
pub(super) struct Ledger {
    retention: Retention,
    entries: BTreeMap<String, Entry>,
}

/// A sending.
pub(super) struct Entry {
    /// As it was last kept.
    pub(super) sending: Sending,
    /// Since when it is known.
    since: u64,
    /// Since when it is known to be fetched or given up.
    over_since: Option<u64>,
    /// Since when it is known to be removed.
    removed_since: Option<u64>,
}

/// Something that happened to a sending, as an office is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thing {
    kind: EventKind,
    submission: String,
}

impl Thing {
    pub(super) fn new(kind: EventKind, submission: &str) -> Self {
        Self { kind, submission: submission.to_owned() }
    }
}

impl Entry {
    pub(super) fn is_kept(&self) -> bool {
        self.removed_since.is_none()
    }

    pub(super) fn is_given_up(&self) -> bool {
        matches!(self.sending.state, Held::Undelivered { .. })
    }

    /// What happened to it that this office is told of, and since when that is known.
    fn things(&self, office: OfficeNumber) -> impl Iterator<Item = (Thing, u64)> {
        let Sending { submission, from, to, state, .. } = &self.sending;
        let arrival = (to.party.office == office).then_some((EventKind::Arrival, self.since));
        let end = match state {
            _ if from.party.office != office => None,
            Held::Waiting | Held::Claimed { .. } => None,
            Held::Fetched { .. } => Some(EventKind::Receipt),
            Held::Undelivered { .. } => Some(EventKind::Undelivered),
        };
        let end = end.map(|kind| (kind, self.over_since.unwrap_or(self.since)));
        let thing = |(kind, since)| (Thing::new(kind, submission.as_str()), since);
        arrival.into_iter().chain(end).map(thing)
    }
}

impl Ledger {
    pub(super) fn new(retention: Retention) -> Self {
        Self { retention, entries: BTreeMap::new() }
    }

    /// Notes what the store keeps now. Answers which messages nobody is handed any more from now on.
    pub(super) fn look(&mut self, kept: &[Sending], now: u64) -> Result<Vec<String>, String> {
        let mut gone = Vec::new();
        for sending in kept {
            let is_new_end = self.note(sending, now)?;
            if is_new_end && matches!(sending.state, Held::Undelivered { .. }) {
                gone.push(sending.message.clone());
            }
        }
        let is_listed = |id: &str| kept.iter().any(|sending| sending.submission.as_str() == id);
        for (id, entry) in &mut self.entries {
            if entry.removed_since.is_some() || is_listed(id) {
                continue;
            }
            let message = &entry.sending.message;
            if removable_at(&entry.sending, &self.retention).is_none_or(|due| now < due) {
                return Err(format!("{message} is removed before its time"));
            }
            entry.removed_since = Some(now);
            gone.push(message.clone());
        }
        Ok(gone)
    }

    /// A sweep that began then has come to a good end: nothing is left that was due.
    pub(super) fn check_swept(&self, begun: u64) -> Verdict {
        for Entry { sending, .. } in self.entries.values().filter(|entry| entry.is_kept()) {
            let message = &sending.message;
            if removable_at(sending, &self.retention).is_some_and(|due| due <= begun) {
                return Err(format!("{message} is kept past its time"));
            }
            let is_open = matches!(sending.state, Held::Waiting | Held::Claimed { .. });
            if is_open && given_up_at(sending, &self.retention) <= begun {
                return Err(format!("{message} is not given up when its time has come"));
            }
        }
        Ok(())
    }

    /// An answer shows a message so, or hands out what is in it, to one who asked then.
    pub(super) fn check_shown(&self, message: &str, state: DeliveryState, asked: u64) -> Verdict {
        let Some(entry) = self.of_message(message) else { return Ok(()) };
        if entry.removed_since.is_some_and(|since| since < asked) {
            return Err(format!("{message} was removed and is shown"));
        }
        let was_over = entry.over_since.is_some_and(|since| since < asked);
        if was_over && entry.is_given_up() && state != DeliveryState::Undelivered {
            return Err(format!("{message} was given up and is {state:?}"));
        }
        Ok(())
    }

    /// Whether a message is given up or removed.
    pub(super) fn is_gone(&self, message: &str) -> bool {
        self.of_message(message).is_some_and(|entry| !entry.is_kept() || entry.is_given_up())
    }

    pub(super) fn is_removed(&self, message: &str) -> bool {
        self.of_message(message).is_some_and(|entry| !entry.is_kept())
    }

    /// The message of a sending that was removed.
    pub(super) fn removed_message(&self, submission: &str) -> Option<&str> {
        let entry = self.entries.get(submission).filter(|entry| !entry.is_kept())?;
        Some(&entry.sending.message)
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    pub(super) fn of_message(&self, message: &str) -> Option<&Entry> {
        self.entries().find(|entry| entry.sending.message == message)
    }

    /// What an office has to be told that asks now, and since when that is known: of what was removed
    /// nothing more is told.
    pub(super) fn things(&self, office: OfficeNumber) -> impl Iterator<Item = (Thing, u64)> {
        let kept = self.entries().filter(|entry| entry.is_kept());
        kept.flat_map(move |entry| entry.things(office))
    }

    /// Whether this happened, and this office is told of it.
    pub(super) fn has_happened(&self, office: OfficeNumber, thing: &Thing) -> bool {
        let entry = self.entries.get(&thing.submission);
        entry.is_some_and(|entry| entry.things(office).any(|(happened, _)| happened == *thing))
    }

    /// What a notice tells of, if its particulars are right.
    pub(super) fn meant(&self, notice: &Notice) -> Option<Thing> {
        let of_delivery = |id: &str| self.entries().find(|one| one.sending.delivery.as_str() == id);
        let of = |id: &str| self.entries.get(id).map(|entry| &entry.sending);
        let (kind, sending, is_right) = match notice {
            Notice::Arrival { id, from, to, files } => {
                let sending = &of_delivery(id.as_str())?.sending;
                let offices = (sending.from.party.office, sending.to.party.office);
                let is_right = offices == (from.office, to.office) && *files == sending.files.len();
                (EventKind::Arrival, sending, is_right)
            }
            Notice::Receipt { id, to, fetched_at } => {
                let sending = of(id.as_str())?;
                let is_then =
                    matches!(&sending.state, Held::Fetched { at, .. } if at == fetched_at);
                (EventKind::Receipt, sending, is_then && sending.to.party.office == to.office)
            }
            Notice::Undelivered { id, to } => {
                let sending = of(id.as_str())?;
                (EventKind::Undelivered, sending, sending.to.party.office == to.office)
            }
        };
        is_right.then(|| Thing::new(kind, sending.submission.as_str()))
    }

    /// Adds what was seen.
    pub(super) fn add_to(&self, tally: &mut Tally) {
        let count = |is: fn(&Entry) -> bool| self.entries().filter(|one| is(one)).count() as u64;
        tally.count("deliveries given up", count(Entry::is_given_up));
        tally.count("sendings removed", count(|entry| !entry.is_kept()));
    }

    /// Notes a sending; whether it has come to its end since the last look.
    fn note(&mut self, sending: &Sending, now: u64) -> Result<bool, String> {
        let Sending { message, state, .. } = sending;
        if let Held::Undelivered { at } = state
            && since_start(*at) < given_up_at(sending, &self.retention)
        {
            return Err(format!("{message} is given up before its time"));
        }
        let is_over = matches!(state, Held::Fetched { .. } | Held::Undelivered { .. });
        let new = || Entry {
            sending: sending.clone(),
            since: now,
            over_since: None,
            removed_since: None,
        };
        let entry = self.entries.entry(sending.submission.to_string()).or_insert_with(new);
        if entry.removed_since.is_some() {
            return Err(format!("{message} was removed and is there again"));
        }
        let before = &entry.sending.state;
        if entry.over_since.is_some() && before != state {
            return Err(format!("{message} was {before:?} and is {state:?}"));
        }
        entry.sending.clone_from(sending);
        let is_new_end = is_over && entry.over_since.is_none();
        if is_new_end {
            entry.over_since = Some(now);
        }
        Ok(is_new_end)
    }
}

/// When a sending that is over may and has to go.
fn removable_at(sending: &Sending, retention: &Retention) -> Option<u64> {
    match sending.state {
        Held::Waiting | Held::Claimed { .. } => None,
        Held::Fetched { at, .. } | Held::Undelivered { at } => {
            Some(since_start(at + retention.fetched))
        }
    }
}

/// When a sending may and has to be given up that nobody fetched until then.
fn given_up_at(sending: &Sending, retention: &Retention) -> u64 {
    since_start(sending.submitted_at + retention.unfetched)
}
