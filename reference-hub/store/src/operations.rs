//! Load – decide – commit, written once for the stores that work on one machine.

use hub_relay::{
    Bytes, Caller, Change, Decision, DeliveryId, Digest, Earlier, IdempotencyKey, LicenceRequest,
    Office, OfficeNumber, OfficePage, OfficeQuery, Profile, Refusal, Sending, SentScope, Session,
    SubmissionId, Submit, SubmitFacts,
};
use time::OffsetDateTime;

use crate::{Failure, Fault, Reply, Store, StoredFile};

/// What is on the shelf, within one transaction.
pub(crate) trait Shelf {
    fn office(&self, number: OfficeNumber) -> Result<Option<Office>, Fault>;
    /// What a query finds, in ascending order of number: one more than a page holds, if there is.
    fn search_offices(&self, query: &OfficeQuery) -> Result<Vec<Office>, Fault>;
    fn office_count(&self) -> Result<usize, Fault>;
    fn put_office(&mut self, office: &Office) -> Result<(), Fault>;
    fn remove_office(&mut self, number: OfficeNumber) -> Result<(), Fault>;

    fn session(&self, token_digest: &Digest) -> Result<Option<Session>, Fault>;
    fn put_session(&mut self, session: &Session) -> Result<(), Fault>;
    fn remove_session(&mut self, token_digest: &Digest) -> Result<(), Fault>;
    fn remove_sessions_until(&mut self, now: OffsetDateTime) -> Result<(), Fault>;

    /// What the office sent with this key.
    fn earlier(&self, sender: OfficeNumber, key: &IdempotencyKey)
    -> Result<Option<Earlier>, Fault>;
    fn by_submission(&self, id: &SubmissionId) -> Result<Option<Sending>, Fault>;
    fn by_delivery(&self, id: &DeliveryId) -> Result<Option<Sending>, Fault>;
    /// Newest first.
    fn sent(&self, scope: &SentScope) -> Result<Vec<Sending>, Fault>;
    /// What the caller holds and, if asked for, what waits for its office; in order of arrival.
    fn inbox(&self, caller: &Caller, with_waiting: bool) -> Result<Vec<Sending>, Fault>;
    /// The content of a delivery's file of this name.
    fn content(&self, id: &DeliveryId, name: &str) -> Result<Option<Bytes>, Fault>;
    fn apply(&mut self, change: Change) -> Result<(), Fault>;
}

/// A store that runs jobs on a shelf, one transaction each.
pub(crate) trait Shelved: Send + Sync + 'static {
    /// Runs a job that changes nothing.
    fn read<T: Send + 'static>(
        &self,
        job: impl Fn(&dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T>;

    /// Runs a job, and answers once its changes are committed; a job that fails changes nothing.
    /// A job may be run again from its beginning, where another hub's came between.
    fn write<T: Send + 'static>(
        &self,
        turn: Turn,
        job: impl Fn(&mut dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T>;
}

/// Beside which other writing jobs a job may run, so that what it loads is still so when it
/// commits. Stores with one writer run one after the other in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Beside any but one that wants to be alone: unique keys keep apart what must not be twice.
    Beside,
    /// Alone with what was sent to this office: whatever moves its deliveries on.
    Inbox(OfficeNumber),
    /// Beside no other: whatever changes what all jobs decide by, as the offices are.
    Alone,
}

impl<S: Shelved> Store for S {
    fn register(&self, offices: Vec<Office>) -> Reply<()> {
        self.write(Turn::Alone, move |shelf| {
            offices.iter().try_for_each(|office| shelf.put_office(office))?;
            Ok(())
        })
    }

    fn office(&self, number: OfficeNumber) -> Reply<Option<Office>> {
        self.read(move |shelf| Ok(shelf.office(number)?))
    }

    fn office_count(&self) -> Reply<usize> {
        self.read(|shelf| Ok(shelf.office_count()?))
    }

    fn directory(&self, query: OfficeQuery) -> Reply<OfficePage> {
        self.read(move |shelf| Ok(query.page(shelf.search_offices(&query)?)))
    }

    fn remove_office(&self, number: OfficeNumber) -> Reply<Office> {
        self.write(Turn::Alone, move |shelf| {
            let office = shelf.office(number)?.ok_or(Refusal::NotFound)?;
            shelf.remove_office(number)?;
            Ok(office)
        })
    }

    fn change_licence(
        &self,
        number: OfficeNumber,
        request: LicenceRequest,
        now: OffsetDateTime,
    ) -> Reply<Office> {
        self.write(Turn::Alone, move |shelf| {
            let office = shelf.office(number)?;
            commit(shelf, hub_relay::change_licence(office, request, now)?)
        })
    }

    fn open_session(&self, session: Session, now: OffsetDateTime) -> Reply<()> {
        self.write(Turn::Beside, move |shelf| {
            shelf.remove_sessions_until(now)?;
            Ok(shelf.put_session(&session)?)
        })
    }

    fn session(&self, token_digest: Digest) -> Reply<Option<Session>> {
        self.read(move |shelf| Ok(shelf.session(&token_digest)?))
    }

    fn close_session(&self, token_digest: Digest) -> Reply<()> {
        self.write(Turn::Beside, move |shelf| Ok(shelf.remove_session(&token_digest)?))
    }

    fn repeated(
        &self,
        sender: OfficeNumber,
        key: IdempotencyKey,
        content_digest: Digest,
    ) -> Reply<Option<Sending>> {
        self.read(move |shelf| match shelf.earlier(sender, &key)? {
            Some(earlier) => Ok(Some(hub_relay::repeat(earlier, content_digest)?)),
            None => Ok(None),
        })
    }

    fn submit(&self, submit: Submit, now: OffsetDateTime) -> Reply<Sending> {
        self.write(Turn::Beside, move |shelf| {
            let facts = SubmitFacts {
                earlier: shelf.earlier(submit.examined.sender(), &submit.key)?,
                sender: shelf.office(submit.examined.sender())?,
                recipient: shelf.office(submit.examined.recipient())?,
            };
            commit(shelf, hub_relay::submit(submit.clone(), facts, now)?)
        })
    }

    fn sent(&self, scope: SentScope) -> Reply<Vec<Sending>> {
        self.read(move |shelf| Ok(shelf.sent(&scope)?))
    }

    fn submission(&self, scope: SentScope, id: SubmissionId) -> Reply<Sending> {
        self.read(move |shelf| Ok(hub_relay::find_sent(&scope, shelf.by_submission(&id)?)?))
    }

    fn claim(&self, caller: Caller, now: OffsetDateTime) -> Reply<Vec<Sending>> {
        self.write(Turn::Inbox(caller.office), move |shelf| {
            let office = shelf.office(caller.office)?;
            let deliveries = shelf.inbox(&caller, true)?;
            commit(shelf, hub_relay::claim(&caller, office, deliveries, now)?)
        })
    }

    fn held(&self, caller: Caller) -> Reply<Vec<Sending>> {
        self.read(move |shelf| Ok(shelf.inbox(&caller, false)?))
    }

    fn delivery(&self, caller: Caller, id: DeliveryId) -> Reply<Sending> {
        self.read(move |shelf| Ok(hub_relay::fetch(&caller, shelf.by_delivery(&id)?)?))
    }

    fn file(&self, caller: Caller, id: DeliveryId, name: String) -> Reply<StoredFile> {
        self.read(move |shelf| {
            let sending = hub_relay::fetch(&caller, shelf.by_delivery(&id)?)?;
            let entry = sending.files.into_iter().find(|file| file.name == name);
            let entry = entry.ok_or(Refusal::NotFound)?;
            let lost = || Fault::Damaged(format!("delivery {id} lacks a file's content"));
            let bytes = shelf.content(&id, &name)?.ok_or_else(lost)?;
            Ok(StoredFile { entry, bytes })
        })
    }

    fn receipt(&self, caller: Caller, id: DeliveryId, now: OffsetDateTime) -> Reply<Sending> {
        self.write(Turn::Inbox(caller.office), move |shelf| {
            let delivery = shelf.by_delivery(&id)?;
            commit(shelf, hub_relay::receipt(&caller, delivery, now)?)
        })
    }

    fn release(&self, profile: Profile, caller: Caller, id: DeliveryId) -> Reply<Sending> {
        self.write(Turn::Inbox(caller.office), move |shelf| {
            let delivery = shelf.by_delivery(&id)?;
            commit(shelf, hub_relay::release(profile, &caller, delivery)?)
        })
    }
}

fn commit<T>(shelf: &mut dyn Shelf, decision: Decision<T>) -> Result<T, Failure> {
    decision.changes.into_iter().try_for_each(|change| shelf.apply(change))?;
    Ok(decision.answer)
}
