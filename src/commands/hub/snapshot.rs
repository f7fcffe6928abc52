//! `careplan hub reset` and `careplan hub snapshot`: starting anew, and going back to a moment that
//! has a name.

use careplan_protocol::{
    SnapshotName,
    admin::{Snapshot, Snapshots},
};
use reference_hub::Method;
use time::format_description::well_known::Rfc3339;

use super::door::{DoorArgs, Reply};
use crate::{
    table,
    ui::{CommandResult, End, Format, Stop, Ui},
};

#[derive(clap::Args)]
pub(super) struct ResetArgs {
    #[command(flatten)]
    door: DoorArgs,
}

#[derive(clap::Args)]
pub(super) struct SnapshotArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// 今の状態に名前を付けて保存する / keep the present state under a name
    Save(Named),
    /// 保存した状態に戻す / go back to it
    Restore(Named),
    /// 保存した状態の一覧 / what was kept
    List(ResetArgs),
    /// 保存した状態を消す / forget it
    Remove(Named),
}

#[derive(clap::Args)]
struct Named {
    #[command(flatten)]
    door: DoorArgs,
    /// 名前（英小文字・数字・ハイフン） / its name, of a-z, 0-9 and -
    name: SnapshotName,
}

pub(super) fn reset(args: &ResetArgs, ui: &Ui) -> CommandResult {
    let told = args.door.tell(Method::POST, "/admin/reset")?;
    done(told, ui, "起動したときの状態に戻しました", "the hub is as it was at its start")
}

pub(super) fn run(args: &SnapshotArgs, ui: &Ui) -> CommandResult {
    match &args.command {
        Command::Save(Named { door, name }) => {
            show(door.ask(Method::PUT, &path(name), &())?.map(one), ui)
        }
        Command::Restore(Named { door, name }) => {
            let path = format!("{}/restore", path(name));
            show(door.ask(Method::POST, &path, &())?.map(one), ui)
        }
        Command::List(args) => show(args.door.get("/admin/snapshots")?, ui),
        Command::Remove(Named { door, name }) => {
            let told = door.tell(Method::DELETE, &path(name))?;
            done(told, ui, "消しました", "forgotten")
        }
    }
}

fn path(name: &SnapshotName) -> String {
    format!("/admin/snapshots/{name}")
}

fn one(snapshot: Snapshot) -> Snapshots {
    Snapshots { snapshots: vec![snapshot] }
}

fn show(reply: Reply<Snapshots>, ui: &Ui) -> CommandResult {
    let shown = match reply {
        Ok(shown) => shown,
        Err(problem) => return ui.problem(&problem),
    };
    match ui.format {
        Format::Json => ui.json(&shown)?,
        Format::Human => {
            for Snapshot { name, taken_at } in shown.snapshots {
                let taken_at = taken_at.format(&Rfc3339).map_err(Stop::ours)?;
                ui.line(&format!("{} {taken_at}", table::pad(name.as_str(), 40)));
            }
        }
    }
    Ok(End::Good)
}

fn done(reply: Reply<()>, ui: &Ui, ja: &str, en: &str) -> CommandResult {
    match reply {
        Ok(()) => ui.note(ui.pick(ja, en)),
        Err(problem) => return ui.problem(&problem),
    }
    Ok(End::Good)
}
