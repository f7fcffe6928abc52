//! The CA's port: TLS 1.3 with a server certificate of its own root, HTTP/1.1 inside.
//!
//! How connections are kept is `careplan-conversation`'s.

use std::{net::SocketAddr, sync::Arc};

use axum::Router;
use careplan_conversation::{Arrival, HEAD_WAIT_MAX, begin_tls, converse, receive};
use careplan_faults::{Faults, HangUp};
use hyper::{
    body::Incoming,
    service::{Service as _, service_fn},
};
use hyper_util::service::TowerToHyperService;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    version::TLS13,
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{CaFault, FakeCa, ServerIdentity, http, misbehaviour::Misbehaviour};

/// How many connections there may be at once on which TLS stands. Those beyond wait until one ends.
const CONNECTIONS_MAX: usize = 256;

/// A running service of the CA. Dropping it ends it at once; [`CaServer::stop`] is the kinder way.
pub struct CaServer {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl CaServer {
    /// Serves the CA at this address; port 0 takes a free one. It needs a Tokio runtime.
    ///
    /// # Errors
    /// The address is taken or not this machine's; or the server certificate cannot be issued.
    pub async fn start(ca: FakeCa, listen: SocketAddr) -> Result<Self, CaFault> {
        Self::start_with_faults(ca, listen, Faults::new()).await
    }

    /// As [`CaServer::start`], with what it is told to do wrong.
    ///
    /// # Errors
    /// The same.
    pub async fn start_with_faults(
        ca: FakeCa,
        listen: SocketAddr,
        faults: Faults,
    ) -> Result<Self, CaFault> {
        let fault = |source| CaFault::Listen { address: listen, source };
        let listener = TcpListener::bind(listen).await.map_err(fault)?;
        let address = listener.local_addr().map_err(fault)?;
        let ip = address.ip().to_string();
        let identity = ca.issue_server(&["localhost", "127.0.0.1", "::1", &ip])?;
        let told = Misbehaviour::new(faults, ca.clock().clone());
        let door = Door { tls: Arc::new(tls(&identity)?), router: http::router(ca, told) };
        let (stop, stopping) = watch::channel(false);
        let each = move |arrival| serve(arrival, door.clone());
        let accepting = tokio::spawn(receive(listener, CONNECTIONS_MAX, stopping, each));
        tracing::info!(%address, "fake CA listens");
        Ok(Self { address, stop, accepting })
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where its requests begin: `https://` and the address. For one that listens everywhere, the
    /// loopback address.
    pub fn url(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(match address {
                SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
            });
        }
        format!("https://{address}")
    }

    /// Accepts nobody more, lets running requests end (five seconds at most), and frees the port.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Err(error) = (&mut self.accepting).await {
            tracing::error!(%error, "the service did not end by itself");
        }
    }
}

impl Drop for CaServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// What every connection is handed.
#[derive(Clone)]
struct Door {
    tls: Arc<ServerConfig>,
    router: Router,
}

fn tls(identity: &ServerIdentity) -> Result<ServerConfig, CaFault> {
    let unreadable = |error| CaFault::Inner(format!("not PEM: {error}"));
    let chain = CertificateDer::pem_slice_iter(identity.chain_pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(unreadable)?;
    let key = PrivateKeyDer::from_pem_slice(identity.key_pem.as_bytes()).map_err(unreadable)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

async fn serve(arrival: Arrival, door: Door) {
    let Arrival { stream, mut place, stopping } = arrival;
    let Some(shaken) = place.shake(begin_tls(stream, || door.tls)).await else { return };
    let stream = match shaken {
        Ok(Some(stream)) => stream,
        Ok(None) => {
            tracing::debug!("a peer spoke without TLS and was told so");
            return;
        }
        Err(error) => {
            tracing::debug!(%error, "no TLS");
            return;
        }
    };
    let Some(_connected) = place.connect().await else { return };
    let router = TowerToHyperService::new(door.router);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let answering = router.call(request);
        async move {
            let Ok(response) = answering.await;
            HangUp::heed(response)
        }
    });
    converse(stream, service, HEAD_WAIT_MAX, stopping).await;
}
