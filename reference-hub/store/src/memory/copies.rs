//! Snapshots in memory: contents beside the contents. Files are shared, not copied.

use std::collections::BTreeMap;

use hub_relay::DeliveryState;

use super::Contents;
use crate::{Fault, Snapshot, Tally, upkeep::Copies};

impl Contents {
    /// All but what belongs to the store rather than to its contents.
    fn copy(&self) -> Self {
        Self {
            offices: self.offices.clone(),
            sessions: self.sessions.clone(),
            sendings: self.sendings.clone(),
            keys: self.keys.clone(),
            submissions: self.submissions.clone(),
            deliveries: self.deliveries.clone(),
            sent: self.sent.clone(),
            received: self.received.clone(),
            open: self.open.clone(),
            fetches: self.fetches.clone(),
            events: self.events.clone(),
            last_event: self.last_event,
            clock: self.clock.clone(),
            undo: Vec::new(),
            snapshots: BTreeMap::new(),
        }
    }

    /// Has these contents from now on, in place of those that it hands back.
    fn exchange(&mut self, mut other: Self) -> Self {
        std::mem::swap(&mut self.undo, &mut other.undo);
        std::mem::swap(&mut self.snapshots, &mut other.snapshots);
        std::mem::replace(self, other)
    }

    /// Events are numbered on from here, so that no number comes twice.
    fn become_like(&mut self, other: Self) {
        let last_event = self.last_event.max(other.last_event);
        let before = self.exchange(Self { last_event, ..other });
        self.undo_by(move |contents| drop(contents.exchange(before)));
    }

    /// Puts a snapshot in its place, or none.
    fn put_snapshot(&mut self, name: &str, copy: Option<(Snapshot, Box<Self>)>) -> bool {
        let before = match copy {
            Some(copy) => self.snapshots.insert(name.to_owned(), copy),
            None => self.snapshots.remove(name),
        };
        let (was_there, name) = (before.is_some(), name.to_owned());
        self.undo_by(move |contents| match before {
            Some(before) => drop(contents.snapshots.insert(name, before)),
            None => drop(contents.snapshots.remove(&name)),
        });
        was_there
    }
}

impl Copies for Contents {
    fn clock(&self) -> Result<Option<String>, Fault> {
        Ok(self.clock.clone())
    }

    fn set_clock(&mut self, note: &str) -> Result<(), Fault> {
        let before = self.clock.replace(note.to_owned());
        self.undo_by(move |contents| contents.clock = before);
        Ok(())
    }

    fn clear(&mut self) -> Result<(), Fault> {
        self.become_like(Self::default());
        Ok(())
    }

    fn save(&mut self, snapshot: &Snapshot) -> Result<(), Fault> {
        let copy = (snapshot.clone(), Box::new(self.copy()));
        self.put_snapshot(&snapshot.name, Some(copy));
        Ok(())
    }

    fn restore(&mut self, name: &str) -> Result<Option<Snapshot>, Fault> {
        let Some((snapshot, copy)) = self.snapshots.get(name) else { return Ok(None) };
        let (snapshot, copy) = (snapshot.clone(), copy.copy());
        self.become_like(copy);
        Ok(Some(snapshot))
    }

    fn forget(&mut self, name: &str) -> Result<bool, Fault> {
        Ok(self.put_snapshot(name, None))
    }

    fn snapshots(&self) -> Result<Vec<Snapshot>, Fault> {
        Ok(self.snapshots.values().map(|(snapshot, _)| snapshot.clone()).collect())
    }

    fn tally(&self) -> Result<Tally, Fault> {
        let mut tally = Tally { sessions: self.sessions.len() as u64, ..Tally::default() };
        for new in &self.sendings {
            match new.sending.state {
                DeliveryState::Waiting => tally.waiting += 1,
                DeliveryState::Claimed { .. } => tally.claimed += 1,
                DeliveryState::Fetched { .. } | DeliveryState::Undelivered { .. } => {}
            }
        }
        Ok(tally)
    }
}
