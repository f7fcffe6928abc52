//! `careplan ca serve`: the CA's service, until Ctrl-C.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use careplan_protocol::Clock;
use fake_ca::{CaFault, CaServer, FakeCa, Keep, NewAccount};
use serde::Serialize;

use super::stop;
use crate::{
    signals::asked_to_end,
    ui::{CommandResult, End, Stop, Ui, block_on},
};

#[derive(clap::Args)]
pub(super) struct ServeArgs {
    /// 認証局を置くフォルダー（なければ作る。省略するとメモリーだけ）
    /// the CA's folder, made if missing; in memory only if left out
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// 待ち受けるアドレス（ポート0は空きポート） / address to listen on (port 0: a free one)
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// ユーザIDの一覧 / accounts to open:
    /// [{"user_id", "office", "office_name", "password", "temporary"?}]
    #[arg(long, value_name = "FILE.json")]
    accounts: Option<PathBuf>,
}

/// The first line of `serve`.
#[derive(Serialize)]
struct Serving<'a> {
    url: String,
    /// A path; none without a folder.
    root_certificate: Option<PathBuf>,
    root_certificate_pem: &'a str,
    accounts: usize,
}

pub(super) fn serve(args: &ServeArgs, ui: &Ui) -> CommandResult {
    let accounts = args.accounts.as_deref().map(read_accounts).transpose()?.unwrap_or_default();
    let keep = args.dir.clone().map_or(Keep::Memory, Keep::Folder);
    let ca = FakeCa::open(keep, Clock::system()).map_err(stop)?;
    let count = accounts.len();
    for account in accounts {
        match ca.add_account(account) {
            Err(CaFault::AccountExists(user_id)) => ui.note(&ui.pick(
                format!("{user_id} はすでにあります。そのまま使います"),
                format!("{user_id} is there already and stays as it is"),
            )),
            added => added.map_err(stop)?,
        }
    }
    block_on(async {
        let server = CaServer::start(ca.clone(), args.listen).await.map_err(stop)?;
        let end = asked_to_end()?;
        let told = announce(&ca, &server, count, ui);
        end.await;
        server.stop().await;
        told
    })
}

fn announce(ca: &FakeCa, server: &CaServer, accounts: usize, ui: &Ui) -> CommandResult {
    let root_certificate = ca.root_path().map(|path| std::path::absolute(&path).unwrap_or(path));
    let root = match &root_certificate {
        Some(path) => path.display().to_string(),
        None => format!("{}/v1/root.pem", server.url()),
    };
    ui.json(&Serving {
        url: server.url(),
        root_certificate,
        root_certificate_pem: ca.root_pem(),
        accounts,
    })?;
    let url = server.url();
    ui.note(&ui.pick(
        format!(
            "認証局（模擬）を起動しました: {url}\n  ルート証明書: {root}\n  終了するには Ctrl-C"
        ),
        format!("the fake CA listens: {url}\n  root certificate: {root}\n  Ctrl-C ends it"),
    ));
    let address = server.address();
    if !address.ip().is_loopback() {
        ui.note(&ui.pick(
            format!(
                "注意: {address} に届く人は誰でも、ログインの試行と失効リストの取得ができます。試験以外に使わないでください"
            ),
            format!(
                "note: whoever reaches {address} may try to log in and read the revocation list; use it for tests only"
            ),
        ));
    }
    Ok(End::Good)
}

/// What is wrong with the file is said by line alone: it holds passwords.
fn read_accounts(path: &Path) -> Result<Vec<NewAccount>, Stop> {
    let text = fs::read(path).map_err(|error| Stop::path(path, &error))?;
    serde_json::from_slice(&text).map_err(|error| {
        let (path, line) = (path.display(), error.line());
        let shape = r#"[{"user_id":"KJ+12","office":"…","office_name":"…","password":"…","temporary":true}]"#;
        Stop::setup(
            format!("{path} の{line}行目が読めません。形は {shape} です"),
            format!("{path}, line {line} cannot be read; its form is {shape}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_accounts_file_is_told_by_its_line_without_its_passwords() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("accounts.json");
        fs::write(&path, "[{\"user_id\":\"KJ277010001201\",\n\"password\":19450815}]")
            .expect("writes");
        let Err(Stop::Setup { ja, en }) = read_accounts(&path) else { panic!("it is read") };
        assert!(ja.contains("2行目") && en.contains("line 2"), "{ja} {en}");
        assert!(!ja.contains("19450815") && !en.contains("19450815"), "{ja} {en}");
        let text = r#"[{"user_id":"KJ277010001201","office":"2770100012","office_name":"見本",
            "password":"見本-password"}]"#;
        fs::write(&path, text).expect("writes");
        let accounts = read_accounts(&path).expect("reads");
        assert!(!accounts[0].temporary);
    }
}
