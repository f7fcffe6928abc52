//! `careplan-soak kill`.

use std::path::PathBuf;

use careplan_sandbox::Store;
use careplan_soak::{
    kill::{Kills, run as kill},
    linearity::stores,
};
use clap::{Args, ValueEnum};

use super::{Table, Told};

/// How much of it.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The `careplan` binary.
    #[arg(long)]
    binary: PathBuf,
    /// Where the hub keeps things.
    #[arg(long, value_enum, default_value = "sqlite")]
    store: Kind,
    /// How often the hub is killed.
    #[arg(long, default_value_t = 200)]
    times: u64,
    /// Of the moments at which it is killed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A store that outlives its process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Sqlite,
    Postgres,
}

pub(super) fn run(arguments: &Arguments) -> Told {
    let kills = Kills {
        binary: arguments.binary.clone(),
        store: match arguments.store {
            Kind::Sqlite => Store::Sqlite,
            Kind::Postgres => {
                Store::Postgres(stores::postgres_place().map_err(|absence| absence.to_string())?)
            }
        },
        times: arguments.times,
        seed: arguments.seed,
    };
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    let killed = runtime.block_on(kill(&kills))?;
    let figures = [
        ("kills", killed.kills),
        ("sendings acknowledged", killed.acknowledged),
        ("sendings interrupted and taken up again", killed.interrupted),
    ];
    Ok(Table {
        trial: format!("kill on {:?}", arguments.store),
        figures: figures.map(|(what, count)| (what.to_owned(), count)).into(),
        broken: killed.broken,
    })
}
