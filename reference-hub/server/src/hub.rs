//! A hub that runs.

use std::{collections::BTreeMap, fmt, io, net::SocketAddr, path::PathBuf, sync::Arc};

use careplan_protocol::Clock;
use hub_relay::{Office, OfficeQuery, Prefecture};
use hub_store::{Failure, Fault, Measured, Memory, Meter, Postgres, Sqlite, Store};
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, spawn_blocking},
};

use crate::{
    admin::{Admin, Origin},
    audit::Recorder,
    authority::Authority,
    config::{HubConfig, HubFault, OfficeRegistration, StoreChoice},
    gate::{Gate, Watch},
    http::{self, App},
    keeping,
    listener::{self, Door},
    metrics::Metrics,
    notices::Notices,
    records::Records,
    room::Room,
    secrets, tls,
};

/// A running hub. Dropping it ends it at once; [`Hub::stop`] lets requests finish.
pub struct Hub {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
    refreshing: JoinHandle<()>,
    admin: Option<Admin>,
    tidying: JoinHandle<()>,
    app: Arc<App>,
}

impl Hub {
    /// Opens the store, loads the revocation list, and listens, on the admin's address as well if
    /// there is to be one.
    ///
    /// # Errors
    /// The certificates cannot be used, the store cannot be opened, the CA does not give its list,
    /// or the address cannot be listened on.
    pub async fn start(config: HubConfig) -> Result<Self, HubFault> {
        let server_tls = tls::ServerTls::read(
            &config.tls_chain_pem,
            &config.tls_key_pem,
            &config.client_roots_pem,
            config.clock.clone(),
        )
        .map_err(HubFault::Certificates)?;
        let authority = Authority::new(&config.ca_url, &config.ca_root_pem, &config.clock)?;
        let offices: Vec<_> = config.offices.into_iter().map(registered).collect();
        let metrics = Metrics::new();
        let store = open_store(config.store, metrics.meter()).await?;
        let audit = open_audit(config.audit, config.clock.clone()).await?;
        let records = Records { audit, metrics };
        let entered = enter(&*store, offices.clone()).await;
        entered.map_err(|failure| HubFault::Store(fault_of(failure)))?;
        let origin = Origin { offices, clock: config.clock.mode() };
        let followed = keeping::follow_clock(&*store, &config.clock).await;
        followed.map_err(|failure| HubFault::Store(fault_of(failure)))?;
        let watch = Watch { faults: config.faults.clone(), clock: config.clock.clone() };
        let gate = Arc::new(Gate::open(server_tls, authority.clone(), watch).await?);
        let listen = |source| HubFault::Listen { address: config.listen, source };
        let listener = TcpListener::bind(config.listen).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let at_the_gate = Arc::clone(&gate);
        let app = Arc::new(App {
            store,
            log_ins: Arc::new(authority),
            is_revoked: Arc::new(move |serial| at_the_gate.is_revoked(serial)),
            randomness: secrets::of_the_machine(),
            profile: config.profile,
            keeping: config.keeping,
            notices: Notices::default(),
            check: config.check,
            clock: config.clock,
            faults: config.faults,
            records: Arc::new(records),
            room: Room::new(),
        });
        let door = Door { gate: Arc::clone(&gate), app: Arc::clone(&app) };
        let (stop, stopping) = watch::channel(false);
        let admin = match config.admin {
            Some(admin) => {
                Some(Admin::start(admin, Arc::clone(&app), origin, stopping.clone()).await?)
            }
            None => None,
        };
        let router = http::router(Arc::clone(&app));
        let serving = listener::serve(listener, door, router, stopping);
        Ok(Self {
            address,
            admin,
            stop,
            serving: tokio::spawn(serving),
            tidying: tokio::spawn(keeping::keep_tidy(Arc::clone(&app))),
            app,
            refreshing: tokio::spawn(async move { gate.keep_fresh(config.crl_refresh).await }),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address for clients. The host is the address listened on.
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Where the admin listens, if there is one.
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin.as_ref().map(|admin| admin.address)
    }

    /// The admin's address, if there is one.
    pub fn admin_url(&self) -> Option<String> {
        self.admin_address().map(|address| format!("http://{address}"))
    }

    /// Takes no more connections, and returns when the requests under way are answered or have had
    /// their time.
    pub async fn stop(mut self) {
        self.refreshing.abort();
        self.tidying.abort();
        self.stop.send_replace(true);
        self.app.notices.close();
        if let Err(error) = (&mut self.serving).await {
            tracing::error!(%error, "the listener did not end well");
        }
        if let Some(admin) = self.admin.take() {
            admin.ended().await;
        }
        if let Some(audit) = &self.app.records.audit {
            audit.close();
        }
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.refreshing.abort();
        self.tidying.abort();
        self.serving.abort();
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").field("address", &self.address).finish_non_exhaustive()
    }
}

async fn open_audit(path: Option<PathBuf>, clock: Clock) -> Result<Option<Recorder>, HubFault> {
    let Some(path) = path else { return Ok(None) };
    let file = path.clone();
    let opened = spawn_blocking(move || Recorder::start(&file, clock)).await;
    let opened = opened.unwrap_or_else(|error| Err(io::Error::other(error)));
    opened.map(Some).map_err(|source| match source.kind() {
        io::ErrorKind::WouldBlock => HubFault::AuditInUse { path },
        _ => HubFault::Audit { path, source },
    })
}

async fn open_store(
    choice: StoreChoice,
    meter: Arc<dyn Meter>,
) -> Result<Arc<dyn Store>, HubFault> {
    Ok(match choice {
        StoreChoice::Memory => Arc::new(Measured::new(Memory::new(), meter)),
        StoreChoice::Sqlite(path) => {
            let commits = Arc::clone(&meter);
            let store = opened(move || Sqlite::open_measured(&path, commits)).await?;
            Arc::new(Measured::new(store, meter))
        }
        StoreChoice::Postgres(place) => {
            let store = opened(move || Postgres::open(&place)).await?;
            Arc::new(Measured::new(store, meter))
        }
    })
}

/// Registers offices that are not known yet, and brings known ones up to date where their entries
/// differ, all at once. A known office keeps its licence: see [`hub_relay::enter`].
async fn enter(store: &dyn Store, offices: Vec<Office>) -> Result<(), Failure> {
    let known = store.directory(OfficeQuery::default()).await?.offices;
    let known: BTreeMap<_, _> = known.into_iter().map(|office| (office.number, office)).collect();
    let differs = |office: &Office| {
        let before = known.get(&office.number);
        before != Some(&hub_relay::enter(before.cloned(), office.clone()).answer)
    };
    store.enter_all(offices.into_iter().filter(differs).collect()).await
}

fn fault_of(failure: Failure) -> Fault {
    match failure {
        Failure::Fault(fault) => fault,
        Failure::Refused(refusal) => Fault::Failed(format!("{refusal:?}")),
    }
}

/// What opens a store may take its time, on the disk or on the network.
async fn opened<S: Send + 'static>(
    open: impl FnOnce() -> Result<S, Fault> + Send + 'static,
) -> Result<S, HubFault> {
    let opened = spawn_blocking(open).await;
    opened.unwrap_or_else(|error| Err(Fault::Failed(error.to_string()))).map_err(HubFault::Store)
}

fn registered(office: OfficeRegistration) -> Office {
    Office {
        number: office.office,
        name: office.name,
        kinds: office.kinds,
        prefecture: office.prefecture.or_else(|| Prefecture::of(office.office)),
        versions: office.versions,
        licence: office.licence,
    }
}
