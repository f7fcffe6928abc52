//! `careplan-soak linearity`.

use careplan_soak::linearity::{Drive, Driven, Reopen, run as drive, stores};
use clap::{Args, ValueEnum};

use super::{Table, Told};

/// How much of it.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The store.
    #[arg(long, value_enum, default_value = "sqlite")]
    store: Kind,
    /// Terminals at work at once.
    #[arg(long, default_value_t = 8)]
    terminals: u8,
    /// Operations of each terminal.
    #[arg(long, default_value_t = 10_000)]
    operations: u64,
    /// How often the hub stops while an office is at work, which is every 200 operations.
    #[arg(long, default_value_t = 3)]
    stops: u32,
    /// What the terminals choose by.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    Memory,
    Sqlite,
    Postgres,
}

pub(super) fn run(arguments: &Arguments) -> Told {
    let reopen: Reopen = match arguments.store {
        Kind::Memory => stores::memory(),
        Kind::Sqlite => stores::sqlite()?,
        Kind::Postgres => {
            stores::postgres(stores::postgres_place().map_err(|absence| absence.to_string())?)
        }
    };
    let order = Drive {
        seed: arguments.seed,
        terminals: arguments.terminals,
        operations: arguments.operations,
        operations_an_office: 200,
        stops_an_office: arguments.stops,
        runs_out: arguments.store == Kind::Postgres,
    };
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    let driven: Driven = runtime.block_on(drive(order, reopen));
    let figures = [
        ("operations", driven.operations),
        ("of these without an answer", driven.unknown),
        ("hub stops", driven.stops),
        ("histories", driven.histories),
        ("ways looked at at once, at most", driven.ways as u64),
    ];
    Ok(Table {
        trial: format!("linearity on {:?}", arguments.store),
        figures: figures.map(|(what, count)| (what.to_owned(), count)).into(),
        broken: driven.broken,
    })
}
