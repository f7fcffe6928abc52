//! An office's line to the hub, which can be cut: a TCP relay between the two.
//!
//! It carries the encrypted bytes as they are. Once a cut has happened, the line stays dead until it
//! is mended, as a torn cable would.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What is about to happen to a line, or has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It carries everything.
    Sound,
    /// It tears when this many more bytes have gone up.
    TearsAfter(u64),
    /// When this many more bytes have gone up, it tears at the first byte that comes down.
    SwallowsAnswerAfter(u64),
    /// It is torn.
    Torn,
}

/// A line; dropping it closes it.
pub(crate) struct Line {
    address: SocketAddr,
    fate: Arc<Mutex<Fate>>,
    task: JoinHandle<()>,
}

impl Line {
    /// Lays a line to the hub, from a free loopback port.
    pub(crate) async fn lay(hub: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let fate = Arc::new(Mutex::new(Fate::Sound));
        let shared = Arc::clone(&fate);
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, hub, Arc::clone(&shared)));
            }
        });
        Ok(Self { address, fate, task })
    }

    /// Its near end.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Decides what happens to it from now on.
    pub(crate) fn set(&self, fate: Fate) {
        *lock(&self.fate) = fate;
    }

    /// What is to happen to it, or has.
    pub(crate) fn fate(&self) -> Fate {
        *lock(&self.fate)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.set(Fate::Torn);
        self.task.abort();
    }
}

/// Carries one connection until either end closes it or the line tears.
async fn carry(mut near: TcpStream, hub: SocketAddr, fate: Arc<Mutex<Fate>>) -> io::Result<()> {
    if *lock(&fate) == Fate::Torn {
        return Ok(());
    }
    let mut far = TcpStream::connect(hub).await?;
    let (mut up, mut down) = (vec![0; 4096], vec![0; 4096]);
    loop {
        tokio::select! {
            read = near.read(&mut up) => {
                let read = read?;
                let passing = passes_up(&fate, read);
                far.write_all(&up[..passing]).await?;
                if passing < read || read == 0 {
                    return Ok(());
                }
            }
            read = far.read(&mut down) => {
                let read = read?;
                if read == 0 || !passes_down(&fate) {
                    return Ok(());
                }
                near.write_all(&down[..read]).await?;
            }
        }
    }
}

/// How many of these bytes still go up.
fn passes_up(fate: &Mutex<Fate>, read: usize) -> usize {
    let mut fate = lock(fate);
    let bytes = read as u64;
    match *fate {
        Fate::Sound => read,
        Fate::TearsAfter(left) if bytes < left => {
            *fate = Fate::TearsAfter(left - bytes);
            read
        }
        Fate::TearsAfter(left) => {
            *fate = Fate::Torn;
            // It is at most `read`, which is a usize.
            usize::try_from(left).unwrap_or(read).min(read.saturating_sub(1))
        }
        Fate::SwallowsAnswerAfter(left) => {
            *fate = Fate::SwallowsAnswerAfter(left.saturating_sub(bytes));
            read
        }
        Fate::Torn => 0,
    }
}

fn passes_down(fate: &Mutex<Fate>) -> bool {
    let mut fate = lock(fate);
    if *fate == Fate::SwallowsAnswerAfter(0) {
        *fate = Fate::Torn;
    }
    *fate != Fate::Torn
}

fn lock(fate: &Mutex<Fate>) -> std::sync::MutexGuard<'_, Fate> {
    // A fate is a plain value: it is whole even if somebody panicked while holding it.
    fate.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hub that answers every byte with the same byte, and tells what reached it.
    async fn echo() -> (SocketAddr, Arc<Mutex<Vec<u8>>>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("binds");
        let address = listener.local_addr().expect("has one");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let reached = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let reached = Arc::clone(&reached);
                tokio::spawn(async move {
                    let mut bytes = vec![0; 64];
                    while let Ok(read @ 1..) = stream.read(&mut bytes).await {
                        reached.lock().expect("whole").extend_from_slice(&bytes[..read]);
                        if stream.write_all(&bytes[..read]).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        (address, seen)
    }

    async fn say(line: &Line, text: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(line.address()).await.expect("connects");
        let mut heard = vec![0; text.len()];
        if stream.write_all(text).await.is_err() || stream.read_exact(&mut heard).await.is_err() {
            heard.clear();
        }
        heard
    }

    #[tokio::test]
    async fn a_sound_line_carries_both_ways() {
        let (hub, _) = echo().await;
        let line = Line::lay(hub).await.expect("lays");
        assert_eq!(say(&line, b"hello").await, b"hello");
    }

    #[tokio::test]
    async fn a_line_tears_after_so_many_bytes_and_stays_torn_until_mended() {
        let (hub, seen) = echo().await;
        let line = Line::lay(hub).await.expect("lays");
        line.set(Fate::TearsAfter(3));
        assert!(say(&line, b"hello").await.is_empty());
        assert_eq!(line.fate(), Fate::Torn);
        assert!(say(&line, b"again").await.is_empty());
        line.set(Fate::Sound);
        assert_eq!(say(&line, b"third").await, b"third");
        assert!(!seen.lock().expect("whole").starts_with(b"hello"));
    }

    #[tokio::test]
    async fn a_swallowed_answer_is_one_whose_request_arrived() {
        let (hub, seen) = echo().await;
        let line = Line::lay(hub).await.expect("lays");
        line.set(Fate::SwallowsAnswerAfter(5));
        assert!(say(&line, b"hello").await.is_empty());
        assert_eq!(line.fate(), Fate::Torn);
        assert_eq!(*seen.lock().expect("whole"), b"hello");
    }
}
