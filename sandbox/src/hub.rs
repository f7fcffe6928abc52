//! The sandbox's hub: in this process, or as a process of its own that can be killed.

use std::{
    ffi::OsString,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration as Wait,
};

use careplan_faults::Faults;
use careplan_protocol::{Clock, hub::Profile};
use fake_ca::FakeCa;
use reference_hub::{
    AdminConfig, AdminToken, CheckLevel, Hub, HubConfig, Keeping, Licence, OfficeRegistration,
    StoreChoice,
};
use serde_json::{Value, json};
use time::{Duration, format_description::well_known::Rfc3339};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::{
    HubMode, OfficeSpec, SandboxConfig, SandboxError, Store,
    place::{make_folder, write_private},
};

/// How often the hub asks for the revocation list: soon enough for a scenario to wait for it.
const CRL_REFRESH: Wait = Wait::from_millis(250);

/// How long a licence lasts.
const LICENCE: Duration = Duration::days(365);

/// How long a hub's process may take until it listens.
const PROCESS_WAIT: Wait = Wait::from_secs(30);

/// A port of this machine alone, any that is free.
pub(crate) const ANY_LOOPBACK: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// What a hub is started from; the same again when it is started again.
pub(crate) struct HubPlan {
    mode: HubMode,
    store: Store,
    profile: Profile,
    check: CheckLevel,
    clock: Clock,
    faults: Faults,
    offices: Vec<OfficeSpec>,
    folder: PathBuf,
    ca_url: String,
    root_pem: String,
    identity: fake_ca::ServerIdentity,
}

/// Where a hub listens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Addresses {
    /// For the offices.
    pub(crate) hub: SocketAddr,
    /// For its operator.
    pub(crate) admin: SocketAddr,
}

impl Addresses {
    /// Whichever ports are free.
    pub(crate) const ANY: Self = Self { hub: ANY_LOOPBACK, admin: ANY_LOOPBACK };
}

/// A hub that runs, or has run.
pub(crate) enum HubState {
    InProcess(Hub),
    /// Dropping it kills the process.
    Process(Child),
    Down,
}

impl HubPlan {
    /// Plans the hub of a sandbox whose CA is at `ca_url`.
    pub(crate) fn new(
        config: &SandboxConfig,
        folder: &Path,
        ca: &FakeCa,
        ca_url: String,
    ) -> Result<Self, SandboxError> {
        let folder = folder.join("hub");
        make_folder(&folder)?;
        Ok(Self {
            mode: config.hub.clone(),
            store: config.store.clone(),
            profile: config.profile,
            check: config.check,
            clock: config.clock.clone(),
            faults: config.faults.clone(),
            offices: config.offices.clone(),
            folder,
            ca_url,
            root_pem: ca.root_pem().to_owned(),
            identity: ca.issue_server(&["localhost", "127.0.0.1", "::1"])?,
        })
    }

    /// Where it keeps things.
    pub(crate) fn store(&self) -> Store {
        match (&self.mode, &self.store) {
            (HubMode::Process { .. }, Store::Memory) => Store::Sqlite,
            (_, store) => store.clone(),
        }
    }

    /// The file of its audit log.
    pub(crate) fn audit_file(&self) -> PathBuf {
        self.folder.join("audit.jsonl")
    }

    /// The file of a second hub's: one hub, one file.
    pub(crate) fn second_audit_file(&self) -> PathBuf {
        self.folder.join("audit-2.jsonl")
    }

    /// The file with the token of its admin listener.
    pub(crate) fn admin_token_file(&self) -> PathBuf {
        self.folder.join("admin.token")
    }

    /// Starts a hub that writes this audit log, and says where it listens.
    pub(crate) async fn start(
        &self,
        listen: Addresses,
        audit: PathBuf,
    ) -> Result<(HubState, Addresses), SandboxError> {
        match &self.mode {
            HubMode::InProcess => {
                let hub = Hub::start(self.config(listen, audit)?).await?;
                let admin = hub.admin_address();
                let admin = admin.ok_or_else(|| SandboxError::Missing("admin".to_owned()))?;
                let addresses = Addresses { hub: hub.address(), admin };
                Ok((HubState::InProcess(hub), addresses))
            }
            HubMode::Process { binary } => {
                let command = self.command(binary, listen, &audit)?;
                start_process(command).await
            }
        }
    }

    fn config(&self, listen: Addresses, audit: PathBuf) -> Result<HubConfig, SandboxError> {
        let token_file = self.admin_token_file();
        let token = AdminToken::of_file(&token_file)
            .map_err(|source| SandboxError::Path { path: token_file, source })?;
        let licence = Some(Licence::until(self.clock.now() + LICENCE));
        let register = |office: &OfficeSpec| OfficeRegistration {
            office: office.number,
            name: office.name.clone(),
            kinds: office.kinds.clone(),
            prefecture: None,
            versions: office.versions(),
            licence,
        };
        Ok(HubConfig {
            listen: listen.hub,
            store: self.choice(),
            tls_chain_pem: self.identity.chain_pem.clone(),
            tls_key_pem: self.identity.key_pem.clone(),
            client_roots_pem: self.root_pem.clone(),
            ca_url: self.ca_url.clone(),
            ca_root_pem: self.root_pem.clone(),
            crl_refresh: CRL_REFRESH,
            profile: self.profile,
            keeping: Keeping::default(),
            check: self.check,
            offices: self.offices.iter().map(register).collect(),
            clock: self.clock.clone(),
            admin: Some(AdminConfig { listen: listen.admin, token }),
            faults: self.faults.clone(),
            audit: Some(audit),
        })
    }

    fn choice(&self) -> StoreChoice {
        match self.store() {
            Store::Memory => StoreChoice::Memory,
            Store::Sqlite => StoreChoice::Sqlite(self.folder.join("hub.sqlite")),
            Store::Postgres(place) => StoreChoice::Postgres(place),
        }
    }

    /// `careplan hub serve`.
    fn command(
        &self,
        binary: &Path,
        listen: Addresses,
        audit: &Path,
    ) -> Result<Command, SandboxError> {
        let file = |name: &str, text: &str| {
            let path = self.folder.join(name);
            write_private(&path, text).map(|()| path)
        };
        let store = match self.choice() {
            StoreChoice::Sqlite(path) => {
                let mut store = OsString::from("sqlite:");
                store.push(path);
                store
            }
            other => other.to_string().into(),
        };
        let mut command = Command::new(binary);
        command
            .args(["hub", "serve", "--listen", &listen.hub.to_string(), "--ca", &self.ca_url])
            .args(["--admin", &listen.admin.to_string()])
            .arg("--admin-token-file")
            .arg(self.admin_token_file())
            .arg("--audit")
            .arg(audit)
            .arg("--ca-root")
            .arg(file("root.pem", &self.root_pem)?)
            .arg("--tls-chain")
            .arg(file("chain.pem", &self.identity.chain_pem)?)
            .arg("--tls-key")
            .arg(file("key.pem", &self.identity.key_pem)?)
            .arg("--offices")
            .arg(file("offices.json", &self.offices_json()?.to_string())?)
            .arg("--store")
            .arg(store)
            .args(["--profile", profile_word(self.profile), "--check", self.check.word()])
            .args(["--crl-refresh", "1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        Ok(command)
    }

    fn offices_json(&self) -> Result<Value, SandboxError> {
        let until = (self.clock.now() + LICENCE).format(&Rfc3339);
        let until = until.map_err(|error| SandboxError::Ours(error.to_string()))?;
        let office = |office: &OfficeSpec| {
            let kinds: Vec<_> = office.kinds.iter().map(ToString::to_string).collect();
            json!({
                "office": office.number.to_string(),
                "name": office.name,
                "kinds": kinds,
                "versions": office.versions(),
                "licence_until": until,
            })
        };
        Ok(self.offices.iter().map(office).collect())
    }
}

/// Starts a hub's process, and waits for the line that says where it listens.
async fn start_process(mut command: Command) -> Result<(HubState, Addresses), SandboxError> {
    let fault = |what: &dyn std::fmt::Display| SandboxError::Process(what.to_string());
    let mut child = command.spawn().map_err(|error| fault(&error))?;
    let stdout = child.stdout.take().ok_or_else(|| fault(&"no standard output"))?;
    let mut lines = BufReader::new(stdout).lines();
    let first = timeout(PROCESS_WAIT, lines.next_line()).await;
    let first = first.map_err(|error| fault(&error))?.map_err(|error| fault(&error))?;
    match first.as_deref().and_then(addresses_in) {
        Some(addresses) => Ok((HubState::Process(child), addresses)),
        None => Err(fault(&format!("no addresses in its first line: {first:?}"))),
    }
}

/// The addresses in the JSON line that a hub's process prints when it listens.
fn addresses_in(line: &str) -> Option<Addresses> {
    let line: Value = serde_json::from_str(line).ok()?;
    let address = |member: &str, scheme: &str| {
        line.get(member)?.as_str()?.strip_prefix(scheme)?.parse::<SocketAddr>().ok()
    };
    Some(Addresses { hub: address("url", "https://")?, admin: address("admin_url", "http://")? })
}

/// The profile's word in arguments and JSON.
pub(crate) const fn profile_word(profile: Profile) -> &'static str {
    match profile {
        Profile::Actual => "actual",
        Profile::Plus => "plus",
    }
}

impl HubState {
    /// Ends the hub as its operator would.
    pub(crate) async fn stop(self) {
        match self {
            Self::InProcess(hub) => hub.stop().await,
            Self::Process(mut child) => end(&mut child).await,
            Self::Down => {}
        }
    }

    /// Ends the hub's process without a chance to put anything away.
    pub(crate) async fn kill(&mut self) -> Result<(), SandboxError> {
        match std::mem::replace(self, Self::Down) {
            Self::Process(mut child) => {
                end(&mut child).await;
                Ok(())
            }
            other => {
                *self = other;
                Err(SandboxError::Missing("hub process".to_owned()))
            }
        }
    }
}

/// Kills a process and waits until it is gone; one that has gone already is no fault.
async fn end(child: &mut Child) {
    if let Err(error) = child.kill().await {
        tracing::debug!(%error, "the hub's process had ended");
    }
}
