//! `careplan ca …`: the fake certificate authority, one module a subject.

mod account;
mod certificate;
mod flaw;
mod serve;

use std::path::Path;

use careplan_protocol::Clock;
use fake_ca::{CaFault, FakeCa, Keep};

pub(super) use self::certificate::table as certificate_table;
use crate::ui::{CommandResult, Stop, Ui};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// 認証局を起動する（Ctrl-C で終了） / serve the CA until Ctrl-C
    Serve(serve::ServeArgs),
    /// クライアント証明書、または基盤のサーバー証明書を発行する
    /// issue a client certificate, or the hub's server certificate
    Issue(certificate::IssueArgs),
    /// 証明書を失効させる / revoke a certificate
    Revoke(certificate::RevokeArgs),
    /// 発行した証明書の一覧 / list the certificates issued
    List(certificate::ListArgs),
    /// ユーザIDとパスワード（一覧・ロック解除・期限・再発行）
    /// accounts and their passwords: list, unlock, expire, reissue
    Account(account::AccountArgs),
    /// 欠陥のある証明書（一覧・発行） / certificates with a flaw: list, issue
    Flaw(flaw::FlawArgs),
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    match &args.command {
        Command::Serve(args) => serve::serve(args, ui),
        Command::Issue(args) => certificate::issue(args, ui),
        Command::Revoke(args) => certificate::revoke(args, ui),
        Command::List(args) => certificate::list(args, ui),
        Command::Account(args) => account::run(args, ui),
        Command::Flaw(args) => flaw::run(args, ui),
    }
}

/// The CA of a folder that has one: a mistyped path must not become a new CA.
fn open_existing(dir: &Path) -> Result<FakeCa, Stop> {
    if !FakeCa::is_kept_in(dir) {
        let dir = dir.display();
        return Err(Stop::setup(
            format!("{dir} に認証局がありません。careplan ca serve --dir {dir} で作れます"),
            format!("{dir} holds no CA; careplan ca serve --dir {dir} makes one"),
        ));
    }
    FakeCa::open(Keep::Folder(dir.to_owned()), Clock::system()).map_err(stop)
}

fn stop(fault: CaFault) -> Stop {
    match &fault {
        CaFault::Path { path, source } => Stop::path(path, source),
        CaFault::Damaged { path, what } => {
            let path = path.display();
            Stop::setup(
                format!(
                    "{path} が壊れています（{what}）。控えから戻すか、別のフォルダーを使ってください"
                ),
                format!("{path} is damaged ({what}); restore it or use another folder"),
            )
        }
        CaFault::Listen { address, source } => Stop::setup(
            format!(
                "{address} で待ち受けできません（{source}）。別のアドレスかポート0を使ってください"
            ),
            format!("cannot listen on {address} ({source}); use another address, or port 0"),
        ),
        CaFault::Pkcs12(what) => Stop::setup(
            format!("PKCS#12を作れません（{what}）。パスワードの文字を変えてください"),
            format!("cannot make PKCS#12 ({what}); choose a password of other characters"),
        ),
        CaFault::AccountExists(_)
        | CaFault::UnknownAccount(_)
        | CaFault::UnknownSerial(_)
        | CaFault::Certificate(_)
        | CaFault::Tls(_)
        | CaFault::Inner(_) => Stop::ours(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_a_ca_stays_without_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let stopped = open_existing(folder.path()).err().expect("there is none");
        assert!(matches!(stopped, Stop::Setup { .. }));
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }
}
