//! `careplan hub backup | restore | verify`: copies of what a hub keeps, and whether it is sound.

use std::path::PathBuf;

use careplan_protocol::Lang;
use reference_hub::{Damage, HubFault, Kept, Step, StoreChoice, Verified};
use serde_json::json;

use super::store::StoreArgs;
use crate::ui::{CommandResult, End, Format, Stop, Ui};

#[derive(clap::Args)]
pub(super) struct BackupArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// 控えのファイル（SQLite）。まだないこと / the backup, an SQLite file that is not there yet
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

#[derive(clap::Args)]
pub(super) struct RestoreArgs {
    /// 控えのファイル / the backup
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    #[command(flatten)]
    store: StoreArgs,
}

#[derive(clap::Args)]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    store: StoreArgs,
}

/// Copies a store into a file, beside a running hub.
pub(super) fn backup(args: &BackupArgs, ui: &Ui) -> CommandResult {
    let rows = reference_hub::backup(&kept(&args.store)?, &args.to, &mut Told::new(ui).step());
    copied(rows.map_err(stop)?, &args.to.display().to_string(), ui)
}

/// Copies a backup into an empty store.
pub(super) fn restore(args: &RestoreArgs, ui: &Ui) -> CommandResult {
    let choice = args.store.choice()?;
    let rows = reference_hub::restore(&args.from, &kept(&args.store)?, &mut Told::new(ui).step());
    copied(rows.map_err(stop)?, &choice.to_string(), ui)
}

/// Looks through a store, and compares every file's SHA-256.
pub(super) fn verify(args: &VerifyArgs, ui: &Ui) -> CommandResult {
    let verified = reference_hub::verify(&kept(&args.store)?, &mut Told::new(ui).step());
    let Verified { files, bytes, damage } = verified.map_err(stop)?;
    let lines: Vec<String> = damage.iter().map(|damage| line(damage, ui)).collect();
    match ui.format {
        Format::Json => {
            let verdict = if damage.is_empty() { "pass" } else { "fail" };
            let told =
                json!({ "verdict": verdict, "files": files, "bytes": bytes, "damage": lines });
            ui.json(&told)?;
        }
        Format::Human => {
            lines.iter().for_each(|line| ui.line(line));
            ui.line(&ui.pick(
                format!("ファイル {files} 件を確かめました。損傷 {} 件", damage.len()),
                format!("{files} files compared; {} damaged", damage.len()),
            ));
        }
    }
    Ok(if damage.is_empty() { End::Good } else { End::Bad })
}

fn copied(rows: u64, to: &str, ui: &Ui) -> CommandResult {
    match ui.format {
        Format::Json => ui.json(&json!({ "rows": rows, "to": to }))?,
        Format::Human => ui.line(
            &ui.pick(format!("{rows} 行を写しました: {to}"), format!("{rows} rows copied: {to}")),
        ),
    }
    Ok(End::Good)
}

fn kept(args: &StoreArgs) -> Result<Kept, Stop> {
    match args.choice()? {
        StoreChoice::Memory => Err(Stop::setup(
            "メモリーには何も残りません。sqlite:PATH か postgres://… を指定してください",
            "memory keeps nothing; name sqlite:PATH or postgres://…",
        )),
        StoreChoice::Sqlite(path) => Ok(Kept::Sqlite(path)),
        StoreChoice::Postgres(place) => Ok(Kept::Postgres(place)),
    }
}

fn line(damage: &Damage, ui: &Ui) -> String {
    match damage {
        Damage::Structure(what) => {
            ui.pick(format!("データベースの損傷: {what}"), format!("database: {what}"))
        }
        Damage::Orphans { table, rows } => ui.pick(
            format!("{table}: {rows} 行に送信がありません"),
            format!("{table}: {rows} rows without a sending"),
        ),
        Damage::State { delivery } => ui.pick(
            format!("配信 {delivery}: 状態が成り立ちません"),
            format!("delivery {delivery}: in no state that there is"),
        ),
        Damage::Digest { delivery, place } => ui.pick(
            format!("配信 {delivery} の {place} 番目のファイル: 届いたときと違います"),
            format!("delivery {delivery}, file {place}: not as it arrived"),
        ),
    }
}

/// Tells of each tenth of a large store.
struct Told<'a> {
    ui: &'a Ui,
}

/// What is copied faster than it is read about.
const ROWS_UNSEEN_MAX: u64 = 20_000;

impl<'a> Told<'a> {
    fn new(ui: &'a Ui) -> Self {
        Self { ui }
    }

    fn step(self) -> impl FnMut(Step) + 'a {
        move |Step { done, all }| {
            if ROWS_UNSEEN_MAX < all && done * 10 / all != (done - 1) * 10 / all {
                self.ui.note(&format!("{done}/{all}"));
            }
        }
    }
}

fn stop(fault: reference_hub::StoreFault) -> Stop {
    let fault = HubFault::Store(fault);
    Stop::setup(fault.line(Lang::Ja), fault.line(Lang::En))
}
