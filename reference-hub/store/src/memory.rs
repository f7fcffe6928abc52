//! The store that forgets when it is dropped: for tests and sandboxes.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use hub_relay::{
    Bytes, Caller, Change, DeliveryId, DeliveryState, Digest, Earlier, IdempotencyKey, NewSending,
    Office, OfficeNumber, OfficeQuery, Sending, SentScope, Session, SubmissionId, folded,
};
use time::OffsetDateTime;

use crate::{
    Failure, Fault, Reply,
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
    /// The way back to before the job that runs, last step first.
    undo: Vec<Undo>,
}

/// An office, and its name as it is looked for.
#[derive(Debug)]
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

    fn of<'a>(
        &'a self,
        index: &'a HashMap<OfficeNumber, Vec<usize>>,
        office: OfficeNumber,
    ) -> impl DoubleEndedIterator<Item = &'a Sending> {
        index.get(&office).into_iter().flatten().map(|place| &self.sendings[*place].sending)
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
        self.sendings.push(new);
        self.undo_by(move |contents| contents.forget_last(from, to));
    }

    /// Takes the last sending out again.
    fn forget_last(&mut self, from: OfficeNumber, to: OfficeNumber) {
        let Some(NewSending { sending, key, .. }) = self.sendings.pop() else { return };
        self.keys.remove(&(from, key));
        self.submissions.remove(&sending.submission);
        self.deliveries.remove(&sending.delivery);
        self.sent.entry(from).or_default().pop();
        self.received.entry(to).or_default().pop();
    }

    fn set_state(&mut self, id: &DeliveryId, next: impl FnOnce(&DeliveryState) -> DeliveryState) {
        if let Some(place) = self.deliveries.get(id).copied() {
            let state = &mut self.sendings[place].sending.state;
            let before = std::mem::replace(state, next(state));
            self.undo_by(move |contents| contents.sendings[place].sending.state = before);
        }
    }
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

    fn sent(&self, scope: &SentScope) -> Result<Vec<Sending>, Fault> {
        let within = |sending: &&Sending| {
            scope.terminal.as_ref().is_none_or(|terminal| *terminal == sending.terminal)
        };
        Ok(self.of(&self.sent, scope.office).rev().filter(within).cloned().collect())
    }

    fn inbox(&self, caller: &Caller, with_waiting: bool) -> Result<Vec<Sending>, Fault> {
        let within = |sending: &&Sending| match sending.state.holder() {
            None => with_waiting,
            Some(holder) => *holder == caller.terminal,
        };
        Ok(self.of(&self.received, caller.office).filter(within).cloned().collect())
    }

    fn content(&self, id: &DeliveryId, name: &str) -> Result<Option<Bytes>, Fault> {
        let Some(found) = self.at(self.deliveries.get(id)) else { return Ok(None) };
        let mut files = found.sending.files.iter().zip(&found.contents);
        Ok(files.find(|(file, _)| file.name == name).map(|(_, bytes)| Bytes::clone(bytes)))
    }

    fn apply(&mut self, change: Change) -> Result<(), Fault> {
        match change {
            Change::Accept(new) => self.accept(*new),
            Change::Claim { deliveries, by, .. } => {
                for id in &deliveries {
                    self.set_state(id, |_| DeliveryState::Claimed { by: by.clone() });
                }
            }
            Change::Confirm { delivery, at } => self.set_state(&delivery, |state| match state {
                DeliveryState::Claimed { by } => DeliveryState::Fetched { by: by.clone(), at },
                other => other.clone(),
            }),
            Change::Release { delivery } => {
                self.set_state(&delivery, |_| DeliveryState::Waiting);
            }
            Change::Register(office) => self.put_office(&office)?,
        }
        Ok(())
    }
}
