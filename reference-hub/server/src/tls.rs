//! TLS 1.3 with a client certificate, on the hub's own clock.

use std::{sync::Arc, time::Duration};

use careplan_protocol::Clock;
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    crypto::{CryptoProvider, ring},
    pki_types::{
        CertificateDer, CertificateRevocationListDer, PrivateKeyDer, UnixTime, pem::PemObject,
    },
    server::{NoServerSessionStorage, WebPkiClientVerifier},
    time_provider::TimeProvider,
    version::TLS13,
};

use crate::verifier::NamingVerifier;

/// What the hub shows, and what it asks for.
pub(crate) struct ServerTls {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    client_roots: Arc<RootCertStore>,
    client_authorities: Vec<CertificateDer<'static>>,
    clock: Clock,
}

impl ServerTls {
    /// Reads chain, key and roots from PEM.
    pub(crate) fn read(
        chain_pem: &str,
        key_pem: &str,
        client_roots_pem: &str,
        clock: Clock,
    ) -> Result<Self, String> {
        let key = PrivateKeyDer::from_pem_slice(key_pem.as_bytes());
        Ok(Self {
            chain: certificates(chain_pem)?,
            key: key.map_err(|error| format!("private key: {error}"))?,
            client_roots: Arc::new(roots(client_roots_pem)?),
            client_authorities: certificates(client_roots_pem)?,
            clock,
        })
    }

    /// The configuration that refuses what `revoked` lists.
    ///
    /// Only the client's own certificate is looked up: the list is the issuing CA's. Sessions are
    /// not resumed, since a resumed one would skip the look.
    pub(crate) fn config(
        &self,
        revoked: Vec<CertificateRevocationListDer<'static>>,
    ) -> Result<Arc<ServerConfig>, String> {
        let verifier =
            WebPkiClientVerifier::builder_with_provider(self.client_roots.clone(), provider())
                .with_crls(revoked)
                .only_check_end_entity_revocation()
                .build()
                .map_err(|error| error.to_string())?;
        let verifier =
            Arc::new(NamingVerifier::new(verifier, &self.client_authorities, &self.clock));
        let time = Arc::new(ClockTime(self.clock.clone()));
        let mut config = ServerConfig::builder_with_details(provider(), time)
            .with_protocol_versions(&[&TLS13])
            .map_err(|error| error.to_string())?
            .with_client_cert_verifier(verifier)
            .with_single_cert(self.chain.clone(), self.key.clone_key())
            .map_err(|error| error.to_string())?;
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// The configuration of a client that trusts these roots and nothing else.
pub(crate) fn client_config(roots_pem: &str, clock: &Clock) -> Result<ClientConfig, String> {
    client(roots(roots_pem)?, clock)
}

/// The configuration of a client that trusts nobody, for where no TLS is spoken.
pub(crate) fn client_of_nobody(clock: &Clock) -> Result<ClientConfig, String> {
    client(RootCertStore::empty(), clock)
}

fn client(roots: RootCertStore, clock: &Clock) -> Result<ClientConfig, String> {
    let time = Arc::new(ClockTime(clock.clone()));
    let config = ClientConfig::builder_with_details(provider(), time)
        .with_protocol_versions(&[&TLS13])
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn roots(pem: &str) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for root in certificates(pem)? {
        roots.add(root).map_err(|error| format!("root certificate: {error}"))?;
    }
    Ok(roots)
}

fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    match read {
        Ok(none) if none.is_empty() => Err("there is no certificate".to_owned()),
        Ok(certificates) => Ok(certificates),
        Err(error) => Err(format!("certificate: {error}")),
    }
}

/// Lets certificates be valid by the stack's clock.
#[derive(Debug)]
struct ClockTime(Clock);

impl TimeProvider for ClockTime {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().unix_timestamp()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}
