//! What must hold, whatever befalls hub, network and terminals.
//!
//! The judge sees every answer as it leaves the hub, with the time at which its request arrived: what
//! was asked happened between the two. It looks into the store after every restart and at the end.
//! What an answer says is a promise, whether or not it arrives.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use careplan_protocol::{
    OfficeNumber,
    hub::{Deliveries, Delivery, DeliveryState, File, Submission, Submissions},
};
use hub_relay::{DeliveryState as Held, Sending};

use super::{
    call::Call,
    cast::{Cast, Known},
    hub::Answer,
    terminal::{hex, read},
};

/// A request that has arrived at the hub.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) terminal: String,
    pub(super) office: OfficeNumber,
    pub(super) call: Call,
    pub(super) at: u64,
    pub(super) is_cut: bool,
}

/// What the hub has promised so far, by message.
pub(super) struct Judge {
    cast: Rc<Cast>,
    promised: BTreeMap<String, (String, u64)>,
    messages: BTreeMap<String, String>,
    holders: BTreeMap<String, String>,
    /// Deliveries that are being given back right now, and how often.
    moving: BTreeMap<String, u32>,
    moved_at: BTreeMap<String, u64>,
    /// Who confirmed it, and since when that is known.
    receipts: BTreeMap<String, (Option<String>, u64)>,
}

/// What does not hold.
pub(super) type Verdict = Result<(), String>;

impl Judge {
    pub(super) fn new(cast: Rc<Cast>) -> Self {
        Self {
            cast,
            promised: BTreeMap::new(),
            messages: BTreeMap::new(),
            holders: BTreeMap::new(),
            moving: BTreeMap::new(),
            moved_at: BTreeMap::new(),
            receipts: BTreeMap::new(),
        }
    }

    /// A request arrives. One that gives something back makes it uncertain who holds it.
    pub(super) fn arrived(&mut self, asked: &Asked) {
        if let Some(message) = self.given_back(asked) {
            self.holders.remove(&message);
            *self.moving.entry(message).or_default() += 1;
        }
    }

    /// A request has come to its end: with an answer, or because the hub stopped.
    pub(super) fn ended(&mut self, asked: &Asked, now: u64) {
        if let Some(message) = self.given_back(asked) {
            self.holders.remove(&message);
            self.moved_at.insert(message.clone(), now);
            if let Some(count) = self.moving.get_mut(&message) {
                *count = count.saturating_sub(1);
            }
        }
    }

    /// An answer leaves the hub at `now`; a call of the store last failed at `fault`.
    pub(super) fn answered(
        &mut self,
        asked: &Asked,
        answer: &Answer,
        now: u64,
        fault: Option<u64>,
    ) -> Verdict {
        let path = asked.call.path.trim_start_matches("/v1/").to_owned();
        let parts: Vec<&str> = path.split('/').collect();
        self.check_status(asked, answer, &parts, fault)?;
        let is_get = asked.call.method == axum::http::Method::GET;
        match (is_get, parts.as_slice()) {
            (false, ["submissions"]) => match read::<Submission>(answer, 201) {
                Some(taken) => self.promise(asked, &taken, now),
                None => Ok(()),
            },
            (true, ["submissions"]) => match read::<Submissions>(answer, 200) {
                Some(list) => self.check_sent(asked, &list.submissions, now),
                None => Ok(()),
            },
            (false, ["claims"]) | (true, ["deliveries"]) => match read::<Deliveries>(answer, 200) {
                Some(list) => list.deliveries.iter().try_for_each(|one| self.held(asked, one, now)),
                None => Ok(()),
            },
            (true, ["deliveries", _]) | (false, ["deliveries", _, "receipt"]) => {
                let Some(delivery) = read::<Delivery>(answer, 200) else { return Ok(()) };
                self.held(asked, &delivery, now)?;
                match is_get {
                    true => Ok(()),
                    false => self.confirmed(asked, &delivery.message, now),
                }
            }
            (true, ["deliveries", id, "files", _]) if answer.status == 200 => {
                self.check_bytes(asked, id, answer)
            }
            _ => Ok(()),
        }
    }

    /// What is durable must keep every promise.
    pub(super) fn check_store(&self, sendings: &[Sending]) -> Verdict {
        let mut seen = BTreeSet::new();
        for sending in sendings {
            let known = self.known(&sending.message)?;
            if !seen.insert(&sending.message) {
                return Err(format!("{} is there twice", sending.message));
            }
            if sending.to.party.office != known.to || sending.from.party.office != known.from {
                return Err(format!("{} has another sender or recipient", sending.message));
            }
            let names = sending.files.iter().map(|file| (file.name.clone(), file.size));
            let wanted =
                known.papers.iter().map(|paper| (paper.name.clone(), paper.bytes.len() as u64));
            if !names.eq(wanted) {
                return Err(format!("{} is not there as a whole", sending.message));
            }
            self.check_state(sending)?;
        }
        match self.promised.keys().find(|message| !seen.contains(message)) {
            Some(lost) => Err(format!("{lost} was acknowledged and is lost")),
            None => Ok(()),
        }
    }

    /// How many sendings were acknowledged.
    pub(super) fn promises(&self) -> u64 {
        self.promised.len() as u64
    }

    fn check_state(&self, sending: &Sending) -> Verdict {
        let message = &sending.message;
        let is_fetched = matches!(sending.state, Held::Fetched { .. });
        if self.receipts.contains_key(message) && !is_fetched {
            return Err(format!("the receipt of {message} is lost"));
        }
        let by = sending.state.holder().map(|holder| holder.as_str());
        match self.holders.get(message) {
            Some(promised) if by != Some(promised.as_str()) => {
                Err(format!("{message} was given to {promised}, and now {by:?} holds it"))
            }
            _ => Ok(()),
        }
    }

    fn check_status(
        &self,
        asked: &Asked,
        answer: &Answer,
        parts: &[&str],
        fault: Option<u64>,
    ) -> Verdict {
        let told = || {
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            format!(
                "{} {} is answered {} {body}",
                asked.call.method, asked.call.path, answer.status
            )
        };
        let was_faulty = fault.is_some_and(|fault| asked.at <= fault);
        match (answer.status, parts) {
            (200..=299 | 401, _) => Ok(()),
            (500 | 507, _) if was_faulty => Ok(()),
            (503, ["session"]) => Ok(()),
            (400, _) if asked.is_cut => Ok(()),
            (403, ["deliveries", _, "release"]) if !self.cast.is_plus => Ok(()),
            // The note of a fetch may be lost with the hub: the terminal fetches again.
            (409, ["deliveries", _, "receipt"]) if told().contains("unfetched") => Ok(()),
            (404 | 409, ["deliveries", id, ..]) => match self.messages.get(*id) {
                Some(message)
                    if self.is_certain(message, asked.at)
                        && self.holders.get(message) == Some(&asked.terminal)
                        && !parts.ends_with(&["release"]) =>
                {
                    Err(format!("{message}: its holder is refused: {}", told()))
                }
                _ => Ok(()),
            },
            _ => Err(told()),
        }
    }

    fn promise(&mut self, asked: &Asked, taken: &Submission, now: u64) -> Verdict {
        let known = self.known(&taken.message)?;
        if known.from != asked.office || known.to != taken.to.office {
            return Err(format!("{}: acknowledged for another office", taken.message));
        }
        check_files(&taken.message, &taken.files, &known)?;
        let id = taken.id.to_string();
        match self.promised.get(&taken.message) {
            Some((first, _)) if *first != id => {
                Err(format!("{}: acknowledged as {first} and as {id}", taken.message))
            }
            Some(_) => Ok(()),
            None => {
                self.promised.insert(taken.message.clone(), (id, now));
                Ok(())
            }
        }
    }

    fn check_sent(&mut self, asked: &Asked, list: &[Submission], now: u64) -> Verdict {
        for sent in list {
            let known = self.known(&sent.message)?;
            let is_own = known.from == asked.office;
            if !is_own || !self.cast.is_plus && known.terminal != asked.terminal {
                return Err(format!("{} is shown to {}", sent.message, asked.terminal));
            }
            check_files(&sent.message, &sent.files, &known)?;
            self.check_progress(&sent.message, sent.state, asked.at, now, None)?;
        }
        let shown: BTreeSet<&str> = list.iter().map(|sent| sent.message.as_str()).collect();
        for (message, (_, since)) in &self.promised {
            let known = self.known(message)?;
            let is_theirs = match self.cast.is_plus {
                true => known.from == asked.office,
                false => known.terminal == asked.terminal,
            };
            if is_theirs && *since < asked.at && !shown.contains(message.as_str()) {
                return Err(format!("{message} was acknowledged and is not in the sent list"));
            }
        }
        Ok(())
    }

    /// The asking terminal is told that it holds this.
    fn held(&mut self, asked: &Asked, delivery: &Delivery, now: u64) -> Verdict {
        let message = &delivery.message;
        let known = self.known(message)?;
        if known.to != asked.office || delivery.from.office != known.from {
            return Err(format!("{message} is for {} and {} sees it", known.to, asked.office));
        }
        check_files(message, &delivery.files, &known)?;
        self.cast.note_addressee(delivery.id.as_str(), known.to);
        self.messages.insert(delivery.id.to_string(), message.clone());
        let holder = delivery.terminal.as_ref().map(|terminal| terminal.as_str());
        if holder != Some(asked.terminal.as_str()) {
            return Err(format!("{message}: {} is told that {holder:?} holds it", asked.terminal));
        }
        self.check_progress(message, delivery.state, asked.at, now, Some(&asked.terminal))?;
        self.is_holder(message, asked)
    }

    fn is_holder(&mut self, message: &str, asked: &Asked) -> Verdict {
        if !self.is_certain(message, asked.at) {
            return Ok(());
        }
        match self.holders.get(message) {
            Some(other) if *other != asked.terminal => {
                Err(format!("{message}: both {other} and {} hold it", asked.terminal))
            }
            _ => {
                self.holders.insert(message.to_owned(), asked.terminal.clone());
                Ok(())
            }
        }
    }

    /// 取得済 stays 取得済.
    fn check_progress(
        &mut self,
        message: &str,
        state: DeliveryState,
        asked_at: u64,
        now: u64,
        by: Option<&String>,
    ) -> Verdict {
        let known = self.receipts.get(message);
        let was_fetched = known.is_some_and(|(_, since)| *since < asked_at);
        if was_fetched && state != DeliveryState::Fetched {
            return Err(format!("{message} was fetched and is {state:?} again"));
        }
        if state == DeliveryState::Fetched {
            self.receipts.entry(message.to_owned()).or_insert_with(|| (by.cloned(), now));
        }
        Ok(())
    }

    fn confirmed(&mut self, asked: &Asked, message: &str, now: u64) -> Verdict {
        let own = Some(asked.terminal.clone());
        let (by, _) = self.receipts.entry(message.to_owned()).or_insert_with(|| (own.clone(), now));
        if by.is_none() {
            by.clone_from(&own);
        }
        match *by == own {
            true => Ok(()),
            false => Err(format!("{message} is confirmed by {by:?} and by {}", asked.terminal)),
        }
    }

    fn check_bytes(&mut self, asked: &Asked, id: &str, answer: &Answer) -> Verdict {
        let Some(message) = self.messages.get(id).cloned() else {
            return Err(format!("a file of {id} was fetched before anybody was told of it"));
        };
        let known = self.known(&message)?;
        let is_of_it = known.papers.iter().any(|paper| paper.bytes == *answer.body);
        if !is_of_it || known.to != asked.office {
            return Err(format!("{message}: {} got bytes that were not sent", asked.terminal));
        }
        self.is_holder(&message, asked)
    }

    /// Whether nothing was on its way back at any time since `asked_at`.
    fn is_certain(&self, message: &str, asked_at: u64) -> bool {
        let is_moving = self.moving.get(message).is_some_and(|count| 0 < *count);
        !is_moving && self.moved_at.get(message).is_none_or(|at| *at < asked_at)
    }

    fn given_back(&self, asked: &Asked) -> Option<String> {
        let id = asked.call.path.strip_prefix("/v1/deliveries/")?.strip_suffix("/release")?;
        self.messages.get(id).cloned()
    }

    fn known(&self, message: &str) -> Result<Known, String> {
        let known = self.cast.known.borrow().get(message).cloned();
        known.ok_or_else(|| format!("{message:?} was never sent"))
    }
}

fn check_files(message: &str, files: &[File], known: &Known) -> Verdict {
    let is_same = files.len() == known.papers.len()
        && files.iter().zip(&known.papers).all(|(file, paper)| {
            file.name == paper.name
                && file.size == paper.bytes.len() as u64
                && file.sha256 == hex(&paper.bytes)
        });
    if is_same { Ok(()) } else { Err(format!("{message}: other files than were sent")) }
}
