//! The hub under simulation: its real router, operations, relay and store, in one thread.

use std::{
    collections::BTreeMap,
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

use axum::{
    body::{Body, Bytes, HttpBody as _, to_bytes},
    http::{
        Request,
        header::{CONTENT_LENGTH, CONTENT_TYPE},
    },
};
use careplan_protocol::{
    Clock, OfficeNumber, Problem, ProblemKind,
    ca::{self, CertificateKind},
    hub::{self, Certificate},
};
use hub_relay::{Event, Office, Page, Profile, Retention, Sending, SentScope};
use hub_store::{InMemorySqlite, Memory, Store, Watched};
use reference_hub::{Keeping, LogIn, LogIns, Offline, Parts};
use time::{Duration, OffsetDateTime, macros::datetime};

use super::{Canary, Place, Setup, call::Call, overseer::Overseer};
use crate::dice::Dice;

/// When every run begins.
pub(super) const START: OffsetDateTime = datetime!(2025-04-28 00:00 UTC);
/// Milliseconds from there; 0 for what was before.
pub(super) fn since_start(time: OffsetDateTime) -> u64 {
    u64::try_from((time - START).whole_milliseconds()).unwrap_or(0)
}

/// More than there ever is of anything.
const ALL: usize = 10_000;

/// What all offices log in with.
pub(super) const PASSWORD: &str = "simulated";

/// An answer, as it leaves the hub.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Bytes,
    /// Whether that is all: a stream of notices may break off.
    pub(super) is_whole: bool,
}

/// What came of letting a request go on.
pub(super) enum Step {
    /// It is answered.
    Answered(Answer),
    /// It goes on at this time.
    HeldUp(u64),
    /// The hub has stopped.
    Stopped,
}

type UnderWay = Pin<Box<dyn Future<Output = Answer>>>;

/// The hub and its store.
pub(super) struct Hub {
    pub(super) overseer: Overseer,
    /// The store itself, for those who look at what is durable.
    pub(super) store: Arc<dyn Store>,
    watched: Arc<dyn Store>,
    offline: Option<Offline>,
    under_way: BTreeMap<u64, UnderWay>,
    clock: Clock,
    profile: hub::Profile,
    keeping: Keeping,
    dice: Dice,
    offices: Vec<OfficeNumber>,
}

impl Hub {
    pub(super) fn new(setup: &Setup, overseer: Overseer, dice: Dice) -> Self {
        let watch = Arc::new(overseer.clone());
        let (store, watched): (Arc<dyn Store>, Arc<dyn Store>) = match setup.place {
            Place::Memory => {
                let store = Memory::new();
                (Arc::new(store.clone()), Arc::new(Watched::new(store, watch)))
            }
            Place::Sqlite => {
                let store = InMemorySqlite::open().expect("memory is all that it needs");
                (Arc::new(store.clone()), Arc::new(Watched::new(store, watch)))
            }
        };
        let clock = Clock::system();
        clock.freeze();
        clock.set(START);
        let profile = match setup.profile {
            Profile::Actual => hub::Profile::Actual,
            Profile::Plus => hub::Profile::Plus,
        };
        let keeping = keeping(setup);
        let (offline, under_way) = (None, BTreeMap::new());
        let offices = Vec::new();
        Self {
            overseer,
            store,
            watched,
            offline,
            under_way,
            clock,
            profile,
            keeping,
            dice,
            offices,
        }
    }

    /// Registers the offices that take part, past all troubles.
    pub(super) fn register(&mut self, offices: Vec<Office>) {
        self.offices = offices.iter().map(|office| office.number).collect();
        now(self.store.register(offices)).expect("a sound store registers offices");
    }

    /// All sendings that the store keeps, past all troubles.
    pub(super) fn kept(&self) -> Vec<Sending> {
        let sent = |office: &OfficeNumber| {
            let scope = SentScope { office: *office, terminal: None };
            now(self.store.sent(scope, Page { after: None, limit: ALL }))
                .expect("past all troubles the store reads")
        };
        self.offices.iter().flat_map(sent).collect()
    }

    /// What the store has to tell each office, past all troubles.
    pub(super) fn events(&self) -> impl Iterator<Item = (OfficeNumber, Vec<Event>)> {
        let events = |office: &OfficeNumber| {
            let events = now(self.store.events(*office, 0, ALL));
            (*office, events.expect("past all troubles the store reads"))
        };
        self.offices.iter().map(events)
    }

    pub(super) fn set_now(&self, milliseconds: u64) {
        let passed = Duration::milliseconds(i64::try_from(milliseconds).unwrap_or(i64::MAX));
        self.clock.set(START + passed);
        self.overseer.set_now(milliseconds);
    }

    pub(super) fn is_up(&self) -> bool {
        self.offline.is_some()
    }

    /// Starts it on what is durable.
    pub(super) fn start(&mut self) {
        let dice = self.dice.clone();
        self.overseer.restart();
        self.offline = Some(Offline::new(Parts {
            store: Arc::clone(&self.watched),
            log_ins: Arc::new(Accounts(self.dice.clone())),
            profile: self.profile,
            keeping: self.keeping,
            clock: self.clock.clone(),
            randomness: Arc::new(move |bytes| dice.fill(bytes)),
        }));
    }

    /// Takes everything from it that is not durable.
    pub(super) fn lose_memory(&mut self) {
        self.offline = None;
        self.under_way.clear();
    }

    /// Takes a request in, whole or cut off in the middle of its body.
    pub(super) fn take_in(&mut self, id: u64, call: &Call, is_cut: bool) -> Step {
        let Some(offline) = &self.offline else { return Step::Stopped };
        let answer = offline.answer(call.office, certificate(call.office), request(call, is_cut));
        let overseer = self.overseer.clone();
        self.under_way.insert(
            id,
            Box::pin(async move {
                let Ok(response) = answer.await;
                let (head, body) = response.into_parts();
                let status = head.status.as_u16();
                let kind = head.headers.get(CONTENT_TYPE);
                if kind.is_some_and(|kind| kind == "text/event-stream") {
                    return said(status, body, overseer).await;
                }
                let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
                Answer { status, body, is_whole: true }
            }),
        );
        self.go_on(id)
    }

    /// Puts away what has been kept long enough.
    pub(super) fn sweep(&mut self, id: u64) -> Step {
        let Some(offline) = &self.offline else { return Step::Stopped };
        let swept = offline.sweep();
        self.under_way.insert(
            id,
            Box::pin(async move {
                let status = if swept.await.is_ok() { 200 } else { 500 };
                Answer { status, body: Bytes::new(), is_whole: true }
            }),
        );
        self.go_on(id)
    }

    /// Lets a request go on. What it asks of other threads is waited for before anything else
    /// happens, so that they leave no trace in the order of things.
    pub(super) fn go_on(&mut self, id: u64) -> Step {
        let Some(request) = self.under_way.get_mut(&id) else { return Step::Stopped };
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        loop {
            let polled = request.as_mut().poll(&mut Context::from_waker(&waker));
            if self.overseer.has_stopped() {
                return Step::Stopped;
            }
            if let Poll::Ready(answer) = polled {
                self.under_way.remove(&id);
                return Step::Answered(answer);
            }
            if let Some(at) = self.overseer.take_resumption() {
                return Step::HeldUp(at);
            }
            thread::park();
        }
    }
}

/// What a stream says until it falls silent, for as long as nothing holds it up; then the line ends.
async fn said(status: u16, mut stream: Body, overseer: Overseer) -> Answer {
    let mut body = Vec::new();
    let is_whole = poll_fn(|context| {
        loop {
            match Pin::new(&mut stream).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => {
                    body.extend_from_slice(&frame.into_data().unwrap_or_default());
                }
                Poll::Ready(_) => return Poll::Ready(false),
                Poll::Pending if overseer.is_holding_up() => return Poll::Pending,
                Poll::Pending => return Poll::Ready(true),
            }
        }
    });
    let is_whole = is_whole.await;
    Answer { status, body: body.into(), is_whole }
}

/// How long this hub keeps things, which should be as long as the set-up says.
fn keeping(setup: &Setup) -> Keeping {
    let Retention { mut fetched, mut unfetched } = setup.retention;
    match setup.canary {
        Some(Canary::RemovedTooEarly) => fetched /= 2,
        Some(Canary::KeptTooLong) => fetched *= 2,
        Some(Canary::GivenUpTooEarly) => unfetched /= 2,
        Some(Canary::GivenUpTooLate) => unfetched *= 2,
        _ => {}
    }
    Keeping { lease: setup.lease, fetched, unfetched }
}

/// The answer of a store that answers at once.
pub(super) fn now<T>(reply: impl Future<Output = T>) -> T {
    let mut reply = std::pin::pin!(reply);
    match reply.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => unreachable!("unwatched, both stores answer at once"),
    }
}

fn certificate(office: OfficeNumber) -> Certificate {
    Certificate {
        kind: CertificateKind::CareInsurance,
        serial: format!("0{office}"),
        not_after: START + Duration::days(1000),
    }
}

fn request(call: &Call, is_cut: bool) -> Request<Body> {
    let mut request = Request::builder().method(call.method.clone()).uri(&call.path);
    for (name, value) in &call.headers {
        request = request.header(*name, value);
    }
    // As every client says; without it a hub has to make room for the largest body that there may be.
    request = request.header(CONTENT_LENGTH, call.body.len());
    let body = match is_cut {
        false => Body::from(call.body.clone()),
        true => {
            let half = Bytes::copy_from_slice(&call.body[..call.body.len() / 2]);
            let cut = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
            Body::from_stream(futures::stream::iter([Ok(half), Err(cut)]))
        }
    };
    request.body(body).expect("calls are made of sound parts")
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// 共通ログイン, where every office has its account, and which is away now and then.
struct Accounts(Dice);

impl LogIns for Accounts {
    fn log_in<'a>(&'a self, login: &'a ca::Login) -> LogIn<'a> {
        let office = login.user_id.as_str().trim_start_matches("KJ00").parse();
        let answer = match office {
            _ if self.0.happens(20) => Err(Problem::new(ProblemKind::Unavailable)),
            Ok(office) if login.password == PASSWORD => {
                Ok(ca::LoggedIn { token: String::new(), office, office_name: String::new() })
            }
            _ => Err(Problem::new(ProblemKind::LoginFailed)),
        };
        Box::pin(std::future::ready(answer))
    }
}
