//! The simulation in the size of CI. `cargo xtask soak simulation` runs it at length.

use std::{fs, path::Path, thread};

use careplan_soak::simulation::{Canary, Setup, Simulator, Tally};

/// How many seeds CI tries.
const SEEDS: u64 = 200;
/// Within how many seeds each canary has to be noticed.
const CANARY_SEEDS: u64 = 40;
/// The hub is stopped at one moment in so many of a small run.
const MOMENTS_STEP: u64 = 12;

#[test]
fn the_same_seed_gives_the_same_log_to_the_byte() {
    for seed in [1, 2, 3, 4] {
        let simulator = Simulator::new();
        let (first, again) = (simulator.run(seed), Simulator::new().run(seed));
        assert!(first.log.len() > 1000, "seed {seed} does something");
        assert!(first.log == again.log, "seed {seed}");
        assert_eq!(first.tally, again.tally, "seed {seed}");
    }
}

#[test]
fn seeds_that_once_failed_hold() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("regressions.txt");
    let text = fs::read_to_string(path).expect("the file is there");
    let simulator = Simulator::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let Some(seed) = line.split_whitespace().next() else { continue };
        let outcome = simulator.run(seed.parse().expect("a seed begins each line"));
        assert_eq!(outcome.verdict, Ok(()), "{line}");
    }
}

#[test]
fn whatever_befalls_it_the_hub_loses_and_doubles_nothing() {
    let part = |first: u64| {
        move || {
            let simulator = Simulator::new();
            for seed in (first..SEEDS).step_by(2) {
                let outcome = simulator.run(seed);
                assert_eq!(outcome.verdict, Ok(()), "seed {seed}\n{}", last_lines(&outcome.log));
            }
        }
    };
    let halves = [thread::spawn(part(0)), thread::spawn(part(1))];
    for half in halves {
        half.join().expect("no seed fails");
    }
}

#[test]
fn a_stop_at_any_call_leaves_all_or_nothing() {
    let mut tally = Tally::default();
    let runs = Simulator::new().stop_everywhere(1, MOMENTS_STEP, &mut tally);
    let runs = runs.unwrap_or_else(|broken| panic!("{broken}"));
    assert!(100 < runs, "{runs} runs");
}

#[test]
fn a_store_that_is_not_sound_is_noticed() {
    let simulator = Simulator::new();
    for canary in Canary::ALL {
        let caught = (0..CANARY_SEEDS).find_map(|seed| {
            let setup = Setup { canary: Some(canary), ..Setup::of(seed) };
            Some((seed, simulator.run_as(seed, setup).verdict.err()?))
        });
        let (seed, why) = caught.unwrap_or_else(|| panic!("nobody noticed {canary:?}"));
        println!("{canary:?} was noticed after {} seeds: {why}", seed + 1);
    }
}

fn last_lines(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}
