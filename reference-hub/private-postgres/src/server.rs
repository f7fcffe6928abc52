//! A server in a temporary folder, and the shell that ends it.
//!
//! Invariant: the server does not outlive the process that started it. A shell of its own process
//! group stands between the two and waits for the end of its standard input, which comes when this
//! process closes it or dies; then it ends the server and removes the folder.

use std::{
    fs,
    os::unix::{
        fs::chown,
        process::{CommandExt as _, ExitStatusExt as _},
    },
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::Duration,
};

use postgres::{Client, NoTls};
use tempfile::TempDir;

use crate::{Absence, programs};

/// Ends the server (`$1`) that holds the folder (`$0`) once standard input ends, and removes the folder.
const KEEPER: &str = r#"
"$@" >"$0/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -INT "$server" 2>/dev/null
wait "$server"
rm -rf "$0"
"#;

/// What a server is told that need not survive a power cut, and shall be small.
const SETTINGS: &[&str] = &[
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "shared_buffers=32MB",
    "max_connections=300",
    "max_wal_size=256MB",
    "autovacuum=off",
];

/// What one is told beside that whose flushes count; what is said last holds.
const DURABLE_SETTINGS: &[&str] = &[
    "fsync=on",
    "full_page_writes=on",
    "shared_buffers=512MB",
    "max_wal_size=4GB",
    "autovacuum=on",
];

/// Looks at whether the server answers, and the time between them.
const LOOKS_MAX: u32 = 300;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// Whom a server runs as where this process is the superuser, as whom it refuses to run.
const ACCOUNTS: [&str; 2] = ["postgres", "nobody"];

/// A running server. It ends with its value, or with this process.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    keeper: Child,
    databases: AtomicU32,
}

impl Server {
    /// Starts a server, and waits until it answers.
    ///
    /// # Errors
    /// PostgreSQL is not installed, or does not start.
    pub fn start() -> Result<Self, Absence> {
        Self::start_with(SETTINGS)
    }

    /// Starts a server that flushes as one in service does, with room to work in: to be measured.
    ///
    /// # Errors
    /// PostgreSQL is not installed, or does not start.
    pub fn start_durable() -> Result<Self, Absence> {
        Self::start_with(&[SETTINGS, DURABLE_SETTINGS].concat())
    }

    fn start_with(settings: &[&str]) -> Result<Self, Absence> {
        let programs = programs::folder().ok_or(Absence::NotInstalled)?;
        let folder = tempfile::Builder::new().prefix("careplan-pg-").tempdir().map_err(trouble)?;
        let account = account();
        if let Some((user, group)) = account {
            chown(folder.path(), Some(user), Some(group)).map_err(trouble)?;
        }
        let data = folder.path().join("data");
        let mut initdb = Command::new(programs.join("initdb"));
        initdb.args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8"]);
        initdb.args(["--no-locale", "--no-instructions", "--pgdata"]).arg(&data);
        succeed(as_account(&mut initdb, account).current_dir(folder.path()))?;
        let keeper = keep(&programs.join("postgres"), folder, &data, account, settings)?;
        keeper.wait_until_it_answers()?;
        Ok(keeper)
    }

    /// The URL of a new, empty database.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn new_database(&self) -> Result<String, Absence> {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("hub_{number}");
        self.execute(&format!("CREATE DATABASE {name}"))?;
        Ok(self.url(&name))
    }

    fn url(&self, database: &str) -> String {
        let socket = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{socket}/{database}")
    }

    fn execute(&self, sql: &str) -> Result<(), Absence> {
        let url = self.url("postgres");
        // The client brings a runtime of its own, which a thread of another one may not enter.
        let executed = thread::scope(|scope| {
            let running =
                scope.spawn(|| Client::connect(&url, NoTls).and_then(|mut c| c.batch_execute(sql)));
            running.join()
        });
        let executed = executed.map_err(|_| Absence::DoesNotStart("panic".to_owned()))?;
        executed.map_err(trouble)
    }

    fn wait_until_it_answers(&self) -> Result<(), Absence> {
        let mut last = Ok(());
        for _ in 0..LOOKS_MAX {
            last = self.execute("SELECT 1");
            if last.is_ok() {
                return Ok(());
            }
            thread::sleep(BETWEEN_LOOKS);
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        last.map_err(|_| Absence::DoesNotStart(log))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // The keeper removes what is left, so there is nothing to do about a failure.
        let _ = self.keeper.wait();
    }
}

/// Starts the keeper, which starts the server; from here on the folder is the keeper's.
fn keep(
    postgres: &Path,
    folder: TempDir,
    data: &Path,
    account: Option<(u32, u32)>,
    settings: &[&str],
) -> Result<Server, Absence> {
    let mut keeper = Command::new("sh");
    keeper.arg("-c").arg(KEEPER).arg(folder.path());
    // The keeper itself stays who this process is: who may not write beside the folder cannot
    // remove it.
    if let Some((user, group)) = account {
        keeper.arg("setpriv").arg(format!("--reuid={user}")).arg(format!("--regid={group}"));
        keeper.args(["--clear-groups", "--"]);
    }
    keeper.arg(postgres).arg("-D").arg(data);
    keeper.arg("-k").arg(folder.path());
    for setting in settings {
        keeper.args(["-c", setting]);
    }
    // Ctrl-C at the terminal is for this process: the keeper is to see its end, not to share it.
    keeper.process_group(0).current_dir("/");
    keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let keeper = keeper.spawn().map_err(trouble)?;
    Ok(Server { folder: folder.keep(), keeper, databases: AtomicU32::new(0) })
}

/// Runs a program to its end; what it says is told when it fails.
fn succeed(command: &mut Command) -> Result<(), Absence> {
    let Output { status, stdout, stderr } = command.output().map_err(trouble)?;
    if status.success() {
        return Ok(());
    }
    let said = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    let signal = status.signal().map_or_else(String::new, |signal| format!(" (signal {signal})"));
    Err(Absence::DoesNotStart(format!("{said}{signal}")))
}

fn as_account(command: &mut Command, account: Option<(u32, u32)>) -> &mut Command {
    match account {
        Some((user, group)) => command.uid(user).gid(group),
        None => command,
    }
}

/// User and group to run as instead of the superuser.
fn account() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt as _;
    // A file that was just made belongs to whom this process runs as.
    let probe = tempfile::tempfile().ok()?.metadata().ok()?;
    if probe.uid() != 0 {
        return None;
    }
    let accounts = fs::read_to_string("/etc/passwd").ok()?;
    let named = |name: &&str| {
        let mut line = accounts.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let line = line.find(|line| line.first() == Some(name))?;
        Some((line.get(2)?.parse().ok()?, line.get(3)?.parse().ok()?))
    };
    ACCOUNTS.iter().find_map(named)
}

fn trouble(error: impl std::fmt::Display) -> Absence {
    Absence::DoesNotStart(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_gives_empty_databases_and_goes_with_its_value() {
        let server = match Server::start() {
            Ok(server) => server,
            Err(absence @ Absence::NotInstalled) => return skip(&absence),
            Err(absence) => panic!("{absence}"),
        };
        let [first, second] = [server.new_database(), server.new_database()];
        assert_ne!(first.expect("makes"), second.expect("makes"));
        let folder = server.folder.clone();
        assert!(folder.is_dir());
        drop(server);
        assert!(!folder.exists(), "the keeper removes it");
    }

    fn skip(absence: &Absence) {
        eprintln!("skipped: {absence}");
    }
}
