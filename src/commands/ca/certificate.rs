//! `careplan ca issue | revoke | list`: certificates, as the CA's operator hands them out.

use std::{
    fs,
    path::{Path, PathBuf},
};

use careplan_protocol::{
    OfficeNumber, Problem, ProblemKind,
    ca::{CertificateInfo, CertificateKind, CertificateState, Certificates},
};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use fake_ca::{CaFault, Saved};
use serde::Serialize;

use super::{open_existing, stop};
use crate::{
    table::width,
    ui::{CommandResult, End, Format, Stop, Ui},
};

#[derive(clap::Args)]
pub(super) struct IssueArgs {
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
pub(super) struct RevokeArgs {
    /// 認証局のフォルダー / the CA's folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// シリアル番号（16進） / serial number, hexadecimal
    serial: String,
}

#[derive(clap::Args)]
pub(super) struct ListArgs {
    /// 認証局のフォルダー / the CA's folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
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

pub(super) fn issue(args: &IssueArgs, ui: &Ui) -> CommandResult {
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
            if let Some(yen) = info.kind.fee_yen() {
                ui.line(&ui.pick(
                    format!("  手数料 {}円（3年分）", grouped(yen)),
                    format!("  fee {} yen for three years", grouped(yen)),
                ));
            }
        }
        None => ui.line(ui.pick("サーバー証明書を発行しました", "issued: server certificate")),
    }
    let paths = [Some(&saved.certificate), Some(&saved.key), saved.pkcs12.as_ref()];
    for path in paths.into_iter().flatten() {
        ui.line(&format!("  {}", path.display()));
    }
    Ok(End::Good)
}

pub(super) fn revoke(args: &RevokeArgs, ui: &Ui) -> CommandResult {
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

pub(super) fn list(args: &ListArgs, ui: &Ui) -> CommandResult {
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
pub(in crate::commands) fn table(certificates: &[CertificateInfo], ui: &Ui) -> Vec<String> {
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

/// A number of yen as it is written.
fn grouped(yen: u32) -> String {
    match yen {
        0..1000 => yen.to_string(),
        _ => format!("{},{:03}", yen / 1000, yen % 1000),
    }
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
    fn a_password_is_the_files_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("password");
        fs::write(&path, "with space \r\n").expect("writes");
        assert_eq!(read_password(&path).ok().as_deref(), Some("with space "));
        fs::write(&path, "\n").expect("writes");
        assert!(matches!(read_password(&path), Err(Stop::Setup { .. })));
    }

    #[test]
    fn yen_are_grouped() {
        assert_eq!([0, 900, 13_200].map(grouped), ["0", "900", "13,200"]);
    }
}
