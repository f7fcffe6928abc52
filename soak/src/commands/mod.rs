//! The command line: each command runs one kind of trial and prints one table.

mod kill;
mod linearity;
mod simulation;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand, ValueEnum};
use serde::Serialize;

/// What the hub has to endure.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    trial: Trial,
    /// How the table is printed.
    #[arg(long, global = true, value_enum, default_value = "human")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Human,
    Json,
}

#[derive(Debug, Subcommand)]
enum Trial {
    /// Hub and terminals on one virtual clock, one run a seed.
    Simulation(simulation::Arguments),
    /// Many terminals at once on a real store, and whether what they saw has an order.
    Linearity(linearity::Arguments),
    /// The hub's real process, killed at random under load.
    Kill(kill::Arguments),
}

/// What a trial came to.
#[derive(Debug, Default, Serialize)]
struct Table {
    /// What was tried.
    trial: String,
    /// Figures, in the order in which they are told.
    figures: Vec<(String, u64)>,
    /// What does not hold, with what repeats it.
    broken: Vec<String>,
}

/// A trial's end: a table, or what was lacking.
type Told = Result<Table, String>;

/// Runs what the arguments ask for.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let told = match arguments.trial {
        Trial::Simulation(of) => simulation::run(&of),
        Trial::Linearity(of) => linearity::run(&of),
        Trial::Kill(of) => kill::run(&of),
    };
    match told {
        Ok(table) => {
            print(&table, arguments.format);
            if table.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) }
        }
        Err(lacking) => {
            let _ = writeln!(io::stderr(), "{lacking}");
            ExitCode::from(2)
        }
    }
}

fn print(table: &Table, format: Format) {
    let mut out = io::stdout().lock();
    // A reader that went away is no fault.
    let _ = match format {
        Format::Json => writeln!(out, "{}", serde_json::json!(table)),
        Format::Human => human(table, &mut out),
    };
}

fn human(table: &Table, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", table.trial)?;
    for (what, count) in &table.figures {
        writeln!(out, "  {what:<44}{count:>14}")?;
    }
    for broken in &table.broken {
        writeln!(out, "  NOT: {broken}")?;
    }
    writeln!(
        out,
        "  {}",
        if table.broken.is_empty() { "all holds" } else { "something does not hold" }
    )
}
