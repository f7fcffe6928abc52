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
    hub::{ClaimRequest, Deliveries, Delivery, DeliveryState, File, Submission, Submissions},
};
use hub_relay::{DeliveryState as Held, Retention, Sending};

use super::{
    Tally,
    call::Call,
    cast::{Cast, Known},
    custody::{Act, Custody, FOR_EVER},
    hub::{Answer, Hub, since_start},
    ledger::Ledger,
    notices::{self, Line, Notices},
    terminal::{LAST_EVENT_ID, hex, read},
};

/// A request that has arrived at the hub.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) terminal: String,
    pub(super) office: OfficeNumber,
    pub(super) call: Call,
    pub(super) at: u64,
    pub(super) is_cut: bool,
    /// What it can do to what terminals hold.
    pub(super) act: Option<Act>,
    /// What was certain to wait for its office when it arrived.
    pub(super) waiting: BTreeSet<String>,
    /// The certain end of the claim that it gives back.
    pub(super) held_until: Option<u64>,
}

impl Asked {
    pub(super) fn new(terminal: &str, call: Call, at: u64, is_cut: bool) -> Self {
        Self {
            terminal: terminal.to_owned(),
            office: call.office,
            call,
            at,
            is_cut,
            act: None,
            waiting: BTreeSet::new(),
            held_until: None,
        }
    }

    /// Whether it is answered by a stream of notices.
    pub(super) fn is_stream(&self) -> bool {
        self.call.path == "/v1/events"
    }

    /// What a claim is for.
    fn wanted(&self) -> ClaimRequest {
        serde_json::from_slice(&self.call.body).unwrap_or_default()
    }
}

/// What the hub has promised so far, by message.
pub(super) struct Judge {
    cast: Rc<Cast>,
    promised: BTreeMap<String, (String, u64)>,
    messages: BTreeMap<String, String>,
    custody: Custody,
    /// Who confirmed it, and since when that is known.
    receipts: BTreeMap<String, (Option<String>, u64)>,
    pub(super) ledger: Ledger,
    pub(super) notices: Notices,
    tally: Tally,
}

/// What does not hold.
pub(super) type Verdict = Result<(), String>;

impl Judge {
    /// `lease` is how long a claim lasts, in milliseconds; none if it lasts for good.
    pub(super) fn new(cast: Rc<Cast>, lease: Option<u64>, retention: Retention) -> Self {
        Self {
            ledger: Ledger::new(retention),
            notices: Notices::default(),
            custody: Custody::new(Rc::clone(&cast), lease),
            cast,
            promised: BTreeMap::new(),
            messages: BTreeMap::new(),
            receipts: BTreeMap::new(),
            tally: Tally::default(),
        }
    }

    /// A request arrives. One that gives something back makes it uncertain who holds it.
    pub(super) fn arrived(&mut self, asked: &mut Asked) {
        asked.act = self.act(asked);
        self.custody.arrived(asked);
    }

    /// A request has come to its end: with an answer, or because the hub stopped.
    pub(super) fn ended(&mut self, asked: &Asked, now: u64) {
        self.custody.ended(asked, now);
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
        self.check_status(asked, answer, &parts, (now, fault))?;
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
            (false, ["claims"]) | (true, ["deliveries"]) => {
                let Some(list) = read::<Deliveries>(answer, 200) else { return Ok(()) };
                list.deliveries.iter().try_for_each(|one| self.held(asked, one, now))?;
                if is_get { Ok(()) } else { self.check_claim(asked, &list.deliveries) }
            }
            (true, ["deliveries?scope=office"]) => match read::<Deliveries>(answer, 200) {
                Some(list) => list.deliveries.iter().try_for_each(|one| self.seen(asked, one, now)),
                None => Ok(()),
            },
            (false, ["deliveries", _, "release" | "take-back"]) => {
                let Some(delivery) = read::<Delivery>(answer, 200) else { return Ok(()) };
                self.tally.count(&format!("given back by {}", parts[2]), 1);
                self.seen(asked, &delivery, now)
            }
            (true, ["deliveries", _]) | (false, ["deliveries", _, "receipt"]) => {
                let Some(delivery) = read::<Delivery>(answer, 200) else { return Ok(()) };
                self.held(asked, &delivery, now)?;
                match is_get {
                    true => Ok(()),
                    false => self.confirmed(asked, &delivery.message, now),
                }
            }
            (true, ["deliveries", id, "files", _]) if answer.status == 200 => {
                self.check_bytes(asked, id, answer, now)
            }
            _ => Ok(()),
        }
    }

    /// Looks at what the store keeps now.
    pub(super) fn look(&mut self, kept: &[Sending], now: u64) -> Verdict {
        let gone = self.ledger.look(kept, now)?;
        gone.iter().for_each(|message| self.custody.went(message));
        Ok(())
    }

    /// What the store has to tell, to those who ask for all of it.
    pub(super) fn check_events(&mut self, hub: &Hub) -> Verdict {
        hub.events().try_for_each(|(office, events)| {
            self.notices.check(&Line::of_store(office, &events), &self.ledger)
        })
    }

    /// What an office was told on a line.
    pub(super) fn check_stream(&mut self, asked: &Asked, answer: &Answer) -> Verdict {
        if answer.status != 200 {
            return Ok(());
        }
        let mut said = notices::read(&answer.body).into_iter();
        // The number behind which the line begins comes first.
        let Some(welcome) = said.next() else { return Ok(()) };
        let last = asked.call.headers.iter().find(|(name, _)| *name == LAST_EVENT_ID);
        let is_right = match last {
            Some((_, last)) => *last == welcome.number.to_string(),
            None => welcome.number <= self.notices.last(asked.office),
        };
        if !is_right || welcome.notice.is_some() {
            return Err(format!("{} does not hear where its line begins", asked.terminal));
        }
        let mut told = Vec::new();
        for one in said {
            let notice = one.notice.ok_or_else(|| format!("{} tells nothing", one.number))?;
            let wrong = || format!("{} is told {notice:?}, which is not so", asked.office);
            told.push((one.number, self.ledger.meant(&notice).ok_or_else(wrong)?));
        }
        self.tally.count("notices told", told.len() as u64);
        let (office, after, is_whole) = (asked.office, welcome.number, answer.is_whole);
        let line = Line { office, after, asked: asked.at, is_whole, told };
        self.notices.check(&line, &self.ledger)
    }

    /// What is durable at `now` must keep every promise.
    pub(super) fn check_store(&self, sendings: &[Sending], now: u64) -> Verdict {
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
            self.check_state(sending, now)?;
        }
        let is_lost =
            |message: &String| !seen.contains(message) && !self.ledger.is_removed(message);
        match self.promised.keys().find(|message| is_lost(message)) {
            Some(lost) => Err(format!("{lost} was acknowledged and is lost")),
            None => Ok(()),
        }
    }

    /// Adds what was seen.
    pub(super) fn add_to(&self, tally: &mut Tally) {
        tally.add(&self.tally);
        self.ledger.add_to(tally);
        tally.count("sendings acknowledged", self.promised.len() as u64);
        tally.count("claims that ended by themselves", self.custody.ended_claims());
    }

    fn check_state(&self, sending: &Sending, now: u64) -> Verdict {
        let message = &sending.message;
        let is_fetched = matches!(sending.state, Held::Fetched { .. });
        if self.receipts.contains_key(message) && !is_fetched {
            return Err(format!("the receipt of {message} is lost"));
        }
        self.custody.check_stored(message, &sending.state, now)
    }

    fn check_status(
        &self,
        asked: &Asked,
        answer: &Answer,
        parts: &[&str],
        (now, fault): (u64, Option<u64>),
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
            (403, ["deliveries", _, "release" | "take-back"]) if !self.cast.is_plus => Ok(()),
            (410, ["deliveries", id, ..]) if self.is_gone(id) => Ok(()),
            (410, ["claims"]) if self.wants_gone(asked) => Ok(()),
            // The note of a fetch may be lost with the hub: the terminal fetches again.
            (409, ["deliveries", _, "receipt"]) if told().contains("unfetched") => Ok(()),
            // One of them may have gone to another terminal, or be fetched.
            (404 | 409, ["claims"]) if !asked.wanted().deliveries.is_empty() => {
                let wanted = asked.wanted().deliveries;
                let waits = |message: &String| self.custody.waits_throughout(message, asked);
                let of = |id: &str| self.messages.get(id);
                match wanted.iter().all(|id| of(id.as_str()).is_some_and(waits)) {
                    true => Err(format!("all of them wait: {}", told())),
                    false => Ok(()),
                }
            }
            (404 | 409, ["deliveries", id, rest @ ..]) => {
                let Some(message) = self.messages.get(*id) else { return Ok(()) };
                let is_own = self.cast.is_for(message, asked.office);
                if is_own && answer.status == 404 && *rest == ["take-back"] {
                    return Err(format!("{message} is not found by its office: {}", told()));
                }
                match self.custody.holds_throughout(message, asked, now) {
                    true => Err(format!("{message}: its holder is refused: {}", told())),
                    false => Ok(()),
                }
            }
            _ => Err(told()),
        }
    }

    fn promise(&mut self, asked: &Asked, taken: &Submission, now: u64) -> Verdict {
        let id = taken.id.to_string();
        // Of what was removed a repetition hears that it was taken, without what was in it.
        let removed = self.ledger.removed_message(&id);
        let message = removed.unwrap_or(&taken.message).to_owned();
        let known = self.known(&message)?;
        if known.from != asked.office || known.to != taken.to.office {
            return Err(format!("{message}: acknowledged for another office"));
        }
        if removed.is_none() {
            check_files(&message, &taken.files, &known)?;
        }
        if taken.state == DeliveryState::Waiting {
            self.custody.waits(&message, asked, now)?;
        }
        match self.promised.get(&message) {
            Some((first, _)) if *first != id => {
                Err(format!("{message}: acknowledged as {first} and as {id}"))
            }
            Some(_) => Ok(()),
            None => {
                self.promised.insert(message, (id, now));
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
            if sent.state == DeliveryState::Waiting {
                self.custody.waits(&sent.message, asked, now)?;
            }
        }
        let shown: BTreeSet<&str> = list.iter().map(|sent| sent.message.as_str()).collect();
        for (message, (_, since)) in &self.promised {
            let known = self.known(message)?;
            let is_theirs = match self.cast.is_plus {
                true => known.from == asked.office,
                false => known.terminal == asked.terminal,
            };
            let is_shown = shown.contains(message.as_str()) || self.ledger.is_removed(message);
            if is_theirs && *since < asked.at && !is_shown {
                return Err(format!("{message} was acknowledged and is not in the sent list"));
            }
        }
        Ok(())
    }

    /// The asking terminal is told that it holds this.
    fn held(&mut self, asked: &Asked, delivery: &Delivery, now: u64) -> Verdict {
        self.seen(asked, delivery, now)?;
        let holder = delivery.terminal.as_ref().map(|terminal| terminal.as_str());
        match holder == Some(asked.terminal.as_str()) {
            true => Ok(()),
            false => Err(format!(
                "{}: {} is told that {holder:?} holds it",
                delivery.message, asked.terminal
            )),
        }
    }

    /// The asking office is told how this stands.
    fn seen(&mut self, asked: &Asked, delivery: &Delivery, now: u64) -> Verdict {
        let message = &delivery.message;
        let known = self.known(message)?;
        if known.to != asked.office || delivery.from.office != known.from {
            return Err(format!("{message} is for {} and {} sees it", known.to, asked.office));
        }
        check_files(message, &delivery.files, &known)?;
        self.cast.note_addressee(delivery.id.as_str(), known.to);
        self.messages.insert(delivery.id.to_string(), message.clone());
        let holder = delivery.terminal.as_ref().map(ToString::to_string);
        self.check_progress(message, delivery.state, asked.at, now, holder.as_ref())?;
        let until = match (delivery.state, delivery.claimed_until) {
            (DeliveryState::Claimed, Some(until)) => since_start(until),
            (DeliveryState::Claimed, None) if self.cast.is_plus => {
                return Err(format!("{message} is claimed without an end"));
            }
            _ => FOR_EVER,
        };
        match (delivery.state, holder) {
            (DeliveryState::Waiting, None) => self.custody.waits(message, asked, now),
            (DeliveryState::Claimed | DeliveryState::Fetched, Some(holder)) => {
                self.custody.told(message, &holder, until, (asked, now))
            }
            (state, holder) => Err(format!("{message} is told to be {state:?} with {holder:?}")),
        }
    }

    /// A claim takes what it is for.
    fn check_claim(&mut self, asked: &Asked, held: &[Delivery]) -> Verdict {
        let wanted = asked.wanted();
        let is_whole = wanted == ClaimRequest::default();
        let kind = if is_whole { "claims of everything" } else { "claims of a part" };
        self.tally.count(kind, 1);
        let ids: BTreeSet<_> =
            wanted.deliveries.iter().filter_map(|id| self.messages.get(id.as_str())).collect();
        let is_wanted = |message: &str| {
            let kind = self.cast.known.borrow().get(message).and_then(|known| known.kind);
            let is_meant = match kind {
                _ if wanted.kinds.is_empty() => false,
                Some(kind) => wanted.kinds.contains(&kind),
                None => wanted.include_unaddressed,
            };
            is_whole || is_meant || ids.iter().any(|id| *id == message)
        };
        let listed = held.iter().map(|delivery| delivery.message.as_str()).collect();
        self.custody.claimed(asked, is_wanted, &listed)
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
        self.ledger.check_shown(message, state, asked_at)?;
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

    fn check_bytes(&mut self, asked: &Asked, id: &str, answer: &Answer, now: u64) -> Verdict {
        let Some(message) = self.messages.get(id).cloned() else {
            return Err(format!("a file of {id} was fetched before anybody was told of it"));
        };
        self.ledger.check_shown(&message, DeliveryState::Claimed, asked.at)?;
        let known = self.known(&message)?;
        let is_of_it = known.papers.iter().any(|paper| paper.bytes == *answer.body);
        if !is_of_it || known.to != asked.office {
            return Err(format!("{message}: {} got bytes that were not sent", asked.terminal));
        }
        self.custody.opened(&message, asked, now)
    }

    fn act(&self, asked: &Asked) -> Option<Act> {
        let path = asked.call.path.strip_prefix("/v1/")?;
        if path == "claims" {
            return Some(Act::Claim);
        }
        let mut parts = path.strip_prefix("deliveries/")?.split('/');
        let own = |message: &&String| self.cast.is_for(message, asked.office);
        let message = self.messages.get(parts.next()?).filter(own)?.clone();
        Some(match parts.next() {
            Some("release" | "take-back") => Act::GiveBack(message),
            _ => Act::Open(message),
        })
    }

    fn wants_gone(&self, asked: &Asked) -> bool {
        asked.wanted().deliveries.iter().any(|id| self.is_gone(id.as_str()))
    }

    fn is_gone(&self, delivery: &str) -> bool {
        self.messages.get(delivery).is_some_and(|message| self.ledger.is_gone(message))
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
