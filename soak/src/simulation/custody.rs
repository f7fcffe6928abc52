//! Who holds what, as far as the answers leave no doubt.
//!
//! An answer tells of a moment between the arrival of its request and its own leaving. What it tells
//! is certain from then on until the end of the claim that it names, or for as long as no request is
//! under way that could change it. Only what contradicts something certain is held against the hub.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use careplan_protocol::OfficeNumber;
use hub_relay::DeliveryState;

use super::{
    cast::Cast,
    hub::since_start,
    judge::{Asked, Verdict},
};

/// The end of what has none.
pub(super) const FOR_EVER: u64 = u64::MAX;
/// A lease that outlasts every run, in milliseconds.
pub(super) const OUTLASTS: u64 = 24 * 60 * 60 * 1000;

/// What a request can do to what terminals hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// It takes what waits for its office.
    Claim,
    /// It lets this message wait again.
    GiveBack(String),
    /// It opens this message, which may make its holder's claim longer, or confirms it.
    Open(String),
}

/// What is certain, by message.
pub(super) struct Custody {
    cast: Rc<Cast>,
    /// How long a claim lasts without a fetch; none if it lasts for good.
    lease: Option<u64>,
    holds: BTreeMap<String, Hold>,
    /// What nobody holds, and nobody has tried to claim since.
    waiting: BTreeSet<String>,
    claims: BTreeMap<OfficeNumber, Busy>,
    moves: BTreeMap<String, Busy>,
    openings: BTreeMap<String, Busy>,
    /// What was given up or removed: nobody holds it, and it waits for nobody.
    gone: BTreeSet<String>,
    ended: u64,
}

/// A terminal's claim.
struct Hold {
    terminal: String,
    /// Since when it is certain.
    since: u64,
    /// Up to when, at least.
    until: u64,
    told_at: u64,
    /// Whether it may have been made longer, or have passed on, since it was told.
    is_stale: bool,
}

/// Requests of one kind that are under way.
#[derive(Default)]
struct Busy {
    open: u32,
    last_end: Option<u64>,
}

impl Busy {
    fn end(&mut self, now: u64) {
        self.open = self.open.saturating_sub(1);
        self.last_end = Some(now);
    }

    /// Whether none but so many of one's own were under way at any time since then.
    fn is_quiet(&self, since: u64, own: u32) -> bool {
        self.open == own && self.last_end.is_none_or(|end| end < since)
    }
}

impl Custody {
    pub(super) fn new(cast: Rc<Cast>, lease: Option<u64>) -> Self {
        Self {
            cast,
            lease,
            holds: BTreeMap::new(),
            waiting: BTreeSet::new(),
            claims: BTreeMap::new(),
            moves: BTreeMap::new(),
            openings: BTreeMap::new(),
            gone: BTreeSet::new(),
            ended: 0,
        }
    }

    /// How many claims were seen to have ended by themselves.
    pub(super) fn ended_claims(&self) -> u64 {
        self.ended
    }

    /// A message is given up or removed.
    pub(super) fn went(&mut self, message: &str) {
        self.holds.remove(message);
        self.waiting.remove(message);
        self.gone.insert(message.to_owned());
    }

    /// A request arrives: notes what is certain to wait, and what is certain no longer.
    pub(super) fn arrived(&mut self, asked: &mut Asked) {
        asked.waiting = self.waiting_for(asked);
        match &asked.act {
            None => {}
            Some(Act::Claim) => {
                self.waiting.retain(|message| !self.cast.is_for(message, asked.office));
                let own = |message: &String| self.cast.is_for(message, asked.office);
                self.holds
                    .iter_mut()
                    .filter(|(message, _)| own(message))
                    .for_each(|(_, hold)| hold.is_stale = true);
            }
            Some(Act::GiveBack(message)) => {
                asked.held_until = self.holds.remove(message).map(|hold| hold.until);
            }
            Some(Act::Open(message)) => {
                let hold = self.holds.get_mut(message).filter(|hold| asked.at < hold.until);
                if let Some(hold) = hold {
                    hold.is_stale = true;
                }
            }
        }
        if let Some(busy) = self.busy(asked) {
            busy.open += 1;
        }
    }

    /// A request has come to its end: with an answer, or because the hub stopped.
    pub(super) fn ended(&mut self, asked: &Asked, now: u64) {
        if let Some(Act::GiveBack(message)) = &asked.act {
            self.holds.remove(message);
        }
        if let Some(busy) = self.busy(asked) {
            busy.end(now);
        }
    }

    /// An answer tells that a terminal holds this, until then.
    pub(super) fn told(
        &mut self,
        message: &str,
        by: &str,
        until: u64,
        (asked, now): (&Asked, u64),
    ) -> Verdict {
        self.is_lease(message, until, now)?;
        if self.gone.contains(message) {
            return Ok(());
        }
        self.is_free_to_be_held(message, by, asked)?;
        if !self.is_settled(message, asked.at) {
            return Ok(());
        }
        let is_stale = !self.is_undisturbed(message, asked);
        match self.holds.get_mut(message) {
            Some(hold) if hold.terminal == by => {
                if until < hold.until && hold.told_at < asked.at {
                    return Err(format!("{message}: the claim of {by} has become shorter"));
                }
                if hold.until <= now {
                    hold.since = now;
                }
                if hold.until <= until {
                    (hold.until, hold.told_at) = (until, now);
                }
                hold.is_stale = is_stale;
                return Ok(());
            }
            Some(hold) if hold.since < until && now < hold.until => {
                return Err(format!("{message}: both {} and {by} hold it", hold.terminal));
            }
            // Late news of a claim that was over before this one began.
            Some(hold) if until <= hold.since => return Ok(()),
            Some(_) => self.ended += 1,
            None => {}
        }
        let hold = Hold { terminal: by.to_owned(), since: now, until, told_at: now, is_stale };
        self.holds.insert(message.to_owned(), hold);
        Ok(())
    }

    /// A terminal got a file of this: it held it at some moment.
    pub(super) fn opened(&mut self, message: &str, asked: &Asked, now: u64) -> Verdict {
        let by = &asked.terminal;
        if self.gone.contains(message) {
            return Ok(());
        }
        self.is_free_to_be_held(message, by, asked)?;
        let hold = self.holds.get(message);
        if hold.is_some_and(|hold| hold.terminal == *by) {
            return Ok(());
        }
        match self.lease {
            None => self.told(message, by, FOR_EVER, (asked, now)),
            // Less than half of a lease is never left after a fetch.
            Some(lease) if OUTLASTS <= lease => {
                self.told(message, by, asked.at + lease / 2, (asked, now))
            }
            Some(_) => match hold.filter(|hold| hold.since < asked.at && now < hold.until) {
                Some(hold) if self.is_settled(message, asked.at) => {
                    Err(format!("{message}: {} holds it, and {by} gets it", hold.terminal))
                }
                _ => Ok(()),
            },
        }
    }

    /// An answer tells that this waits.
    pub(super) fn waits(&mut self, message: &str, asked: &Asked, now: u64) -> Verdict {
        if self.gone.contains(message) {
            return Ok(());
        }
        let hold = self.holds.get(message).filter(|_| self.is_settled(message, asked.at));
        if let Some(hold) = hold.filter(|hold| hold.since < asked.at && now < hold.until) {
            return Err(format!("{message} is told to wait, and {} holds it", hold.terminal));
        }
        // Nobody opens what was taken from them, whenever they asked for it. Of a claim that had
        // ended by itself that is not said.
        let was_held = asked.held_until.is_some_and(|until| now < until);
        if self.is_undisturbed(message, asked) || was_held && self.is_unclaimed(message, asked) {
            self.ended += u64::from(self.holds.remove(message).is_some());
            self.waiting.insert(message.to_owned());
        }
        Ok(())
    }

    /// A claim is answered: of what was certain to wait it took what it is for, and nothing else.
    pub(super) fn claimed(
        &mut self,
        asked: &Asked,
        is_wanted: impl Fn(&str) -> bool,
        listed: &BTreeSet<&str>,
    ) -> Verdict {
        let unclaimed = asked.waiting.iter().filter(|one| self.waits_throughout(one, asked));
        for message in unclaimed.collect::<Vec<_>>() {
            match (is_wanted(message), listed.contains(message.as_str())) {
                (true, false) => return Err(format!("{message} waits, and a claim leaves it")),
                (false, true) => return Err(format!("{message} is claimed, unasked for")),
                (true, true) => {}
                (false, false) => drop(self.waiting.insert(message.clone())),
            }
        }
        Ok(())
    }

    /// Whether the asking terminal held this for as long as its request took.
    pub(super) fn holds_throughout(&self, message: &str, asked: &Asked, now: u64) -> bool {
        let hold = self.holds.get(message).filter(|hold| hold.terminal == asked.terminal);
        self.is_settled(message, asked.at)
            && hold.is_some_and(|hold| hold.since < asked.at && now < hold.until)
    }

    /// Whether this was there to be claimed for as long as the request took.
    pub(super) fn waits_throughout(&self, message: &str, asked: &Asked) -> bool {
        let is_there = asked.waiting.contains(message) && !self.gone.contains(message);
        is_there && self.is_unclaimed(message, asked)
    }

    /// What is durable at `now` must be what is certain.
    pub(super) fn check_stored(&self, message: &str, state: &DeliveryState, now: u64) -> Verdict {
        let until = match state {
            DeliveryState::Claimed { until: Some(until), .. } => since_start(*until),
            _ => FOR_EVER,
        };
        let by = state.holder().filter(|_| now < until).map(|holder| holder.as_str());
        if let Some(hold) = self.holds.get(message).filter(|hold| now < hold.until) {
            let promised = &hold.terminal;
            if by != Some(promised.as_str()) {
                return Err(format!("{message} was given to {promised}, and now {by:?} holds it"));
            }
            if until < hold.until {
                return Err(format!("{message}: the claim of {promised} has become shorter"));
            }
        }
        match by {
            Some(by) if self.waiting.contains(message) => {
                Err(format!("{message} waits for sure, and {by} holds it"))
            }
            _ => Ok(()),
        }
    }

    /// A claim ends where the profile says that claims end, and no later than a lease from now.
    fn is_lease(&self, message: &str, until: u64, now: u64) -> Verdict {
        let is_over_long = match self.lease {
            Some(lease) => until != FOR_EVER && now + lease < until,
            None => until != FOR_EVER,
        };
        if is_over_long { Err(format!("{message} is claimed for too long")) } else { Ok(()) }
    }

    /// What is certain to wait is held by nobody who did not claim it.
    fn is_free_to_be_held(&self, message: &str, by: &str, asked: &Asked) -> Verdict {
        match asked.act != Some(Act::Claim) && self.waits_throughout(message, asked) {
            true => Err(format!("{message} waits for sure, and {by} has it")),
            false => Ok(()),
        }
    }

    /// What is certain to wait for the asking office as the request arrives.
    fn waiting_for(&self, asked: &Asked) -> BTreeSet<String> {
        if self.claims.get(&asked.office).is_some_and(|busy| 0 < busy.open) {
            return BTreeSet::new();
        }
        let is_over = |hold: &Hold| !hold.is_stale && hold.until <= asked.at;
        let over = self.holds.iter().filter(|(_, hold)| is_over(hold)).map(|(message, _)| message);
        let own = |message: &&String| self.cast.is_for(message, asked.office);
        self.waiting.iter().chain(over).filter(own).cloned().collect()
    }

    /// Whether nothing was on its way back at any time since then.
    fn is_settled(&self, message: &str, since: u64) -> bool {
        self.moves.get(message).is_none_or(|busy| busy.is_quiet(since, 0))
    }

    /// Whether nobody else claimed at any time since the request arrived.
    fn is_unclaimed(&self, message: &str, asked: &Asked) -> bool {
        let own = u32::from(asked.act == Some(Act::Claim));
        let office = self.cast.addressee(message);
        let busy = office.and_then(|office| self.claims.get(&office));
        busy.is_none_or(|busy| busy.is_quiet(asked.at, own))
    }

    /// Whether nobody else claimed or opened this at any time since the request arrived.
    fn is_undisturbed(&self, message: &str, asked: &Asked) -> bool {
        let own = u32::from(matches!(&asked.act, Some(Act::Open(own)) if own == message));
        let is_unopened =
            self.openings.get(message).is_none_or(|busy| busy.is_quiet(asked.at, own));
        is_unopened && self.is_unclaimed(message, asked)
    }

    fn busy(&mut self, asked: &Asked) -> Option<&mut Busy> {
        Some(match asked.act.clone()? {
            Act::Claim => self.claims.entry(asked.office).or_default(),
            Act::GiveBack(message) => self.moves.entry(message).or_default(),
            Act::Open(message) => self.openings.entry(message).or_default(),
        })
    }
}
