//! The CA's port: TLS 1.3 with a server certificate of its own root, HTTP/1.1 inside.
//!
//! Whoever connects gets a task of its own at once, so that a slow handshake holds up nobody else.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use careplan_conversation::{HEAD_WAIT_MAX, begins_tls, converse};
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
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::{CaFault, FakeCa, ServerIdentity, http, misbehaviour::Misbehaviour};

/// Further connections wait in the machine's queue.
const CONNECTIONS_MAX: usize = 256;

/// How long a handshake may take.
const HANDSHAKE_WAIT: Duration = Duration::from_secs(10);

/// How long running requests are waited for when the service stops.
const STOP_WAIT: Duration = Duration::from_secs(5);

/// How long nobody is accepted after the machine refused to (too many open files, say).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

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
        let door = Door {
            acceptor: TlsAcceptor::from(Arc::new(tls(&identity)?)),
            router: http::router(ca, told),
        };
        let (stop, stopping) = watch::channel(false);
        let accepting = tokio::spawn(accept(listener, door, stopping));
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
    acceptor: TlsAcceptor,
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

async fn accept(listener: TcpListener, door: Door, mut stopping: watch::Receiver<bool>) {
    // Dropping the set ends what is in it: nothing outlives this task.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stopping.changed() => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < CONNECTIONS_MAX => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, door.clone(), stopping.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    let ended = timeout(STOP_WAIT, async { while connections.join_next().await.is_some() {} });
    if ended.await.is_err() {
        tracing::warn!("requests were cut off at the stop");
    }
}

async fn serve(stream: TcpStream, door: Door, mut stopping: watch::Receiver<bool>) {
    let shaken = tokio::select! {
        shaken = timeout(HANDSHAKE_WAIT, handshake(stream, &door.acceptor)) => shaken,
        _ = stopping.changed() => return,
    };
    let stream = match shaken.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
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

/// TLS, or none if the peer spoke something else and was told so.
async fn handshake(
    mut stream: TcpStream,
    acceptor: &TlsAcceptor,
) -> io::Result<Option<TlsStream<TcpStream>>> {
    match begins_tls(&mut stream).await? {
        true => acceptor.accept(stream).await.map(Some),
        false => Ok(None),
    }
}
