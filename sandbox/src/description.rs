//! What stands where: the one JSON object that `careplan up` prints first.

use std::path::PathBuf;

use serde::Serialize;

/// Where everything of a sandbox is. Secrets are named by their files, never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Description {
    /// The certificate authority, `https://…`.
    pub ca_url: String,
    /// The hub, `https://…`.
    pub hub_url: String,
    /// The hub's admin listener, `http://…`.
    pub admin_url: String,
    /// The file with the token of the admin listener.
    pub admin_token_file: PathBuf,
    /// The hub's audit log, JSON lines.
    pub audit_file: PathBuf,
    /// The only root certificate to trust, PEM.
    pub root_certificate_file: PathBuf,
    /// `actual` or `plus`.
    pub profile: &'static str,
    /// `memory`, `sqlite` or `postgres`.
    pub store: &'static str,
    /// The seed of people and plans.
    pub seed: u64,
    /// The folder that all files are in.
    pub folder: PathBuf,
    /// The offices.
    pub offices: Vec<OfficeDescription>,
}

/// Where everything of an office is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfficeDescription {
    /// 事業所番号.
    pub number: String,
    /// 事業所名称.
    pub name: String,
    /// サービス種類コード.
    pub kinds: Vec<String>,
    /// ユーザID.
    pub user_id: String,
    /// The file that holds the password.
    pub password_file: PathBuf,
    /// The client certificate with its chain, PEM.
    pub certificate_chain_file: PathBuf,
    /// The private key, PEM.
    pub key_file: PathBuf,
    /// Certificate and key as PKCS#12, if that was asked for.
    pub p12_file: Option<PathBuf>,
    /// The file that holds the password of the PKCS#12 file.
    pub p12_password_file: Option<PathBuf>,
    /// The folder of its terminal.
    pub terminal_home: PathBuf,
    /// The folder of its care software.
    pub software_home: PathBuf,
}
