//! `careplan`: the one command line. It reads arguments, calls one crate, and prints.
//!
//! Exit status: 0 done and good; 1 findings of severity error, or tests failed; 2 wrong usage or
//! set-up; 70 a fault of our own.

mod commands;
mod copies;
mod entry_line;
mod sendings;
mod signals;
mod table;
mod ui;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::ui::{Format, Language, Stop, Ui};

/// ケアプランデータ連携の標準実装・試験環境（オフラインで動きます）
/// Reference stack and test harness for ケアプランデータ連携, offline
#[derive(Parser)]
#[command(name = "careplan", version, propagate_version = true)]
struct Cli {
    /// 表示の言語（既定は日本語。ロケールが英語なら英語） / language of messages
    #[arg(long, global = true, value_enum)]
    lang: Option<Language>,
    /// 結果の形式 / format of results
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// CSVファイルを標準仕様に照らして検査する / check files against the standard
    Check(commands::check::Args),
    /// 直せる誤りを直した写しを別のフォルダに書く / write corrected copies
    Fix(commands::fix::Args),
    /// 別の版に変換した写しを別のフォルダに書く / write copies in another version
    Convert(commands::convert::Args),
    /// 予定と実績のファイルを突き合わせる / compare files of 予定 and 実績
    Reconcile(commands::reconcile::Args),
    /// CSVファイルを帳票（第1表～第7表など）の形で見る / show files as the paper forms
    Show(commands::show::Args),
    /// 認証局・基盤・3事業所を起動する / start the CA, the hub and three offices
    Up(commands::up::Args),
    /// シナリオを実行し、報告書を作る / run scenarios and write the report
    Run(commands::run::Args),
    /// 認証局（模擬） / the fake certificate authority
    Ca(commands::ca::Args),
    /// 基盤（模擬） / the reference hub
    Hub(commands::hub::Args),
    /// 連携クライアント / the reference client
    Client(commands::client::Args),
    /// 介護ソフト（模擬） / the reference care software
    Software(commands::software::Args),
    /// 正解集: 場面ごとの正しいファイルと誤ったファイル / the answer book
    Answers(commands::answers::Args),
    /// 検査の規則の一覧 / the rules that files are checked by
    Rules(commands::rules::Args),
    /// 問題（エラー応答）の一覧 / the problems that a request may meet
    Problems(commands::problems::Args),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return ui::usage_error(&error),
    };
    let ui = Ui::new(cli.lang, cli.format);
    let end = match cli.command {
        Command::Check(args) => commands::check::run(&args, &ui),
        Command::Fix(args) => commands::fix::run(&args, &ui),
        Command::Convert(args) => commands::convert::run(&args, &ui),
        Command::Reconcile(args) => commands::reconcile::run(&args, &ui),
        Command::Show(args) => commands::show::run(&args, &ui),
        Command::Up(args) => commands::up::run(&args, &ui),
        Command::Run(args) => commands::run::run(&args, &ui),
        Command::Ca(args) => commands::ca::run(&args, &ui),
        Command::Hub(args) => commands::hub::run(&args, &ui),
        Command::Client(args) => commands::client::run(&args, &ui),
        Command::Software(args) => commands::software::run(&args, &ui),
        Command::Answers(args) => commands::answers::run(&args, &ui),
        Command::Rules(args) => commands::rules::run(&args, &ui),
        Command::Problems(args) => commands::problems::run(&args, &ui),
    };
    match end.and_then(|end| ui.lost().map_or(Ok(end), Err)) {
        Ok(end) => end.into(),
        Err(stop) => {
            ui.note(&stop.line(ui.lang));
            Stop::exit_code(&stop)
        }
    }
}
