//! The search for an order: after Wing and Gong, with Lowe's just-in-time linearization.
//!
//! The history is walked by time. At each moment there is a set of ways in which things may stand: a
//! state, and which of the open operations have happened already. Only when an operation returns must
//! it have happened; then the open ones are tried in every order that ends with it. Ways that come to
//! the same are one, and what changes nothing is tried in one place only, which keeps the set small for
//! histories of any length.

use std::collections::HashSet;

use super::model::{Entry, State};

/// A history for which there is no order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The place in the history of the first operation that does not fit to what came before.
    pub entry: usize,
}

/// One way in which things may stand. Open operations are known by their slot.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Way {
    happened: u64,
    state: State,
}

impl Way {
    /// Lets all open operations happen that only look and are answered as things stand. Whatever can
    /// follow without them can follow with them, so that nothing else has to be tried there.
    fn with_looks(mut self, history: &[Entry], open: &[Option<usize>; OPEN_MAX]) -> Self {
        for (place, at) in open.iter().enumerate() {
            let Some(entry) = at.map(|at| &history[at]) else { continue };
            if self.happened & (1 << place) == 0
                && entry.only_looks()
                && entry.seen.as_ref() == Some(&entry.happen(&mut self.state.clone()))
            {
                self.happened |= 1 << place;
            }
        }
        self
    }
}

/// How many operations may be open at once.
const OPEN_MAX: usize = 64;

/// Looks for an order. Answers how many ways there were at most at a time.
///
/// # Errors
/// There is none.
///
/// # Panics
/// More than 64 operations are open at once.
pub fn check(history: &[Entry]) -> Result<usize, Broken> {
    let mut moments: Vec<(u64, bool, usize)> = Vec::new();
    for (at, entry) in history.iter().enumerate() {
        moments.push((entry.called, false, at));
        moments.push((entry.returned, true, at));
    }
    moments.sort_unstable();
    let mut open: [Option<usize>; OPEN_MAX] = [None; OPEN_MAX];
    let mut ways = HashSet::from([Way { happened: 0, state: State::default() }]);
    let mut most = 1;
    for (_, is_return, at) in moments {
        if !is_return {
            let free = open.iter().position(Option::is_none);
            open[free.expect("at most 64 operations are open at once")] = Some(at);
            continue;
        }
        let slot = open.iter().position(|one| *one == Some(at));
        let slot = slot.expect("what returns was called");
        ways = after_return(history, &open, slot, ways);
        open[slot] = None;
        most = most.max(ways.len());
        if ways.is_empty() {
            return Err(Broken { entry: at });
        }
    }
    Ok(most)
}

/// The ways that are left once the operation in `slot` has returned.
fn after_return(
    history: &[Entry],
    open: &[Option<usize>; OPEN_MAX],
    slot: usize,
    ways: HashSet<Way>,
) -> HashSet<Way> {
    let bit = 1 << slot;
    let is_unknown = open[slot].is_some_and(|at| history[at].seen.is_none());
    let mut left = HashSet::new();
    let mut seen: HashSet<Way> = HashSet::new();
    let mut to_do: Vec<Way> = ways.into_iter().collect();
    while let Some(way) = to_do.pop() {
        let way = way.with_looks(history, open);
        if way.happened & bit != 0 {
            left.insert(Way { happened: way.happened & !bit, ..way });
            continue;
        }
        if !seen.insert(way.clone()) {
            continue;
        }
        for (place, at) in open.iter().enumerate() {
            let Some(entry) = at.map(|at| &history[at]) else { continue };
            if way.happened & (1 << place) != 0 {
                continue;
            }
            let mut next = way.clone();
            let answer = entry.happen(&mut next.state);
            let fits = match &entry.seen {
                Some(seen) => *seen == answer,
                // What changes nothing and was not answered might as well never have happened.
                None => next.state != way.state,
            };
            if fits {
                next.happened |= 1 << place;
                to_do.push(next);
            }
        }
        if is_unknown {
            left.insert(way);
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dice::Dice,
        linearity::{Operation, Seen, model::LEASE},
    };

    fn entry(operation: Operation, seen: Option<Seen>, called: u64, returned: u64) -> Entry {
        Entry { operation, seen, called, returned }
    }

    #[test]
    fn one_delivery_for_two_terminals_is_no_order() {
        let both = |second: Seen| {
            [
                entry(Operation::Submit(0), Some(Seen::Done), 0, 1),
                entry(Operation::Claim(0), Some(Seen::Holds(vec![(0, false)])), 2, 5),
                entry(Operation::Claim(1), Some(second), 3, 4),
            ]
        };
        assert!(check(&both(Seen::Holds(Vec::new()))).is_ok());
        assert!(check(&both(Seen::Holds(vec![(0, false)]))).is_err());
    }

    #[test]
    fn a_claim_that_is_forgotten_is_no_order() {
        let history = [
            entry(Operation::Submit(0), Some(Seen::Done), 0, 1),
            entry(Operation::Claim(0), Some(Seen::Holds(vec![(0, false)])), 2, 3),
            entry(Operation::Held(0), Some(Seen::Holds(Vec::new())), 4, 5),
        ];
        assert_eq!(check(&history), Err(Broken { entry: 2 }));
    }

    #[test]
    fn a_claim_ends_by_the_time_of_the_call_and_not_before() {
        let end = u64::from(LEASE) + 2;
        let history = |called, second: Seen| {
            [
                entry(Operation::Submit(0), Some(Seen::Done), 0, 1),
                entry(Operation::Claim(0), Some(Seen::Holds(vec![(0, false)])), 2, 3),
                entry(Operation::Claim(1), Some(second), called, called + 1),
            ]
        };
        let (taken, none) = (Seen::Holds(vec![(0, false)]), Seen::Holds(Vec::new()));
        assert!(check(&history(end, taken.clone())).is_ok());
        assert!(check(&history(end, none.clone())).is_err(), "it does not end");
        assert!(check(&history(end - 1, none)).is_ok());
        assert!(check(&history(end - 1, taken)).is_err(), "it ends too early");
    }

    #[test]
    fn what_is_taken_back_is_lost_to_its_holder_and_waits() {
        let history = |fetched: Seen, claimed: Seen| {
            [
                entry(Operation::Submit(0), Some(Seen::Done), 0, 1),
                entry(Operation::Claim(0), Some(Seen::Holds(vec![(0, false)])), 2, 3),
                entry(Operation::TakeBack(0), Some(Seen::Done), 4, 5),
                entry(Operation::Fetch(0, 0), Some(fetched), 6, 7),
                entry(Operation::Claim(1), Some(claimed), 8, 9),
            ]
        };
        let taken = Seen::Holds(vec![(0, false)]);
        assert!(check(&history(Seen::Lost, taken.clone())).is_ok());
        assert!(check(&history(Seen::Holding(false), taken)).is_err());
        assert!(check(&history(Seen::Lost, Seen::Holds(Vec::new()))).is_err());
    }

    #[test]
    fn what_nobody_heard_of_happened_before_the_restart_or_never() {
        let history = |returned, later: bool| {
            [
                entry(Operation::Submit(0), Some(Seen::Done), 0, 1),
                entry(Operation::Claim(0), None, 2, returned),
                entry(Operation::Held(0), Some(Seen::Holds(Vec::new())), 6, 7),
                entry(Operation::Held(0), Some(Seen::Holds(vec![(0, false)])), 8, 9),
            ]
            .into_iter()
            .take(if later { 4 } else { 3 })
            .collect::<Vec<_>>()
        };
        assert!(check(&history(5, false)).is_ok(), "it never happened");
        assert!(check(&history(10, true)).is_ok(), "it happened late");
        assert!(check(&history(5, true)).is_err(), "not after the restart");
    }

    #[test]
    fn the_search_agrees_with_one_that_tries_everything() {
        let dice = Dice::new(1);
        let (mut sound, mut broken) = (0, 0);
        for _ in 0..4000 {
            let history = random_history(&dice);
            let has_order = brute_force(&history, 0, &State::default());
            assert_eq!(check(&history).is_ok(), has_order, "{history:?}");
            if has_order { sound += 1 } else { broken += 1 }
        }
        assert!(100 < sound && 100 < broken, "{sound} have an order, {broken} have none");
    }

    /// Up to six operations with overlapping times, answered as one order has it or at random.
    fn random_history(dice: &Dice) -> Vec<Entry> {
        let count = dice.between(2, 6);
        // So far apart that a claim ends between them.
        let mut times: Vec<u64> = (0..2 * count).map(|time| time * 20).collect();
        for at in (1..times.len()).rev() {
            times.swap(at, dice.place(at + 1));
        }
        let mut state = State::default();
        let one = |at: usize| {
            let (terminal, delivery) = (u8::from(dice.happens(500)), dice.place(2));
            let operation = match dice.below(8) {
                0 => Operation::Submit(delivery),
                1 => Operation::Claim(terminal),
                2 => Operation::Held(terminal),
                3 => Operation::Fetch(terminal, delivery),
                4 => Operation::Receipt(terminal, delivery),
                5 => Operation::Release(terminal, delivery),
                6 => Operation::TakeBack(delivery),
                _ => Operation::ClaimOne(terminal, delivery),
            };
            let (a, b) = (times[2 * at], times[2 * at + 1]);
            let mut one = entry(operation, None, a.min(b), a.max(b));
            let answer = one.happen(&mut state);
            one.seen = (!dice.happens(150)).then_some(answer);
            one
        };
        (0..times.len() / 2).map(one).collect()
    }

    /// Whether the entries that are not `done` can follow each other from `state`.
    fn brute_force(history: &[Entry], done: u64, state: &State) -> bool {
        let is_open = |at: usize| done & (1 << at) == 0;
        if (0..history.len()).all(|at| !is_open(at)) {
            return true;
        }
        let first_return = history.iter().enumerate().filter(|(at, _)| is_open(*at));
        let first_return = first_return.map(|(_, entry)| entry.returned).min().unwrap_or(0);
        (0..history.len()).filter(|at| is_open(*at)).any(|at| {
            let one = &history[at];
            if first_return < one.called {
                return false;
            }
            let mut next = state.clone();
            let answer = one.happen(&mut next);
            let after = done | 1 << at;
            let fits = one.seen.as_ref().is_none_or(|seen| *seen == answer);
            fits && brute_force(history, after, &next)
                || one.seen.is_none() && brute_force(history, after, state)
        })
    }
}
