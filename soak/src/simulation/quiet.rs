//! Once the storm is over: whether everything is where it belongs.

use std::collections::BTreeMap;

use hub_relay::{Caller, DeliveryState, Fetching, OfficeNumber, Profile, Sending, Terms};
use hub_store::Store;
use time::Duration;

use super::{
    call::Paper,
    cast::Known,
    hub::{START, now},
    judge::Verdict,
    terminal::Disk,
};

/// What is still on its way; none once all is quiet.
pub(super) fn still_open(sendings: &[Sending], disks: &[(OfficeNumber, &Disk)]) -> Option<String> {
    if let Some((office, disk)) = disks.iter().find(|(_, disk)| !disk.outbox.is_empty()) {
        return Some(format!("{office} still has {} sendings to send", disk.outbox.len()));
    }
    let is_open = |sending: &&Sending| !matches!(sending.state, DeliveryState::Fetched { .. });
    let open = sendings.iter().find(is_open);
    open.map(|sending| format!("{} is {:?}", sending.message, sending.state))
}

/// Every sending is with one terminal of its addressee, byte for byte, and with nobody else.
pub(super) fn check_end(
    store: &dyn Store,
    sendings: &[Sending],
    known: &BTreeMap<String, Known>,
    disks: &[(OfficeNumber, &Disk)],
) -> Verdict {
    for sending in sendings {
        let Some(sent) = known.get(&sending.message) else {
            return Err(format!("{:?} was never sent", sending.message));
        };
        check_stored(store, sending, &sent.papers)?;
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
        if with.is_empty() || 1 < confirmed {
            return Err(format!(
                "{} lies with {} terminals, {confirmed} with a receipt",
                sending.message,
                with.len(),
            ));
        }
    }
    for (office, disk) in disks {
        let mut own = disk.sent.keys();
        if let Some(lost) = own.find(|sent| !sendings.iter().any(|one| one.message == **sent)) {
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
