//! `careplan hub`: the reference hub as a service of its own, and what its operator does with it.

mod audit;
mod backup;
mod clock;
mod door;
mod fault;
mod licence;
mod office;
mod offices_file;
mod openapi;
mod serve;
mod snapshot;
mod store;
mod sweep;

pub(crate) use store::parse as store_choice;

use crate::ui::{CommandResult, Ui};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// 基盤を起動する（Ctrl-C で終了） / serve the hub until Ctrl-C
    Serve(Box<serve::ServeArgs>),
    /// 保管しているものの控えを取る（基盤は動いていてよい） / copy the store, beside a running hub
    Backup(backup::BackupArgs),
    /// 控えを空の保管場所に戻す / copy a backup into an empty store
    Restore(backup::RestoreArgs),
    /// 保管しているものを確かめる / check the store and every file's SHA-256
    Verify(backup::VerifyArgs),
    /// 基盤の通信仕様（OpenAPI 3.1）を出す / print the hub's requests as OpenAPI 3.1
    Openapi,
    /// 動いている基盤の時計 / the clock of a running hub
    Clock(clock::ClockArgs),
    /// 保管期間の過ぎたものを今すぐ消す / put away at once what has been kept long enough
    Sweep(sweep::SweepArgs),
    /// 基盤に名前で仕込む障害 / misbehaviour by name
    Fault(fault::FaultArgs),
    /// 利用事業所 / the offices that take part
    Office(office::OfficeArgs),
    /// 事業所のライセンス / an office's licence
    Licence(licence::LicenceArgs),
    /// 監査記録を確かめる・取り出す / check an audit log, or print what it says
    Audit(audit::AuditArgs),
    /// 基盤を起動したときの状態に戻す（認証局と監査記録はそのまま） / bring a running hub back to
    /// its start: not the CA, nor the audit log
    Reset(snapshot::ResetArgs),
    /// 基盤の状態を名前を付けて保存し、戻す（認証局と監査記録は含まない） / keep a hub's state under
    /// a name, and go back to it: not the CA's, nor the audit log
    Snapshot(snapshot::SnapshotArgs),
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    match &args.command {
        Command::Serve(args) => serve::serve(args, ui),
        Command::Backup(args) => backup::backup(args, ui),
        Command::Restore(args) => backup::restore(args, ui),
        Command::Verify(args) => backup::verify(args, ui),
        Command::Openapi => openapi::print(ui),
        Command::Clock(args) => clock::run(args, ui),
        Command::Sweep(args) => sweep::run(args, ui),
        Command::Fault(args) => fault::run(args, ui),
        Command::Office(args) => office::run(args, ui),
        Command::Licence(args) => licence::run(args, ui),
        Command::Audit(args) => audit::run(args, ui),
        Command::Reset(args) => snapshot::reset(args, ui),
        Command::Snapshot(args) => snapshot::run(args, ui),
    }
}
