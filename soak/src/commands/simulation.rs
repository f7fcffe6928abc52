//! `careplan-soak simulation`.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use careplan_soak::simulation::{Canary, Setup, Simulator, Tally};
use clap::Args;
use indicatif::ProgressBar;

use super::{Table, Told};

/// Seeds that failed before, and why.
const REGRESSIONS: &str = include_str!("../../regressions.txt");
/// Within how many seeds a canary has to be noticed.
const CANARY_SEEDS_MAX: u64 = 1000;

/// How much of it.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How many seeds.
    #[arg(long, default_value_t = 10_000)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Prints the log of this one seed and no table.
    #[arg(long)]
    log: Option<u64>,
    /// How many threads run seeds.
    #[arg(long, default_value_t = 2)]
    threads: u64,
    /// The hub is stopped at one moment in so many of the small run; 0 leaves that out.
    #[arg(long, default_value_t = 1)]
    moments_step: u64,
}

/// What one thread came to.
#[derive(Default)]
struct Part {
    tally: Tally,
    broken: Vec<String>,
}

pub(super) fn run(arguments: &Arguments) -> Told {
    if let Some(seed) = arguments.log {
        let outcome = Simulator::new().run(seed);
        let figures = outcome.tally.entries().map(|(what, count)| (what.to_owned(), count));
        let broken = outcome.verdict.err().into_iter().collect();
        return Ok(Table { trial: outcome.log.clone(), figures: figures.collect(), broken });
    }
    let mut seeds: Vec<u64> = regressions().collect();
    seeds.extend((arguments.first..).take(usize::try_from(arguments.seeds).unwrap_or(usize::MAX)));
    let bar = ProgressBar::new(seeds.len() as u64);
    let next = AtomicU64::new(0);
    let work = || seeds_one_by_one(&seeds, &next, &bar);
    let mut whole = Part::default();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..arguments.threads.max(1)).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            match worker.join() {
                Ok(part) => whole.add(part),
                Err(_) => whole.broken.push("a worker ended in a panic".to_owned()),
            }
        }
    });
    bar.finish_and_clear();
    let mut figures = vec![("seeds".to_owned(), seeds.len() as u64)];
    if 0 < arguments.moments_step {
        stop_everywhere(arguments, &mut whole, &mut figures);
    }
    canaries(&mut whole, &mut figures);
    figures.extend(whole.tally.entries().map(|(what, count)| (what.to_owned(), count)));
    Ok(Table { trial: "simulation".to_owned(), figures, broken: whole.broken })
}

fn seeds_one_by_one(seeds: &[u64], next: &AtomicU64, bar: &ProgressBar) -> Part {
    let simulator = Simulator::new();
    let mut part = Part::default();
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let Some(seed) = usize::try_from(at).ok().and_then(|at| seeds.get(at)) else { break part };
        let outcome = simulator.run(*seed);
        part.tally.add(&outcome.tally);
        if let Err(broken) = outcome.verdict {
            part.broken.push(format!("seed {seed}: {broken}"));
        }
        bar.inc(1);
    }
}

impl Part {
    fn add(&mut self, other: Self) {
        self.tally.add(&other.tally);
        self.broken.extend(other.broken);
    }
}

fn regressions() -> impl Iterator<Item = u64> {
    let lines = REGRESSIONS.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.filter_map(|line| line.split_whitespace().next()?.parse().ok())
}

fn stop_everywhere(arguments: &Arguments, whole: &mut Part, figures: &mut Vec<(String, u64)>) {
    let mut tally = Tally::default();
    match Simulator::new().stop_everywhere(arguments.first, arguments.moments_step, &mut tally) {
        Ok(runs) => figures.push(("runs with the hub stopped at one moment".to_owned(), runs)),
        Err(broken) => whole.broken.push(broken),
    }
    whole.tally.add(&tally);
}

/// After how many seeds each unsound store is noticed.
fn canaries(whole: &mut Part, figures: &mut Vec<(String, u64)>) {
    let simulator = Simulator::new();
    for canary in Canary::ALL {
        let is_noticed = |seed: &u64| {
            let setup = Setup { canary: Some(canary), ..Setup::of(*seed) };
            simulator.run_as(*seed, setup).verdict.is_err()
        };
        match (0..CANARY_SEEDS_MAX).find(is_noticed) {
            Some(seed) => figures.push((format!("seeds until noticed: {canary:?}"), seed + 1)),
            None => whole.broken.push(format!("nobody notices {canary:?}")),
        }
    }
}
