//! Who listens for notices, and waking them.
//!
//! The store is the only source of what is told, so that several hubs on one database tell the same.
//! A wake-up only spares a listener the wait until it looks again by itself.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use careplan_protocol::{OfficeNumber, ProblemKind};
use tokio::sync::watch;

/// How many may listen at once at one hub.
const LISTENERS_MAX: usize = 128;
/// How many of one office may.
const LISTENERS_OF_OFFICE_MAX: usize = 8;

const _: () = assert!(LISTENERS_OF_OFFICE_MAX <= LISTENERS_MAX);

/// The listeners of one hub. What is sent to one is whether the hub goes on.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    listeners: Mutex<BTreeMap<OfficeNumber, watch::Sender<Call>>>,
}

/// What a listener is woken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// There may be something new.
    Look,
    /// The hub ends.
    Leave,
}

impl Notices {
    /// One more listener of this office; it leaves when the receiver is dropped.
    pub(crate) fn listen(
        &self,
        office: OfficeNumber,
    ) -> Result<watch::Receiver<Call>, ProblemKind> {
        let mut listeners = self.lock();
        listeners.retain(|_, listeners| !listeners.is_closed());
        let all: usize = listeners.values().map(watch::Sender::receiver_count).sum();
        let own = listeners.entry(office).or_insert_with(|| watch::Sender::new(Call::Look));
        if LISTENERS_MAX <= all || LISTENERS_OF_OFFICE_MAX <= own.receiver_count() {
            return Err(ProblemKind::StreamsTooMany);
        }
        Ok(own.subscribe())
    }

    /// There may be something new for this office.
    pub(crate) fn poke(&self, office: OfficeNumber) {
        if let Some(listeners) = self.lock().get(&office) {
            listeners.send_replace(Call::Look);
        }
    }

    /// The hub ends: so do its listeners.
    pub(crate) fn close(&self) {
        for listeners in self.lock().values() {
            listeners.send_replace(Call::Leave);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<OfficeNumber, watch::Sender<Call>>> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office(number: usize) -> OfficeNumber {
        format!("27701{number:05}").parse().expect("an office number")
    }

    #[test]
    fn an_office_has_places_of_its_own_and_gets_them_back() {
        let notices = Notices::default();
        let listen = |number| notices.listen(office(number));
        let mut own: Vec<_> = (0..LISTENERS_OF_OFFICE_MAX).map(|_| listen(1)).collect();
        assert!(own.iter().all(Result::is_ok));
        assert_eq!(listen(1).err(), Some(ProblemKind::StreamsTooMany));
        assert!(listen(2).is_ok(), "another office");
        own.pop();
        assert!(listen(1).is_ok());
        let others: Vec<_> = (2..1000).map(listen).take_while(Result::is_ok).collect();
        assert_eq!(own.len() + others.len(), LISTENERS_MAX);
    }

    #[test]
    fn only_its_own_office_wakes_a_listener() {
        let notices = Notices::default();
        let listener = notices.listen(office(1)).expect("a place");
        notices.poke(office(2));
        assert!(!listener.has_changed().expect("open"));
        notices.poke(office(1));
        assert!(listener.has_changed().expect("open"));
        notices.close();
        assert_eq!(*listener.borrow(), Call::Leave);
    }
}
