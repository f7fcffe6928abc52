//! `careplan client enrol`: a folder becomes a terminal.

use std::{
    fs,
    path::{Path, PathBuf},
};

use careplan_protocol::{UserId, ca::CertificateKind};
use clap::builder::PossibleValuesParser;
use reference_client::{
    CertificateSource, ClientError, Credentials, Enrolment, FirstLogin, Terminal,
};
use serde_json::json;

use super::{
    TerminalArgs,
    certificate::note_password,
    input::{read_text, secret},
    settings,
    show::failed,
};
use crate::ui::{CommandResult, End, Format, Stop, Ui};

#[derive(clap::Args)]
pub(super) struct EnrolArgs {
    #[command(flatten)]
    terminal: TerminalArgs,
    /// 基盤のアドレス / the hub's address
    #[arg(long, value_name = "URL")]
    hub: String,
    /// 認証局のルート証明書（PEM） / the CA's root certificate (PEM)
    #[arg(long, value_name = "FILE")]
    root: PathBuf,
    /// ユーザID（KJと数字12桁） / user ID (KJ and 12 digits)
    #[arg(long, value_name = "KJ…")]
    user_id: UserId,
    /// 認証局のアドレス。証明書の発行を申請する / the CA's address, to apply for a certificate
    #[arg(long, value_name = "URL", required_unless_present_any = ["certificate", "pkcs12"])]
    ca: Option<String>,
    /// 仮パスワードを変更する先のパスワードのファイル / file with the password to change to first
    #[arg(long, value_name = "FILE", requires = "ca")]
    new_password_file: Option<PathBuf>,
    /// 失くした証明書を失効させ、再発行を受ける / revoke the certificate that was lost, and get another
    #[arg(long, requires = "ca")]
    reissue: bool,
    /// 証明書の種類 / kind of certificate
    #[arg(long, default_value = CertificateKind::CareInsurance.word(),
          value_parser = PossibleValuesParser::new(CertificateKind::ALL.map(CertificateKind::word)))]
    kind: String,
    /// 発行済みの証明書（PEM） / a certificate issued before (PEM)
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with_all = ["ca", "pkcs12"])]
    certificate: Option<PathBuf>,
    /// その秘密鍵（PEM） / its private key (PEM)
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
    /// 発行済みの証明書（PKCS#12） / a certificate issued before (PKCS#12)
    #[arg(long, value_name = "FILE", requires = "issue_password_file", conflicts_with = "ca")]
    pkcs12: Option<PathBuf>,
    /// 証明書発行用パスワードのファイル / file with the 証明書発行用パスワード
    #[arg(long, value_name = "FILE", requires = "pkcs12")]
    issue_password_file: Option<PathBuf>,
}

pub(super) async fn enrol(args: &EnrolArgs, ui: &Ui) -> CommandResult {
    let enrolment = Enrolment {
        hub_url: args.hub.clone(),
        root_pem: read_text(&args.root)?,
        user_id: args.user_id.clone(),
        certificate: match certificate_source(args, ui) {
            Ok(source) => source,
            Err(Refused::Stop(stop)) => return Err(stop),
            Err(Refused::Client(error)) => return failed(&error, ui),
        },
    };
    let terminal = match Terminal::enrol(&args.terminal.home, enrolment, settings(ui)).await {
        Ok(terminal) => terminal,
        Err(error) => {
            let end = failed(&error, ui);
            note_password(&error, ui);
            return end;
        }
    };
    let office = terminal.office().map(|office| office.to_string()).unwrap_or_default();
    match ui.format {
        Format::Json => ui.json(&json!({"terminal": terminal.id(), "office": office}))?,
        Format::Human => ui.line(&ui.pick(
            format!("端末を登録しました。事業所番号 {office}、端末ID {}", terminal.id()),
            format!("enrolled: office {office}, terminal {}", terminal.id()),
        )),
    }
    Ok(End::Good)
}

/// Why there is no certificate to enrol with.
enum Refused {
    Stop(Stop),
    Client(ClientError),
}

impl From<Stop> for Refused {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

fn certificate_source(args: &EnrolArgs, ui: &Ui) -> Result<CertificateSource, Refused> {
    if let Some(ca_url) = &args.ca {
        let password = secret(args.terminal.password_file.as_deref(), ui)?;
        let new_password = match &args.new_password_file {
            Some(file) => Some(secret(Some(file), ui)?),
            None => None,
        };
        let kind = CertificateKind::from_word(&args.kind)
            .ok_or_else(|| Stop::ours("a kind that clap let through"))?;
        let (ca_url, login) = (ca_url.clone(), FirstLogin { password, new_password });
        return Ok(match args.reissue {
            false => CertificateSource::Apply { ca_url, login, kind },
            true => CertificateSource::Reissue { ca_url, login, kind },
        });
    }
    let credentials = match (&args.pkcs12, &args.certificate, &args.key) {
        (Some(file), ..) => {
            let bytes = fs::read(file).map_err(|error| Stop::path(file, &error))?;
            Credentials::from_pkcs12(&bytes, &secret(args.issue_password_file.as_deref(), ui)?)
        }
        (None, Some(chain), Some(key)) => {
            let read = |file: &Path| fs::read(file).map_err(|error| Stop::path(file, &error));
            Credentials::from_pem(read(chain)?, read(key)?)
        }
        _ => return Ok(CertificateSource::None),
    };
    credentials.map(CertificateSource::Installed).map_err(Refused::Client)
}
