//! The hub's real process, killed at random under load; the reference client on the other side.
//!
//! Every few moments `careplan hub serve` gets SIGKILL and is started again on what is durable, while
//! offices send and receive without a pause. At the end everything that an office handed in must have
//! arrived, once and as it was sent: what was acknowledged, what was cut off and taken up again, and
//! whatever the hub refused is a fault as well, since every sending is sound.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration as Wait,
};

use careplan_protocol::{OfficeNumber, Party, hub::DeliveryState};
use careplan_sandbox::{
    HubMode, Sandbox, SandboxConfig, Seat, Store,
    reference_client::{OutboxState, Sending, SendingFile, Silent, Terminal},
};
use tokio::task::JoinSet;

use crate::dice::Dice;

/// What is done to the process.
#[derive(Debug, Clone)]
pub struct Kills {
    /// The `careplan` binary.
    pub binary: PathBuf,
    /// Where it keeps things. What would be in memory is in SQLite.
    pub store: Store,
    /// How often it is killed.
    pub times: u64,
    /// Of the moments at which it is killed.
    pub seed: u64,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Killed {
    /// How often it was killed.
    pub kills: u64,
    /// Sendings that were acknowledged, at once or when they were taken up again.
    pub acknowledged: u64,
    /// Attempts to send that ended without an answer, and were to be taken up again.
    pub interrupted: u64,
    /// What does not hold.
    pub broken: Vec<String>,
}

/// How long a hub lives, at most, in milliseconds.
const LIFE_MAX: u64 = 400;
/// How often a terminal tries, after the last kill, until everything must have arrived.
const LAST_TRIES: u32 = 100;

/// Messages and files: what was sent, or what has arrived.
type Letters = BTreeMap<String, Vec<u8>>;

/// Runs hub, senders and recipients, kills the hub so many times, and looks what is where.
///
/// # Errors
/// The sandbox does not start, or the hub does not start again.
pub async fn run(kills: &Kills) -> Result<Killed, String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let config = SandboxConfig {
        store: kills.store.clone(),
        hub: HubMode::Process { binary: kills.binary.clone() },
        ..SandboxConfig::default()
    };
    let mut sandbox = Sandbox::start(config).await.map_err(|error| text(&error))?;
    let offices: Vec<OfficeNumber> = sandbox.offices().iter().map(|office| office.number).collect();
    let day = Arc::new(Day::default());
    let into = sandbox.folder().join("received");
    let mut at_work = JoinSet::new();
    for (place, office) in sandbox.offices().iter().enumerate() {
        let seat = Seat { office, terminal: None, via: None };
        let terminal =
            sandbox.terminal(seat, Arc::new(Silent)).await.map_err(|error| text(&error))?;
        let desk = Desk {
            terminal,
            to: offices[(place + 1) % offices.len()],
            from: office.number,
            into: into.join(office.number.as_str()),
            day: Arc::clone(&day),
            done: Done::default(),
        };
        at_work.spawn(desk.work(offices.len()));
    }
    let dice = Dice::new(kills.seed);
    let mut killed = Killed::default();
    for _ in 0..kills.times {
        tokio::time::sleep(Wait::from_millis(dice.between(20, LIFE_MAX))).await;
        sandbox.kill_hub().await.map_err(|error| text(&error))?;
        sandbox.restart_hub().await.map_err(|error| text(&error))?;
        killed.kills += 1;
    }
    day.is_over.store(true, Ordering::SeqCst);
    let mut done = Vec::new();
    while let Some(ended) = at_work.join_next().await {
        done.push(ended.map_err(|error| text(&error))?);
    }
    compare(&done, &mut killed);
    sandbox.stop().await;
    Ok(killed)
}

/// What the offices have in common.
#[derive(Default)]
struct Day {
    /// Nothing new is handed in any more.
    is_over: AtomicBool,
    /// How many offices see all that they sent as fetched.
    settled: AtomicUsize,
}

/// An office at its terminal.
struct Desk {
    terminal: Terminal,
    from: OfficeNumber,
    to: OfficeNumber,
    into: PathBuf,
    day: Arc<Day>,
    done: Done,
}

/// What an office has sent and received.
#[derive(Default)]
struct Done {
    sent: Letters,
    acknowledged: BTreeSet<String>,
    refused: Vec<String>,
    /// Messages that are still in the outbox.
    left: BTreeSet<String>,
    received: BTreeMap<String, Vec<Vec<u8>>>,
    /// What its sent list says.
    listed: BTreeMap<String, DeliveryState>,
    interrupted: u64,
}

impl Desk {
    async fn work(mut self, desks: usize) -> Done {
        let mut number = 0;
        while !self.day.is_over.load(Ordering::SeqCst) {
            number += 1;
            self.send(number).await;
            self.receive().await;
        }
        let mut is_settled = false;
        for _ in 0..LAST_TRIES {
            // What fails is tried again; what does not come about in the end is seen below.
            let _ = self.terminal.resume().await;
            self.receive().await;
            if !is_settled && self.look().await {
                is_settled = true;
                self.day.settled.fetch_add(1, Ordering::SeqCst);
            }
            // Others may still have something for this office.
            if self.day.settled.load(Ordering::SeqCst) == desks {
                break;
            }
            tokio::time::sleep(Wait::from_millis(100)).await;
        }
        self.done.received = arrived(&self.into);
        self.done
    }

    async fn send(&mut self, number: u64) {
        let message = format!("{}-{number}", self.from);
        let bytes = format!("%PDF-1.7 {message}").into_bytes();
        self.done.sent.insert(message.clone(), bytes.clone());
        let sending = Sending {
            message: message.clone(),
            destination: Some(Party { office: self.to, kind: None }),
            ..Sending::new(vec![SendingFile { name: format!("{message}.pdf"), bytes }])
        };
        match self.terminal.send(&sending).await {
            Ok(taken) => drop(self.done.acknowledged.insert(taken.message)),
            Err(_) if self.waits(&message) => self.done.interrupted += 1,
            Err(error) => self.done.refused.push(format!("{message} is refused: {error}")),
        }
    }

    /// Whether a sending lies in the outbox, and will be tried again.
    fn waits(&self, message: &str) -> bool {
        let outbox = self.terminal.outbox().unwrap_or_default();
        outbox.iter().any(|one| one.meta.message == message && one.state == OutboxState::Pending)
    }

    /// Whatever goes wrong is tried again the next time.
    async fn receive(&mut self) {
        if self.terminal.inbox().await.is_ok() {
            let _ = self.terminal.fetch_all(&self.into).await;
        }
    }

    /// Looks into outbox and sent list: whether all that was sent is fetched.
    async fn look(&mut self) -> bool {
        let (Ok(outbox), Ok(listed)) = (self.terminal.outbox(), self.terminal.sent().await) else {
            return false;
        };
        self.done.left = outbox.into_iter().map(|entry| entry.meta.message).collect();
        // An earlier sending goes out with a later one; that it was acknowledged stands here alone.
        let listed = listed.into_iter().map(|entry| entry.submission);
        self.done.listed = listed.map(|one| (one.message, one.state)).collect();
        self.done.acknowledged.extend(self.done.listed.keys().cloned());
        let is_fetched = |message| self.done.listed.get(message) == Some(&DeliveryState::Fetched);
        self.done.left.is_empty() && self.done.sent.keys().all(is_fetched)
    }
}

/// The files below, by the name that was their message.
fn arrived(folder: &Path) -> BTreeMap<String, Vec<Vec<u8>>> {
    let mut arrived: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    for delivery in entries(folder) {
        for file in entries(&delivery.path()) {
            let name = file.file_name().to_string_lossy().into_owned();
            let Some(message) = name.strip_suffix(".pdf") else { continue };
            let bytes = fs::read(file.path()).unwrap_or_default();
            arrived.entry(message.to_owned()).or_default().push(bytes);
        }
    }
    arrived
}

fn compare(done: &[Done], killed: &mut Killed) {
    for office in done {
        killed.acknowledged += office.acknowledged.len() as u64;
        killed.interrupted += office.interrupted;
        killed.broken.extend(office.refused.iter().cloned());
        for (message, bytes) in &office.sent {
            let copies: Vec<_> =
                done.iter().filter_map(|other| other.received.get(message)).flatten().collect();
            killed.broken.extend(broken(office, message, bytes, &copies));
        }
    }
    if killed.acknowledged == 0 {
        killed.broken.push("no sending was acknowledged".to_owned());
    }
}

/// What does not hold of one sending.
fn broken(office: &Done, message: &str, bytes: &[u8], copies: &[&Vec<u8>]) -> Option<String> {
    let is_acknowledged = office.acknowledged.contains(message);
    if 1 < copies.len() {
        return Some(format!("{message} arrived {} times", copies.len()));
    }
    if copies.iter().any(|copy| **copy != bytes) {
        return Some(format!("{message} arrived with other bytes"));
    }
    if office.left.contains(message) {
        return Some(format!("{message} stays in the outbox"));
    }
    if !is_acknowledged {
        return Some(format!("{message} was neither acknowledged nor kept"));
    }
    if copies.is_empty() {
        return Some(format!("{message} was acknowledged and has not arrived"));
    }
    let is_fetched = office.listed.get(message) == Some(&DeliveryState::Fetched);
    (!is_fetched).then(|| format!("{message} is not shown as fetched"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An office that sent one letter, which arrived where it should.
    fn office() -> Done {
        let letter = || ("a-1".to_owned(), b"a-1".to_vec());
        Done {
            sent: Letters::from([letter()]),
            acknowledged: BTreeSet::from(["a-1".to_owned()]),
            received: BTreeMap::from([("a-1".to_owned(), vec![letter().1])]),
            listed: BTreeMap::from([("a-1".to_owned(), DeliveryState::Fetched)]),
            ..Done::default()
        }
    }

    fn compared(office: Done) -> Vec<String> {
        let mut killed = Killed::default();
        compare(&[office], &mut killed);
        killed.broken
    }

    #[test]
    fn a_sending_that_arrived_once_and_was_acknowledged_holds() {
        assert_eq!(compared(office()), Vec::<String>::new());
    }

    #[test]
    fn a_trial_in_which_nothing_was_acknowledged_proves_nothing() {
        assert_eq!(compared(Done::default()), ["no sending was acknowledged"]);
    }

    #[test]
    fn whatever_becomes_of_a_sending_but_one_arrival_is_seen() {
        type Spoil = fn(&mut Done);
        let spoilt: [(Spoil, &str); 7] = [
            (|one| one.refused = vec!["a-2 is refused".to_owned()], "a-2 is refused"),
            (
                |one| drop(one.sent.insert("a-2".to_owned(), Vec::new())),
                "a-2 was neither acknowledged nor kept",
            ),
            (|one| one.left.extend(["a-1".to_owned()]), "a-1 stays in the outbox"),
            (|one| one.received.clear(), "a-1 was acknowledged and has not arrived"),
            (
                |one| drop(one.received.insert("a-1".to_owned(), vec![Vec::new()])),
                "a-1 arrived with other bytes",
            ),
            (|one| one.listed.clear(), "a-1 is not shown as fetched"),
            (
                |one| {
                    let twice = vec![b"a-2".to_vec(); 2];
                    one.sent.insert("a-2".to_owned(), b"a-2".to_vec());
                    one.received.insert("a-2".to_owned(), twice);
                },
                "a-2 arrived 2 times",
            ),
        ];
        for (spoil, want) in spoilt {
            let mut office = office();
            spoil(&mut office);
            assert_eq!(compared(office), [want]);
        }
    }
}
