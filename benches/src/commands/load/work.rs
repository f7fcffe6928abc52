//! What is done again and again, and how long it took.

use std::{io, sync::Arc, time::Duration};

use serde::Deserialize;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};

use super::{
    cast::{BOUNDARY, Cast, Pair},
    peer::{Desk, Kind, Peer, cpu},
    wire::{Answer, Connection},
};

/// How long everything runs before it counts.
const WARM_UP: Duration = Duration::from_millis(300);
/// How many errors in a row end a connection's work.
const ERRORS_MAX: u64 = 20;

/// What is done, by its word on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Work {
    /// 送信して受付の応答まで / a sending, until its durable 201
    Accept,
    /// 毎回新しい接続で送信 / the same, each on a new connection
    Anew,
    /// 送信、受信一覧、全ファイルの取得、取得済 / submit, claim, fetch every file, receipt
    Cycle,
    /// 新しい接続と小さな応答1つ / a full handshake and one small answer
    Handshake,
}

impl Work {
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Anew => "accept, new connections",
            Self::Cycle => "cycle",
            Self::Handshake => "handshake",
        }
    }

    /// Nginx hands nothing on.
    pub(super) fn suits(self, kind: Kind) -> bool {
        self != Self::Cycle || kind != Kind::Nginx
    }
}

/// What was measured.
#[derive(Default)]
pub(super) struct Sample {
    /// Of each success, unsorted.
    pub(super) times: Vec<Duration>,
    pub(super) errors: u64,
    /// What the first error said.
    pub(super) first_error: Option<String>,
    /// Processor time of the peer, and of whom measures.
    pub(super) cpu: [Option<Duration>; 2],
}

/// When it counts.
#[derive(Clone, Copy)]
struct Window {
    start: Instant,
    end: Instant,
}

/// Does the work on so many connections at once for so long.
pub(super) async fn measure(
    peer: &Arc<Peer>,
    cast: &Arc<Cast>,
    work: Work,
    counted: Duration,
) -> Sample {
    let start = Instant::now() + WARM_UP;
    let window = Window { start, end: start + counted };
    let mut workers = JoinSet::new();
    for place in cast.places(work == Work::Cycle) {
        workers.spawn(repeat(Arc::clone(peer), Arc::clone(cast), work, (place, window)));
    }
    let looked = || [peer.cpu(), cpu(std::process::id())];
    sleep_until(window.start).await;
    let before = looked();
    sleep_until(window.end).await;
    let after = looked();
    let mut all = Sample::default();
    while let Some(done) = workers.join_next().await {
        match done {
            Ok(sample) => all.add(sample),
            Err(error) => all.error(&io::Error::other(error)),
        }
    }
    let spent = |at: usize| Some(after[at]?.saturating_sub(before[at]?));
    all.cpu = [spent(0), spent(1)];
    all
}

async fn repeat(
    peer: Arc<Peer>,
    cast: Arc<Cast>,
    work: Work,
    (place, window): (usize, Window),
) -> Sample {
    let pair = &cast.pairs[place];
    // Unique among all runs: the moment is.
    let key =
        format!("load-{place}-{:?}", window.start).replace(|c| !char::is_alphanumeric(c), "-");
    let mut hands = Hands { peer: &peer, place, pair, key, count: 0, open: [None, None] };
    let mut sample = Sample::default();
    while Instant::now() < window.end && sample.errors < ERRORS_MAX {
        let began = Instant::now();
        match hands.once(work).await {
            Ok(()) => {
                let ended = Instant::now();
                if window.start <= ended && ended < window.end {
                    sample.times.push(ended - began);
                }
            }
            Err(error) => {
                sample.error(&error);
                hands.open = [None, None];
            }
        }
    }
    sample
}

impl Sample {
    fn error(&mut self, error: &io::Error) {
        self.errors += 1;
        self.first_error.get_or_insert_with(|| error.to_string());
    }

    fn add(&mut self, other: Self) {
        self.times.extend(other.times);
        self.errors += other.errors;
        self.first_error = self.first_error.take().or(other.first_error);
    }
}

/// What a claim answers, as far as it is needed.
#[derive(Deserialize)]
struct Claimed {
    deliveries: Vec<Waiting>,
}

#[derive(Deserialize)]
struct Waiting {
    id: String,
    files: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// One pair of offices at work.
struct Hands<'a> {
    peer: &'a Peer,
    place: usize,
    pair: &'a Pair,
    key: String,
    count: u64,
    /// Connections of sender and recipient, kept alive.
    open: [Option<Connection>; 2],
}

impl Hands<'_> {
    async fn once(&mut self, work: Work) -> io::Result<()> {
        match work {
            Work::Accept => self.accept().await,
            Work::Anew => {
                self.open = [None, None];
                self.accept().await
            }
            Work::Cycle => {
                self.accept().await?;
                self.collect().await
            }
            Work::Handshake => {
                self.open = [None, None];
                let head = "GET /none HTTP/1.1\r\nhost: hub\r\n";
                let answer = self.connection(0).await?.ask(head, b"").await?;
                good(&answer, 404)
            }
        }
    }

    fn desk(&self, side: usize) -> &Desk {
        &self.peer.desks[self.place][side]
    }

    async fn connection(&mut self, side: usize) -> io::Result<&mut Connection> {
        let connection = match self.open[side].take() {
            Some(connection) => connection,
            None => Connection::open(self.peer.address, &self.desk(side).tls).await?,
        };
        Ok(self.open[side].insert(connection))
    }

    async fn accept(&mut self) -> io::Result<()> {
        self.count += 1;
        let (key, count, token) = (&self.key, self.count, &self.desk(0).token);
        let head = match self.peer.kind {
            Kind::Nginx => format!("PUT /{key}-{count} HTTP/1.1\r\nhost: hub\r\n"),
            _ => format!(
                "POST /v1/submissions HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer {token}\r\n\
                 idempotency-key: {key}-{count}\r\n\
                 content-type: multipart/form-data; boundary={BOUNDARY}\r\n"
            ),
        };
        let body = Arc::clone(&self.pair.body);
        good(&self.connection(0).await?.ask(&head, &body).await?, 201)
    }

    /// Claims, fetches every file of everything, and says so.
    async fn collect(&mut self) -> io::Result<()> {
        let rest = format!("host: hub\r\nauthorization: Bearer {}\r\n", self.desk(1).token);
        let file_bytes = self.pair.file_bytes;
        let connection = self.connection(1).await?;
        let claim = format!("POST /v1/claims HTTP/1.1\r\n{rest}");
        let answer = connection.ask(&claim, b"").await?;
        good(&answer, 200)?;
        let claimed: Claimed = serde_json::from_slice(answer.body)?;
        for Waiting { id, files } in claimed.deliveries {
            let mut bytes = 0;
            for Named { name } in files {
                let fetch = format!("GET /v1/deliveries/{id}/files/{name} HTTP/1.1\r\n{rest}");
                let answer = connection.ask(&fetch, b"").await?;
                good(&answer, 200)?;
                bytes += answer.body.len();
            }
            if bytes != file_bytes {
                return Err(io::Error::other(format!("{bytes} of {file_bytes} bytes came back")));
            }
            let receipt = format!("POST /v1/deliveries/{id}/receipt HTTP/1.1\r\n{rest}");
            good(&connection.ask(&receipt, b"").await?, 200)?;
        }
        Ok(())
    }
}

fn good(answer: &Answer<'_>, status: u16) -> io::Result<()> {
    match answer.status == status {
        true => Ok(()),
        false => {
            let body = String::from_utf8_lossy(answer.body);
            Err(io::Error::other(format!("{}: {body}", answer.status)))
        }
    }
}
