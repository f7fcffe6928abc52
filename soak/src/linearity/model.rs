//! An office's deliveries as a model: what each operation does, and what it should be answered.
//!
//! An operation goes by the time of its call, whenever it happens, as a hub that hands the time down
//! with the request does. A claim that is over by that time is none.

/// How long a claim lasts. Time is the count of calls and answers.
pub(super) const LEASE: u16 = 60;

/// What a terminal, by its number, does to a delivery, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// A delivery comes in.
    Submit(usize),
    /// Opening 受信一覧: all that waits goes to this terminal, which hears what it has not fetched.
    Claim(u8),
    /// The same for one delivery alone (`plus`).
    ClaimOne(u8, usize),
    /// What this terminal holds.
    Held(u8),
    /// Opening a delivery.
    Fetch(u8, usize),
    /// データ取得済.
    Receipt(u8, usize),
    /// Giving back (`plus`).
    Release(u8, usize),
    /// Taking back from whoever holds it (`plus`).
    TakeBack(usize),
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
    /// It was the terminal's, whose claim is over.
    Lost,
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
        use Seen::{Elsewhere, Fetched, Lost, NotFound};
        let is_look = matches!(self.operation, Operation::Held(_) | Operation::Fetch(..));
        is_look || matches!(self.seen, Some(NotFound | Elsewhere | Lost | Fetched))
    }

    /// Lets it happen as things stand, and says what it should be answered.
    ///
    /// # Panics
    /// It was called more than 65,535 calls and answers after the beginning.
    pub(super) fn happen(&self, state: &mut State) -> Seen {
        let now = u16::try_from(self.called).expect("a history is short enough to be searched");
        state.apply(self.operation, now)
    }
}

/// How each delivery stands, in few bytes, for a search keeps a million of these.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct State(Vec<Delivery>);

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
struct Delivery {
    stage: Stage,
    submitted_at: u16,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
enum Stage {
    #[default]
    Absent,
    Waiting,
    Claimed {
        by: u8,
        until: u16,
    },
    Fetched {
        by: u8,
    },
}

use Stage::{Absent, Claimed, Fetched, Waiting};

impl Stage {
    /// How it stands at this time.
    fn at(self, now: u16) -> Self {
        match self {
            Claimed { until, .. } if until <= now => Waiting,
            other => other,
        }
    }
}

impl State {
    /// Does it, and says what it should be answered.
    fn apply(&mut self, operation: Operation, now: u16) -> Seen {
        match operation {
            Operation::Submit(delivery) => {
                if self.stage(delivery) == Absent {
                    self.0.resize(self.0.len().max(delivery + 1), Delivery::default());
                    self.0[delivery] = Delivery { stage: Waiting, submitted_at: now };
                }
                Seen::Done
            }
            Operation::Claim(terminal) => {
                self.0.iter_mut().for_each(|delivery| delivery.claim(terminal, now));
                self.open(terminal, now)
            }
            Operation::ClaimOne(terminal, delivery) => match self.stage(delivery).at(now) {
                Absent => Seen::NotFound,
                Claimed { by, .. } | Fetched { by } if by != terminal => Seen::Elsewhere,
                _ => {
                    self.0[delivery].claim(terminal, now);
                    self.open(terminal, now)
                }
            },
            Operation::Held(terminal) => self.holds(terminal, now),
            Operation::Fetch(terminal, delivery) => match self.stage(delivery) {
                Fetched { by } if by == terminal => Seen::Holding(true),
                Claimed { by, until } if by == terminal => {
                    if until <= now {
                        Seen::Lost
                    } else {
                        Seen::Holding(false)
                    }
                }
                stage => match stage.at(now) {
                    Absent | Waiting => Seen::NotFound,
                    Claimed { .. } | Fetched { .. } => Seen::Elsewhere,
                },
            },
            Operation::Receipt(terminal, delivery) => {
                let seen = self.apply(Operation::Fetch(terminal, delivery), now);
                if !matches!(seen, Seen::Holding(_)) {
                    return seen;
                }
                self.0[delivery].stage = Fetched { by: terminal };
                Seen::Holding(true)
            }
            Operation::Release(terminal, delivery) => match self.stage(delivery).at(now) {
                Absent => Seen::NotFound,
                Fetched { .. } => Seen::Fetched,
                Claimed { by, .. } if by != terminal => Seen::Elsewhere,
                Claimed { .. } => {
                    self.0[delivery].stage = Waiting;
                    Seen::Done
                }
                Waiting => Seen::Done,
            },
            Operation::TakeBack(delivery) => match self.stage(delivery).at(now) {
                Absent => Seen::NotFound,
                Fetched { .. } => Seen::Fetched,
                Claimed { by, .. } => {
                    let until = now.min(self.0[delivery].submitted_at);
                    self.0[delivery].stage = Claimed { by, until };
                    Seen::Done
                }
                Waiting => Seen::Done,
            },
        }
    }

    /// What the terminal holds, and has not fetched.
    fn open(&self, terminal: u8, now: u16) -> Seen {
        match self.holds(terminal, now) {
            Seen::Holds(mut all) => {
                all.retain(|(_, is_fetched)| !is_fetched);
                Seen::Holds(all)
            }
            other => other,
        }
    }

    fn holds(&self, terminal: u8, now: u16) -> Seen {
        let own = |(number, delivery): (usize, &Delivery)| match delivery.stage.at(now) {
            Claimed { by, .. } if by == terminal => Some((number, false)),
            Fetched { by } if by == terminal => Some((number, true)),
            _ => None,
        };
        Seen::Holds(self.0.iter().enumerate().filter_map(own).collect())
    }

    fn stage(&self, delivery: usize) -> Stage {
        self.0.get(delivery).map_or(Absent, |delivery| delivery.stage)
    }
}

impl Delivery {
    /// Goes to this terminal if it waits; is the terminal's for longer if half of its time is over.
    fn claim(&mut self, terminal: u8, now: u16) {
        let is_taken = match self.stage.at(now) {
            Waiting => true,
            Claimed { by, until } => by == terminal && until - now <= LEASE / 2,
            Absent | Fetched { .. } => false,
        };
        if is_taken {
            self.stage = Claimed { by: terminal, until: now + LEASE };
        }
    }
}
