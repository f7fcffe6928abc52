//! Who is measured: the hub on one of its stores, or nginx; each a process of its own, ended with
//! the measurement.

use std::{
    fs, io,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::Stdio,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use careplan_protocol::{
    TerminalId,
    hub::{Login, Session},
};
use fake_ca::{CaServer, ServerIdentity};
use private_postgres::{Absence, Server};
use rustls::ClientConfig;
use serde::Deserialize;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    time::{sleep, timeout},
};

use super::{
    Args,
    cast::{Cast, PASSWORD, Side},
    wire::{Connection, Identity},
};
use crate::commands::program;

/// How long a peer may take to start.
const START_WAIT_MAX: Duration = Duration::from_secs(20);
/// How long nginx may take to end its workers.
const STOP_WAIT_MAX: Duration = Duration::from_secs(5);

/// A peer, by its word on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Kind {
    /// 基盤（SQLite） / the hub on SQLite
    Sqlite,
    /// 基盤（PostgreSQL、fsync あり） / the hub on PostgreSQL that flushes
    Postgres,
    /// nginx の DAV PUT（fsync なし） / nginx, DAV PUT without fsync
    Nginx,
}

/// A peer that runs.
pub(super) struct Peer {
    pub(super) kind: Kind,
    pub(super) address: SocketAddr,
    /// Sender and recipient, pair by pair.
    pub(super) desks: Vec<[Desk; 2]>,
    child: Child,
    /// The server of its own database, ended behind the hub.
    _database: Option<Server>,
    // Put away after the process that works in it.
    folder: TempDir,
}

/// An office at its peer.
pub(super) struct Desk {
    pub(super) tls: Arc<ClientConfig>,
    /// Of its session; empty where nobody logs in.
    pub(super) token: String,
}

impl Kind {
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "hub, SQLite",
            Self::Postgres => "hub, PostgreSQL",
            Self::Nginx => "nginx",
        }
    }
}

impl Peer {
    /// Starts it, and has every office log in.
    pub(super) async fn start(
        kind: Kind,
        cast: &Cast,
        ca: &CaServer,
        args: &Args,
    ) -> io::Result<Self> {
        let folder = match &args.folder {
            Some(folder) => tempfile::tempdir_in(folder)?,
            None => tempfile::tempdir()?,
        };
        let server = cast.ca.issue_server(&["127.0.0.1"]).map_err(io::Error::other)?;
        lay_out(folder.path(), cast, &server, args)?;
        let database = match kind {
            Kind::Postgres => Some(database().await?),
            _ => None,
        };
        let starting = async {
            match kind {
                Kind::Sqlite => hub(folder.path(), ca, "sqlite:hub.db").await,
                Kind::Postgres => {
                    let (_, url) = database.as_ref().ok_or(io::ErrorKind::NotFound)?;
                    hub(folder.path(), ca, url).await
                }
                Kind::Nginx => nginx(folder.path()).await,
            }
        };
        let (child, address) = timeout(START_WAIT_MAX, starting).await??;
        let mut desks = vec![];
        for pair in &cast.pairs {
            let [sender, recipient] = &pair.sides;
            let desk = |side| Desk::open(kind, address, &server, side);
            desks.push([desk(sender).await?, desk(recipient).await?]);
        }
        Ok(Self {
            kind,
            address,
            desks,
            child,
            _database: database.map(|(server, _)| server),
            folder,
        })
    }

    /// Removes what nginx has taken, so that its writing back, which nobody waits for, does not keep
    /// the disk from those whose turn is next.
    pub(super) fn put_away(&self) -> io::Result<()> {
        let files = self.folder.path().join("files");
        match self.kind {
            Kind::Nginx => fs::remove_dir_all(&files).and_then(|()| fs::create_dir(&files)),
            Kind::Sqlite | Kind::Postgres => Ok(()),
        }
    }

    /// Processor time that its processes have had so far, where the system tells.
    pub(super) fn cpu(&self) -> Option<Duration> {
        let own = self.child.id()?;
        let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children")).ok()?;
        let workers = children.split_whitespace().filter_map(|id| id.parse().ok());
        [own].into_iter().chain(workers).map(cpu).sum()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        if self.kind == Kind::Nginx {
            // A master that is killed leaves its workers behind: it is asked, and waited for.
            let config = self.folder.path().join("nginx.conf");
            let mut stop = std::process::Command::new("nginx");
            let _ = stop.arg("-c").arg(config).args(["-s", "stop"]).stderr(Stdio::null()).status();
            let asked = Instant::now();
            while matches!(self.child.try_wait(), Ok(None)) && asked.elapsed() < STOP_WAIT_MAX {
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

/// Processor time of one process, in ticks of 10 ms.
pub(super) fn cpu(process: u32) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let ticks = rest.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
    Some(Duration::from_millis(10 * ticks.sum::<Result<u64, _>>().ok()?))
}

impl Desk {
    async fn open(
        kind: Kind,
        address: SocketAddr,
        server: &ServerIdentity,
        side: &Side,
    ) -> io::Result<Self> {
        let identity = Identity {
            chain_pem: &side.certificate.chain_pem,
            key_pem: &side.certificate.key_pem,
            server_pem: &server.chain_pem,
        };
        let tls = identity.config()?;
        let token = match kind {
            Kind::Sqlite | Kind::Postgres => log_in(address, &tls, side).await?,
            Kind::Nginx => String::new(),
        };
        Ok(Self { tls, token })
    }
}

async fn log_in(address: SocketAddr, tls: &Arc<ClientConfig>, side: &Side) -> io::Result<String> {
    let login = Login {
        user_id: side.user.clone(),
        password: PASSWORD.to_owned(),
        terminal: TerminalId::parse("pc-1").map_err(io::Error::other)?,
    };
    let mut connection = Connection::open(address, tls).await?;
    let head = "POST /v1/session HTTP/1.1\r\nhost: hub\r\ncontent-type: application/json\r\n";
    let answer = connection.ask(head, &serde_json::to_vec(&login)?).await?;
    match answer.status {
        201 => Ok(serde_json::from_slice::<Session>(answer.body)?.token),
        _ => Err(io::Error::other(String::from_utf8_lossy(answer.body).into_owned())),
    }
}

/// Writes what either peer reads at its start.
fn lay_out(folder: &Path, cast: &Cast, server: &ServerIdentity, args: &Args) -> io::Result<()> {
    fs::write(folder.join("root.pem"), cast.ca.root_pem())?;
    fs::write(folder.join("chain.pem"), &server.chain_pem)?;
    fs::write(folder.join("key.pem"), &server.key_pem)?;
    fs::write(folder.join("offices.json"), cast.offices(args.offices).to_string())
}

/// The first line of `careplan hub serve`.
#[derive(Deserialize)]
struct Serving {
    url: String,
}

async fn hub(folder: &Path, ca: &CaServer, store: &str) -> io::Result<(Child, SocketAddr)> {
    let mut child = Command::new(program()?)
        .current_dir(folder)
        .args(["hub", "serve", "--store", store, "--ca", &ca.url()])
        .args(["--ca-root", "root.pem", "--tls-chain", "chain.pem", "--tls-key", "key.pem"])
        .args(["--offices", "offices.json", "--crl-refresh", "3600", "--log", "error"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let out = child.stdout.take().ok_or_else(|| io::Error::other("the hub has no output"))?;
    let mut first = String::new();
    BufReader::new(out).read_line(&mut first).await?;
    let serving: Serving = serde_json::from_str(&first)?;
    let address = serving.url.trim_start_matches("https://").parse().map_err(io::Error::other)?;
    Ok((child, address))
}

/// A server that flushes, and an empty database on it.
async fn database() -> io::Result<(Server, String)> {
    let starting = tokio::task::spawn_blocking(|| {
        let server = Server::start_durable()?;
        let url = server.new_database()?;
        Ok((server, url))
    });
    starting.await?.map_err(|absence: Absence| match absence {
        Absence::NotInstalled => io::Error::new(io::ErrorKind::NotFound, absence),
        Absence::DoesNotStart(_) => io::Error::other(absence),
    })
}

async fn nginx(folder: &Path) -> io::Result<(Child, SocketAddr)> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?.local_addr()?.port();
    let user = Command::new("id").arg("-un").output().await?.stdout;
    let config = include_str!("nginx.conf")
        .replace("$USER", String::from_utf8_lossy(&user).trim())
        .replace("$FOLDER", &folder.display().to_string())
        .replace("$PORT", &port.to_string());
    fs::create_dir(folder.join("files"))?;
    fs::write(folder.join("nginx.conf"), config)?;
    let child = Command::new("nginx")
        .arg("-c")
        .arg(folder.join("nginx.conf"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| io::Error::new(error.kind(), format!("nginx: {error}")))?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    while TcpStream::connect(address).await.is_err() {
        sleep(Duration::from_millis(20)).await;
    }
    Ok((child, address))
}
