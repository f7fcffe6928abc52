//! The stack put together by hand: authority, hub and two terminals as programs of their own.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

const ACCOUNTS: &str = r#"[
    {"user_id": "KJ990000000001", "office": "2770100012",
     "office_name": "見本居宅介護支援センター", "password": "mihon-manager"},
    {"user_id": "KJ990000000002", "office": "2770200036",
     "office_name": "みどりヘルパーステーション", "password": "mihon-helper"}
]"#;

const OFFICES: &str = r#"[
    {"office": "2770100012", "name": "見本居宅介護支援センター", "kinds": ["43"],
     "licence_until": "2999-01-01T00:00:00Z"},
    {"office": "2770200036", "name": "みどりヘルパーステーション", "kinds": ["11"],
     "licence_until": "2999-01-01T00:00:00Z"}
]"#;

fn careplan(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_careplan"));
    command.current_dir(folder).args(arguments.split(' '));
    command
}

/// Runs a command that must succeed, and reads the JSON that it prints.
fn json(folder: &Path, arguments: &str) -> Value {
    let output = careplan(folder, arguments).args(["--format", "json"]).output().expect("runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments}: {stderr}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A service that ends with its test.
struct Service {
    child: Child,
    url: String,
}

impl Service {
    fn start(folder: &Path, arguments: &str) -> Self {
        let mut command = careplan(folder, arguments);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let first: Value = serde_json::from_str(&line).expect("the first line is JSON");
        Self { child, url: first["url"].as_str().expect("a URL").to_owned() }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_sending_goes_through_programs_that_were_started_one_by_one() {
    let stage = TempDir::new().expect("a folder");
    let stage = stage.path();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for (name, text) in [
        ("accounts.json", ACCOUNTS),
        ("offices.json", OFFICES),
        ("manager.txt", "mihon-manager\n"),
        ("helper.txt", "mihon-helper\n"),
    ] {
        fs::write(stage.join(name), text).expect("writes");
    }
    let ca = Service::start(stage, "ca serve --dir ca --accounts accounts.json");
    json(stage, "ca issue --dir ca --server 127.0.0.1 --out hub-certificate");
    let hub = Service::start(
        stage,
        &format!(
            "hub serve --store sqlite:hub.db --ca {} --ca-root ca/root.pem --offices offices.json \
             --tls-chain hub-certificate/certificate.pem --tls-key hub-certificate/key.pem",
            ca.url
        )
        .replace("  ", " "),
    );
    for (user_id, name) in [("KJ990000000001", "manager"), ("KJ990000000002", "helper")] {
        json(
            stage,
            &format!(
                "client enrol --home {name} --ca {} --hub {} --root ca/root.pem --user-id {user_id} \
                 --password-file {name}.txt",
                ca.url, hub.url
            ),
        );
    }
    let sample = samples.join("v4-slip");
    let mut send = careplan(stage, "client send --home manager --password-file manager.txt");
    assert!(send.arg(&sample).output().expect("runs").status.success());
    let fetched =
        json(stage, "client fetch --home helper --password-file helper.txt --all --into received");
    let folder = fetched["deliveries"][0]["fetched"]["folder"].as_str().expect("a folder");
    for file in fs::read_dir(&sample).expect("the sample") {
        let file = file.expect("readable");
        let arrived = fs::read(stage.join(folder).join(file.file_name())).expect("arrived");
        assert_eq!(arrived, fs::read(file.path()).expect("readable"), "byte for byte");
    }
}
