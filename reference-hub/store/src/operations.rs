//! Load – decide – commit, written once for the stores that work on one machine.

use hub_relay::{
    Bytes, Caller, Change, Claim, Decision, DeliveryId, Digest, Earlier, Event, Fetching,
    IdempotencyKey, InboxScope, LicenceRequest, Office, OfficeNumber, OfficePage, OfficeQuery,
    Page, Profile, Refusal, Retention, Sending, SentScope, Session, Standing, SubmissionId, Submit,
    SubmitFacts, Swept, TakingBack, TerminalId, Wanted,
};
use time::OffsetDateTime;

use crate::{Failure, Fault, Reply, Store, StoredFile, upkeep::Copies};

/// What is on the shelf, within one transaction.
pub(crate) trait Shelf: Copies {
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
    fn standing(&self, id: &DeliveryId) -> Result<Option<Standing>, Fault>;
    /// What is neither fetched nor given up.
    fn open(&self, office: OfficeNumber) -> Result<Vec<Standing>, Fault>;
    /// Newest first; what was removed is not listed.
    fn sent(&self, scope: &SentScope, page: &Page<SubmissionId>) -> Result<Vec<Sending>, Fault>;
    /// In order of arrival; what was given up or removed is not listed.
    fn inbox(
        &self,
        scope: &InboxScope,
        page: &Page<DeliveryId>,
        now: OffsetDateTime,
    ) -> Result<Vec<Sending>, Fault>;
    /// Whether this terminal has asked for the file of this name.
    fn is_fetched(&self, id: &DeliveryId, name: &str, by: &TerminalId) -> Result<bool, Fault>;
    /// The files of a delivery that this terminal never asked for, by name.
    fn unfetched(&self, id: &DeliveryId, by: &TerminalId) -> Result<Vec<String>, Fault>;
    fn events(&self, office: OfficeNumber, after: u64, limit: usize) -> Result<Vec<Event>, Fault>;
    fn last_event(&self, office: OfficeNumber) -> Result<u64, Fault>;
    /// Forgets the first events of all, up to one whose sending is kept. The last one of all stays in
    /// any case: a backup that is brought back is numbered on behind it.
    fn forget_events(&mut self) -> Result<(), Fault>;
    /// What a sweep may remove or give up now; at most `limit`.
    fn due(
        &self,
        retention: &Retention,
        now: OffsetDateTime,
        limit: usize,
    ) -> Result<Vec<Standing>, Fault>;
    /// The content of a delivery's file of this name.
    fn content(&self, id: &DeliveryId, name: &str) -> Result<Option<Bytes>, Fault>;
    fn apply(&mut self, change: Change) -> Result<(), Fault>;
}

/// A store that runs jobs on a shelf, one transaction each. Clones are the same store.
pub(crate) trait Shelved: Clone + Send + Sync + 'static {
    /// Runs a job that changes nothing and only looks up a few entries by their keys. A store may run
    /// it at once, where that takes less time than to hand it to another thread.
    fn look<T: Send + 'static>(
        &self,
        job: impl Fn(&dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        self.read(job)
    }

    /// Runs a job that changes nothing, however much it reads.
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

    /// As [`write`](Self::write), but ready as soon as the job's turn is certain to come before
    /// that of any later one.
    fn write_behind(
        &self,
        turn: Turn,
        job: impl Fn(&mut dyn Shelf) -> Result<(), Failure> + Send + 'static,
    ) -> Reply<()> {
        self.write(turn, job)
    }
}

/// Beside which other writing jobs a job may run, so that what it loads is still so when it
/// commits. Stores with one writer run one after the other in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Beside any but one that wants to be alone: unique keys keep apart what must not be twice.
    Beside,
    /// Alone with what was sent to this office: whatever adds to its deliveries or moves them on.
    Inbox(OfficeNumber),
    /// Beside no other: whatever changes what all jobs decide by, as the offices are.
    Alone,
}

/// How large a file may be that is read where it is looked up.
const FILE_BYTES_AT_ONCE_MAX: u64 = 128 * 1024;
/// How many sendings one sweep looks at.
const SWEEP_MAX: usize = 500;

impl<S: Shelved> Store for S {
    fn register(&self, offices: Vec<Office>) -> Reply<()> {
        self.write(Turn::Alone, move |shelf| {
            offices.iter().try_for_each(|office| shelf.put_office(office))?;
            Ok(())
        })
    }

    fn enter(&self, office: Office) -> Reply<Office> {
        self.write(Turn::Alone, move |shelf| {
            let known = shelf.office(office.number)?;
            commit(shelf, hub_relay::enter(known, office.clone()))
        })
    }

    fn enter_all(&self, offices: Vec<Office>) -> Reply<()> {
        self.write(Turn::Alone, move |shelf| {
            offices.iter().try_for_each(|office| {
                let known = shelf.office(office.number)?;
                commit(shelf, hub_relay::enter(known, office.clone())).map(drop)
            })
        })
    }

    fn office(&self, number: OfficeNumber) -> Reply<Option<Office>> {
        self.look(move |shelf| Ok(shelf.office(number)?))
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
        self.look(move |shelf| Ok(shelf.session(&token_digest)?))
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
        self.write(Turn::Inbox(submit.examined.recipient()), move |shelf| {
            let facts = SubmitFacts {
                earlier: shelf.earlier(submit.examined.sender(), &submit.key)?,
                sender: shelf.office(submit.examined.sender())?,
                recipient: shelf.office(submit.examined.recipient())?,
            };
            commit(shelf, hub_relay::submit(submit.clone(), facts, now)?)
        })
    }

    fn sent(&self, scope: SentScope, page: Page<SubmissionId>) -> Reply<Vec<Sending>> {
        self.read(move |shelf| {
            if let Some(after) = &page.after {
                // It may have been removed since the page before: its place is still known.
                let known = shelf.by_submission(after)?;
                known.filter(|known| scope.has(known)).ok_or(Refusal::NotFound)?;
            }
            Ok(shelf.sent(&scope, &page)?)
        })
    }

    fn submission(&self, scope: SentScope, id: SubmissionId) -> Reply<Sending> {
        self.read(move |shelf| Ok(hub_relay::find_sent(&scope, shelf.by_submission(&id)?)?))
    }

    fn claim(&self, claim: Claim, limit: usize, now: OffsetDateTime) -> Reply<Vec<Sending>> {
        self.write(Turn::Inbox(claim.caller.office), move |shelf| {
            let office = shelf.office(claim.caller.office)?;
            let open = match &claim.wanted {
                Wanted::Items(items) => {
                    let found = items.iter().map(|item| shelf.standing(item));
                    found.filter_map(Result::transpose).collect::<Result<_, _>>()?
                }
                Wanted::Everything | Wanted::Kinds { .. } => shelf.open(claim.caller.office)?,
            };
            commit(shelf, hub_relay::claim(&claim, office, &open, now)?)?;
            let scope = InboxScope { only_open: true, ..InboxScope::held(&claim.caller) };
            Ok(shelf.inbox(&scope, &Page { after: None, limit }, now)?)
        })
    }

    fn inbox(
        &self,
        scope: InboxScope,
        page: Page<DeliveryId>,
        now: OffsetDateTime,
    ) -> Reply<Vec<Sending>> {
        self.read(move |shelf| {
            if let Some(after) = &page.after {
                let known = shelf.standing(after)?;
                known.filter(|known| known.to.office == scope.office).ok_or(Refusal::NotFound)?;
            }
            Ok(shelf.inbox(&scope, &page, now)?)
        })
    }

    fn delivery(&self, caller: Caller, id: DeliveryId, now: OffsetDateTime) -> Reply<Sending> {
        self.look(move |shelf| Ok(hub_relay::fetch(&caller, shelf.by_delivery(&id)?, now)?))
    }

    fn file(&self, fetching: Fetching, now: OffsetDateTime) -> Reply<StoredFile> {
        let store = self.clone();
        Box::pin(async move {
            let asked = fetching.clone();
            let looked = store.look(move |shelf| {
                let is_noted = is_noted(shelf, &asked)?;
                let delivery = shelf.by_delivery(&asked.delivery)?;
                let decision = hub_relay::fetch_file(&asked, delivery, is_noted, now)?;
                let is_small = decision.answer.size <= FILE_BYTES_AT_ONCE_MAX;
                let bytes = is_small.then(|| content(shelf, &asked, now)).transpose()?;
                Ok((decision, bytes))
            });
            let (decision, bytes) = looked.await?;
            let asked = fetching.clone();
            let bytes = match bytes {
                Some(bytes) => bytes,
                None => store.read(move |shelf| content(shelf, &asked, now)).await?,
            };
            if !decision.changes.is_empty() {
                let turn = Turn::Inbox(fetching.caller.office);
                store.write_behind(turn, move |shelf| note_fetch(shelf, &fetching, now)).await?;
            }
            Ok(StoredFile { entry: decision.answer, bytes })
        })
    }

    fn receipt(&self, caller: Caller, id: DeliveryId, now: OffsetDateTime) -> Reply<Sending> {
        self.write(Turn::Inbox(caller.office), move |shelf| {
            let delivery = shelf.by_delivery(&id)?;
            let unfetched = shelf.unfetched(&id, &caller.terminal)?;
            commit(shelf, hub_relay::receipt(&caller, delivery, unfetched, now)?)
        })
    }

    fn release(
        &self,
        profile: Profile,
        caller: Caller,
        id: DeliveryId,
        now: OffsetDateTime,
    ) -> Reply<Sending> {
        self.write(Turn::Inbox(caller.office), move |shelf| {
            let delivery = shelf.by_delivery(&id)?;
            commit(shelf, hub_relay::release(profile, &caller, delivery, now)?)
        })
    }

    fn take_back(
        &self,
        profile: Profile,
        asked: TakingBack,
        now: OffsetDateTime,
    ) -> Reply<Sending> {
        self.write(Turn::Inbox(asked.caller.office), move |shelf| {
            let delivery = shelf.by_delivery(&asked.delivery)?;
            commit(shelf, hub_relay::take_back(profile, &asked, delivery, now)?)
        })
    }

    fn events(&self, office: OfficeNumber, after: u64, limit: usize) -> Reply<Vec<Event>> {
        self.read(move |shelf| Ok(shelf.events(office, after, limit)?))
    }

    fn last_event(&self, office: OfficeNumber) -> Reply<u64> {
        self.read(move |shelf| Ok(shelf.last_event(office)?))
    }

    fn sweep(&self, retention: Retention, now: OffsetDateTime) -> Reply<Swept> {
        self.write(Turn::Alone, move |shelf| {
            let due = shelf.due(&retention, now, SWEEP_MAX)?;
            let changes = hub_relay::sweep(&due, &retention, now);
            let answer = Swept::of(&changes);
            let swept = commit(shelf, Decision { changes, answer })?;
            shelf.forget_events()?;
            Ok(swept)
        })
    }
}

fn is_noted(shelf: &dyn Shelf, fetching: &Fetching) -> Result<bool, Fault> {
    shelf.is_fetched(&fetching.delivery, &fetching.file, &fetching.caller.terminal)
}

fn content(shelf: &dyn Shelf, asked: &Fetching, now: OffsetDateTime) -> Result<Bytes, Failure> {
    let Fetching { delivery, file, .. } = asked;
    if let Some(content) = shelf.content(delivery, file)? {
        return Ok(content);
    }
    // A sweep may have come since it was decided that there is something to fetch.
    hub_relay::fetch_file(asked, shelf.by_delivery(delivery)?, true, now)?;
    Err(Fault::Damaged(format!("delivery {delivery} lacks a file's content")).into())
}

/// Notes a fetch, if the delivery is still held by the one who fetched.
fn note_fetch(
    shelf: &mut dyn Shelf,
    fetching: &Fetching,
    now: OffsetDateTime,
) -> Result<(), Failure> {
    let Some(standing) = shelf.standing(&fetching.delivery)? else { return Ok(()) };
    let is_noted = is_noted(shelf, fetching)?;
    let changes = hub_relay::note_fetch(fetching, &standing.state, is_noted, now);
    commit(shelf, Decision { changes, answer: () })
}

fn commit<T>(shelf: &mut dyn Shelf, decision: Decision<T>) -> Result<T, Failure> {
    decision.changes.into_iter().try_for_each(|change| shelf.apply(change))?;
    Ok(decision.answer)
}
