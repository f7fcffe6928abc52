//! An office's deliveries as a model: what each operation does, and what it should be answered.

/// What a terminal, by its number, does to a delivery, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// A delivery comes in.
    Submit(usize),
    /// Opening 受信一覧: all that waits goes to this terminal, which hears what it has not fetched.
    Claim(u8),
    /// What this terminal holds.
    Held(u8),
    /// Opening a delivery.
    Fetch(u8, usize),
    /// データ取得済.
    Receipt(u8, usize),
    /// Giving back (`plus`).
    Release(u8, usize),
}

/// What it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// It is done.
    Done,
    /// What the terminal holds, and whether it is fetched, by number.
    Holds(Vec<(usize, bool)>),
    /// The terminal holds it; whether it is fetched.
    Holding(bool),
    /// There is no such thing for this terminal.
    NotFound,
    /// Another terminal holds it.
    Elsewhere,
    /// It is fetched and stays.
    Fetched,
}

/// One operation of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What was done.
    pub operation: Operation,
    /// What was answered; none if nobody knows.
    pub seen: Option<Seen>,
    /// When it was called.
    pub called: u64,
    /// When it was answered, or could no longer happen. No two times of a history are the same.
    pub returned: u64,
}

impl Entry {
    /// Whether it can have changed nothing, whenever it happened, by what it is or by its answer.
    pub(super) fn only_looks(&self) -> bool {
        let is_look = matches!(self.operation, Operation::Held(_) | Operation::Fetch(..));
        is_look || matches!(self.seen, Some(Seen::NotFound | Seen::Elsewhere | Seen::Fetched))
    }
}

/// Who holds each delivery: a byte each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct State(Vec<u8>);

const ABSENT: u8 = 0;
const WAITING: u8 = 1;

impl State {
    /// Does it, and says what it should be answered.
    pub(super) fn apply(&mut self, operation: Operation) -> Seen {
        match operation {
            Operation::Submit(delivery) => {
                if self.at(delivery) == ABSENT {
                    self.put(delivery, WAITING);
                }
                Seen::Done
            }
            Operation::Claim(terminal) => {
                for state in self.0.iter_mut().filter(|state| **state == WAITING) {
                    *state = claimed(terminal);
                }
                match self.holds(terminal) {
                    Seen::Holds(mut all) => {
                        all.retain(|(_, is_fetched)| !is_fetched);
                        Seen::Holds(all)
                    }
                    other => other,
                }
            }
            Operation::Held(terminal) => self.holds(terminal),
            Operation::Fetch(terminal, delivery) => match self.at(delivery) {
                ABSENT | WAITING => Seen::NotFound,
                state if state == claimed(terminal) => Seen::Holding(false),
                state if state == fetched(terminal) => Seen::Holding(true),
                _ => Seen::Elsewhere,
            },
            Operation::Receipt(terminal, delivery) => {
                let seen = self.apply(Operation::Fetch(terminal, delivery));
                if !matches!(seen, Seen::Holding(_)) {
                    return seen;
                }
                self.put(delivery, fetched(terminal));
                Seen::Holding(true)
            }
            Operation::Release(terminal, delivery) => match self.at(delivery) {
                ABSENT => Seen::NotFound,
                WAITING => Seen::Done,
                state if state == claimed(terminal) => {
                    self.put(delivery, WAITING);
                    Seen::Done
                }
                state if state % 2 == 1 => Seen::Fetched,
                _ => Seen::Elsewhere,
            },
        }
    }

    fn holds(&self, terminal: u8) -> Seen {
        let own = |(delivery, state): (usize, &u8)| match *state {
            state if state == claimed(terminal) => Some((delivery, false)),
            state if state == fetched(terminal) => Some((delivery, true)),
            _ => None,
        };
        Seen::Holds(self.0.iter().enumerate().filter_map(own).collect())
    }

    fn at(&self, delivery: usize) -> u8 {
        self.0.get(delivery).copied().unwrap_or(ABSENT)
    }

    fn put(&mut self, delivery: usize, state: u8) {
        if self.0.len() <= delivery {
            self.0.resize(delivery + 1, ABSENT);
        }
        self.0[delivery] = state;
    }
}

fn claimed(terminal: u8) -> u8 {
    2 + 2 * terminal
}

fn fetched(terminal: u8) -> u8 {
    3 + 2 * terminal
}
