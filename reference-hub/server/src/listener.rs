//! Connections: from the first byte to the last.
//!
//! Each has a task of its own from the moment it is accepted, so that a slow or silent peer keeps
//! nobody waiting but itself.

use std::{io, sync::Arc, time::Duration};

use axum::Router;
use careplan_conversation::{HEAD_WAIT_MAX, begins_tls, converse, part};
use careplan_faults::HangUp;
use careplan_protocol::{ProblemKind, faults::FaultOperation};
use hyper::{body::Incoming, service::Service};
use hyper_util::service::TowerToHyperService;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::{
    faults::{Opening, opening},
    gate::Gate,
    http::App,
    peer::Peer,
    records,
};

/// How many connections there may be at once on which TLS stands. Those beyond wait until one ends.
const CONNECTIONS_MAX: usize = 512;
/// How many handshakes there may be at once: nobody who takes part in one has shown who he is, and
/// so they have places of their own. Those beyond wait until one ends.
const HANDSHAKES_MAX: usize = 256;
/// How long a peer may take until TLS stands.
const HANDSHAKE_WAIT_MAX: Duration = Duration::from_secs(10);
/// How long it may take while others wait for its place.
const CROWDED_WAIT_MAX: Duration = Duration::from_secs(1);
/// How long requests under way may take when the hub stops.
const FAREWELL_MAX: Duration = Duration::from_secs(5);

/// What a connection meets first.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) gate: Arc<Gate>,
    pub(crate) app: Arc<App>,
}

impl Door {
    fn turned_away(&self, refusal: &'static str) {
        self.app.records.turned_away(self.app.now(), refusal);
    }
}

/// Serves until `stopping` says so, and then until what is under way has ended.
pub(crate) async fn serve(
    listener: TcpListener,
    door: Door,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    let places = Places::new(HANDSHAKES_MAX, CONNECTIONS_MAX);
    loop {
        tokio::select! {
            accepted = places.accept(&listener) => match accepted {
                Ok(arrival) => {
                    let (door, router, stopping) = (door.clone(), router.clone(), stopping.clone());
                    connections.spawn(connection(arrival, door, router, stopping));
                }
                Err(error) => {
                    // Most likely too many open files: they become fewer with time.
                    tracing::error!(%error, "cannot accept a connection");
                    sleep(Duration::from_millis(100)).await;
                }
            },
            Some(_) = connections.join_next() => {}
            // An error means that the hub itself is gone.
            _ = stopping.changed() => break,
        }
    }
    drop(listener);
    let farewell = async { while connections.join_next().await.is_some() {} };
    if timeout(FAREWELL_MAX, farewell).await.is_err() {
        tracing::warn!("some requests were cut off");
    }
}

/// Room for peers.
struct Places {
    handshakes: Arc<Semaphore>,
    connections: Arc<Semaphore>,
    /// Whether somebody may be waiting for a place to shake hands.
    crowded: watch::Sender<bool>,
}

/// A peer that has come, and its place while it shakes hands.
struct Arrival {
    stream: TcpStream,
    place: OwnedSemaphorePermit,
    connections: Arc<Semaphore>,
    crowded: watch::Receiver<bool>,
}

impl Places {
    fn new(handshakes: usize, connections: usize) -> Self {
        Self {
            handshakes: Arc::new(Semaphore::new(handshakes)),
            connections: Arc::new(Semaphore::new(connections)),
            crowded: watch::Sender::new(false),
        }
    }

    /// The next peer, once there is a place for it.
    async fn accept(&self, listener: &TcpListener) -> io::Result<Arrival> {
        let handshakes = &self.handshakes;
        self.crowded.send_if_modified(|crowded| {
            let is_crowded = handshakes.available_permits() == 0;
            std::mem::replace(crowded, is_crowded) != is_crowded
        });
        let place = Arc::clone(handshakes).acquire_owned().await.map_err(io::Error::other)?;
        let (stream, _) = listener.accept().await?;
        let (connections, crowded) = (Arc::clone(&self.connections), self.crowded.subscribe());
        Ok(Arrival { stream, place, connections, crowded })
    }
}

/// Returns when a handshake has had its time: less of it while others wait.
async fn patience(mut crowded: watch::Receiver<bool>) {
    let pressed = async {
        sleep(CROWDED_WAIT_MAX).await;
        if crowded.wait_for(|crowded| *crowded).await.is_err() {
            // Nobody comes any more.
            std::future::pending::<()>().await;
        }
    };
    // Either way it is over.
    let _ = timeout(HANDSHAKE_WAIT_MAX, pressed).await;
}

async fn connection(
    arrival: Arrival,
    door: Door,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) {
    let Arrival { stream, place, connections, crowded } = arrival;
    let shaken = tokio::select! {
        shaken = handshake(stream, &door.gate) => shaken,
        () = patience(crowded) => {
            tracing::debug!("a peer did not finish its handshake in time");
            door.app.records.metrics.shaken("too-slow");
            return;
        }
        // Nothing was asked yet that could be cut off.
        _ = stopping.changed() => return,
    };
    match shaken {
        Ok(Some(stream)) => {
            let metrics = &door.app.records.metrics;
            metrics.shaken("ok");
            // The other place is given back only when there is one here.
            let connected = tokio::select! {
                connected = connections.acquire() => connected,
                _ = stopping.changed() => return,
            };
            drop(place);
            let _connected = (connected, metrics.connected());
            speak_http(stream, router, stopping).await;
        }
        Ok(None) => {
            tracing::info!("a peer spoke without TLS and was told so");
            door.turned_away(ProblemKind::TlsRequired.id());
        }
        Err(error) => {
            tracing::info!(%error, "a handshake failed");
            match records::tls_refusal(&error) {
                Some(refusal) => door.turned_away(refusal),
                None => door.app.records.metrics.shaken("cut-off"),
            }
        }
    }
}

/// TLS, or none if the peer spoke something else and was told so.
async fn handshake(mut stream: TcpStream, gate: &Gate) -> io::Result<Option<TlsStream<TcpStream>>> {
    stream.set_nodelay(true)?;
    if let Some(shot) = gate.strike(FaultOperation::Connect)
        && let Opening::IsOver = opening(&shot, &mut stream).await?
    {
        return Err(io::ErrorKind::ConnectionAborted.into());
    }
    if !begins_tls(&mut stream).await? {
        return Ok(None);
    }
    match TlsAcceptor::from(gate.tls_config()).accept(stream).into_fallible().await {
        Ok(stream) => Ok(Some(stream)),
        Err((error, mut stream)) => {
            part(&mut stream).await;
            Err(error)
        }
    }
}

async fn speak_http(stream: TlsStream<TcpStream>, router: Router, stopping: watch::Receiver<bool>) {
    let certificates = stream.get_ref().1.peer_certificates();
    let Some(peer) = certificates.and_then(<[_]>::first).and_then(Peer::read) else {
        tracing::warn!("a client certificate passed TLS but cannot be read");
        return;
    };
    let router = TowerToHyperService::new(router);
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(peer.clone());
        let answering = router.call(request);
        async move {
            let Ok(response) = answering.await;
            HangUp::heed(response)
        }
    });
    converse(stream, service, HEAD_WAIT_MAX, stopping).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_peer_too_many_waits_until_another_leaves() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let places = Places::new(1, 1);
        let _first = TcpStream::connect(address).await.expect("connects");
        let _second = TcpStream::connect(address).await.expect("connects");
        let arrival = places.accept(&listener).await.expect("a place");
        assert!(!*arrival.crowded.borrow(), "nobody waits");
        let wait = timeout(Duration::from_millis(20), places.accept(&listener));
        assert!(wait.await.is_err(), "no place");
        assert!(*arrival.crowded.borrow(), "the first is asked to hurry");
        drop(arrival);
        let arrival = places.accept(&listener).await.expect("a place again");
        assert!(!*arrival.crowded.borrow());
    }
}
