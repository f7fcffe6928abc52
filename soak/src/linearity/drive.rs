//! Many terminals of one office at once, on a real store, with the hub stopped now and then.
//!
//! Offices come one after the other, so that each history is short to write down and long to live:
//! all terminals work on an office's deliveries until its share of the operations is done.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration as Wait,
};

use hub_relay::{
    Caller, Claim, DeliveryId, DeliveryState, Draft, DraftFile, Examined, Fetching, IdempotencyKey,
    InboxScope, Licence, Limits, Office, OfficeNumber, Page, Party, Profile, Refusal, Sending,
    SubmissionId, Submit, TakingBack, TerminalId, Terms, Wanted, examine,
};
use hub_store::{Failure, Store};
use time::{OffsetDateTime, macros::datetime};
use tokio::{
    sync::{Barrier, RwLock, watch},
    task::JoinSet,
};

use super::{Entry, Operation, Seen, check, model::LEASE};
use crate::dice::Dice;

const NOW: OffsetDateTime = datetime!(2025-04-28 09:00 UTC);
const SENDER: &str = "2770100012";
const FILE: &str = "a.pdf";
/// More than an office ever has.
const ALL: usize = 10_000;
/// A tick of the history is a second to the hub.
const TERMS: Terms = Terms { profile: Profile::Plus, lease: time::Duration::seconds(LEASE as i64) };
/// A fetch takes two steps, between which others may come, and here makes no claim longer.
const FETCH_TERMS: Terms = Terms { lease: time::Duration::ZERO, ..TERMS };
const RECIPIENT_PREFIX: u64 = 27_702_000;

/// Opens the store again on what is durable; the one before it is gone by then.
pub type Reopen = Box<dyn Fn() -> Arc<dyn Store> + Send + Sync>;

/// How much is driven.
#[derive(Debug, Clone, Copy)]
pub struct Drive {
    /// Of what the terminals choose. When they do it is the machine's doing.
    pub seed: u64,
    /// Terminals at work at once.
    pub terminals: u8,
    /// Operations of each terminal, all offices together.
    pub operations: u64,
    /// Operations of each terminal for one office.
    pub operations_an_office: u64,
    /// How often the hub stops while an office is at work.
    pub stops_an_office: u32,
    /// Whether a stop lets what is under way run out unheard, as a database server does that goes on
    /// without the hub. Otherwise it is dropped.
    pub runs_out: bool,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Driven {
    /// Operations called.
    pub operations: u64,
    /// Of these, without an answer.
    pub unknown: u64,
    /// Times the hub stopped.
    pub stops: u64,
    /// Offices, each with a history of its own.
    pub histories: u64,
    /// At most, how many ways were looked at at once.
    pub ways: usize,
    /// Histories without an order: which, and the operation that does not fit.
    pub broken: Vec<String>,
}

/// Drives a store and checks what was seen.
pub async fn run(drive: Drive, reopen: Reopen) -> Driven {
    let mut driven = Driven::default();
    let reopen = Arc::new(reopen);
    let offices = drive.operations.div_ceil(drive.operations_an_office.max(1));
    let place = Arc::new(RwLock::new(Some(anew(&reopen, None).await)));
    for number in 0..offices {
        let stage = Arc::new(Stage::new(drive, number, Arc::clone(&place)));
        stage.open().await;
        let history = stage.play(&reopen, &mut driven.stops).await;
        driven.operations += history.len() as u64;
        driven.unknown += history.iter().filter(|entry| entry.seen.is_none()).count() as u64;
        driven.histories += 1;
        let checked = tokio::task::spawn_blocking(move || (check(&history), history)).await;
        match checked {
            Ok((Ok(ways), _)) => driven.ways = driven.ways.max(ways),
            Ok((Err(broken), history)) => {
                driven.broken.push(format!("office {number}: {:?}", history[broken.entry]));
            }
            Err(error) => driven.broken.push(format!("office {number}: {error}")),
        }
    }
    leave(place.write().await.take()).await;
    driven
}

/// Opens the store once the one before has ended. Both may wait for threads, and for runtimes of their
/// own: that is nothing for a thread of this one.
async fn anew(reopen: &Arc<Reopen>, before: Option<Arc<dyn Store>>) -> Arc<dyn Store> {
    let reopen = Arc::clone(reopen);
    let opening = tokio::task::spawn_blocking(move || {
        drop(before);
        reopen()
    });
    opening.await.expect("a sound store opens")
}

/// Ends the store.
async fn leave(last: Option<Arc<dyn Store>>) {
    let ending = tokio::task::spawn_blocking(move || drop(last));
    ending.await.expect("a store ends without a panic");
}

/// One office, and everybody at work on it.
struct Stage {
    drive: Drive,
    number: u64,
    office: OfficeNumber,
    place: Arc<RwLock<Option<Arc<dyn Store>>>>,
    times: AtomicU64,
    submitted: AtomicU64,
    history: Mutex<Vec<Entry>>,
    dice: Dice,
}

impl Stage {
    fn new(drive: Drive, number: u64, place: Arc<RwLock<Option<Arc<dyn Store>>>>) -> Self {
        let office = numbered(number);
        Self {
            drive,
            number,
            office,
            place,
            times: AtomicU64::new(0),
            submitted: AtomicU64::new(0),
            history: Mutex::default(),
            dice: Dice::new(drive.seed.wrapping_add(number)),
        }
    }

    async fn open(&self) {
        let office = |number: OfficeNumber| Office {
            number,
            name: format!("見本{number}"),
            kinds: Vec::new(),
            prefecture: None,
            versions: Vec::new(),
            licence: Some(Licence::until(NOW + time::Duration::days(365))),
        };
        let sender = SENDER.parse().expect("a sound office number");
        let store = self.place.read().await.clone().expect("open between two offices");
        store.register(vec![office(sender), office(self.office)]).await.expect("registers");
    }

    /// Lets all terminals work and the hub stop; answers what they saw.
    async fn play(self: &Arc<Self>, reopen: &Arc<Reopen>, stops: &mut u64) -> Vec<Entry> {
        let (stop, stopping) = watch::channel(0_u32);
        let meeting = Arc::new(Barrier::new(usize::from(self.drive.terminals) + 1));
        let mut terminals = JoinSet::new();
        for terminal in 0..self.drive.terminals {
            let (stage, stopping) = (Arc::clone(self), stopping.clone());
            let meeting = Arc::clone(&meeting);
            terminals.spawn(async move { stage.work(terminal, stopping, meeting).await });
        }
        for number in 1..=self.drive.stops_an_office {
            tokio::time::sleep(Wait::from_millis(self.dice.between(1, 30))).await;
            stop.send_replace(number);
            // Everybody has dropped what was under way, and nobody begins anything new.
            meeting.wait().await;
            let before = self.place.write().await.take();
            *self.place.write().await = Some(anew(reopen, before).await);
            meeting.wait().await;
            *stops += 1;
        }
        while let Some(ended) = terminals.join_next().await {
            ended.expect("a terminal does not panic");
        }
        std::mem::take(&mut *self.history.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// One terminal: its operations one after the other, and the meetings when the hub stops. It
    /// stays for the last meeting even where it is done.
    async fn work(&self, terminal: u8, mut stopping: watch::Receiver<u32>, meeting: Arc<Barrier>) {
        let mut met = 0;
        let mut left = self.drive.operations_an_office;
        while 0 < left || met < self.drive.stops_an_office {
            let is_up = *stopping.borrow() == met;
            let mut unfinished = None;
            if is_up && 0 < left {
                left -= 1;
                unfinished = self.one(terminal, &mut stopping).await;
            } else if is_up && stopping.changed().await.is_err() {
                return;
            }
            let stopped = *stopping.borrow();
            if met < stopped {
                meeting.wait().await;
                stopping.mark_unchanged();
                meeting.wait().await;
                met += 1;
            }
            if let Some((operation, called)) = unfinished {
                self.note(operation, None, called);
            }
        }
    }

    /// One operation, unless the hub stops in the middle: then what it was.
    async fn one(
        &self,
        terminal: u8,
        stopping: &mut watch::Receiver<u32>,
    ) -> Option<(Operation, u64)> {
        let operation = self.choose(terminal);
        let store = self.place.read().await.clone()?;
        let called = self.tick();
        let now = NOW + Wait::from_secs(called);
        let mut performing = std::pin::pin!(self.perform(&*store, operation, now));
        let seen = tokio::select! {
            seen = &mut performing => seen,
            _ = stopping.changed() => {
                if self.drive.runs_out {
                    performing.await;
                }
                return Some((operation, called));
            }
        };
        self.note(operation, Some(seen), called);
        None
    }

    fn choose(&self, terminal: u8) -> Operation {
        let known = usize::try_from(self.submitted.load(Ordering::SeqCst)).unwrap_or(0);
        if known == 0 || self.dice.happens(120) {
            let next = self.submitted.fetch_add(1, Ordering::SeqCst);
            return Operation::Submit(usize::try_from(next).unwrap_or(0));
        }
        let recent = known.saturating_sub(12);
        let delivery = recent + self.dice.place(known - recent);
        match self.dice.below(20) {
            0..=4 => Operation::Claim(terminal),
            5 => Operation::ClaimOne(terminal, delivery),
            6 | 7 => Operation::Held(terminal),
            8..=11 => Operation::Fetch(terminal, delivery),
            12..=14 => Operation::Receipt(terminal, delivery),
            15..=17 => Operation::Release(terminal, delivery),
            _ => Operation::TakeBack(delivery),
        }
    }

    async fn perform(&self, store: &dyn Store, operation: Operation, now: OffsetDateTime) -> Seen {
        let caller = |terminal: u8| Caller {
            office: self.office,
            terminal: TerminalId::new(format!("pc-{terminal}")),
        };
        match operation {
            Operation::Submit(delivery) => {
                store.submit(self.submission(delivery), now).await.expect("takes it");
                Seen::Done
            }
            Operation::Claim(terminal) => {
                let (caller, wanted) = (caller(terminal), Wanted::Everything);
                self.holds(store.claim(Claim { caller, wanted, terms: TERMS }, ALL, now).await)
            }
            Operation::ClaimOne(terminal, delivery) => {
                let (caller, wanted) = (caller(terminal), Wanted::Items(vec![self.id(delivery)]));
                self.holds(store.claim(Claim { caller, wanted, terms: TERMS }, ALL, now).await)
            }
            Operation::Held(terminal) => {
                let scope = InboxScope::held(&caller(terminal));
                self.holds(store.inbox(scope, Page { after: None, limit: ALL }, now).await)
            }
            Operation::Fetch(terminal, delivery) => {
                holding(store.delivery(caller(terminal), self.id(delivery), now).await)
            }
            Operation::Receipt(terminal, delivery) => {
                // A receipt stands on files that were asked for, whatever the answer was.
                let (caller, file) = (caller(terminal), FILE.to_owned());
                let fetching = Fetching {
                    caller: caller.clone(),
                    delivery: self.id(delivery),
                    file,
                    terms: FETCH_TERMS,
                };
                let _ = store.file(fetching, now).await;
                holding(store.receipt(caller, self.id(delivery), now).await)
            }
            Operation::Release(terminal, delivery) => {
                let id = self.id(delivery);
                waiting(store.release(Profile::Plus, caller(terminal), id, now).await)
            }
            Operation::TakeBack(delivery) => {
                let (caller, delivery) = (caller(0), self.id(delivery));
                let asked = TakingBack { caller, delivery, holder: None };
                waiting(store.take_back(Profile::Plus, asked, now).await)
            }
        }
    }

    fn holds(&self, answer: Result<Vec<Sending>, Failure>) -> Seen {
        let number = |sending: &Sending| {
            let (_, number) = sending.delivery.as_str().rsplit_once('-')?;
            Some((number.parse().ok()?, is_fetched(sending)))
        };
        match answer {
            Ok(sendings) => {
                let mut held: Vec<_> = sendings.iter().filter_map(number).collect();
                held.sort_unstable();
                Seen::Holds(held)
            }
            Err(failure) => refused(failure),
        }
    }

    fn id(&self, delivery: usize) -> DeliveryId {
        DeliveryId::new(format!("{}-{delivery}", self.number))
    }

    fn submission(&self, delivery: usize) -> Submit {
        let name = format!("{}-{delivery}", self.number);
        Submit {
            examined: examined(self.office),
            key: IdempotencyKey::new(&name),
            content_digest: [0; 32],
            submission: SubmissionId::new(&name),
            delivery: self.id(delivery),
        }
    }

    fn tick(&self) -> u64 {
        self.times.fetch_add(1, Ordering::SeqCst)
    }

    fn note(&self, operation: Operation, seen: Option<Seen>, called: u64) {
        let returned = self.tick();
        let entry = Entry { operation, seen, called, returned };
        self.history.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }
}

fn holding(answer: Result<Sending, Failure>) -> Seen {
    answer.map_or_else(refused, |sending| Seen::Holding(is_fetched(&sending)))
}

fn waiting(answer: Result<Sending, Failure>) -> Seen {
    answer.map_or_else(refused, |_| Seen::Done)
}

fn refused(failure: Failure) -> Seen {
    match failure {
        Failure::Refused(Refusal::NotFound) => Seen::NotFound,
        Failure::Refused(Refusal::DeliveryElsewhere) => Seen::Elsewhere,
        Failure::Refused(Refusal::ClaimLost) => Seen::Lost,
        Failure::Refused(Refusal::DeliveryFetched) => Seen::Fetched,
        other => panic!("a sound store, asked rightly, does not answer {other:?}"),
    }
}

fn is_fetched(sending: &Sending) -> bool {
    matches!(sending.state, DeliveryState::Fetched { .. })
}

/// The recipient of this number.
fn numbered(number: u64) -> OfficeNumber {
    let text = format!("{}{:02}", RECIPIENT_PREFIX + number / 100, number % 100);
    text.parse().expect("ten digits are an office number")
}

fn examined(to: OfficeNumber) -> Examined {
    let draft = Draft {
        caller: Caller {
            office: SENDER.parse().expect("a sound office number"),
            terminal: TerminalId::new("pc-0"),
        },
        message: String::new(),
        destination: Some(Party { office: to, kind: None }),
        files: vec![DraftFile {
            name: FILE.to_owned(),
            bytes: b"%PDF-1.7 a".as_slice().into(),
            sha256: [0; 32],
        }],
    };
    let limits = Limits {
        files_max: 1,
        file_bytes_max: 100,
        total_bytes_max: 100,
        message_chars_max: 1,
        name_bytes_max: 100,
    };
    examine(draft, &limits).expect("a sending like any other")
}
