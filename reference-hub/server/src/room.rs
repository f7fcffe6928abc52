//! Room in memory for the large bodies that are under way: bounded for all peers together, and for
//! each office, so that whoever takes its time with many keeps out itself alone.
//!
//! Nothing is lost to an office on a slow line: its terminals share that line, and one large body
//! after the other takes no longer than all at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use careplan_protocol::OfficeNumber;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::operations::submit::BODY_BYTES_MAX;

/// Up to this size a body needs no room: those of all connections together are not too much, and
/// nobody's small sending waits for somebody's large one.
const SMALL_BYTES_MAX: u64 = 1024 * 1024;
/// In what room is counted.
const UNIT_BYTES: u64 = 1024;
/// How much room there is: for half a gigabyte of bodies.
const UNITS: u32 = 512 * 1024;
/// How much of it one office may have: five have to act together to keep others out.
const OFFICE_UNITS: u32 = UNITS / 5;
/// How long a body waits for room.
const WAIT_MAX: Duration = Duration::from_secs(10);

// The greatest body finds room; so does another beside it, for one may be left behind by a line that
// broke without a word.
const _: () = assert!(2 * (BODY_BYTES_MAX as u64).div_ceil(UNIT_BYTES) <= OFFICE_UNITS as u64);

/// The room of a hub.
pub(crate) struct Room {
    whole: Arc<Semaphore>,
    /// The part of each office that has or wants room.
    parts: Mutex<HashMap<OfficeNumber, Weak<Semaphore>>>,
}

/// Room for one body, until it is dropped; a small one needs none.
#[derive(Debug, Default)]
pub(crate) struct Space {
    _held: Option<[OwnedSemaphorePermit; 2]>,
}

/// There was no room in time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl Room {
    pub(crate) fn new() -> Self {
        Self { whole: Arc::new(Semaphore::new(UNITS as usize)), parts: Mutex::default() }
    }

    /// Room for an office's body of so many bytes.
    pub(crate) async fn find(&self, office: OfficeNumber, bytes: u64) -> Result<Space, Full> {
        if bytes <= SMALL_BYTES_MAX {
            return Ok(Space::default());
        }
        let units = u32::try_from(bytes.div_ceil(UNIT_BYTES)).unwrap_or(u32::MAX);
        let (part, whole) = (self.part_of(office), Arc::clone(&self.whole));
        let finding = async {
            // Whoever waits for its own office's bodies is not in the others' way.
            let own = part.acquire_many_owned(units).await.ok()?;
            Some([own, whole.acquire_many_owned(units).await.ok()?])
        };
        match timeout(WAIT_MAX, finding).await {
            Ok(Some(held)) => Ok(Space { _held: Some(held) }),
            _ => Err(Full),
        }
    }

    fn part_of(&self, office: OfficeNumber) -> Arc<Semaphore> {
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts.retain(|_, part| 0 < part.strong_count());
        let known = parts.get(&office).and_then(Weak::upgrade);
        known.unwrap_or_else(|| {
            let part = Arc::new(Semaphore::new(OFFICE_UNITS as usize));
            parts.insert(office, Arc::downgrade(&part));
            part
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LARGE: u64 = BODY_BYTES_MAX as u64;

    fn office(number: usize) -> OfficeNumber {
        format!("27701{number:05}").parse().expect("an office number")
    }

    #[tokio::test(start_paused = true)]
    async fn an_office_fills_its_own_part_alone() {
        let room = Room::new();
        let first = room.find(office(1), LARGE).await.expect("room");
        let _second = room.find(office(1), LARGE).await.expect("room");
        assert_eq!(room.find(office(1), LARGE).await.err(), Some(Full));
        assert!(room.find(office(1), SMALL_BYTES_MAX).await.is_ok(), "a small one needs none");
        assert!(room.find(office(2), LARGE).await.is_ok(), "another office");
        drop(first);
        assert!(room.find(office(1), LARGE).await.is_ok(), "room again");
    }

    #[tokio::test(start_paused = true)]
    async fn all_offices_together_have_no_more_than_there_is() {
        let room = Room::new();
        let mut held = Vec::new();
        for number in 0.. {
            match room.find(office(number / 2), LARGE).await {
                Ok(space) => held.push(space),
                Err(Full) => break,
            }
        }
        assert_eq!(held.len() as u64, u64::from(UNITS) * UNIT_BYTES / LARGE);
        held.pop();
        assert!(room.find(office(99), LARGE).await.is_ok(), "room again");
    }

    #[tokio::test]
    async fn an_office_that_has_no_body_under_way_is_forgotten() {
        let room = Room::new();
        for number in 0..100 {
            room.find(office(number), LARGE).await.expect("room");
        }
        assert_eq!(room.parts.lock().expect("no panic").len(), 1);
    }
}
