//! `cargo run --release -p careplan-benches -- …`: files from a seed, what their check costs, and
//! what the hub carries.
//!
//! Results go to standard output as Markdown, progress to standard error.

mod commands;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use commands::{generate, growth, load, memory, store, table};

/// 生成ファイルによる検査の性能測定 / what the check costs, on generated files
#[derive(Parser)]
#[command(name = "careplan-benches")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 乱数の種からファイルを作る / write generated files
    Generate(generate::Args),
    /// 他の読み方との比較表 / the table of comparison
    Table(table::Args),
    /// 大きさ・件数・誤りの割合と時間（SVG） / how cost grows, as plots
    Growth(growth::Args),
    /// 巨大なファイルの検査に要るメモリ / memory of the check of a huge file
    Memory(memory::Args),
    /// 基盤が1秒に運ぶ送信の数 / what the hub carries in a second
    Load(load::Args),
    /// 保管数が増えても1件の費用は同じか（SVG） / whether cost stays flat as the store fills
    Store(store::Args),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Generate(args) => generate::run(&args),
        Command::Table(args) => table::run(&args),
        Command::Growth(args) => growth::run(&args),
        Command::Memory(args) => memory::run(&args),
        Command::Load(args) => load::run(&args),
        Command::Store(args) => store::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "careplan-benches: {error}");
            ExitCode::from(2)
        }
    }
}
