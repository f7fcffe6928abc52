//! A terminal's line to the world: what it asks, hears and waits for.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    future::{Future, poll_fn},
    rc::Rc,
    task::Poll,
};

use super::{call::Call, hub::Answer};

/// How long a terminal waits for an answer, in milliseconds.
pub(super) const ANSWER_WAIT: u64 = 30_000;

/// One terminal's line. It lasts as long as the terminal's process.
pub(super) struct Link {
    now: Rc<Cell<u64>>,
    names: Rc<Cell<u64>>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    outgoing: Vec<(u64, Call)>,
    heard: BTreeMap<u64, Option<Answer>>,
    timers: Vec<u64>,
    has_crashed: bool,
}

impl Link {
    pub(super) fn new(now: Rc<Cell<u64>>, names: Rc<Cell<u64>>) -> Self {
        Self { now, names, state: RefCell::default() }
    }

    pub(super) fn now(&self) -> u64 {
        self.now.get()
    }

    /// Asks, and waits for the answer; none if the line is cut or it takes too long.
    pub(super) async fn ask(&self, call: Call) -> Option<Answer> {
        let id = self.names.get();
        self.names.set(id + 1);
        self.state.borrow_mut().outgoing.push((id, call));
        let deadline = self.alarm(ANSWER_WAIT);
        poll_fn(move |_| {
            if let Some(heard) = self.state.borrow_mut().heard.remove(&id) {
                return Poll::Ready(heard);
            }
            if deadline <= self.now() { Poll::Ready(None) } else { Poll::Pending }
        })
        .await
    }

    /// Waits for so many milliseconds.
    pub(super) fn sleep(&self, milliseconds: u64) -> impl Future<Output = ()> {
        let until = self.alarm(milliseconds);
        poll_fn(move |_| if until <= self.now() { Poll::Ready(()) } else { Poll::Pending })
    }

    /// Ends the process here.
    pub(super) async fn crash(&self) {
        self.state.borrow_mut().has_crashed = true;
        std::future::pending().await
    }

    pub(super) fn has_crashed(&self) -> bool {
        self.state.borrow().has_crashed
    }

    pub(super) fn hear(&self, id: u64, heard: Option<Answer>) {
        self.state.borrow_mut().heard.insert(id, heard);
    }

    pub(super) fn take_outgoing(&self) -> Vec<(u64, Call)> {
        std::mem::take(&mut self.state.borrow_mut().outgoing)
    }

    pub(super) fn take_timers(&self) -> Vec<u64> {
        std::mem::take(&mut self.state.borrow_mut().timers)
    }

    fn alarm(&self, milliseconds: u64) -> u64 {
        let at = self.now() + milliseconds;
        self.state.borrow_mut().timers.push(at);
        at
    }
}
