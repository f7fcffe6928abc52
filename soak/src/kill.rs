//! The hub's real process, killed at random under load; the reference client on the other side.
//!
//! Every few moments `careplan hub serve` gets SIGKILL and is started again on what is durable, while
//! offices send and receive without a pause. At the end nothing that was acknowledged may be missing,
//! and nothing may have arrived twice.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration as Wait,
};

use careplan_protocol::{OfficeNumber, Party, hub::DeliveryState};
use careplan_sandbox::{
    HubMode, Sandbox, SandboxConfig, Seat, Store,
    reference_client::{Sending, SendingFile, Silent, Terminal},
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
    /// Sendings that were acknowledged.
    pub acknowledged: u64,
    /// Attempts to send that ended without an answer, and were taken up again.
    pub interrupted: u64,
    /// What does not hold.
    pub broken: Vec<String>,
}

/// How long a hub lives, at most, in milliseconds.
const LIFE_MAX: u64 = 400;
/// How often a terminal tries, after the last kill, until everything must have arrived.
const LAST_TRIES: u32 = 60;

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
    let is_over = Arc::new(AtomicBool::new(false));
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
            is_over: Arc::clone(&is_over),
            done: Done::default(),
        };
        at_work.spawn(desk.work());
    }
    let dice = Dice::new(kills.seed);
    let mut killed = Killed::default();
    for _ in 0..kills.times {
        tokio::time::sleep(Wait::from_millis(dice.between(20, LIFE_MAX))).await;
        sandbox.kill_hub().await.map_err(|error| text(&error))?;
        sandbox.restart_hub().await.map_err(|error| text(&error))?;
        killed.kills += 1;
    }
    is_over.store(true, Ordering::SeqCst);
    let mut done = Vec::new();
    while let Some(ended) = at_work.join_next().await {
        done.push(ended.map_err(|error| text(&error))?);
    }
    compare(&done, &mut killed);
    sandbox.stop().await;
    Ok(killed)
}

/// An office at its terminal.
struct Desk {
    terminal: Terminal,
    from: OfficeNumber,
    to: OfficeNumber,
    into: PathBuf,
    is_over: Arc<AtomicBool>,
    done: Done,
}

/// What an office has sent and received.
#[derive(Default)]
struct Done {
    sent: Letters,
    acknowledged: BTreeMap<String, String>,
    received: BTreeMap<String, Vec<Vec<u8>>>,
    listed: BTreeMap<String, DeliveryState>,
    interrupted: u64,
    left: usize,
}

impl Desk {
    async fn work(mut self) -> Done {
        let mut number = 0;
        while !self.is_over.load(Ordering::SeqCst) {
            number += 1;
            self.send(number).await;
            self.receive().await;
        }
        for _ in 0..LAST_TRIES {
            self.resume().await;
            self.receive().await;
            tokio::time::sleep(Wait::from_millis(100)).await;
        }
        if let Ok(sent) = self.terminal.sent().await {
            let listed = sent.into_iter().map(|entry| entry.submission);
            self.done.listed.extend(listed.map(|one| (one.message, one.state)));
        }
        self.done.left = self.terminal.outbox().map_or(usize::MAX, |outbox| outbox.len());
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
            Ok(taken) => drop(self.done.acknowledged.insert(message, taken.id.to_string())),
            Err(_) => self.done.interrupted += 1,
        }
    }

    async fn resume(&mut self) {
        for resumed in self.terminal.resume().await.unwrap_or_default() {
            if let Ok(taken) = resumed.outcome {
                self.done.acknowledged.insert(taken.message, taken.id.to_string());
            }
        }
    }

    /// Whatever goes wrong is tried again the next time.
    async fn receive(&mut self) {
        if self.terminal.inbox().await.is_ok() {
            let _ = self.terminal.fetch_all(&self.into).await;
        }
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
        if office.left != 0 {
            killed.broken.push(format!("{} sendings stay in an outbox", office.left));
        }
        for message in office.acknowledged.keys() {
            let copies: Vec<_> =
                done.iter().filter_map(|other| other.received.get(message)).flatten().collect();
            if copies.len() != 1 || Some(copies[0]) != office.sent.get(message) {
                killed.broken.push(format!("{message} arrived {} times", copies.len()));
            }
            if office.listed.get(message) != Some(&DeliveryState::Fetched) {
                killed.broken.push(format!("{message} is not shown as fetched"));
            }
        }
    }
}
