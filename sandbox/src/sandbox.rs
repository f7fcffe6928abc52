//! A sandbox that runs.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use careplan_faults::Faults;
use careplan_protocol::{Clock, OfficeNumber, hub::Profile};
use fake_ca::{CaServer, FakeCa, IssuedCertificate, Keep, NewAccount};
use reference_client::{Observer, Terminal};
use reference_hub::AdminClient;
use tokio::task::{JoinSet, spawn_blocking};

use crate::{
    CertificateFiles, Description, Office, OfficeDescription, OfficeSpec, SandboxConfig,
    SandboxError, Seat, Store, TerminalHome,
    hub::{ANY_LOOPBACK, Addresses, HubPlan, HubState, profile_word},
    office::{self, FIRST_TERMINAL, Services},
    place::{self, Place, write_private},
};

/// The name of the root certificate's file in the sandbox's folder.
const ROOT_FILE: &str = "root.pem";

/// Certificate authority, hub and offices, running.
pub struct Sandbox {
    // In the order in which a drop takes them down: the folder goes last.
    pub(crate) hub: HubState,
    second_hub: HubState,
    ca_server: CaServer,
    ca: FakeCa,
    plan: HubPlan,
    addresses: Addresses,
    services: Services,
    offices: Vec<Office>,
    profile: Profile,
    seed: u64,
    faults: Faults,
    place: Place,
}

impl Sandbox {
    /// Starts everything and enrols every office's first terminal. It needs a Tokio runtime.
    ///
    /// # Errors
    /// The folder cannot be used; or a part does not start. What had started is taken down.
    pub async fn start(config: SandboxConfig) -> Result<Self, SandboxError> {
        let place = Place::make(config.folder.clone(), config.keep)?;
        let clock = config.clock.clone();
        let ca = blocking(move || Ok(FakeCa::open(Keep::Memory, clock)?)).await?;
        let offices = prepare(&config.offices, place.path())?;
        let accounts = open_accounts(&ca, &offices);
        let ca_server =
            CaServer::start_with_faults(ca.clone(), ANY_LOOPBACK, config.faults.clone());
        let ca_server = ca_server.await?;
        let plan = HubPlan::new(&config, place.path(), &ca, ca_server.url())?;
        let (hub, addresses) = plan.start(Addresses::ANY, plan.audit_file()).await?;
        write_private(&place.path().join(ROOT_FILE), ca.root_pem())?;
        let services = Services {
            hub_url: format!("https://{}", addresses.hub),
            ca_url: ca_server.url(),
            root_pem: ca.root_pem().to_owned(),
            clock: config.clock.clone(),
            patience: config.patience,
        };
        all(accounts).await?;
        let mut sandbox = Self {
            hub,
            second_hub: HubState::Down,
            ca_server,
            ca,
            plan,
            addresses,
            services,
            offices,
            profile: config.profile,
            seed: config.seed,
            faults: config.faults,
            place,
        };
        sandbox.enrol().await?;
        if config.pkcs12 {
            sandbox.write_pkcs12().await?;
        }
        Ok(sandbox)
    }

    /// The offices, in the order of the configuration.
    pub fn offices(&self) -> &[Office] {
        &self.offices
    }

    /// The certificate authority, for what its operator does.
    pub fn ca(&self) -> &FakeCa {
        &self.ca
    }

    /// The one clock.
    pub fn clock(&self) -> Clock {
        self.services.clock.clone()
    }

    /// What hub and CA are told to do wrong. A hub that is a process of its own has its own.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The seed of people and plans.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The only root certificate to trust, PEM.
    pub fn root_pem(&self) -> &str {
        &self.services.root_pem
    }

    /// Where the CA listens.
    pub fn ca_address(&self) -> SocketAddr {
        self.ca_server.address()
    }

    /// Where the hub listens.
    pub fn hub_address(&self) -> SocketAddr {
        self.addresses.hub
    }

    /// Where the hub's admin listens, `http://…`.
    pub fn admin_url(&self) -> String {
        format!("http://{}", self.addresses.admin)
    }

    /// The file with the token of the hub's admin listener.
    pub fn admin_token_file(&self) -> PathBuf {
        self.plan.admin_token_file()
    }

    /// A way to the hub's admin listener, for what its operator does.
    ///
    /// # Errors
    /// The token file cannot be read.
    pub fn admin(&self) -> Result<AdminClient, SandboxError> {
        let path = self.admin_token_file();
        AdminClient::with_token_file(&self.admin_url(), &path)
            .map_err(|source| SandboxError::Path { path, source })
    }

    /// The folder that all files are in.
    pub fn folder(&self) -> &Path {
        self.place.path()
    }

    /// Opens a terminal, which logs in at its first request. A terminal has one holder at a time.
    ///
    /// # Errors
    /// There is no such terminal, or somebody holds it.
    pub async fn terminal(
        &self,
        seat: Seat<'_>,
        observer: Arc<dyn Observer>,
    ) -> Result<Terminal, SandboxError> {
        office::open(seat, &self.services, observer).await
    }

    /// Enrols one more terminal of an office, with the certificate that the office has.
    ///
    /// # Errors
    /// There is no such office, or the terminal's folder cannot be written.
    pub async fn add_terminal(
        &mut self,
        office: OfficeNumber,
        name: &str,
    ) -> Result<(), SandboxError> {
        let found = self.offices.iter_mut().find(|one| one.number == office);
        let found = found.ok_or_else(|| SandboxError::Missing(office.to_string()))?;
        let folder = found.folder.join("terminals").join(name);
        office::install(found, &folder, &self.services).await?;
        found.terminals.push(TerminalHome { name: name.to_owned(), folder });
        Ok(())
    }

    /// Ends the hub's process without a chance to put anything away.
    ///
    /// # Errors
    /// The hub is no process of its own, or is down.
    pub async fn kill_hub(&mut self) -> Result<(), SandboxError> {
        self.hub.kill().await
    }

    /// Starts a hub that is down, at the same address with the same store.
    ///
    /// # Errors
    /// It does not start.
    pub async fn restart_hub(&mut self) -> Result<(), SandboxError> {
        std::mem::replace(&mut self.hub, HubState::Down).stop().await;
        let (hub, _) = self.plan.start(self.addresses, self.plan.audit_file()).await?;
        self.hub = hub;
        Ok(())
    }

    /// Starts a second hub on the same store, with an audit log of its own, and says where it
    /// listens. One that was started before is ended.
    ///
    /// # Errors
    /// It does not start, as on a store that one process has for itself.
    pub async fn start_second_hub(&mut self) -> Result<SocketAddr, SandboxError> {
        std::mem::replace(&mut self.second_hub, HubState::Down).stop().await;
        let audit = self.plan.second_audit_file();
        let (hub, addresses) = self.plan.start(Addresses::ANY, audit).await?;
        self.second_hub = hub;
        Ok(addresses.hub)
    }

    /// What stands where.
    ///
    /// # Errors
    /// An office has no terminal, which a sandbox that has started cannot be.
    pub fn describe(&self) -> Result<Description, SandboxError> {
        let offices: Result<_, _> = self.offices.iter().map(describe).collect();
        Ok(Description {
            ca_url: self.services.ca_url.clone(),
            hub_url: self.services.hub_url.clone(),
            admin_url: self.admin_url(),
            admin_token_file: self.admin_token_file(),
            audit_file: self.plan.audit_file(),
            root_certificate_file: self.folder().join(ROOT_FILE),
            profile: profile_word(self.profile),
            store: match self.plan.store() {
                Store::Memory => "memory",
                Store::Sqlite => "sqlite",
                Store::Postgres(_) => "postgres",
            },
            seed: self.seed,
            folder: self.folder().to_owned(),
            offices: offices?,
        })
    }

    /// Takes everything down. Says where the folder is if it stays.
    pub async fn stop(self) -> Option<PathBuf> {
        self.hub.stop().await;
        self.second_hub.stop().await;
        self.ca_server.stop().await;
        self.place.leave()
    }

    async fn enrol(&mut self) -> Result<(), SandboxError> {
        let mut enrolments = JoinSet::new();
        for office in &mut self.offices {
            let folder = office.folder.join("terminals").join(FIRST_TERMINAL);
            let name = FIRST_TERMINAL.to_owned();
            office.terminals.push(TerminalHome { name, folder: folder.clone() });
            let (user_id, password) = (office.user_id.clone(), office.password.clone());
            let (number, services) = (office.number, self.services.clone());
            enrolments.spawn(async move {
                Ok((number, office::apply(folder, user_id, password, services).await?))
            });
        }
        let credentials = all(enrolments).await?;
        for office in &mut self.offices {
            let own = credentials.iter().find(|(number, _)| *number == office.number);
            let own = own.map(|(_, credentials)| credentials.clone());
            if let Some(credentials) = &own {
                office.write_certificate(credentials)?;
            }
            office.credentials = own;
        }
        Ok(())
    }

    async fn write_pkcs12(&self) -> Result<(), SandboxError> {
        let mut writing = JoinSet::new();
        let certificates = self.ca.certificates()?;
        for office in &self.offices {
            let info = certificates.iter().find(|info| info.office == office.number).cloned();
            let missing = || SandboxError::Missing(office.number.to_string());
            let own = office.credentials.as_ref().ok_or_else(missing)?;
            let certificate = IssuedCertificate {
                chain_pem: own.chain_pem().to_owned(),
                key_pem: own.key_pem().to_owned(),
                info: info.ok_or_else(missing)?,
            };
            let (ca, files) = (self.ca.clone(), office.certificate.clone());
            writing.spawn_blocking(move || {
                let password = place::password()?;
                write_private(&files.p12, &ca.pkcs12(&certificate, &password)?)?;
                write_private(&files.p12_password, &password)
            });
        }
        all(writing).await?;
        Ok(())
    }
}

fn prepare(specs: &[OfficeSpec], folder: &Path) -> Result<Vec<Office>, SandboxError> {
    let numbered = specs.iter().cloned().zip(1..);
    numbered.map(|(spec, place)| Office::prepare(spec, place, folder)).collect()
}

/// Opens the offices' accounts, one after the other: hashing a password takes 19 MiB each time.
fn open_accounts(ca: &FakeCa, offices: &[Office]) -> JoinSet<Result<(), SandboxError>> {
    let account = |office: &Office| NewAccount {
        user_id: office.user_id.clone(),
        office: office.number,
        office_name: office.name.clone(),
        password: office.password.clone(),
        temporary: false,
    };
    let new: Vec<NewAccount> = offices.iter().map(account).collect();
    let ca = ca.clone();
    let mut accounts = JoinSet::new();
    accounts.spawn_blocking(move || {
        new.into_iter().try_for_each(|account| Ok(ca.add_account(account)?))
    });
    accounts
}

/// What all tasks come to, in no order; the first failure ends the others.
async fn all<T: 'static>(
    mut tasks: JoinSet<Result<T, SandboxError>>,
) -> Result<Vec<T>, SandboxError> {
    let mut outcomes = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        outcomes.push(ended.map_err(|error| SandboxError::Ours(error.to_string()))??);
    }
    Ok(outcomes)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SandboxError> + Send + 'static,
) -> Result<T, SandboxError> {
    spawn_blocking(work).await.map_err(|error| SandboxError::Ours(error.to_string()))?
}

fn describe(office: &Office) -> Result<OfficeDescription, SandboxError> {
    let CertificateFiles { chain, key, p12, p12_password } = office.certificate.clone();
    let terminal = office.terminal();
    let terminal = terminal.ok_or_else(|| SandboxError::Missing(FIRST_TERMINAL.to_owned()))?;
    let has_p12 = p12.is_file();
    Ok(OfficeDescription {
        number: office.number.to_string(),
        name: office.name.clone(),
        kinds: office.kinds.iter().map(ToString::to_string).collect(),
        user_id: office.user_id.to_string(),
        password_file: office.password_file.clone(),
        certificate_chain_file: chain,
        key_file: key,
        p12_file: has_p12.then_some(p12),
        p12_password_file: has_p12.then_some(p12_password),
        terminal_home: terminal.folder.clone(),
        software_home: office.software.clone(),
    })
}
