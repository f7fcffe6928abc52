//! What a sandbox is started with, and why it may not start.

use std::{io, path::PathBuf, time::Duration};

use careplan_faults::Faults;
use careplan_protocol::{Clock, Lang, hub::Profile};
use fake_ca::CaFault;
use reference_client::{ClientError, Patience};
use reference_hub::{CheckLevel, HubFault, PostgresPlace};
use thiserror::Error;

use crate::OfficeSpec;

/// What a sandbox is started with. The default is the standard cast, everything in memory and in a
/// folder that goes with the sandbox.
#[derive(Clone)]
pub struct SandboxConfig {
    /// The offices that take part.
    pub offices: Vec<OfficeSpec>,
    /// How the hub treats claims and lists.
    pub profile: Profile,
    /// How closely the hub looks at what is sent.
    pub check: CheckLevel,
    /// Where the hub keeps things.
    pub store: Store,
    /// How the hub runs.
    pub hub: HubMode,
    /// The one clock.
    pub clock: Clock,
    /// What hub and CA are told to do wrong. An enrolment is not repeated by itself, so that faults
    /// of the CA are better armed when the sandbox stands.
    pub faults: Faults,
    /// How long terminals try.
    pub patience: Patience,
    /// The seed of people and plans.
    pub seed: u64,
    /// The folder for everything, which must be empty or missing and stays; if none, a temporary
    /// one.
    pub folder: Option<PathBuf>,
    /// Whether a temporary folder stays, too.
    pub keep: bool,
    /// Whether each office gets its certificate as PKCS#12 as well.
    pub pkcs12: bool,
}

/// On loopback nothing is slow: a terminal gives up soon, so that a cut line is seen soon.
const SOON: Patience = Patience {
    attempts_max: 2,
    wait_first: Duration::from_millis(50),
    wait_max: Duration::from_millis(200),
    connect_max: Duration::from_secs(10),
    answer_max: Duration::from_secs(30),
};

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            offices: OfficeSpec::standard_cast(),
            profile: Profile::Actual,
            check: CheckLevel::Standard,
            store: Store::Memory,
            hub: HubMode::InProcess,
            clock: Clock::system(),
            faults: Faults::new(),
            patience: SOON,
            seed: 1,
            folder: None,
            keep: false,
            pkcs12: false,
        }
    }
}

/// Where the hub keeps things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Store {
    /// In memory.
    Memory,
    /// In an SQLite file in the sandbox's folder.
    Sqlite,
    /// In a database that is there: `postgres://…`, without a password. It stays as it is left.
    Postgres(PostgresPlace),
}

/// How the hub runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HubMode {
    /// In this process.
    InProcess,
    /// As a process of its own, which can be killed. What would be in memory is in SQLite, and it follows
    /// the machine's clock: a sandbox whose clock is set wants the other mode.
    Process {
        /// The `careplan` binary.
        binary: PathBuf,
    },
}

/// Why a sandbox does not start, or a part of it does not do what it was asked.
#[derive(Debug, Error)]
pub enum SandboxError {
    /// A file or folder that cannot be used.
    #[error("{path}: {source}", path = path.display())]
    Path {
        /// Which.
        path: PathBuf,
        /// What the machine says.
        source: io::Error,
    },
    /// The folder holds something already.
    #[error("{path} is not empty", path = .0.display())]
    NotEmpty(PathBuf),
    /// The CA.
    #[error("CA: {0}")]
    Ca(#[from] CaFault),
    /// The hub in this process.
    #[error("hub: {0}")]
    Hub(#[from] HubFault),
    /// The hub as a process of its own.
    #[error("hub process: {0}")]
    Process(String),
    /// An office's terminal.
    #[error("terminal: {0}")]
    Terminal(#[from] ClientError),
    /// A fault that could never act as it was said.
    #[error("fault: {0}")]
    Fault(String),
    /// There is no such office, terminal or process here.
    #[error("there is no {0} here")]
    Missing(String),
    /// A fault of our own.
    #[error("{0}")]
    Ours(String),
}

impl SandboxError {
    /// One line for a person who can mend it; none if nobody here can.
    pub fn setup_line(&self, lang: Lang) -> Option<String> {
        let (ja, en) = match self {
            Self::Path { path, source } => (
                format!(
                    "{} を使えません（{source}）。場所と権限を確かめてください",
                    path.display()
                ),
                format!("cannot use {} ({source}); check place and permissions", path.display()),
            ),
            Self::NotEmpty(path) => (
                format!(
                    "{} は空ではありません。空のフォルダーか新しい名前を指定してください",
                    path.display()
                ),
                format!("{} is not empty; name an empty or a new folder", path.display()),
            ),
            _ => return None,
        };
        Some(match lang {
            Lang::Ja => ja,
            Lang::En => en,
        })
    }
}
