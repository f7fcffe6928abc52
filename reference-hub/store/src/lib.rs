//! What the hub remembers: offices, sessions, sendings with their files, and who holds what.
//!
//! It promises that an answer is given only after every change behind it is committed, wholly and
//! for good, and that a file's bytes come back as they went in. It decides nothing itself: each
//! operation loads the facts, asks the relay, and commits. Times are kept to the millisecond.

mod backup;
mod columns;
mod measured;
mod memory;
mod operations;
mod packed;
mod postgres;
mod sqlite;
mod upkeep;
mod watched;

use std::{future::Future, pin::Pin};

use hub_relay::{
    Bytes, Caller, Claim, DeliveryId, Digest, Event, Fetching, FileEntry, IdempotencyKey,
    InboxScope, LicenceRequest, Office, OfficeNumber, OfficePage, OfficeQuery, Page, Profile,
    Refusal, Retention, Sending, SentScope, Session, SubmissionId, Submit, Swept, TakingBack,
};
use thiserror::Error;
use time::OffsetDateTime;

pub use backup::{Damage, Kept, Step, Verified, backup, restore, verify};
pub use measured::{Measured, Meter, Work};
pub use memory::Memory;
pub use postgres::{BadPlace, Postgres, PostgresPlace};
pub use sqlite::{InMemorySqlite, Sqlite};
pub use upkeep::{Snapshot, Tally, Upkeep};
pub use watched::{Commit, Pause, Watch, Watched};

/// An answer on its way.
pub type Reply<T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send>>;

/// What every store promises.
///
/// Each operation is atomic: concurrent ones appear as if one came after the other. A reply that
/// is dropped before it is ready leaves the operation either wholly done or wholly undone.
pub trait Store: Upkeep {
    /// Registers offices, or brings their entries up to date.
    fn register(&self, offices: Vec<Office>) -> Reply<()>;

    /// Registers an office, or brings its entry up to date but for its licence: see
    /// [`hub_relay::enter`].
    fn enter(&self, office: Office) -> Reply<Office>;

    /// The same with many at once: all of them, or none.
    fn enter_all(&self, offices: Vec<Office>) -> Reply<()>;

    /// The office of this number, if registered.
    fn office(&self, number: OfficeNumber) -> Reply<Option<Office>>;

    /// How many offices are registered.
    fn office_count(&self) -> Reply<usize>;

    /// A page of the directory: see [`OfficeQuery`]. What is looked for by number, prefecture or
    /// service kind is found without a look at the other offices.
    fn directory(&self, query: OfficeQuery) -> Reply<OfficePage>;

    /// Forgets an office, and answers what it was. What was sent to it and from it stays.
    fn remove_office(&self, number: OfficeNumber) -> Reply<Office>;

    /// Changes an office's licence: see [`hub_relay::change_licence`].
    fn change_licence(
        &self,
        number: OfficeNumber,
        request: LicenceRequest,
        now: OffsetDateTime,
    ) -> Reply<Office>;

    /// Keeps a session, and forgets those whose time is over.
    fn open_session(&self, session: Session, now: OffsetDateTime) -> Reply<()>;

    /// The session whose token has this digest.
    fn session(&self, token_digest: Digest) -> Reply<Option<Session>>;

    /// Forgets a session. There need not be one.
    fn close_session(&self, token_digest: Digest) -> Reply<()>;

    /// What an office sent with this key before, if the content is the same: see
    /// [`hub_relay::repeat`].
    fn repeated(
        &self,
        sender: OfficeNumber,
        key: IdempotencyKey,
        content_digest: Digest,
    ) -> Reply<Option<Sending>>;

    /// Takes a sending in: see [`hub_relay::submit`].
    fn submit(&self, submit: Submit, now: OffsetDateTime) -> Reply<Sending>;

    /// 送信一覧, newest first.
    fn sent(&self, scope: SentScope, page: Page<SubmissionId>) -> Reply<Vec<Sending>>;

    /// One sending of 送信一覧: see [`hub_relay::find_sent`].
    fn submission(&self, scope: SentScope, id: SubmissionId) -> Reply<Sending>;

    /// Gives what waits and is wanted to the caller, and answers what it then holds and has not
    /// fetched, at most `limit`, in the order of arrival: see [`hub_relay::claim`].
    fn claim(&self, claim: Claim, limit: usize, now: OffsetDateTime) -> Reply<Vec<Sending>>;

    /// 受信一覧, in the order of arrival. A claim that is over holds nothing.
    fn inbox(
        &self,
        scope: InboxScope,
        page: Page<DeliveryId>,
        now: OffsetDateTime,
    ) -> Reply<Vec<Sending>>;

    /// A delivery that the caller holds: see [`hub_relay::fetch`].
    fn delivery(&self, caller: Caller, id: DeliveryId, now: OffsetDateTime) -> Reply<Sending>;

    /// A file of a delivery that the caller holds, as it is stored: whether it is still what
    /// arrived is for the reader to check. See [`hub_relay::fetch_file`].
    ///
    /// What is noted is seen by every operation that begins after the answer, but a crash may lose
    /// it: the terminal then fetches again before its receipt is taken.
    fn file(&self, fetching: Fetching, now: OffsetDateTime) -> Reply<StoredFile>;

    /// Notes that the caller has fetched a delivery: see [`hub_relay::receipt`].
    fn receipt(&self, caller: Caller, id: DeliveryId, now: OffsetDateTime) -> Reply<Sending>;

    /// Gives a delivery back: see [`hub_relay::release`].
    fn release(
        &self,
        profile: Profile,
        caller: Caller,
        id: DeliveryId,
        now: OffsetDateTime,
    ) -> Reply<Sending>;

    /// Takes a delivery back from its holder: see [`hub_relay::take_back`].
    fn take_back(&self, profile: Profile, asked: TakingBack, now: OffsetDateTime)
    -> Reply<Sending>;

    /// What an office is told of, behind the event of this number, in order, at most `limit`; but
    /// for what was removed since, however far back the number lies. No event ever comes in before
    /// one that was answered already.
    fn events(&self, office: OfficeNumber, after: u64, limit: usize) -> Reply<Vec<Event>>;

    /// The number of an office's last event that is kept; 0 if there is none.
    fn last_event(&self, office: OfficeNumber) -> Reply<u64>;

    /// Removes and gives up what is due, a part at a time: see [`hub_relay::sweep`]. There is more
    /// to do as long as the answer is not zero. Events go once all before them may go.
    fn sweep(&self, retention: Retention, now: OffsetDateTime) -> Reply<Swept>;
}

/// A file with its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// What was noted of it on arrival.
    pub entry: FileEntry,
    /// Its content.
    pub bytes: Bytes,
}

/// Why an operation did not succeed. Nothing has changed, unless it says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The relay decided against it.
    Refused(Refusal),
    /// The store could not do it.
    Fault(Fault),
}

/// The store's own trouble. The text is for the operator's log.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// There is no room left.
    #[error("there is no room left on the disk")]
    Full,
    /// The file is a database of something else, or of another version.
    #[error("not a database of this hub: {0}")]
    Foreign(String),
    /// The database is damaged.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
    /// The database server cannot be reached, or takes nobody in.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// Others came between, again and again.
    #[error("others kept the operation from its end: {0}")]
    Contended(String),
    /// The connection broke while the changes were being committed: they are there wholly or not
    /// at all, and asking again shows which.
    #[error("it is unknown whether the changes were committed: {0}")]
    Unknown(String),
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
