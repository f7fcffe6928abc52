//! Once the storm is over: whether everything is where it belongs.

use std::collections::BTreeMap;

use hub_relay::{Caller, DeliveryState, Fetching, OfficeNumber, Profile, Sending, Terms};
use hub_store::Store;
use time::Duration;

use super::{
    call::Paper,
    cast::{Cast, Known},
    hub::{START, now},
    judge::{Judge, Verdict},
    ledger::{Entry, Ledger, Thing},
    terminal::Disk,
};

/// What is still on its way; none once all is quiet.
pub(super) fn still_open(
    judge: &Judge,
    cast: &Cast,
    disks: &[(OfficeNumber, &Disk)],
) -> Option<String> {
    if let Some((office, disk)) = disks.iter().find(|(_, disk)| !disk.outbox.is_empty()) {
        return Some(format!("{office} still has {} sendings to send", disk.outbox.len()));
    }
    let is_open = |entry: &&Entry| {
        let state = &entry.sending.state;
        matches!(state, DeliveryState::Waiting | DeliveryState::Claimed { .. })
    };
    if let Some(Entry { sending, .. }) = judge.ledger.entries().find(is_open) {
        return Some(format!("{} is {:?}", sending.message, sending.state));
    }
    let mut followers = disks.iter().filter(|_| cast.is_plus);
    followers.find_map(|(office, disk)| unheard(judge, *office, disk))
}

/// What a terminal has not heard of, of all that happened since it began to listen.
fn unheard(judge: &Judge, office: OfficeNumber, disk: &Disk) -> Option<String> {
    let Some((began, _)) = disk.following else {
        return Some(format!("a terminal of {office} has never listened"));
    };
    let is_heard = |number: u64| number <= began || disk.heard.contains(&number);
    let is_missed = |thing: &Thing| !judge.notices.number(office, thing).is_some_and(is_heard);
    let missed = judge.ledger.things(office).find(|(thing, _)| is_missed(thing));
    missed.map(|(thing, _)| format!("a terminal of {office} has not heard of {thing:?}"))
}

/// Every sending that was not given up is with one terminal of its addressee, byte for byte, and with
/// nobody else; what was given up has no receipt.
pub(super) fn check_end(
    store: &dyn Store,
    ledger: &Ledger,
    known: &BTreeMap<String, Known>,
    disks: &[(OfficeNumber, &Disk)],
) -> Verdict {
    for entry in ledger.entries() {
        let Entry { sending, .. } = entry;
        let Some(sent) = known.get(&sending.message) else {
            return Err(format!("{:?} was never sent", sending.message));
        };
        if entry.is_kept() && !entry.is_given_up() {
            check_stored(store, sending, &sent.papers)?;
        }
        let with: Vec<_> = disks
            .iter()
            .filter_map(|(office, disk)| Some((office, disk.inbox.get(&sending.message)?)))
            .collect();
        let confirmed = with.iter().filter(|(_, (_, receipt))| *receipt).count();
        if let Some((office, _)) = with.iter().find(|(office, _)| **office != sent.to) {
            return Err(format!("{} is for {} and lies with {office}", sending.message, sent.to));
        }
        if with.iter().any(|(_, (papers, _))| *papers != sent.papers) {
            return Err(format!("{}: other bytes than were sent", sending.message));
        }
        let is_right = match entry.is_given_up() {
            true => confirmed == 0,
            false => !with.is_empty() && confirmed <= 1,
        };
        if !is_right {
            return Err(format!(
                "{} is {:?} and lies with {} terminals, {confirmed} with a receipt",
                sending.message,
                sending.state,
                with.len(),
            ));
        }
    }
    for (office, disk) in disks {
        if let Some(lost) = disk.sent.keys().find(|sent| ledger.of_message(sent).is_none()) {
            return Err(format!("{office} has {lost} in its sent list, and the hub has not"));
        }
    }
    Ok(())
}

fn check_stored(store: &dyn Store, sending: &Sending, papers: &[Paper]) -> Verdict {
    let Some(holder) = sending.state.holder() else {
        return Err(format!("{} has no holder", sending.message));
    };
    let caller = Caller { office: sending.to.party.office, terminal: holder.clone() };
    for paper in papers {
        let fetching = Fetching {
            caller: caller.clone(),
            delivery: sending.delivery.clone(),
            file: paper.name.clone(),
            terms: Terms { profile: Profile::Actual, lease: Duration::days(1) },
        };
        let file = now(store.file(fetching, START));
        if !file.is_ok_and(|file| *file.bytes == *paper.bytes) {
            return Err(format!("{}: {} is not stored as sent", sending.message, paper.name));
        }
    }
    Ok(())
}
