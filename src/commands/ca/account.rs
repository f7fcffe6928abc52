//! `careplan ca account …`: accounts of 共通ログイン, as the CA's operator sees and mends them.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::{Path, PathBuf},
};

use careplan_protocol::{
    Clock, Problem, ProblemKind, UserId,
    ca::{AccountInfo, PasswordState},
};
use fake_ca::{CaFault, FakeCa};
use serde::Serialize;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{open_existing, stop};
use crate::{
    table::pad,
    ui::{CommandResult, End, Format, Stop, Ui},
};

#[derive(clap::Args)]
pub(super) struct AccountArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// ユーザIDとパスワードの状態の一覧 / list accounts with their passwords' states
    List(ListArgs),
    /// ロックを解除する / unlock an account
    Unlock(AccountArg),
    /// パスワードの有効期限を変える（省略するとすぐ切れる）
    /// move the end of a password: now, if no time is given
    Expire(ExpireArgs),
    /// 仮パスワードを再発行する（ロックも解除） / issue a new temporary password, and unlock
    Reissue(ReissueArgs),
}

#[derive(clap::Args)]
struct ListArgs {
    /// 認証局のフォルダー / the CA's folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
}

#[derive(clap::Args)]
struct AccountArg {
    /// 認証局のフォルダー / the CA's folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// ユーザID / user ID
    #[arg(value_name = "USER_ID")]
    user_id: UserId,
}

#[derive(clap::Args)]
struct ExpireArgs {
    #[command(flatten)]
    account: AccountArg,
    /// いつまで有効か（RFC 3339） / until when it holds, e.g. 2026-03-31T15:00:00Z
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<OffsetDateTime>,
}

#[derive(clap::Args)]
struct ReissueArgs {
    #[command(flatten)]
    account: AccountArg,
    /// 仮パスワードを書くファイル（上書きしない）
    /// file for the temporary password, which must not exist
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// What `list` prints as JSON.
#[derive(Serialize)]
struct Accounts {
    accounts: Vec<AccountInfo>,
}

/// What `reissue` prints as JSON.
#[derive(Serialize)]
struct Reissued<'a> {
    user_id: &'a UserId,
    password_file: &'a Path,
}

pub(super) fn run(args: &AccountArgs, ui: &Ui) -> CommandResult {
    match &args.command {
        Command::List(args) => list(args, ui),
        Command::Unlock(args) => change(args, ui, |ca| ca.unlock(&args.user_id)),
        Command::Expire(args) => {
            let at = args.at.unwrap_or_else(|| Clock::system().now());
            let account = &args.account;
            change(account, ui, |ca| ca.set_password_end(&account.user_id, at))
        }
        Command::Reissue(args) => reissue(args, ui),
    }
}

fn list(args: &ListArgs, ui: &Ui) -> CommandResult {
    let accounts = open_existing(&args.dir)?.accounts().map_err(stop)?;
    match ui.format {
        Format::Json => ui.json(&Accounts { accounts })?,
        Format::Human if accounts.is_empty() => {
            ui.note(ui.pick("ユーザIDはまだありません", "there is no account yet"));
        }
        Format::Human => {
            for account in &accounts {
                ui.line(&line(account, ui));
            }
        }
    }
    Ok(End::Good)
}

fn change(
    args: &AccountArg,
    ui: &Ui,
    change: impl FnOnce(&FakeCa) -> Result<AccountInfo, CaFault>,
) -> CommandResult {
    match change(&open_existing(&args.dir)?) {
        Err(CaFault::UnknownAccount(user_id)) => unknown(&user_id, ui),
        Err(fault) => Err(stop(fault)),
        Ok(account) => {
            match ui.format {
                Format::Json => ui.json(&account)?,
                Format::Human => ui.line(&line(&account, ui)),
            }
            Ok(End::Good)
        }
    }
}

/// The file is opened first: a password that cannot be told must not replace the one before.
fn reissue(args: &ReissueArgs, ui: &Ui) -> CommandResult {
    let ReissueArgs { account: AccountArg { dir, user_id }, out } = args;
    let ca = open_existing(dir)?;
    let fault = |error: io::Error| Stop::path(out, &error);
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.write(true).create_new(true).open(out).map_err(fault)?;
    let password = match ca.reissue_password(user_id) {
        Ok(password) => password,
        Err(error) => {
            // What stopped it is told first.
            let _ = std::fs::remove_file(out);
            return match error {
                CaFault::UnknownAccount(user_id) => unknown(&user_id, ui),
                other => Err(stop(other)),
            };
        }
    };
    writeln!(file, "{password}").and_then(|()| file.sync_all()).map_err(fault)?;
    match ui.format {
        Format::Json => ui.json(&Reissued { user_id, password_file: out })?,
        Format::Human => ui.line(&ui.pick(
            format!("{user_id} の仮パスワードを {} に書きました", out.display()),
            format!("the temporary password of {user_id} is in {}", out.display()),
        )),
    }
    Ok(End::Good)
}

fn unknown(user_id: &UserId, ui: &Ui) -> CommandResult {
    ui.problem(&Problem::new(ProblemKind::NotFound).with_detail(user_id.as_str()))
}

fn line(account: &AccountInfo, ui: &Ui) -> String {
    let until = account.expires.map(|end| end.date().to_string()).unwrap_or_default();
    let state = pad(state_word(account.state, ui), 12);
    let name = pad(&account.office_name, 28);
    format!("{} {} {name} {state} {until}", account.user_id, account.office).trim_end().to_owned()
}

fn state_word(state: PasswordState, ui: &Ui) -> &'static str {
    match state {
        PasswordState::Temporary => ui.pick("仮パスワード", "temporary"),
        PasswordState::Active => ui.pick("有効", "active"),
        PasswordState::Expired => ui.pick("期限切れ", "expired"),
        PasswordState::Locked => ui.pick("ロック", "locked"),
    }
}

fn time(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(|_| "RFC 3339: 2026-03-31T15:00:00Z".to_owned())
}
