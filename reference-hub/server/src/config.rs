//! What a hub is started with, and why it may not start.

use std::{fmt, io, net::SocketAddr, path::PathBuf, time::Duration};

use careplan_faults::Faults;
use careplan_protocol::{Clock, Lang, OfficeNumber, ServiceKind, hub::Profile};
use hub_relay::{CheckLevel, Licence, Prefecture};
use hub_store::{Fault, PostgresPlace};
use thiserror::Error;

use crate::{Keeping, admin::AdminConfig};

/// What a hub is started with.
#[derive(Clone)]
pub struct HubConfig {
    /// Where to listen; port 0 for any free one.
    pub listen: SocketAddr,
    /// Where to keep things.
    pub store: StoreChoice,
    /// The server's certificate chain, PEM, its own first.
    pub tls_chain_pem: String,
    /// The server's private key, PEM.
    pub tls_key_pem: String,
    /// The roots of client certificates, PEM. Clients present the issuing CA's themselves.
    pub client_roots_pem: String,
    /// The CA's service: `https://…`, for 共通ログイン and the revocation list.
    pub ca_url: String,
    /// The root that the CA's service is trusted by, PEM.
    pub ca_root_pem: String,
    /// How often the revocation list is asked for.
    pub crl_refresh: Duration,
    /// How claims and lists behave.
    pub profile: Profile,
    /// How long claims last, and how long things are kept.
    pub keeping: Keeping,
    /// How closely it looks at what is sent.
    pub check: CheckLevel,
    /// Offices to register, or to bring up to date, at start. The licence of one that the store
    /// knows already stays as it is.
    pub offices: Vec<OfficeRegistration>,
    /// The time of certificates, sessions and licences.
    pub clock: Clock,
    /// The operator's own listener; none unless asked for.
    pub admin: Option<AdminConfig>,
    /// What it is told to do wrong, at start and later.
    pub faults: Faults,
    /// The file of the audit log, made if there is none; no log without it. One hub, one file.
    pub audit: Option<PathBuf>,
}

/// How often the revocation list is asked for, unless somebody says otherwise.
pub const CRL_REFRESH: Duration = Duration::from_secs(10);

/// Where a hub keeps things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreChoice {
    /// Nowhere: gone when the hub ends.
    Memory,
    /// In this SQLite file, made if there is none.
    Sqlite(PathBuf),
    /// In this database, which several hubs may share.
    Postgres(PostgresPlace),
}

/// What a person knows it by; there is no secret in it.
impl fmt::Display for StoreChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.pad("memory"),
            Self::Sqlite(path) => {
                let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
                write!(f, "sqlite:{}", path.display())
            }
            Self::Postgres(place) => place.fmt(f),
        }
    }
}

/// An office that takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeRegistration {
    /// 事業所番号.
    pub office: OfficeNumber,
    /// 事業所名称.
    pub name: String,
    /// サービス種類.
    pub kinds: Vec<ServiceKind>,
    /// 都道府県; if none, the one that the number begins with.
    pub prefecture: Option<Prefecture>,
    /// CSVバージョン値 that its software takes; empty if that is not known.
    pub versions: Vec<String>,
    /// Its licence; none if it never applied.
    pub licence: Option<Licence>,
}

/// Why a hub does not start. All but a failed store are wrong set-up.
#[derive(Debug, Error)]
pub enum HubFault {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the machine says.
        source: io::Error,
    },
    /// Certificates or keys that cannot be used.
    #[error("cannot use the certificates: {0}")]
    Certificates(String),
    /// The CA cannot be reached, so that nobody knows which certificates are revoked.
    #[error("cannot get the revocation list from the CA: {0}")]
    Authority(String),
    /// The audit log cannot be written.
    #[error("cannot use the audit log {path}: {source}", path = path.display())]
    Audit {
        /// Which file.
        path: PathBuf,
        /// What the machine says.
        source: io::Error,
    },
    /// Another hub writes the audit log.
    #[error("the audit log {path} is in use", path = path.display())]
    AuditInUse {
        /// Which file.
        path: PathBuf,
    },
    /// The store cannot be opened.
    #[error("cannot use the store: {0}")]
    Store(Fault),
}

impl HubFault {
    /// One line for a person: what happened and what to do.
    pub fn line(&self, lang: Lang) -> String {
        let (ja, en) = match self {
            Self::Listen { address, source } => (
                format!(
                    "{address} で待ち受けられません（{source}）。別の番号か、0 を使ってください"
                ),
                format!("cannot listen on {address} ({source}); use another port, or 0"),
            ),
            Self::Certificates(what) => (
                format!("証明書または秘密鍵を使えません（{what}）。ファイルを確かめてください"),
                format!("cannot use the certificates ({what}); check the files"),
            ),
            Self::Authority(what) => (
                format!(
                    "認証局から失効リストを取れません（{what}）。認証局の場所と起動を確かめてください"
                ),
                format!("cannot get the revocation list ({what}); check the CA's address"),
            ),
            Self::Audit { path, source } => (
                format!(
                    "監査記録 {} を使えません（{source}）。careplan hub audit verify で確かめ、別の場所に移してください",
                    path.display()
                ),
                format!(
                    "cannot use the audit log {} ({source}); look at it with careplan hub audit verify, and move it away",
                    path.display()
                ),
            ),
            Self::AuditInUse { path } => (
                format!(
                    "監査記録 {} は、ほかの基盤が使っています。その基盤を終えるか、--audit で別のファイルを指定してください",
                    path.display()
                ),
                format!(
                    "another hub writes the audit log {}; end that hub, or give --audit another file",
                    path.display()
                ),
            ),
            Self::Store(fault) => (
                format!(
                    "保管場所を使えません（{fault}）。別の場所にするか、控えから戻してください"
                ),
                format!("cannot use the store ({fault}); choose another, or restore a backup"),
            ),
        };
        match lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }
}
