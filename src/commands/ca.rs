//! `careplan ca serve | issue | revoke | list`: the fake certificate authority.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use careplan_protocol::{
    Clock, OfficeNumber, Problem, ProblemKind,
    ca::{CertificateInfo, CertificateKind, CertificateState, Certificates},
};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use fake_ca::{CaFault, CaServer, FakeCa, Keep, NewAccount, Saved};
use serde::Serialize;

use crate::{
    signals::asked_to_end,
    table::width,
    ui::{CommandResult, End, Format, Stop, Ui, block_on},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// 認証局を起動する（Ctrl-C で終了） / serve the CA until Ctrl-C
    Serve(ServeArgs),
    /// クライアント証明書、または基盤のサーバー証明書を発行する
    /// issue a client certificate, or the hub's server certificate
    Issue(IssueArgs),
    /// 証明書を失効させる / revoke a certificate
    Revoke(RevokeArgs),
    /// 発行した証明書の一覧 / list the certificates issued
    List(ListArgs),
}

#[derive(clap::Args)]
struct ServeArgs {
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

#[derive(clap::Args)]
struct IssueArgs {
    /// 認証局のフォルダー / the CA's folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// 事業所番号（クライアント証明書） / office number, for a client certificate
    #[arg(long, value_name = "NUMBER", requires = "kind", required_unless_present = "server")]
    office: Option<OfficeNumber>,
    /// クライアント証明書の種類 / kind of client certificate
    #[arg(long, value_parser = kind_parser(), requires = "office")]
    kind: Option<CertificateKind>,
    /// サーバーの名前またはアドレス（サーバー証明書。何度でも）
    /// name or address of a server, for a server certificate; may be repeated
    #[arg(long, value_name = "NAME", conflicts_with_all = ["office", "kind", "pkcs12"])]
    server: Vec<String>,
    /// 証明書を置くフォルダー / folder for the certificate
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    /// PKCS#12 (certificate.p12) も作る / write PKCS#12 as well
    #[arg(long, requires = "password_file")]
    pkcs12: bool,
    /// PKCS#12のパスワードの入ったファイル / file that holds the PKCS#12's password
    #[arg(long, value_name = "FILE", requires = "pkcs12")]
    password_file: Option<PathBuf>,
}

#[derive(clap::Args)]
struct RevokeArgs {
    /// 認証局のフォルダー / the CA's folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// シリアル番号（16進） / serial number, hexadecimal
    serial: String,
}

#[derive(clap::Args)]
struct ListArgs {
    /// 認証局のフォルダー / the CA's folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
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

/// What `issue` made.
#[derive(Serialize)]
struct Issued<'a> {
    certificate: &'a Path,
    key: &'a Path,
    pkcs12: Option<&'a Path>,
    /// None for a server's: the CA keeps no list of them.
    info: Option<&'a CertificateInfo>,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    match &args.command {
        Command::Serve(args) => serve(args, ui),
        Command::Issue(args) => issue(args, ui),
        Command::Revoke(args) => revoke(args, ui),
        Command::List(args) => list(args, ui),
    }
}

fn serve(args: &ServeArgs, ui: &Ui) -> CommandResult {
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

fn issue(args: &IssueArgs, ui: &Ui) -> CommandResult {
    let password = args.password_file.as_deref().map(read_password).transpose()?;
    let ca = open_existing(&args.dir)?;
    let (Some(office), Some(kind)) = (args.office, args.kind) else {
        let names: Vec<&str> = args.server.iter().map(String::as_str).collect();
        let saved = ca.issue_server(&names).and_then(|identity| identity.save(&args.out));
        return report_issued(None, &saved.map_err(stop)?, ui);
    };
    let issued = ca.issue_client(office, kind).map_err(stop)?;
    let saved = issued.save(&args.out, password.as_deref()).map_err(|fault| {
        // Its key is lost: nobody shall take it for one in use. What stopped it is told first.
        let _ = ca.revoke(&issued.info.serial);
        stop(fault)
    })?;
    report_issued(Some(&issued.info), &saved, ui)
}

fn report_issued(info: Option<&CertificateInfo>, saved: &Saved, ui: &Ui) -> CommandResult {
    if ui.format == Format::Json {
        ui.json(&Issued {
            certificate: &saved.certificate,
            key: &saved.key,
            pkcs12: saved.pkcs12.as_deref(),
            info,
        })?;
        return Ok(End::Good);
    }
    match info {
        Some(info) => {
            ui.line(&ui.pick(
                format!("{} を発行しました（{}まで）", info.kind.name_ja(), info.not_after.date()),
                format!("issued: {}, until {}", info.kind.word(), info.not_after.date()),
            ));
            ui.line(&format!("  {} {}", ui.pick("シリアル番号", "serial number"), info.serial));
        }
        None => ui.line(ui.pick("サーバー証明書を発行しました", "issued: server certificate")),
    }
    let paths = [Some(&saved.certificate), Some(&saved.key), saved.pkcs12.as_ref()];
    for path in paths.into_iter().flatten() {
        ui.line(&format!("  {}", path.display()));
    }
    Ok(End::Good)
}

fn revoke(args: &RevokeArgs, ui: &Ui) -> CommandResult {
    let ca = open_existing(&args.dir)?;
    // As OpenSSL prints it, or as this command does.
    let serial = args.serial.replace(':', "").to_ascii_lowercase();
    match ca.revoke(&serial) {
        Err(CaFault::UnknownSerial(serial)) => {
            return ui.problem(&Problem::new(ProblemKind::NotFound).with_detail(serial));
        }
        revoked => revoked.map_err(stop)?,
    }
    let certificates = ca.certificates().map_err(stop)?;
    let revoked = certificates.iter().find(|info| info.serial == serial);
    match ui.format {
        Format::Json => ui.json(&revoked)?,
        Format::Human => {
            ui.line(&ui.pick(format!("{serial} を失効させました"), format!("revoked: {serial}")));
        }
    }
    Ok(End::Good)
}

fn list(args: &ListArgs, ui: &Ui) -> CommandResult {
    let certificates = open_existing(&args.dir)?.certificates().map_err(stop)?;
    match ui.format {
        Format::Json => ui.json(&Certificates { certificates })?,
        Format::Human if certificates.is_empty() => {
            ui.note(ui.pick("証明書はまだありません", "there is no certificate yet"));
        }
        Format::Human => {
            for line in table(&certificates, ui) {
                ui.line(&line);
            }
        }
    }
    Ok(End::Good)
}

/// One line a certificate below a heading, every column as wide as its widest value.
fn table(certificates: &[CertificateInfo], ui: &Ui) -> Vec<String> {
    let heading = ui.pick(
        ["事業所番号", "証明書", "状態", "開始日", "終了日", "シリアル番号"],
        ["office", "certificate", "state", "from", "until", "serial number"],
    );
    let mut rows = vec![heading.map(str::to_owned)];
    rows.extend(certificates.iter().map(|info| {
        [
            info.office.to_string(),
            ui.pick(info.kind.name_ja(), info.kind.word()).to_owned(),
            state_word(info.state, ui).to_owned(),
            info.not_before.date().to_string(),
            info.not_after.date().to_string(),
            info.serial.clone(),
        ]
    }));
    let mut widths = [0; 6];
    for row in &rows {
        for (widest, value) in widths.iter_mut().zip(row) {
            *widest = width(value).max(*widest);
        }
    }
    let line = |row: &[String; 6]| {
        let padded = row
            .iter()
            .zip(widths)
            .map(|(value, column)| format!("{value}{}", " ".repeat(column - width(value))));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

fn state_word(state: CertificateState, ui: &Ui) -> &'static str {
    match state {
        CertificateState::Issued => ui.pick("有効", "issued"),
        CertificateState::Revoked => ui.pick("失効", "revoked"),
        CertificateState::Expired => ui.pick("期限切れ", "expired"),
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

fn read_password(path: &Path) -> Result<String, Stop> {
    let text = fs::read_to_string(path).map_err(|error| Stop::path(path, &error))?;
    let password = text.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        let path = path.display();
        return Err(Stop::setup(
            format!("{path} が空です。1行目にパスワードを書いてください"),
            format!("{path} is empty; write the password on its first line"),
        ));
    }
    Ok(password.to_owned())
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

fn kind_parser() -> impl TypedValueParser<Value = CertificateKind> {
    PossibleValuesParser::new(CertificateKind::ALL.map(CertificateKind::word)).map(|word| {
        CertificateKind::from_word(&word).expect("the words of all kinds alone are let through")
    })
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::ui::Language;

    fn ui() -> Ui {
        Ui::new(Some(Language::Ja), Format::Human)
    }

    fn info(kind: CertificateKind, state: CertificateState) -> CertificateInfo {
        CertificateInfo {
            serial: "4a".to_owned(),
            kind,
            office: "2770100012".parse().expect("an office number"),
            not_before: datetime!(2025-04-01 0:00 UTC),
            not_after: datetime!(2028-04-01 0:00 UTC),
            state,
        }
    }

    #[test]
    fn columns_stand_under_their_headings_in_japanese() {
        let lines = table(
            &[
                info(CertificateKind::Agent, CertificateState::Expired),
                info(CertificateKind::DelegatedBillingOffice, CertificateState::Issued),
            ],
            &ui(),
        );
        let starts = lines.iter().map(|line| {
            let from = line.find("開始日").or_else(|| line.find("2025-04-01")).expect("a column");
            width(&line[..from])
        });
        let starts: Vec<_> = starts.collect();
        assert_eq!(starts, [starts[0]; 3], "{lines:#?}");
        assert!(lines[1].contains("代理人証明書") && lines[1].contains("期限切れ"), "{lines:#?}");
    }

    #[test]
    fn a_folder_without_a_ca_stays_without_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let stopped = open_existing(folder.path()).err().expect("there is none");
        assert!(matches!(stopped, Stop::Setup { .. }));
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }

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

    #[test]
    fn a_password_is_the_files_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("password");
        fs::write(&path, "with space \r\n").expect("writes");
        assert_eq!(read_password(&path).ok().as_deref(), Some("with space "));
        fs::write(&path, "\n").expect("writes");
        assert!(matches!(read_password(&path), Err(Stop::Setup { .. })));
    }
}
