//! A store whose every call is watched: for those who want to know what happens when the hub stops
//! in the middle.
//!
//! It promises that the watcher is asked before each call of an operation and at its commit, in the
//! order in which they happen, and that whatever it decides befalls the whole operation. Unwatched
//! stores know nothing of it.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use hub_relay::{
    Bytes, Change, DeliveryId, Digest, Earlier, Event, IdempotencyKey, InboxScope, Office,
    OfficeNumber, OfficeQuery, Page, Retention, Sending, SentScope, Session, Standing,
    SubmissionId, TerminalId,
};
use time::OffsetDateTime;

use crate::{
    Failure, Fault, Reply, Snapshot, Tally,
    operations::{Shelf, Shelved, Turn},
    upkeep::Copies,
};

/// Who watches.
pub trait Watch: Send + Sync + 'static {
    /// Before a call. The name is that of the call.
    ///
    /// # Errors
    /// The call shall fail with this fault, and with it the operation.
    fn call(&self, name: &'static str) -> Result<(), Fault>;

    /// Before a change is made: the change that shall be made in its place, if any.
    fn change(&self, change: Change) -> Option<Change> {
        Some(change)
    }

    /// Before an office is told of these: what it shall be told in their place.
    fn events(&self, events: Vec<Event>) -> Vec<Event> {
        events
    }

    /// At the end of an operation that wrote.
    fn commit(&self) -> Commit;

    /// Before an operation, and after it: lets others go first.
    fn pause(&self) -> Pause {
        Box::pin(std::future::ready(()))
    }
}

/// How long an operation is held up.
pub type Pause = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What shall become of an operation that is ready to be committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Commit {
    /// What should: it is committed, then answered.
    Answered,
    /// Nothing stays of it, and it fails so.
    Undone(Fault),
    /// It is committed, and fails so nevertheless: nobody hears that it is.
    Unheard(Fault),
    /// Nothing stays of it, and it is answered as if it were. No store may do this.
    Lied,
}

/// A store with its watcher.
#[derive(Debug)]
pub struct Watched<S, W> {
    store: S,
    watch: Arc<W>,
}

impl<S: Clone, W> Clone for Watched<S, W> {
    fn clone(&self) -> Self {
        Self { store: self.store.clone(), watch: Arc::clone(&self.watch) }
    }
}

impl<S, W> Watched<S, W> {
    /// Watches `store`.
    pub fn new(store: S, watch: Arc<W>) -> Self {
        Self { store, watch }
    }
}

impl<S: Shelved + Clone, W: Watch> Shelved for Watched<S, W> {
    fn read<T: Send + 'static>(
        &self,
        job: impl Fn(&dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        let (store, watch, watches) = (self.store.clone(), self.watch.clone(), self.watch.clone());
        let watched = move |shelf: &dyn Shelf| {
            job(&WatchedShelf { shelf: Held::Look(shelf), watch: &*watches })
        };
        Box::pin(async move {
            watch.pause().await;
            let read = store.read(watched).await;
            watch.pause().await;
            read
        })
    }

    fn write<T: Send + 'static>(
        &self,
        turn: Turn,
        job: impl Fn(&mut dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        let (store, watch, watches) = (self.store.clone(), self.watch.clone(), self.watch.clone());
        let said = Arc::new(Mutex::new(None));
        let says = Arc::clone(&said);
        let watched = move |shelf: &mut dyn Shelf| {
            let answer = job(&mut WatchedShelf { shelf: Held::Work(shelf), watch: &*watches })?;
            let commit = watches.commit();
            let stays = match &commit {
                Commit::Answered | Commit::Unheard(_) => Ok(()),
                Commit::Undone(fault) => Err(fault.clone().into()),
                Commit::Lied => Err(Fault::Closed.into()),
            };
            *says.lock().unwrap_or_else(PoisonError::into_inner) = Some((commit, answer));
            stays
        };
        Box::pin(async move {
            watch.pause().await;
            let written = store.write(turn, watched).await;
            watch.pause().await;
            let said = said.lock().unwrap_or_else(PoisonError::into_inner).take();
            match (said, written) {
                (Some((Commit::Lied, answer)), _) => Ok(answer),
                (Some((Commit::Undone(fault) | Commit::Unheard(fault), _)), _) => Err(fault.into()),
                (Some((Commit::Answered, answer)), Ok(())) => Ok(answer),
                (_, Err(failure)) => Err(failure),
                (None, Ok(())) => Err(Fault::Closed.into()),
            }
        })
    }
}

/// The calls of one operation, on their way to the shelf.
struct WatchedShelf<'a> {
    shelf: Held<'a>,
    watch: &'a dyn Watch,
}

enum Held<'a> {
    Look(&'a dyn Shelf),
    Work(&'a mut dyn Shelf),
}

impl WatchedShelf<'_> {
    fn look(&self, call: &'static str) -> Result<&dyn Shelf, Fault> {
        self.watch.call(call)?;
        Ok(match &self.shelf {
            Held::Look(shelf) => *shelf,
            Held::Work(shelf) => &**shelf,
        })
    }

    fn work(&mut self, call: &'static str) -> Result<&mut dyn Shelf, Fault> {
        self.watch.call(call)?;
        match &mut self.shelf {
            Held::Look(_) => Err(Fault::Failed(format!("{call} within a reading operation"))),
            Held::Work(shelf) => Ok(&mut **shelf),
        }
    }
}

impl Copies for WatchedShelf<'_> {
    fn clear(&mut self) -> Result<(), Fault> {
        self.work("clear")?.clear()
    }

    fn save(&mut self, snapshot: &Snapshot) -> Result<(), Fault> {
        self.work("save")?.save(snapshot)
    }

    fn restore(&mut self, name: &str) -> Result<Option<Snapshot>, Fault> {
        self.work("restore")?.restore(name)
    }

    fn forget(&mut self, name: &str) -> Result<bool, Fault> {
        self.work("forget")?.forget(name)
    }

    fn snapshots(&self) -> Result<Vec<Snapshot>, Fault> {
        self.look("snapshots")?.snapshots()
    }

    fn tally(&self) -> Result<Tally, Fault> {
        self.look("tally")?.tally()
    }

    fn clock(&self) -> Result<Option<String>, Fault> {
        self.look("clock")?.clock()
    }

    fn set_clock(&mut self, note: &str) -> Result<(), Fault> {
        self.work("set_clock")?.set_clock(note)
    }
}

impl Shelf for WatchedShelf<'_> {
    fn office(&self, number: OfficeNumber) -> Result<Option<Office>, Fault> {
        self.look("office")?.office(number)
    }

    fn search_offices(&self, query: &OfficeQuery) -> Result<Vec<Office>, Fault> {
        self.look("search_offices")?.search_offices(query)
    }

    fn office_count(&self) -> Result<usize, Fault> {
        self.look("office_count")?.office_count()
    }

    fn put_office(&mut self, office: &Office) -> Result<(), Fault> {
        self.work("put_office")?.put_office(office)
    }

    fn remove_office(&mut self, number: OfficeNumber) -> Result<(), Fault> {
        self.work("remove_office")?.remove_office(number)
    }

    fn session(&self, token_digest: &Digest) -> Result<Option<Session>, Fault> {
        self.look("session")?.session(token_digest)
    }

    fn put_session(&mut self, session: &Session) -> Result<(), Fault> {
        self.work("put_session")?.put_session(session)
    }

    fn remove_session(&mut self, token_digest: &Digest) -> Result<(), Fault> {
        self.work("remove_session")?.remove_session(token_digest)
    }

    fn remove_sessions_until(&mut self, now: OffsetDateTime) -> Result<(), Fault> {
        self.work("remove_sessions_until")?.remove_sessions_until(now)
    }

    fn earlier(
        &self,
        sender: OfficeNumber,
        key: &IdempotencyKey,
    ) -> Result<Option<Earlier>, Fault> {
        self.look("earlier")?.earlier(sender, key)
    }

    fn by_submission(&self, id: &SubmissionId) -> Result<Option<Sending>, Fault> {
        self.look("by_submission")?.by_submission(id)
    }

    fn by_delivery(&self, id: &DeliveryId) -> Result<Option<Sending>, Fault> {
        self.look("by_delivery")?.by_delivery(id)
    }

    fn standing(&self, id: &DeliveryId) -> Result<Option<Standing>, Fault> {
        self.look("standing")?.standing(id)
    }

    fn open(&self, office: OfficeNumber) -> Result<Vec<Standing>, Fault> {
        self.look("open")?.open(office)
    }

    fn sent(&self, scope: &SentScope, page: &Page<SubmissionId>) -> Result<Vec<Sending>, Fault> {
        self.look("sent")?.sent(scope, page)
    }

    fn inbox(
        &self,
        scope: &InboxScope,
        page: &Page<DeliveryId>,
        now: OffsetDateTime,
    ) -> Result<Vec<Sending>, Fault> {
        self.look("inbox")?.inbox(scope, page, now)
    }

    fn is_fetched(&self, id: &DeliveryId, name: &str, by: &TerminalId) -> Result<bool, Fault> {
        self.look("is_fetched")?.is_fetched(id, name, by)
    }

    fn unfetched(&self, id: &DeliveryId, by: &TerminalId) -> Result<Vec<String>, Fault> {
        self.look("unfetched")?.unfetched(id, by)
    }

    fn events(&self, office: OfficeNumber, after: u64, limit: usize) -> Result<Vec<Event>, Fault> {
        Ok(self.watch.events(self.look("events")?.events(office, after, limit)?))
    }

    fn last_event(&self, office: OfficeNumber) -> Result<u64, Fault> {
        self.look("last_event")?.last_event(office)
    }

    fn forget_events(&mut self) -> Result<(), Fault> {
        self.work("forget_events")?.forget_events()
    }

    fn due(
        &self,
        retention: &Retention,
        now: OffsetDateTime,
        limit: usize,
    ) -> Result<Vec<Standing>, Fault> {
        self.look("due")?.due(retention, now, limit)
    }

    fn content(&self, id: &DeliveryId, name: &str) -> Result<Option<Bytes>, Fault> {
        self.look("content")?.content(id, name)
    }

    fn apply(&mut self, change: Change) -> Result<(), Fault> {
        self.watch.call("apply")?;
        let Held::Work(shelf) = &mut self.shelf else {
            return Err(Fault::Failed("apply within a reading operation".to_owned()));
        };
        match self.watch.change(change) {
            Some(change) => shelf.apply(change),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        sync::atomic::{AtomicUsize, Ordering},
        task::{Context, Poll, Waker},
    };

    use super::*;
    use crate::{InMemorySqlite, Memory, Store};

    /// Stops at the nth call; at the end of an operation it does as told.
    struct StopAt {
        calls: AtomicUsize,
        at: usize,
        end: Commit,
    }

    impl StopAt {
        fn new(at: usize, end: Commit) -> Arc<Self> {
            Arc::new(Self { calls: AtomicUsize::new(0), at, end })
        }
    }

    impl Watch for StopAt {
        fn call(&self, _name: &'static str) -> Result<(), Fault> {
            match self.calls.fetch_add(1, Ordering::SeqCst) + 1 == self.at {
                true => Err(Fault::Closed),
                false => Ok(()),
            }
        }

        fn commit(&self) -> Commit {
            self.end.clone()
        }
    }

    fn now<T>(reply: impl Future<Output = T>) -> T {
        match pin!(reply).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer,
            Poll::Pending => panic!("both stores answer at once"),
        }
    }

    fn offices() -> Vec<Office> {
        let office = |number: &str| Office {
            number: number.parse().expect("an office number"),
            name: format!("見本{number}"),
            kinds: Vec::new(),
            prefecture: None,
            versions: Vec::new(),
            licence: None,
        };
        ["2770100012", "2770200036", "2770300042"].map(office).into()
    }

    fn kept(store: &dyn Store) -> Vec<Office> {
        now(store.directory(OfficeQuery::default())).expect("reads").offices
    }

    fn each_store(test: impl Fn(&dyn Store, StoreOf<'_>)) {
        let memory = Memory::new();
        test(&memory, &|watch| Box::new(Watched::new(memory.clone(), watch)));
        let sqlite = InMemorySqlite::open().expect("opens");
        test(&sqlite, &|watch| Box::new(Watched::new(sqlite.clone(), watch)));
    }

    type StoreOf<'a> = &'a dyn Fn(Arc<StopAt>) -> Box<dyn Store>;

    #[test]
    fn an_operation_that_stops_in_the_middle_leaves_nothing() {
        each_store(|plain, watched| {
            for at in 1..=3 {
                let store = watched(StopAt::new(at, Commit::Answered));
                assert_eq!(now(store.register(offices())), Err(Fault::Closed.into()), "{at}");
                assert_eq!(kept(plain), [], "{at}");
            }
            let store = watched(StopAt::new(4, Commit::Answered));
            assert_eq!(now(store.register(offices())), Ok(()));
            assert_eq!(kept(plain), offices());
        });
    }

    #[test]
    fn what_is_said_at_the_commit_is_what_becomes_of_it() {
        for (end, stays, answered) in [
            (Commit::Undone(Fault::Full), false, false),
            (Commit::Lied, false, true),
            (Commit::Unheard(Fault::Closed), true, false),
        ] {
            each_store(|plain, watched| {
                let store = watched(StopAt::new(0, end.clone()));
                assert_eq!(now(store.register(offices())).is_ok(), answered, "{end:?}");
                assert_eq!(kept(plain).is_empty(), !stays, "{end:?}");
            });
        }
    }
}
