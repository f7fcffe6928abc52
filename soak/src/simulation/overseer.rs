//! What befalls the hub at its store: it stops, a call fails, or the store is not sound.
//!
//! Calls are counted over the whole run, the moment before and the moment after each commit among
//! them, so that any of them can be the one at which the hub stops.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use hub_relay::{Change, DeliveryId, Event, EventKind};
use hub_store::{Commit, Fault, Pause, Watch};
use time::Duration;

use super::{Canary, Tally, hub::since_start};
use crate::dice::Dice;

/// What shall befall the hub.
#[derive(Debug, Clone, Default)]
pub struct Troubles {
    /// The hub stops at each of these calls, once.
    pub stops: Vec<u64>,
    /// From this call on, it stops at every call, until it is mended.
    pub stops_from: Option<u64>,
    /// These calls fail, and the hub lives on.
    pub fails: Vec<u64>,
    /// Between these calls there is no room for any change.
    pub full: Option<(u64, u64)>,
}

impl Troubles {
    /// What can befall the hub at one call: it stops there once, or from there on; or the call fails.
    pub(super) fn at(call: u64) -> [Self; 3] {
        [
            Self { stops: vec![call], ..Self::default() },
            Self { stops_from: Some(call), ..Self::default() },
            Self { fails: vec![call], ..Self::default() },
        ]
    }
}

/// The watcher of the simulated hub's store. Clones are the same.
#[derive(Clone)]
pub(super) struct Overseer {
    state: Arc<Mutex<State>>,
    dice: Dice,
}

struct State {
    troubles: Troubles,
    canary: Option<Canary>,
    /// How many occasions the canary lets pass.
    canary_waits: u64,
    /// Whether the operation under way is answered and then forgotten.
    lies: bool,
    calls: u64,
    stopped: bool,
    now: u64,
    last_fault: Option<u64>,
    resumes_at: Option<u64>,
    held_up_per_mille: u64,
    /// What was given up last.
    given_up: Option<DeliveryId>,
    tally: BTreeMap<&'static str, u64>,
}

impl Overseer {
    pub(super) fn new(troubles: Troubles, canary: Option<Canary>, dice: Dice) -> Self {
        let canary_waits = if canary.is_some() { dice.below(4) } else { 0 };
        let state = State {
            troubles,
            canary,
            canary_waits,
            lies: false,
            calls: 0,
            stopped: false,
            now: 0,
            last_fault: None,
            resumes_at: None,
            held_up_per_mille: 250,
            given_up: None,
            tally: BTreeMap::new(),
        };
        Self { state: Arc::new(Mutex::new(state)), dice }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_now(&self, now: u64) {
        self.state().now = now;
    }

    /// Whether the hub has stopped.
    pub(super) fn has_stopped(&self) -> bool {
        self.state().stopped
    }

    /// Stops the hub from outside, as a power cut does.
    pub(super) fn stop(&self) {
        self.state().stop("power cut");
    }

    /// Lets the hub run again.
    pub(super) fn restart(&self) {
        self.state().stopped = false;
    }

    /// From now on all goes well.
    pub(super) fn mend(&self) {
        let mut state = self.state();
        state.troubles = Troubles::default();
        state.held_up_per_mille = 0;
    }

    pub(super) fn calls(&self) -> u64 {
        self.state().calls
    }

    /// When a call last failed without stopping the hub.
    pub(super) fn last_fault(&self) -> Option<u64> {
        self.state().last_fault
    }

    /// Whether a request was just held up.
    pub(super) fn is_holding_up(&self) -> bool {
        self.state().resumes_at.is_some()
    }

    /// When the request that was just held up goes on.
    pub(super) fn take_resumption(&self) -> Option<u64> {
        self.state().resumes_at.take()
    }

    pub(super) fn add_to(&self, tally: &mut Tally) {
        for (what, count) in &self.state().tally {
            tally.count(what, *count);
        }
    }
}

impl State {
    fn stop(&mut self, why: &'static str) {
        self.stopped = true;
        self.count(why);
    }

    fn count(&mut self, what: &'static str) {
        *self.tally.entry(what).or_default() += 1;
    }

    /// Counts a moment; whether the hub goes on after it.
    fn goes_on(&mut self, where_: &'static str) -> bool {
        if self.stopped {
            return false;
        }
        self.calls += 1;
        let for_ever = self.troubles.stops_from.is_some_and(|from| from <= self.calls);
        if for_ever || self.troubles.stops.contains(&self.calls) {
            self.stop(where_);
            return false;
        }
        true
    }

    fn is_full(&self) -> bool {
        self.troubles.full.is_some_and(|(from, to)| (from..to).contains(&self.calls))
    }

    fn failed(&mut self, what: &'static str) {
        self.last_fault = Some(self.now);
        self.count(what);
    }

    /// Whether it is the canary's moment.
    fn sings(&mut self, canary: Canary) -> bool {
        if self.canary != Some(canary) {
            return false;
        }
        if 0 < self.canary_waits {
            self.canary_waits -= 1;
            return false;
        }
        self.canary = None;
        true
    }
}

impl Watch for Overseer {
    fn call(&self, _name: &'static str) -> Result<(), Fault> {
        let mut state = self.state();
        if !state.goes_on("hub stopped at a store call") {
            return Err(Fault::Closed);
        }
        if state.troubles.fails.contains(&state.calls) {
            state.failed("store call failed");
            return Err(Fault::Failed("injected".to_owned()));
        }
        Ok(())
    }

    fn change(&self, change: Change) -> Option<Change> {
        let mut state = self.state();
        match change {
            Change::GiveUp { ref delivery, .. } => {
                state.given_up = Some(delivery.clone());
                Some(change)
            }
            Change::Claim { mut deliveries, by, at, until }
                if state.given_up.is_some() && state.sings(Canary::ReturnedDelivery) =>
            {
                deliveries.extend(state.given_up.take());
                Some(Change::Claim { deliveries, by, at, until })
            }
            Change::Claim { .. } if state.sings(Canary::ForgottenClaim) => {
                state.lies = true;
                Some(change)
            }
            Change::Claim { deliveries, by, at, until: Some(until) }
                if state.sings(Canary::EndlessLease) =>
            {
                let until = Some(until + Duration::days(365));
                Some(Change::Claim { deliveries, by, at, until })
            }
            Change::Renew { until: Some(until), .. }
                if since_start(until) <= state.now && state.sings(Canary::ForgottenTakeBack) =>
            {
                None
            }
            Change::Confirm { .. } if state.sings(Canary::ForgottenReceipt) => None,
            Change::Accept(mut new) => {
                if 1 < new.contents.len() && state.sings(Canary::HalfASending) {
                    new.contents.pop();
                    new.sending.files.pop();
                }
                if !new.contents.is_empty() && state.sings(Canary::ChangedByte) {
                    let mut bytes = new.contents[0].to_vec();
                    if let Some(last) = bytes.last_mut() {
                        *last ^= 1;
                    }
                    new.contents[0] = bytes.into();
                }
                if state.sings(Canary::WrongOffice) {
                    new.sending.to.party = new.sending.from.party;
                }
                Some(Change::Accept(new))
            }
            other => Some(other),
        }
    }

    fn events(&self, mut events: Vec<Event>) -> Vec<Event> {
        let mut state = self.state();
        // What is left out at the end may still be told the next time.
        if 1 < events.len() && state.sings(Canary::ForgottenNotice) {
            events.remove(0);
        }
        let given_up = events.iter().position(|event| event.kind == EventKind::Undelivered);
        if let Some(place) = given_up
            && state.sings(Canary::SilentGivingUp)
        {
            events.remove(place);
        }
        if 1 < events.len() && state.sings(Canary::UnorderedNotices) {
            events.swap(0, 1);
        }
        if let Some(last) = events.last().cloned()
            && state.sings(Canary::DoubledNotice)
        {
            events.push(Event { number: last.number + 1, ..last });
        }
        let arrival = events.iter_mut().find(|event| event.kind == EventKind::Arrival);
        if let Some(arrival) = arrival
            && state.sings(Canary::FalseNotice)
        {
            arrival.kind = EventKind::Undelivered;
        }
        events
    }

    fn commit(&self) -> Commit {
        let mut state = self.state();
        if state.is_full() {
            state.failed("disk full");
            return Commit::Undone(Fault::Full);
        }
        if !state.goes_on("hub stopped before a commit") {
            return Commit::Undone(Fault::Closed);
        }
        if std::mem::take(&mut state.lies) || state.sings(Canary::AnsweredBeforeCommit) {
            return Commit::Lied;
        }
        if !state.goes_on("hub stopped after a commit") {
            return Commit::Unheard(Fault::Closed);
        }
        Commit::Answered
    }

    fn pause(&self) -> Pause {
        Box::pin(HeldUp { overseer: self.clone(), until: None })
    }
}

/// A request on hold, so that others overtake it.
struct HeldUp {
    overseer: Overseer,
    until: Option<u64>,
}

impl Future for HeldUp {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<()> {
        let overseer = self.overseer.clone();
        let mut state = overseer.state();
        let until = match self.until {
            Some(until) => until,
            None if overseer.dice.happens(state.held_up_per_mille) => {
                state.count("request held up inside the hub");
                state.now + overseer.dice.between(1, 400)
            }
            None => return Poll::Ready(()),
        };
        if until <= state.now {
            return Poll::Ready(());
        }
        self.until = Some(until);
        state.resumes_at = Some(until);
        Poll::Pending
    }
}
