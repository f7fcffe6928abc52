//! `careplan-soak kill`.

use std::path::PathBuf;

use careplan_soak::kill::{Kills, run as kill};
use clap::Args;

use super::{Table, Told};

/// How much of it.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The `careplan` binary.
    #[arg(long)]
    binary: PathBuf,
    /// How often the hub is killed.
    #[arg(long, default_value_t = 200)]
    times: u64,
    /// Of the moments at which it is killed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(super) fn run(arguments: &Arguments) -> Told {
    let kills =
        Kills { binary: arguments.binary.clone(), times: arguments.times, seed: arguments.seed };
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    let killed = runtime.block_on(kill(&kills))?;
    let figures = [
        ("kills", killed.kills),
        ("sendings acknowledged", killed.acknowledged),
        ("sendings interrupted and taken up again", killed.interrupted),
    ];
    Ok(Table {
        trial: "kill on SQLite".to_owned(),
        figures: figures.map(|(what, count)| (what.to_owned(), count)).into(),
        broken: killed.broken,
    })
}
