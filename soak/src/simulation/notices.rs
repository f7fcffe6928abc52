//! What offices are told, and whether it is what happened: all of it, in order, once.
//!
//! The numbers of all that was told are remembered, from streams and from the store itself, so that
//! none is given to anything else later, and nothing gets a second one.

use std::collections::BTreeMap;

use careplan_protocol::{OfficeNumber, hub::Notice};
use hub_relay::Event;

use super::{
    judge::Verdict,
    ledger::{Ledger, Thing},
};

/// What was told, by office and number.
#[derive(Default)]
pub(super) struct Notices {
    told: BTreeMap<OfficeNumber, BTreeMap<u64, Thing>>,
}

/// What an office was told on one line.
pub(super) struct Line {
    pub(super) office: OfficeNumber,
    /// The number behind which it asked for more.
    pub(super) after: u64,
    /// When it asked.
    pub(super) asked: u64,
    /// Whether it was told all that there was.
    pub(super) is_whole: bool,
    pub(super) told: Vec<(u64, Thing)>,
}

impl Line {
    /// What the store has to tell, to one who asks for everything.
    pub(super) fn of_store(office: OfficeNumber, events: &[Event]) -> Self {
        let told = |event: &Event| {
            (event.number, Thing::new(event.kind, event.sending.submission.as_str()))
        };
        let told = events.iter().map(told).collect();
        Self { office, after: 0, asked: u64::MAX, is_whole: true, told }
    }
}

impl Notices {
    /// The number of what an office was told, or has to be told.
    pub(super) fn number(&self, office: OfficeNumber, thing: &Thing) -> Option<u64> {
        let mut told = self.told.get(&office)?.iter();
        told.find(|(_, other)| *other == thing).map(|(number, _)| *number)
    }

    /// The highest number of an office; 0 if it has none.
    pub(super) fn last(&self, office: OfficeNumber) -> u64 {
        let told = self.told.get(&office).and_then(BTreeMap::last_key_value);
        told.map_or(0, |(number, _)| *number)
    }

    /// Each notice tells of something that happened to this office, under a number of its own, and
    /// none is left out.
    pub(super) fn check(&mut self, line: &Line, ledger: &Ledger) -> Verdict {
        let office = line.office;
        let mut last = line.after;
        for (number, thing) in &line.told {
            if *number <= last {
                return Err(format!("{office} is told {number} behind {last}"));
            }
            last = *number;
            if !ledger.has_happened(office, thing) {
                return Err(format!("{office} is told of {thing:?}, which did not happen"));
            }
            if let Some(first) = self.number(office, thing).filter(|first| first != number) {
                return Err(format!("{office} is told of {thing:?} as {first} and as {number}"));
            }
            let of_office = self.told.entry(office).or_default();
            let known = of_office.entry(*number).or_insert_with(|| thing.clone());
            if known != thing {
                return Err(format!("{office}: {number} was {known:?} and is {thing:?}"));
            }
        }
        let up_to = if line.is_whole { u64::MAX } else { last };
        for (thing, _) in ledger.things(office).filter(|(_, since)| *since < line.asked) {
            let number = self.number(office, &thing);
            let is_due = number.is_none_or(|number| line.after < number && number <= up_to);
            if is_due && !line.told.iter().any(|(_, told)| *told == thing) {
                return Err(format!("{office} is not told of {thing:?}, number {number:?}"));
            }
        }
        Ok(())
    }
}

/// A server-sent event, as far as it has a number.
pub(super) struct Said {
    pub(super) number: u64,
    /// None where the hub only says where it stands.
    pub(super) notice: Option<Notice>,
}

/// The events of a stream that arrived whole.
pub(super) fn read(stream: &[u8]) -> Vec<Said> {
    let text = String::from_utf8_lossy(stream);
    let mut events: Vec<&str> = text.split("\n\n").collect();
    // What is behind the last end is cut off.
    events.pop();
    let said = |event: &str| {
        let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
        let number = field("id: ")?.parse().ok()?;
        let notice = field("data: ").and_then(|data| serde_json::from_str(data).ok());
        Some(Said { number, notice })
    };
    events.into_iter().filter_map(said).collect()
}
