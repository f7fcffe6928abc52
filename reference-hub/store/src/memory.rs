//! The store that forgets when it is dropped: for tests and sandboxes.

mod copies;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    ops::Bound,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use hub_relay::{
    Bytes, Change, DeliveryId, DeliveryState, Digest, Earlier, Event, EventKind, IdempotencyKey,
    InboxScope, NewSending, Office, OfficeNumber, OfficeQuery, Page, Retention, Sending, SentScope,
    Session, Standing, SubmissionId, TerminalId, folded,
};
use time::OffsetDateTime;

use crate::{
    Failure, Fault, Reply, Snapshot,
    operations::{Shelf, Shelved, Turn},
};

/// Everything in memory. Clones are the same store.
#[derive(Clone, Default)]
pub struct Memory {
    contents: Arc<Mutex<Contents>>,
}

impl Memory {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, Contents> {
        let mut contents = self.contents.lock().unwrap_or_else(PoisonError::into_inner);
        // There is something to take back only where a job ended in a panic.
        contents.roll_back();
        contents
    }
}

impl Shelved for Memory {
    fn read<T: Send + 'static>(
        &self,
        job: impl Fn(&dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        let outcome = job(&*self.lock());
        Box::pin(std::future::ready(outcome))
    }

    fn write<T: Send + 'static>(
        &self,
        _turn: Turn,
        job: impl Fn(&mut dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        let mut contents = self.lock();
        let outcome = job(&mut *contents);
        match outcome {
            Ok(_) => contents.undo.clear(),
            Err(_) => contents.roll_back(),
        }
        drop(contents);
        Box::pin(std::future::ready(outcome))
    }
}

/// How to take one change back.
type Undo = Box<dyn FnOnce(&mut Contents) + Send>;

/// Sendings are named inside by their place in the order of arrival.
#[derive(Default)]
struct Contents {
    offices: BTreeMap<OfficeNumber, Entry>,
    sessions: HashMap<Digest, Session>,
    sendings: Vec<NewSending>,
    keys: HashMap<(OfficeNumber, IdempotencyKey), usize>,
    submissions: HashMap<SubmissionId, usize>,
    deliveries: HashMap<DeliveryId, usize>,
    sent: HashMap<OfficeNumber, Vec<usize>>,
    received: HashMap<OfficeNumber, Vec<usize>>,
    /// What is neither fetched nor given up.
    open: HashMap<OfficeNumber, BTreeSet<usize>>,
    /// Which files of which sendings were asked for, until the receipt.
    fetches: HashMap<usize, HashSet<(TerminalId, String)>>,
    events: HashMap<OfficeNumber, BTreeMap<u64, (EventKind, usize)>>,
    last_event: u64,
    clock: Option<String>,
    /// The way back to before the job that runs, last step first.
    undo: Vec<Undo>,
    snapshots: BTreeMap<String, (Snapshot, Box<Self>)>,
}

/// An office, and its name as it is looked for.
#[derive(Debug, Clone)]
struct Entry {
    office: Office,
    folded_name: String,
}

impl Contents {
    fn roll_back(&mut self) {
        while let Some(step) = self.undo.pop() {
            step(self);
        }
    }

    fn undo_by(&mut self, step: impl FnOnce(&mut Self) + Send + 'static) {
        self.undo.push(Box::new(step));
    }

    fn at(&self, place: Option<&usize>) -> Option<&NewSending> {
        self.sendings.get(*place?)
    }

    fn sending(&self, place: usize) -> &Sending {
        &self.sendings[place].sending
    }

    fn accept(&mut self, new: NewSending) {
        let place = self.sendings.len();
        let NewSending { sending, key, .. } = &new;
        let (from, to) = (sending.from.party.office, sending.to.party.office);
        self.keys.insert((from, key.clone()), place);
        self.submissions.insert(sending.submission.clone(), place);
        self.deliveries.insert(sending.delivery.clone(), place);
        self.sent.entry(from).or_default().push(place);
        self.received.entry(to).or_default().push(place);
        self.open.entry(to).or_default().insert(place);
        self.sendings.push(new);
        self.undo_by(move |contents| contents.forget_last(from, to));
        self.tell(to, EventKind::Arrival, place);
    }

    /// Takes the last sending out again.
    fn forget_last(&mut self, from: OfficeNumber, to: OfficeNumber) {
        let Some(NewSending { sending, key, .. }) = self.sendings.pop() else { return };
        self.keys.remove(&(from, key));
        self.submissions.remove(&sending.submission);
        self.deliveries.remove(&sending.delivery);
        self.sent.entry(from).or_default().pop();
        self.received.entry(to).or_default().pop();
        self.open.entry(to).or_default().pop_last();
    }

    fn tell(&mut self, office: OfficeNumber, kind: EventKind, place: usize) {
        self.last_event += 1;
        self.events.entry(office).or_default().insert(self.last_event, (kind, place));
        self.undo_by(move |contents| {
            contents.last_event -= 1;
            contents.events.entry(office).or_default().pop_last();
        });
    }

    fn set_state(&mut self, place: usize, next: impl FnOnce(DeliveryState) -> DeliveryState) {
        let state = &mut self.sendings[place].sending.state;
        let before = state.clone();
        *state = next(before.clone());
        self.undo_by(move |contents| contents.sendings[place].sending.state = before);
    }

    /// A delivery that is open no longer, and what its sender's office is told.
    fn close(&mut self, place: usize, kind: EventKind) {
        let Sending { from, to, .. } = self.sending(place);
        let (from, to) = (from.party.office, to.party.office);
        self.open.entry(to).or_default().remove(&place);
        let fetches = self.fetches.remove(&place);
        self.undo_by(move |contents| {
            contents.open.entry(to).or_default().insert(place);
            contents.fetches.extend(fetches.map(|fetches| (place, fetches)));
        });
        self.tell(from, kind, place);
    }

    fn remove(&mut self, place: usize, at: OffsetDateTime) {
        let new = &mut self.sendings[place];
        let before = new.clone();
        new.contents = Vec::new();
        let sending = &mut new.sending;
        (sending.files, sending.remarks, sending.message) = Default::default();
        sending.removed_at = Some(at);
        self.undo_by(move |contents| contents.sendings[place] = before);
    }
}

/// What behind its beginning belongs to a page.
fn page_of<'a>(
    places: impl Iterator<Item = usize>,
    start: Option<usize>,
    limit: usize,
    within: impl Fn(usize) -> Option<&'a Sending>,
) -> Vec<Sending> {
    let behind = places.skip_while(|place| start.is_some_and(|start| *place != start));
    let behind = behind.skip(usize::from(start.is_some()));
    behind.filter_map(within).take(limit).cloned().collect()
}

impl Shelf for Contents {
    fn office(&self, number: OfficeNumber) -> Result<Option<Office>, Fault> {
        Ok(self.offices.get(&number).map(|entry| entry.office.clone()))
    }

    fn search_offices(&self, query: &OfficeQuery) -> Result<Vec<Office>, Fault> {
        let after = query.after.map_or(Bound::Unbounded, Bound::Excluded);
        let following = self.offices.range((after, Bound::Unbounded));
        let found = following.filter(|(_, entry)| query.finds(&entry.office, &entry.folded_name));
        let some = found.take(query.limit.saturating_add(1));
        Ok(some.map(|(_, entry)| entry.office.clone()).collect())
    }

    fn office_count(&self) -> Result<usize, Fault> {
        Ok(self.offices.len())
    }

    fn put_office(&mut self, office: &Office) -> Result<(), Fault> {
        let number = office.number;
        let entry = Entry { folded_name: folded(&office.name), office: office.clone() };
        let before = self.offices.insert(number, entry);
        self.undo_by(move |contents| match before {
            Some(before) => drop(contents.offices.insert(number, before)),
            None => drop(contents.offices.remove(&number)),
        });
        Ok(())
    }

    fn remove_office(&mut self, number: OfficeNumber) -> Result<(), Fault> {
        if let Some(before) = self.offices.remove(&number) {
            self.undo_by(move |contents| drop(contents.offices.insert(number, before)));
        }
        Ok(())
    }

    fn session(&self, token_digest: &Digest) -> Result<Option<Session>, Fault> {
        Ok(self.sessions.get(token_digest).cloned())
    }

    fn put_session(&mut self, session: &Session) -> Result<(), Fault> {
        let name = session.token_digest;
        let before = self.sessions.insert(name, session.clone());
        self.undo_by(move |contents| match before {
            Some(before) => drop(contents.sessions.insert(name, before)),
            None => drop(contents.sessions.remove(&name)),
        });
        Ok(())
    }

    fn remove_session(&mut self, token_digest: &Digest) -> Result<(), Fault> {
        if let Some(before) = self.sessions.remove(token_digest) {
            self.undo_by(|contents| drop(contents.sessions.insert(before.token_digest, before)));
        }
        Ok(())
    }

    fn remove_sessions_until(&mut self, now: OffsetDateTime) -> Result<(), Fault> {
        let is_over = |_: &Digest, session: &mut Session| session.expires_at <= now;
        let over: Vec<_> = self.sessions.extract_if(is_over).collect();
        self.undo_by(|contents| contents.sessions.extend(over));
        Ok(())
    }

    fn earlier(
        &self,
        sender: OfficeNumber,
        key: &IdempotencyKey,
    ) -> Result<Option<Earlier>, Fault> {
        let found = self.at(self.keys.get(&(sender, key.clone())));
        Ok(found.map(|found| Earlier {
            content_digest: found.content_digest,
            sending: found.sending.clone(),
        }))
    }

    fn by_submission(&self, id: &SubmissionId) -> Result<Option<Sending>, Fault> {
        Ok(self.at(self.submissions.get(id)).map(|found| found.sending.clone()))
    }

    fn by_delivery(&self, id: &DeliveryId) -> Result<Option<Sending>, Fault> {
        Ok(self.at(self.deliveries.get(id)).map(|found| found.sending.clone()))
    }

    fn standing(&self, id: &DeliveryId) -> Result<Option<Standing>, Fault> {
        Ok(self.at(self.deliveries.get(id)).map(|found| standing(&found.sending)))
    }

    fn open(&self, office: OfficeNumber) -> Result<Vec<Standing>, Fault> {
        let places = self.open.get(&office).into_iter().flatten();
        Ok(places.map(|place| standing(self.sending(*place))).collect())
    }

    fn sent(&self, scope: &SentScope, page: &Page<SubmissionId>) -> Result<Vec<Sending>, Fault> {
        let within = |place| {
            let sending = self.sending(place);
            let own = scope.terminal.as_ref().is_none_or(|own| *own == sending.terminal);
            Some(sending).filter(|sending| own && !sending.is_removed())
        };
        let start = page.after.as_ref().and_then(|after| self.submissions.get(after)).copied();
        let places = self.sent.get(&scope.office).into_iter().flatten().rev().copied();
        Ok(page_of(places, start, page.limit, within))
    }

    fn inbox(
        &self,
        scope: &InboxScope,
        page: &Page<DeliveryId>,
        now: OffsetDateTime,
    ) -> Result<Vec<Sending>, Fault> {
        let within = |place| {
            let sending = self.sending(place);
            let state = sending.state.clone().at(now);
            let is_seen = match &state {
                DeliveryState::Undelivered { .. } => false,
                DeliveryState::Fetched { .. } if scope.only_open => false,
                state => scope.terminal.is_none() || state.holder() == scope.terminal.as_ref(),
            };
            Some(sending).filter(|sending| is_seen && !sending.is_removed())
        };
        let start = page.after.as_ref().and_then(|after| self.deliveries.get(after)).copied();
        let office = &scope.office;
        Ok(match scope.only_open {
            true => {
                let places = self.open.get(office).into_iter().flatten().copied();
                let behind = places.filter(|place| start.is_none_or(|start| start < *place));
                page_of(behind, None, page.limit, within)
            }
            false => {
                let places = self.received.get(office).into_iter().flatten().copied();
                page_of(places, start, page.limit, within)
            }
        })
    }

    fn is_fetched(&self, id: &DeliveryId, name: &str, by: &TerminalId) -> Result<bool, Fault> {
        let noted = self.deliveries.get(id).and_then(|place| self.fetches.get(place));
        Ok(noted.is_some_and(|noted| noted.contains(&(by.clone(), name.to_owned()))))
    }

    fn unfetched(&self, id: &DeliveryId, by: &TerminalId) -> Result<Vec<String>, Fault> {
        let Some(place) = self.deliveries.get(id) else { return Ok(Vec::new()) };
        let noted = self.fetches.get(place);
        let is_noted =
            |name: &str| noted.is_some_and(|noted| noted.contains(&(by.clone(), name.to_owned())));
        let names = self.sending(*place).files.iter().map(|file| file.name.clone());
        Ok(names.filter(|name| !is_noted(name)).collect())
    }

    fn events(&self, office: OfficeNumber, after: u64, limit: usize) -> Result<Vec<Event>, Fault> {
        let Some(events) = self.events.get(&office) else { return Ok(Vec::new()) };
        let behind = events.range(after.saturating_add(1)..);
        let event = |(number, (kind, place)): (&u64, &(EventKind, usize))| Event {
            number: *number,
            kind: *kind,
            sending: self.sending(*place).clone(),
        };
        let kept = behind.map(event).filter(|event| !event.sending.is_removed());
        Ok(kept.take(limit).collect())
    }

    fn last_event(&self, office: OfficeNumber) -> Result<u64, Fault> {
        let last = self.events.get(&office).and_then(BTreeMap::last_key_value);
        Ok(last.map_or(0, |(number, _)| *number))
    }

    fn forget_events(&mut self) -> Result<(), Fault> {
        let all = self.events.values().flatten();
        let kept = all.filter(|(_, (_, place))| !self.sending(*place).is_removed());
        let first = kept.map(|(number, _)| *number).min().unwrap_or(self.last_event);
        for (office, events) in &mut self.events {
            let kept = events.split_off(&first);
            let mut gone = std::mem::replace(events, kept);
            let office = *office;
            self.undo.push(Box::new(move |contents| {
                contents.events.entry(office).or_default().append(&mut gone);
            }));
        }
        Ok(())
    }

    fn due(
        &self,
        retention: &Retention,
        now: OffsetDateTime,
        limit: usize,
    ) -> Result<Vec<Standing>, Fault> {
        let (over, arrived) = (retention.over_until(now), retention.arrived_until(now));
        let is_due = |sending: &&Sending| match &sending.state {
            _ if sending.is_removed() => false,
            DeliveryState::Fetched { at, .. } | DeliveryState::Undelivered { at } => *at <= over,
            _ => sending.submitted_at <= arrived,
        };
        let sendings = self.sendings.iter().map(|new| &new.sending);
        Ok(sendings.filter(is_due).take(limit).map(standing).collect())
    }

    fn content(&self, id: &DeliveryId, name: &str) -> Result<Option<Bytes>, Fault> {
        let Some(found) = self.at(self.deliveries.get(id)) else { return Ok(None) };
        let mut files = found.sending.files.iter().zip(&found.contents);
        Ok(files.find(|(file, _)| file.name == name).map(|(_, bytes)| Bytes::clone(bytes)))
    }

    fn apply(&mut self, change: Change) -> Result<(), Fault> {
        let known = |contents: &Self, id: &DeliveryId| {
            let unknown = || Fault::Failed(format!("no delivery {id}"));
            contents.deliveries.get(id).copied().ok_or_else(unknown)
        };
        match change {
            Change::Accept(new) => self.accept(*new),
            Change::Claim { deliveries, by, until, .. } => {
                for id in &deliveries {
                    let by = by.clone();
                    self.set_state(known(self, id)?, |_| DeliveryState::Claimed { by, until });
                }
            }
            Change::Renew { delivery, until } => {
                self.set_state(known(self, &delivery)?, |state| match state {
                    DeliveryState::Claimed { by, .. } => DeliveryState::Claimed { by, until },
                    other => other,
                });
            }
            Change::Register(office) => self.put_office(&office)?,
            Change::NoteFetch { delivery, file, by } => {
                let (place, note) = (known(self, &delivery)?, (by, file));
                if self.fetches.entry(place).or_default().insert(note.clone()) {
                    self.undo_by(move |contents| {
                        contents.fetches.entry(place).or_default().remove(&note);
                    });
                }
            }
            Change::Confirm { delivery, at } => {
                let place = known(self, &delivery)?;
                self.set_state(place, |state| match state {
                    DeliveryState::Claimed { by, .. } => DeliveryState::Fetched { by, at },
                    other => other,
                });
                self.close(place, EventKind::Receipt);
            }
            Change::Release { delivery } => {
                self.set_state(known(self, &delivery)?, |_| DeliveryState::Waiting);
            }
            Change::GiveUp { delivery, at } => {
                let place = known(self, &delivery)?;
                self.set_state(place, |_| DeliveryState::Undelivered { at });
                self.close(place, EventKind::Undelivered);
            }
            Change::Remove { delivery, at } => self.remove(known(self, &delivery)?, at),
        }
        Ok(())
    }
}

fn standing(sending: &Sending) -> Standing {
    Standing {
        delivery: sending.delivery.clone(),
        submitted_at: sending.submitted_at,
        to: sending.to.party,
        state: sending.state.clone(),
    }
}
