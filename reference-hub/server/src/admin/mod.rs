//! The admin listener: what the hub's operator asks of a running hub.
//!
//! Plain HTTP with a token, apart from the offices' door: nothing here is reachable there. One
//! module a subject, each with its `routes`; the requests and answers are in
//! [`careplan_protocol::admin`].

mod client;
mod clock;
mod faults;
mod health;
mod metrics;
mod offices;
mod snapshots;
mod sweep;
mod token;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{self, Next},
    response::Response,
};
use careplan_conversation::{HEAD_WAIT_MAX, converse};
use careplan_protocol::ProblemKind;
use hyper_util::service::TowerToHyperService;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::timeout,
};

use crate::{
    config::HubFault,
    http::{Answer, App, bearer},
    problems::Rejection,
    records,
};

pub use client::{AdminClient, AdminError};
pub use token::AdminToken;

pub(crate) use snapshots::Origin;

/// How large a body may be: the list of offices of a whole region.
const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How long requests under way may take when the hub stops.
const FAREWELL_MAX: Duration = Duration::from_secs(2);

/// The admin listener of a hub that is to have one.
#[derive(Debug, Clone)]
pub struct AdminConfig {
    /// Where to listen; port 0 for any free one. Whoever reaches it and has the token rules the hub.
    pub listen: SocketAddr,
    /// What every request has to show.
    pub token: AdminToken,
}

/// A listener that runs.
#[derive(Debug)]
pub(crate) struct Admin {
    pub(crate) address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Admin {
    /// Listens, until `stopping` says so.
    pub(crate) async fn start(
        config: AdminConfig,
        app: Arc<App>,
        origin: Origin,
        stopping: watch::Receiver<bool>,
    ) -> Result<Self, HubFault> {
        let listen = |source| HubFault::Listen { address: config.listen, source };
        let listener = TcpListener::bind(config.listen).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let router = router(app, origin, config.token);
        let serving = tokio::spawn(serve(listener, router, stopping));
        Ok(Self { address, serving })
    }

    /// Waits until what is under way has ended or had its time.
    pub(crate) async fn ended(mut self) {
        if timeout(FAREWELL_MAX, &mut self.serving).await.is_err() {
            tracing::warn!("some admin requests were cut off");
        }
    }
}

impl Drop for Admin {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Answers until `stopping` says so, and then until what is under way has ended.
async fn serve(listener: TcpListener, router: Router, mut stopping: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let service = TowerToHyperService::new(router.clone());
                    let stopping = stopping.clone();
                    connections.spawn(converse(stream, service, HEAD_WAIT_MAX, stopping));
                }
                Err(error) => {
                    // Most likely too many open files: they become fewer with time.
                    tracing::error!(%error, "cannot accept a connection of the operator");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
            Some(_) = connections.join_next() => {}
            // An error means that the hub itself is gone.
            _ = stopping.changed() => break,
        }
    }
    while connections.join_next().await.is_some() {}
}

/// Every request of the operator.
fn router(app: Arc<App>, origin: Origin, token: AdminToken) -> Router {
    Router::new()
        .merge(clock::routes())
        .merge(faults::routes())
        .merge(health::routes())
        .merge(sweep::routes())
        .merge(offices::routes())
        .merge(metrics::routes())
        .merge(snapshots::routes(origin))
        .fallback(|| async { Rejection::from(ProblemKind::NotFound) })
        .method_not_allowed_fallback(|| async { Rejection::from(ProblemKind::MethodNotAllowed) })
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(token, authorize))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), records::of_the_operator))
        .with_state(app)
}

/// Lets nobody further who does not show the token.
async fn authorize(
    State(token): State<AdminToken>,
    request: Request,
    next: Next,
) -> Answer<Response> {
    let (parts, body) = request.into_parts();
    if !bearer(&parts).is_some_and(|shown| token.is(shown)) {
        return Err(ProblemKind::AdminTokenWrong.into());
    }
    Ok(next.run(Request::from_parts(parts, body)).await)
}
