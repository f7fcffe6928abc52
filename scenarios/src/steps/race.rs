//! Steps in which all the terminals of an office reach for the same deliveries at once.
//!
//! Nobody sits at these terminals: what does not come through is tried again by the race itself.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use careplan_protocol::{
    DeliveryId, Party,
    hub::{ClaimRequest, Delivery, DeliveryState},
};
use careplan_sandbox::reference_client::{Fetched, Sending, Terminal};
use tokio::{runtime::Handle, task::JoinSet, time::sleep};

use super::{Arguments, Step, StepResult, transport};
use crate::{Failure, clerk::Clerk, world::World};

/// How long a race may take. What has not arrived by then is missing.
const RACE_MAX: Duration = Duration::from_secs(300);
/// How long a terminal that finds nothing waits before it looks again.
const PAUSE: Duration = Duration::from_millis(20);
/// How often a sending is tried that something keeps from arriving.
const TRIES_MAX: usize = 10;

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{送信元}から{送信先}へ{数}件の連絡が次々に届き、送信先の端末すべてが競って受信する",
        example: "「見本居宅介護支援センター」から「みどりヘルパーステーション」へ1000件の連絡が次々に届き、送信先の端末すべてが競って受信する",
        help: "送信元の端末すべてが手分けして番号付きの連絡を送る間、送信先の端末すべてが受信一覧を開いては取得することを、全部が届くまで続ける",
        run: |world, arguments| Box::pin(race_for_all(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{送信元}から{送信先}へ{数}件の連絡が届き、送信先の端末すべてが1件ずつ競って受信する",
        example: "「見本居宅介護支援センター」から「みどりヘルパーステーション」へ40件の連絡が届き、送信先の端末すべてが1件ずつ競って受信する",
        help: "全部が届いてから、送信先の端末すべてが同時に、届いた順に1件ずつ引き取っては取得する（plus だけ）",
        run: |world, arguments| Box::pin(race_for_each(world, arguments)),
    },
    Step {
        keyword: "ならば",
        pattern: "{数}件のどれも、ちょうど1台の端末がちょうど1回だけ受け取っている",
        example: "1000件のどれも、ちょうど1台の端末がちょうど1回だけ受け取っている",
        help: "競った端末が取得した連絡を集めて番号を突き合わせ、欠けも重なりもないことを確かめる",
        run: |world, arguments| Box::pin(async move { is_each_once(world, &arguments) }),
    },
];

/// What the terminals of a race know of each other: how much has been fetched by all of them.
struct Race {
    wanted: u64,
    fetched: AtomicU64,
    ends: Instant,
    is_over: AtomicBool,
    into: PathBuf,
}

/// Ends a race when the step that called for it ends, in whatever way.
struct Whistle(Arc<Race>);

impl Race {
    fn new(wanted: u64, into: PathBuf) -> Arc<Self> {
        Arc::new(Self {
            wanted,
            fetched: AtomicU64::new(0),
            ends: Instant::now() + RACE_MAX,
            is_over: AtomicBool::new(false),
            into,
        })
    }

    fn is_on(&self) -> bool {
        self.fetched.load(Ordering::Relaxed) < self.wanted
            && !self.is_over.load(Ordering::Relaxed)
            && Instant::now() < self.ends
    }

    fn note(&self, fetched: &Fetched, messages: &mut Vec<String>) {
        messages.push(fetched.delivery.message.clone());
        self.fetched.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Whistle {
    fn drop(&mut self) {
        self.0.is_over.store(true, Ordering::Relaxed);
    }
}

async fn race_for_all(world: &mut World, arguments: Arguments) -> StepResult {
    let [from, to] = [0, 1].map(|at| arguments.text(at));
    let count = arguments.number(2)?;
    let race = Race::new(count, world.office(to)?.received.clone());
    let whistle = Whistle(Arc::clone(&race));
    let mut receivers = JoinSet::new();
    for (name, terminal) in terminals(world, to).await? {
        let race = Arc::clone(&race);
        on_own_thread(&mut receivers, name, move || open_lists(terminal, race));
    }
    send_all(world, from, letters(world, to, count)?).await?;
    world.raced = collected(receivers).await?;
    drop(whistle);
    Ok(())
}

async fn race_for_each(world: &mut World, arguments: Arguments) -> StepResult {
    let [from, to] = [0, 1].map(|at| arguments.text(at));
    let count = arguments.number(2)?;
    send_all(world, from, letters(world, to, count)?).await?;
    let race = Race::new(count, world.office(to)?.received.clone());
    let whistle = Whistle(Arc::clone(&race));
    let mut receivers = JoinSet::new();
    for (name, terminal) in terminals(world, to).await? {
        let race = Arc::clone(&race);
        on_own_thread(&mut receivers, name, move || claim_one_by_one(terminal, race));
    }
    world.raced = collected(receivers).await?;
    drop(whistle);
    Ok(())
}

fn is_each_once(world: &World, arguments: &Arguments) -> StepResult {
    let mut holders: BTreeMap<String, Vec<&str>> =
        (1..=arguments.number(0)?).map(|number| (message(number), Vec::new())).collect();
    for (name, messages) in &world.raced {
        for message in messages {
            holders.entry(message.clone()).or_default().push(name);
        }
    }
    let wrong = holders.iter().filter(|(_, names)| names.len() != 1);
    let wrong: Vec<_> = wrong.map(|(message, names)| format!("{message}: {names:?}")).collect();
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(Failure::unlike("どれも1台が1回", wrong.join("\n"))),
    }
}

/// All terminals of an office, with their names.
async fn terminals(world: &World, office: &str) -> Result<Vec<(String, Clerk)>, Failure> {
    let mut all = Vec::new();
    for seat in &world.office(office)?.terminals {
        all.push((seat.name.clone(), world.terminal(office, Some(&seat.name)).await?));
    }
    Ok(all)
}

/// A terminal waits for its disk: on a thread of its own it holds up no other.
fn on_own_thread<T: Send + 'static, F: Future<Output = T>>(
    tasks: &mut JoinSet<(String, T)>,
    name: String,
    work: impl FnOnce() -> F + Send + 'static,
) {
    let runtime = Handle::current();
    tasks.spawn_blocking(move || (name, runtime.block_on(work())));
}

async fn collected<T: 'static>(
    mut tasks: JoinSet<(String, T)>,
) -> Result<Vec<(String, T)>, Failure> {
    let mut all = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        all.push(ended.map_err(|error| Failure::ours(error.to_string()))?);
    }
    Ok(all)
}

fn letters(world: &World, to: &str, count: u64) -> Result<Vec<Sending>, Failure> {
    let destination = Some(Party { office: world.office(to)?.number, kind: None });
    let letter = |number| Sending {
        message: message(number),
        destination: destination.clone(),
        ..Sending::default()
    };
    Ok((1..=count).map(letter).collect())
}

fn message(number: u64) -> String {
    format!("連絡 {number:04}")
}

/// The terminals of an office share the work.
async fn send_all(world: &World, from: &str, letters: Vec<Sending>) -> StepResult {
    let terminals = terminals(world, from).await?;
    let (count, mut tasks) = (terminals.len(), JoinSet::new());
    for (place, (name, terminal)) in terminals.into_iter().enumerate() {
        let share = letters.iter().skip(place).step_by(count).cloned().collect();
        on_own_thread(&mut tasks, name, move || send(terminal, share));
    }
    collected(tasks).await?.into_iter().try_for_each(|(_, sent)| sent)
}

async fn send(mut clerk: Clerk, letters: Vec<Sending>) -> StepResult {
    let terminal: &mut Terminal = &mut clerk;
    for letter in letters {
        let mut tries = 1;
        // Tried again, it is the same sending, with the same key.
        while let Err(error) = terminal.send(&letter).await {
            if TRIES_MAX <= tries {
                return Err(transport::refusal(error));
            }
            tries += 1;
        }
    }
    Ok(())
}

/// Opens 受信一覧 and fetches what it got, again and again. What does not come through is still this
/// terminal's, and comes the next time.
async fn open_lists(mut clerk: Clerk, race: Arc<Race>) -> Vec<String> {
    let terminal: &mut Terminal = &mut clerk;
    let mut messages = Vec::new();
    while race.is_on() {
        // A claim whose answer was lost is a claim all the same: what is held is looked up below.
        let _ = terminal.inbox().await;
        if fetch_all(terminal, &race, &mut messages).await == 0 {
            sleep(PAUSE).await;
        }
    }
    messages
}

/// Claims what waits, one after the other, and fetches what it got.
async fn claim_one_by_one(mut clerk: Clerk, race: Arc<Race>) -> Vec<String> {
    let terminal: &mut Terminal = &mut clerk;
    let mut messages = Vec::new();
    while race.is_on() {
        let waits = |delivery: &Delivery| delivery.state == DeliveryState::Waiting;
        let there = terminal.holders().await.unwrap_or_default();
        for id in there.into_iter().filter(waits).map(|delivery| delivery.id) {
            if claim(terminal, &id).await
                && let Ok(fetched) = terminal.fetch(&id, &race.into).await
            {
                race.note(&fetched, &mut messages);
            }
        }
        // What was claimed and did not come through.
        fetch_all(terminal, &race, &mut messages).await;
        sleep(PAUSE).await;
    }
    messages
}

/// Fetches what a terminal holds, and says how much came through.
async fn fetch_all(terminal: &mut Terminal, race: &Race, messages: &mut Vec<String>) -> usize {
    let before = messages.len();
    let outcomes = terminal.fetch_all(&race.into).await.unwrap_or_default();
    outcomes.iter().flatten().for_each(|fetched| race.note(fetched, messages));
    messages.len() - before
}

/// Whether this terminal got it; another one may have been quicker.
async fn claim(terminal: &mut Terminal, id: &DeliveryId) -> bool {
    let wanted = ClaimRequest { deliveries: vec![id.clone()], ..ClaimRequest::default() };
    terminal.claim(&wanted).await.is_ok()
}
