//! Connections: from the first byte to the last. How they are kept is `careplan-conversation`'s.

use std::{io, sync::Arc};

use axum::Router;
use careplan_conversation::{Arrival, HEAD_WAIT_MAX, begin_tls, converse, receive};
use careplan_faults::HangUp;
use careplan_protocol::{ProblemKind, faults::FaultOperation};
use hyper::{body::Incoming, service::Service};
use hyper_util::service::TowerToHyperService;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_rustls::server::TlsStream;

use crate::{
    faults::{Opening, opening},
    gate::Gate,
    http::App,
    peer::Peer,
    records,
};

/// How many connections there may be at once on which TLS stands. Those beyond wait until one ends.
const CONNECTIONS_MAX: usize = 512;

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
    stopping: watch::Receiver<bool>,
) {
    let each = |arrival| connection(arrival, door.clone(), router.clone());
    receive(listener, CONNECTIONS_MAX, stopping, each).await;
}

async fn connection(arrival: Arrival, door: Door, router: Router) {
    let Arrival { stream, mut place, stopping } = arrival;
    let Some(shaken) = place.shake(handshake(stream, &door.gate)).await else { return };
    let metrics = &door.app.records.metrics;
    match shaken {
        Ok(Some(stream)) => {
            metrics.shaken("ok");
            let Some(place) = place.connect().await else { return };
            let _connected = (place, metrics.connected());
            speak_http(stream, router, stopping).await;
        }
        Ok(None) => {
            tracing::info!("a peer spoke without TLS and was told so");
            door.turned_away(ProblemKind::TlsRequired.id());
        }
        Err(error) if error.kind() == io::ErrorKind::TimedOut => {
            tracing::debug!("a peer did not finish its handshake in time");
            metrics.shaken("too-slow");
        }
        Err(error) => {
            tracing::info!(%error, "a handshake failed");
            match records::tls_refusal(&error) {
                Some(refusal) => door.turned_away(refusal),
                None => metrics.shaken("cut-off"),
            }
        }
    }
}

/// TLS, or none if the peer spoke something else and was told so.
async fn handshake(mut stream: TcpStream, gate: &Gate) -> io::Result<Option<TlsStream<TcpStream>>> {
    if let Some(shot) = gate.strike(FaultOperation::Connect)
        && let Opening::IsOver = opening(&shot, &mut stream).await?
    {
        return Err(io::ErrorKind::ConnectionAborted.into());
    }
    begin_tls(stream, || gate.tls_config()).await
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
