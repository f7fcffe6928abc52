//! Who may come in just now: the TLS configuration and the revocation list behind it.
//!
//! Invariant: there is always a list, at first the one that was loaded before the hub listened.
//! While the CA is away the last one stays in force.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use careplan_faults::{Facts, Faults, Shot};
use careplan_protocol::{Clock, faults::FaultOperation};
use rustls::{
    ServerConfig,
    pki_types::{CertificateRevocationListDer, pem::PemObject},
};
use tokio::{sync::watch, time::MissedTickBehavior};
use x509_parser::{prelude::FromDer, revocation_list::CertificateRevocationList};

use careplan_protocol::certificate::serial_text;

use crate::{authority::Authority, config::HubFault, faults::HUB, tls::ServerTls};

/// How often the first list is asked for before a hub gives up, and how long it waits after the
/// first time; longer each time, three seconds in all.
const FIRST_LIST_ATTEMPTS: u32 = 6;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(200);

/// The door's present state, and how to bring it up to date.
pub(crate) struct Gate {
    tls: ServerTls,
    authority: Authority,
    watch: Watch,
    current: watch::Sender<Arc<List>>,
}

/// What the door is told to do wrong, and by whose time.
pub(crate) struct Watch {
    pub(crate) faults: Faults,
    pub(crate) clock: Clock,
}

/// A revocation list, with what follows from it.
struct List {
    pem: String,
    number: Number,
    revoked: BTreeSet<String>,
    config: Arc<ServerConfig>,
}

/// Which list this is, of those of one CA: they count up (RFC 5280, 5.2.3). A longer number is the
/// greater one, since it has no leading zeros.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Number(usize, Vec<u8>);

impl Gate {
    /// Loads the first list.
    pub(crate) async fn open(
        tls: ServerTls,
        authority: Authority,
        watch: Watch,
    ) -> Result<Self, HubFault> {
        // Before anybody is asked, so that unusable certificates are not blamed on the CA.
        tls.config(Vec::new()).map_err(HubFault::Certificates)?;
        let list = Self::first_list(&authority, &tls).await.map_err(HubFault::Authority)?;
        Ok(Self { tls, authority, watch, current: watch::Sender::new(Arc::new(list)) })
    }

    /// The list to begin with. A CA that is busy for a moment does not keep a hub from starting.
    async fn first_list(authority: &Authority, tls: &ServerTls) -> Result<List, String> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let pem = authority.revocation_list().await;
            match pem.and_then(|pem| List::read(pem, tls)) {
                Err(error) if attempts < FIRST_LIST_ATTEMPTS => {
                    tracing::warn!(error, "the CA gives no list yet");
                    tokio::time::sleep(BETWEEN_ATTEMPTS * attempts).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// The configuration for the next connection.
    pub(crate) fn tls_config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.current.borrow().config)
    }

    /// Whether the list that is in force names this serial number.
    pub(crate) fn is_revoked(&self, serial: &str) -> bool {
        self.current.borrow().revoked.contains(serial)
    }

    /// The fault that meets a fresh connection, or the next look at the list.
    pub(crate) fn strike(&self, operation: FaultOperation) -> Option<Shot> {
        self.watch.faults.strike(&Facts { operation, ..HUB }, &self.watch.clock)
    }

    /// Asks for the list again and again, for ever.
    pub(crate) async fn keep_fresh(&self, every: Duration) {
        let mut ticks = tokio::time::interval(every.max(Duration::from_millis(10)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if self.strike(FaultOperation::Revocations).is_some() {
                continue;
            }
            if let Err(error) = self.refresh().await {
                tracing::warn!(error, "the revocation list is not fresh; the last one stays");
            }
        }
    }

    async fn refresh(&self) -> Result<(), String> {
        let pem = self.authority.revocation_list().await?;
        if self.current.borrow().pem == pem {
            return Ok(());
        }
        let list = List::read(pem, &self.tls)?;
        if list.number < self.current.borrow().number {
            return Err("revocation list: it is older than the one in force".to_owned());
        }
        tracing::info!(revoked = list.revoked.len(), "a new revocation list is in force");
        self.current.send_replace(Arc::new(list));
        Ok(())
    }
}

impl List {
    fn read(pem: String, tls: &ServerTls) -> Result<Self, String> {
        let lists: Vec<_> = CertificateRevocationListDer::pem_slice_iter(pem.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|error| format!("revocation list: {error}"))?;
        // Without any list the TLS library would not look at all.
        if lists.is_empty() {
            return Err("revocation list: there is none in the answer".to_owned());
        }
        let mut revoked = BTreeSet::new();
        let mut number = Number::default();
        for list in &lists {
            let (_, list) = CertificateRevocationList::from_der(list)
                .map_err(|error| format!("revocation list: {error}"))?;
            let serials = list.iter_revoked_certificates().map(|entry| entry.raw_serial());
            revoked.extend(serials.map(serial_text));
            let own = list.crl_number().map(|number| number.to_bytes_be());
            number =
                number.max(own.map_or_else(Number::default, |bytes| Number(bytes.len(), bytes)));
        }
        let config = tls.config(lists)?;
        Ok(Self { pem, number, revoked, config })
    }
}
