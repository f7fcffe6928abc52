//! Who comes in: a task for each from the moment it is accepted, so that a slow or silent peer keeps
//! nobody waiting but itself, and a place, first to shake hands and then to speak.
//!
//! Nobody who takes part in a handshake has shown who he is, and so those have places of their own:
//! however many begin one, whoever goes on with it comes in.

use std::{io, sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig, server::TlsStream};

use crate::{begins_tls, part};

/// How many handshakes there may be at once. Those beyond wait until one ends.
const HANDSHAKES_MAX: usize = 256;
/// How long a peer may take until TLS stands.
const HANDSHAKE_WAIT_MAX: Duration = Duration::from_secs(10);
/// How long it may take while others wait for its place.
const CROWDED_WAIT_MAX: Duration = Duration::from_secs(1);
/// How long nobody is accepted after the machine refused to: most likely there are too many open
/// files, and they become fewer with time.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How long requests under way may take when the service stops.
const STOP_WAIT_MAX: Duration = Duration::from_secs(5);

/// A peer that has come.
pub struct Arrival {
    /// Its connection, on which nothing was said yet.
    pub stream: TcpStream,
    /// Its place, to shake hands at first.
    pub place: Place,
    /// Says when the service stops.
    pub stopping: watch::Receiver<bool>,
}

/// A place to shake hands. Dropping it gives it to the next one.
pub struct Place {
    held: OwnedSemaphorePermit,
    connections: Arc<Semaphore>,
    /// Whether somebody may be waiting for a place like this.
    crowded: watch::Receiver<bool>,
    stopping: watch::Receiver<bool>,
}

/// A place to speak. Dropping it gives it to the next one.
pub struct Connected {
    _held: OwnedSemaphorePermit,
}

/// Hands each peer to `each` until `stopping` says so, and then waits until what is under way has
/// ended or had its time. At most `connections_max` peers speak at once; those beyond wait.
pub async fn receive<F>(
    listener: TcpListener,
    connections_max: usize,
    mut stopping: watch::Receiver<bool>,
    each: impl Fn(Arrival) -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    // Dropping the set ends what is in it: nothing outlives this task.
    let mut connections = JoinSet::new();
    let places = Places::new(HANDSHAKES_MAX, connections_max, stopping.clone());
    loop {
        tokio::select! {
            accepted = places.accept(&listener) => match accepted {
                Ok(arrival) => drop(connections.spawn(each(arrival))),
                Err(error) => {
                    tracing::error!(%error, "cannot accept a connection");
                    sleep(ACCEPT_PAUSE).await;
                }
            },
            Some(_) = connections.join_next() => {}
            // An error means that the service itself is gone.
            _ = stopping.changed() => break,
        }
    }
    drop(listener);
    let farewell = async { while connections.join_next().await.is_some() {} };
    if timeout(STOP_WAIT_MAX, farewell).await.is_err() {
        tracing::warn!("some requests were cut off");
    }
}

/// TLS with a peer, by the configuration that is in force once it begins; none if it spoke something
/// else and was told so.
///
/// # Errors
/// The handshake failed, or the connection broke.
pub async fn begin_tls(
    mut stream: TcpStream,
    config: impl FnOnce() -> Arc<ServerConfig>,
) -> io::Result<Option<TlsStream<TcpStream>>> {
    stream.set_nodelay(true)?;
    if !begins_tls(&mut stream).await? {
        return Ok(None);
    }
    match TlsAcceptor::from(config()).accept(stream).into_fallible().await {
        Ok(stream) => Ok(Some(stream)),
        Err((error, mut stream)) => {
            part(&mut stream).await;
            Err(error)
        }
    }
}

impl Place {
    /// What comes of a handshake; none if the service stops meanwhile. One that has had its time has
    /// failed as [`io::ErrorKind::TimedOut`].
    pub async fn shake<T>(
        &mut self,
        handshake: impl Future<Output = io::Result<T>>,
    ) -> Option<io::Result<T>> {
        tokio::select! {
            shaken = handshake => Some(shaken),
            () = patience(self.crowded.clone()) => Some(Err(io::ErrorKind::TimedOut.into())),
            // Nothing was asked yet that could be cut off.
            _ = self.stopping.changed() => None,
        }
    }

    /// Goes over to a place to speak, once there is one; none if the service stops meanwhile. This
    /// one is given back only then.
    pub async fn connect(self) -> Option<Connected> {
        let Self { held, connections, mut stopping, .. } = self;
        let connected = tokio::select! {
            connected = connections.acquire_owned() => connected.ok(),
            _ = stopping.changed() => None,
        };
        drop(held);
        connected.map(|held| Connected { _held: held })
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

/// Room for peers.
struct Places {
    handshakes: Arc<Semaphore>,
    connections: Arc<Semaphore>,
    /// Whether somebody may be waiting for a place to shake hands.
    crowded: watch::Sender<bool>,
    stopping: watch::Receiver<bool>,
}

impl Places {
    fn new(handshakes: usize, connections: usize, stopping: watch::Receiver<bool>) -> Self {
        Self {
            handshakes: Arc::new(Semaphore::new(handshakes)),
            connections: Arc::new(Semaphore::new(connections)),
            crowded: watch::Sender::new(false),
            stopping,
        }
    }

    /// The next peer, once there is a place for it.
    async fn accept(&self, listener: &TcpListener) -> io::Result<Arrival> {
        let handshakes = &self.handshakes;
        self.crowded.send_if_modified(|crowded| {
            let is_crowded = handshakes.available_permits() == 0;
            std::mem::replace(crowded, is_crowded) != is_crowded
        });
        let held = Arc::clone(handshakes).acquire_owned().await.map_err(io::Error::other)?;
        let (stream, _) = listener.accept().await?;
        let place = Place {
            held,
            connections: Arc::clone(&self.connections),
            crowded: self.crowded.subscribe(),
            stopping: self.stopping.clone(),
        };
        Ok(Arrival { stream, place, stopping: self.stopping.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_peer_too_many_waits_until_another_leaves() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let (_stop, stopping) = watch::channel(false);
        let places = Places::new(1, 1, stopping);
        let _first = TcpStream::connect(address).await.expect("connects");
        let _second = TcpStream::connect(address).await.expect("connects");
        let arrival = places.accept(&listener).await.expect("a place");
        assert!(!*arrival.place.crowded.borrow(), "nobody waits");
        let wait = timeout(Duration::from_millis(20), places.accept(&listener));
        assert!(wait.await.is_err(), "no place");
        assert!(*arrival.place.crowded.borrow(), "the first is asked to hurry");
        let speaks = arrival.place.connect().await.expect("a place to speak");
        let arrival = places.accept(&listener).await.expect("a place again");
        assert!(!*arrival.place.crowded.borrow());
        let wait = timeout(Duration::from_millis(20), arrival.place.connect());
        assert!(wait.await.is_err(), "the first still speaks");
        drop(speaks);
    }

    #[tokio::test(start_paused = true)]
    async fn a_handshake_has_less_time_while_others_wait() {
        let (crowded, seen) = watch::channel(false);
        let alone = tokio::spawn(patience(seen));
        sleep(2 * CROWDED_WAIT_MAX).await;
        assert!(!alone.is_finished(), "nobody waits");
        crowded.send_replace(true);
        alone.await.expect("no panic");
        assert!(timeout(CROWDED_WAIT_MAX / 2, patience(crowded.subscribe())).await.is_err());
        assert!(timeout(2 * CROWDED_WAIT_MAX, patience(crowded.subscribe())).await.is_ok());
    }
}
