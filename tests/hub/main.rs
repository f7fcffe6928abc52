//! `careplan hub serve`, run as a person runs it, with a CA and two terminals beside it.

mod bad_requests;
mod certificates;
mod copies;
#[cfg(target_os = "linux")]
mod full_disk;
mod operator;
mod two_hubs;
mod watching;

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use careplan_protocol::{Clock, UserId, ca::CertificateKind};
use fake_ca::{CaServer, FakeCa, Keep, NewAccount};
use reference_client::{
    CertificateSource, Credentials, Enrolment, Sending, SendingFile, Settings, Terminal,
};
use serde_json::Value;
use tempfile::TempDir;

const CARE_MANAGER: &str = "2770100012";
const HOME_HELP: &str = "2770200036";
const PASSWORD: &str = "見本-password";

/// A CA that runs on threads of its own while a test waits for the hub, and a folder with all that a hub is started from.
struct Stage {
    folder: TempDir,
    ca: FakeCa,
    server: CaServer,
}

impl Stage {
    async fn new() -> Self {
        let ca = FakeCa::open(Keep::Memory, Clock::system()).expect("a CA");
        for office in [CARE_MANAGER, HOME_HELP] {
            let account = NewAccount {
                user_id: user_id(office),
                office: office.parse().expect("an office number"),
                office_name: String::new(),
                password: PASSWORD.to_owned(),
                temporary: false,
            };
            ca.add_account(account).expect("opens");
        }
        let folder = TempDir::new().expect("a folder");
        let identity = ca.issue_server(&["127.0.0.1"]).expect("issues");
        let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("ok");
        put("root.pem", ca.root_pem());
        put("chain.pem", &identity.chain_pem);
        put("key.pem", &identity.key_pem);
        let until = "2999-01-01T00:00:00+09:00";
        put(
            "offices.json",
            &format!(
                r#"[{{"office":"{CARE_MANAGER}","name":"見本居宅介護支援センター","kinds":["43"],"licence_until":"{until}"}},
                    {{"office":"{HOME_HELP}","name":"みどりヘルパーステーション","kinds":["11"],"licence_until":"{until}"}}]"#
            ),
        );
        let server = CaServer::start(ca.clone(), ([127, 0, 0, 1], 0).into()).await.expect("runs");
        Self { folder, ca, server }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The command, with `more` after what every hub needs.
    fn hub(&self, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_careplan"));
        command.current_dir(self.path()).args(["--lang", "en", "hub", "serve"]);
        command.args(["--ca", &self.server.url(), "--ca-root", "root.pem"]);
        command.args(["--tls-chain", "chain.pem", "--tls-key", "key.pem"]).args(more);
        command
    }

    /// A terminal of an office, logged in.
    async fn terminal(&self, office: &str, hub_url: &str) -> Terminal {
        let number = office.parse().expect("an office number");
        let issued = self.ca.issue_client(number, CertificateKind::CareInsurance).expect("issues");
        let credentials = Credentials::from_pem(&issued.chain_pem, &issued.key_pem);
        let enrolment = Enrolment {
            hub_url: hub_url.to_owned(),
            root_pem: self.ca.root_pem().to_owned(),
            user_id: user_id(office),
            certificate: CertificateSource::Installed(credentials.expect("a certificate")),
        };
        let folder = self.path().join(office);
        let terminal = Terminal::enrol(&folder, enrolment, Settings::default()).await;
        let mut terminal = terminal.expect("enrols");
        terminal.login(PASSWORD).await.expect("logs in");
        terminal
    }
}

fn user_id(office: &str) -> UserId {
    UserId::parse(&format!("KJ00{office}")).expect("a user ID")
}

/// A hub that is ended with its test.
struct Serving {
    child: Child,
    url: String,
    admin_url: Option<String>,
}

impl Serving {
    fn start(command: Command) -> Self {
        Self::start_with_log(command, Stdio::null())
    }

    fn start_with_log(mut command: Command, log: impl Into<Stdio>) -> Self {
        let child = command.stdout(Stdio::piped()).stderr(log).spawn();
        let mut child = child.expect("starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let first: Value = serde_json::from_str(&line).expect("the first line is JSON");
        let url = first["url"].as_str().expect("a URL").to_owned();
        Self { child, url, admin_url: first["admin_url"].as_str().map(str::to_owned) }
    }

    fn address(&self) -> &str {
        self.url.strip_prefix("https://").expect("https only")
    }

    /// Ends it the hard way: there is no chance to put anything away.
    fn kill(&mut self) {
        self.child.kill().expect("kills");
        self.child.wait().expect("ends");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_outlives_a_kill() {
    let stage = Stage::new().await;
    let store = ["--store", "sqlite:hub.db", "--offices", "offices.json"];
    let mut hub = Serving::start(stage.hub(&store));
    let mut sender = stage.terminal(CARE_MANAGER, &hub.url).await;
    let mut recipient = stage.terminal(HOME_HELP, &hub.url).await;
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/v4-slip");
    let sending = Sending::gather(&[samples]).expect("a sending").remove(0);
    let sent = sender.send(&sending).await.expect("acknowledged");
    hub.kill();

    let address = hub.address().to_owned();
    let _again = Serving::start(stage.hub(&[&store[..], &["--listen", &address]].concat()));
    let inbox = recipient.inbox().await.expect("the session lives on as well");
    assert_eq!(inbox.len(), 1);
    assert_eq!(inbox[0].delivery.submitted_at, sent.submitted_at);
    let into = stage.path().join("into");
    recipient.fetch(&inbox[0].delivery.id, &into).await.expect("fetches");
    for SendingFile { name, bytes, .. } in &sending.files {
        let found = files_below(&into, name);
        assert_eq!(&fs::read(found).expect("reads"), bytes, "{name}");
    }
}

fn files_below(folder: &Path, name: &str) -> std::path::PathBuf {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("ok").path());
    let mut entries: Vec<_> = entries.collect();
    entries.sort();
    for path in entries {
        if path.is_dir() && path.join(name).is_file() {
            return path.join(name);
        }
    }
    folder.join(name)
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_is_answered_on_the_same_port() {
    let stage = Stage::new().await;
    let hub = Serving::start(stage.hub(&["--store", "memory", "--offices", "offices.json"]));
    let mut stream = TcpStream::connect(hub.address()).expect("connects");
    stream.write_all(b"GET /v1/office HTTP/1.1\r\nhost: hub\r\n\r\n").expect("writes");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("reads");
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("urn:careplan:problem:tls-required"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_are_armed_seen_and_disarmed_from_the_command_line() {
    let stage = Stage::new().await;
    let hub = Serving::start(
        stage.hub(
            &[
                &[
                    "--store",
                    "memory",
                    "--offices",
                    "offices.json",
                    "--faults",
                    "hostile",
                    "--seed",
                    "3",
                ][..],
                &["--admin", "127.0.0.1:0", "--admin-token-file", "admin.token"],
            ]
            .concat(),
        ),
    );
    let admin = hub.admin_url.clone().expect("an admin listener");
    let fault = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_careplan"));
        command.current_dir(stage.path()).args(["--format", "json", "hub", "fault"]);
        command.args(arguments).args(["--admin", &admin, "--token-file", "admin.token"]);
        let output = command.output().expect("runs");
        let answer = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        (output.status.code(), answer)
    };
    assert_eq!(fault(&["show"]).1["replay"], "--faults hostile --seed 3");
    assert_eq!(fault(&["disarm"]).0, Some(0));
    let (code, armed) = fault(&["arm", "answer-lost", "--operation", "submit", "--next", "1"]);
    assert_eq!((code, armed["armed"].as_array().map(Vec::len)), (Some(0), Some(1)), "{armed}");
    let (code, problem) = fault(&["arm", "upload-cut", "--operation", "fetch"]);
    assert_eq!((code, &problem["type"]), (Some(1), &"urn:careplan:problem:fault-unusable".into()));

    let letter = SendingFile { name: "連絡.txt".to_owned(), bytes: b"hello".to_vec() };
    let destination =
        serde_json::from_value(serde_json::json!({ "office": HOME_HELP, "kind": "11" }));
    let destination = Some(destination.expect("an office"));
    let sending = Sending { destination, ..Sending::new(vec![letter]) };
    stage.terminal(CARE_MANAGER, &hub.url).await.send(&sending).await.expect("at the second try");
    let (_, fired) = fault(&["fired"]);
    let last = &fired["fired"].as_array().expect("a list").last().expect("one")["operation"];
    assert_eq!(last, "submit", "{fired}");
    assert_eq!(fault(&["show"]).1["armed"].as_array().map(Vec::len), Some(0), "it is spent");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_ends_the_hub_cleanly() {
    let stage = Stage::new().await;
    let mut hub = Serving::start(stage.hub(&["--store", "memory", "--offices", "offices.json"]));
    let pid = hub.child.id().to_string();
    Command::new("kill").args(["-INT", &pid]).status().expect("signals");
    assert_eq!(hub.child.wait().expect("ends").code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_set_up_ends_with_2_and_one_line() {
    let stage = Stage::new().await;
    let put = |name: &str, text: &str| fs::write(stage.path().join(name), text).expect("writes");
    put("notes.txt", &"not a database at all. ".repeat(100));
    put("broken.json", r#"[{"office":"27","name":"x","kinds":[]}]"#);
    let run = |mut command: Command| -> Output { command.output().expect("runs") };
    for (arguments, says) in [
        (&["--store", "memory", "--offices", "missing.json"][..], "missing.json"),
        (&["--store", "memory", "--offices", "broken.json"], "broken.json"),
        (&["--store", "sqlite:notes.txt", "--offices", "offices.json"], "store"),
        (&["--store", "sqlite:no/such/folder.db", "--offices", "offices.json"], "store"),
        (
            &["--store", "memory", "--offices", "offices.json", "--listen", "192.0.2.1:1"],
            "192.0.2.1:1",
        ),
    ] {
        let output = run(stage.hub(arguments));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(said.contains(says) && said.trim_end().lines().count() == 1, "{said}");
    }
    let unknown = run(stage.hub(&["--store", "redis:x", "--offices", "offices.json"]));
    assert_eq!(unknown.status.code(), Some(2));
}
