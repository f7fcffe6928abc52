//! A hub with two offices, a CA, and terminals that speak to it.

pub(crate) mod ca;
pub(crate) mod terminal;

use std::{path::Path, sync::Arc, time::Duration};

use careplan_protocol::{Clock, OfficeNumber, ca::CertificateKind, hub::Profile};
use reference_hub::{
    AdminClient, AdminConfig, AdminToken, CheckLevel, Faults, Hub, HubConfig, Keeping, Licence,
    OfficeRegistration, StoreChoice,
};

use self::{ca::Ca, terminal::Terminal};

pub(crate) const CARE_MANAGER: &str = "2770100012";
pub(crate) const HOME_HELP: &str = "2770200036";
pub(crate) const DAY_CARE: &str = "2770300042";
pub(crate) const UNLICENSED: &str = "2770400059";

/// What a test stands on. The hub listens until it is dropped.
pub(crate) struct Bench {
    pub(crate) ca: Arc<Ca>,
    pub(crate) clock: Clock,
    pub(crate) hub: Hub,
    pub(crate) faults: Faults,
    token: AdminToken,
}

impl Bench {
    /// A hub that forgets.
    pub(crate) async fn new() -> Self {
        Self::with_profile(Profile::Actual).await
    }

    pub(crate) async fn with_profile(profile: Profile) -> Self {
        let (ca, clock) = (Ca::start().await, Clock::system());
        let config = HubConfig { profile, ..config(&ca, &clock, StoreChoice::Memory) };
        Self::start(ca, clock, config).await
    }

    /// A hub that forgets, with another configuration than the usual.
    pub(crate) async fn with(change: impl FnOnce(HubConfig) -> HubConfig) -> Self {
        let (ca, clock) = (Ca::start().await, Clock::system());
        let config = change(config(&ca, &clock, StoreChoice::Memory));
        Self::start(ca, clock, config).await
    }

    /// A hub of its own set-up.
    pub(crate) async fn start(ca: Arc<Ca>, clock: Clock, config: HubConfig) -> Self {
        let token = config.admin.as_ref().expect("every hub here has one").token.clone();
        let faults = config.faults.clone();
        let hub = Hub::start(config).await.expect("the hub starts");
        Self { ca, clock, hub, faults, token }
    }

    /// The operator's way to the hub.
    pub(crate) fn admin(&self) -> AdminClient {
        let url = self.hub.admin_url().expect("every hub here has one");
        AdminClient::new(&url, self.token.clone()).expect("a client")
    }

    /// A hub that keeps things in a file.
    pub(crate) async fn on_disk(path: &Path) -> Self {
        let (ca, clock) = (Ca::start().await, Clock::system());
        let config = config(&ca, &clock, StoreChoice::Sqlite(path.to_owned()));
        Self::start(ca, clock, config).await
    }

    /// Ends the hub and starts another on the same file and port.
    pub(crate) async fn restart(self, path: &Path) -> Self {
        let Self { ca, clock, hub, .. } = self;
        let listen = hub.address();
        hub.stop().await;
        let config = config(&ca, &clock, StoreChoice::Sqlite(path.to_owned()));
        Self::start(ca, clock, HubConfig { listen, ..config }).await
    }

    /// A terminal of an office, logged in.
    pub(crate) async fn terminal(&self, office: &str, name: &str) -> Terminal {
        let identity = self.ca.client(office, CertificateKind::CareInsurance.word());
        let mut terminal = Terminal::new(self.hub.url(), &self.ca, Some(&identity));
        terminal.log_in(&self.ca.account(office), name).await;
        terminal
    }
}

pub(crate) fn config(ca: &Ca, clock: &Clock, store: StoreChoice) -> HubConfig {
    let server = ca.server();
    let licence_until = Some(clock.now() + time::Duration::days(20));
    let offices = [
        (CARE_MANAGER, "見本居宅介護支援センター", "43", licence_until),
        (HOME_HELP, "みどりヘルパーステーション", "11", licence_until),
        (DAY_CARE, "デイサービス陽だまり", "15", licence_until),
        (UNLICENSED, "福祉用具サポート髙島", "17", None),
    ];
    let offices = offices.map(|(number, name, kind, licence_until)| OfficeRegistration {
        office: office(number),
        name: name.to_owned(),
        kinds: vec![kind.parse().expect("a service kind")],
        prefecture: None,
        versions: Vec::new(),
        licence: licence_until.map(Licence::until),
    });
    HubConfig {
        listen: ([127, 0, 0, 1], 0).into(),
        store,
        tls_chain_pem: server.chain_pem,
        tls_key_pem: server.key_pem,
        client_roots_pem: ca.root_pem(),
        ca_url: ca.url(),
        ca_root_pem: ca.root_pem(),
        crl_refresh: Duration::from_millis(50),
        faults: Faults::new(),
        profile: Profile::Actual,
        keeping: Keeping::default(),
        check: CheckLevel::Standard,
        offices: offices.into(),
        clock: clock.clone(),
        audit: None,
        admin: Some(AdminConfig { listen: ([127, 0, 0, 1], 0).into(), token: AdminToken::fresh() }),
    }
}

pub(crate) fn office(number: &str) -> OfficeNumber {
    number.parse().expect("an office number")
}
