//! `careplan ca`, run as a person runs it.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// A folder for the CA, with accounts and a password to hand.
fn stage() -> TempDir {
    let stage = TempDir::new().expect("a folder");
    let accounts = r#"[{"user_id":"KJ277010001201","office":"2770100012",
        "office_name":"見本居宅介護支援センター","password":"見本-password","temporary":true}]"#;
    fs::write(stage.path().join("accounts.json"), accounts).expect("writes");
    fs::write(stage.path().join("password"), "for-pkcs12\n").expect("writes");
    stage
}

fn careplan(stage: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_careplan"));
    command.current_dir(stage).arg("ca").args(arguments);
    command
}

fn run(stage: &Path, arguments: &[&str]) -> Output {
    careplan(stage, arguments).output().expect("runs")
}

/// Runs a command that must succeed with `--format json`, and reads its answer.
fn json(stage: &Path, arguments: &[&str]) -> Value {
    let output = run(stage, &[arguments, &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A service that is ended with its test.
struct Serving {
    child: Child,
    first_line: Value,
}

impl Serving {
    fn start(stage: &Path, arguments: &[&str]) -> Self {
        let mut command = careplan(stage, &[&["serve"], arguments].concat());
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.expect("starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let first_line = serde_json::from_str(&line).expect("the first line is JSON");
        Self { child, first_line }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn issue_list_and_revoke_work_beside_the_running_service() {
    let stage = stage();
    let stage = stage.path();
    let serving = Serving::start(stage, &["--dir", "ca", "--accounts", "accounts.json"]);
    let url = serving.first_line["url"].as_str().expect("a URL");
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    assert_eq!(serving.first_line["accounts"], 1);
    let root = serving.first_line["root_certificate"].as_str().expect("a path");
    let pem = fs::read_to_string(stage.join(root)).expect("the root");
    assert_eq!(serving.first_line["root_certificate_pem"], pem);

    let office = ["--office", "2770100012", "--kind", "care-insurance"];
    let issue = [&["issue", "--dir", "ca", "--out", "own"], &office[..]].concat();
    let issued = json(stage, &[&issue[..], &["--pkcs12", "--password-file", "password"]].concat());
    for file in ["certificate", "key", "pkcs12"] {
        assert!(stage.join(issued[file].as_str().expect("a path")).is_file(), "{file}");
    }
    let serial = issued["info"]["serial"].as_str().expect("a number");
    let again = run(stage, &issue);
    assert_eq!(again.status.code(), Some(2), "a key is never overwritten");
    let listed = json(stage, &["list", "--dir", "ca"]);
    assert_eq!(listed["certificates"][0]["state"], "issued");
    assert_eq!(listed["certificates"][1]["state"], "revoked", "its key was not saved");
    let revoked = json(stage, &["revoke", "--dir", "ca", serial]);
    assert_eq!(revoked["state"], "revoked");
    let table = run(stage, &["list", "--dir", "ca", "--lang", "ja"]);
    let table = String::from_utf8(table.stdout).expect("text");
    assert!(table.contains("介護保険証明書") && table.contains("失効"), "{table}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_service_cleanly() {
    let stage = stage();
    let mut serving = Serving::start(stage.path(), &[]);
    assert_eq!(serving.first_line["root_certificate"], Value::Null);
    let pid = serving.child.id().to_string();
    Command::new("kill").args(["-INT", &pid]).status().expect("signals");
    assert_eq!(serving.child.wait().expect("ends").code(), Some(0));
    assert_eq!(fs::read_dir(stage.path()).expect("a folder").count(), 2, "nothing is left behind");
}

#[test]
fn wrong_usage_and_set_up_end_with_2_and_say_what_to_mend() {
    let stage = stage();
    let stage = stage.path();
    let office = ["--office", "2770100012", "--kind", "agent"];
    let cases: [(&[&str], &str); 6] = [
        (&["list", "--dir", "nowhere"], "nowhere"),
        (&["revoke", "--dir", "nowhere", "00"], "nowhere"),
        (&["serve", "--dir", "no/where"], "where"),
        (&["serve", "--accounts", "missing.json"], "missing.json"),
        (&["serve", "--accounts", "password"], "password"),
        (&["serve", "--listen", "192.0.2.1:0"], "192.0.2.1"),
    ];
    for (arguments, named) in cases {
        let output = run(stage, arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert_eq!(stderr.trim_end().lines().count(), 1, "{stderr}");
        assert!(stderr.contains(named), "{stderr}");
    }
    let missing = run(stage, &[&["issue", "--dir", "nowhere"], &office[..]].concat());
    assert_eq!(missing.status.code(), Some(2));
    assert!(!stage.join("nowhere").exists(), "a mistyped folder is not made into a CA");
    let kind = run(stage, &["issue", "--dir", "ca", "--office", "2770100012", "--kind", "x"]);
    assert_eq!(kind.status.code(), Some(2));
}

#[test]
fn a_serial_number_that_nobody_has_is_refused_with_1() {
    let stage = stage();
    let stage = stage.path();
    drop(Serving::start(stage, &["--dir", "ca"]));
    let output = run(stage, &["revoke", "--dir", "ca", "4A:00", "--lang", "en"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("4a00"), "as it was looked for");
}

#[test]
fn accounts_are_listed_expired_unlocked_and_issued_again() {
    let stage = stage();
    let stage = stage.path();
    drop(Serving::start(stage, &["--dir", "ca", "--accounts", "accounts.json"]));
    let account = |verb: &str, more: &[&str]| {
        let arguments = ["account", verb, "--dir", "ca", "KJ277010001201"];
        json(stage, &[&arguments[..], more].concat())
    };
    let reissued = account("reissue", &["--out", "new-password"]);
    assert_eq!(reissued["password_file"], "new-password");
    let password = fs::read_to_string(stage.join("new-password")).expect("reads");
    assert_eq!(password.trim_end().len(), 19, "sixteen characters in groups of four");
    assert_eq!(account("unlock", &[])["state"], "temporary");
    let listed = json(stage, &["account", "list", "--dir", "ca"]);
    assert_eq!(listed["accounts"][0]["state"], "temporary");
    assert!(!listed.to_string().contains(password.trim_end()));

    let again = ["account", "reissue", "--dir", "ca", "KJ277010001201", "--out", "new-password"];
    assert_eq!(run(stage, &again).status.code(), Some(2), "nothing is overwritten");
    let nobody = run(stage, &["account", "expire", "--dir", "ca", "KJ999999999999"]);
    assert_eq!(nobody.status.code(), Some(1));
}

#[test]
fn flaws_are_listed_and_written_by_name() {
    let stage = stage();
    let stage = stage.path();
    let listed = json(stage, &["flaw", "list"]);
    let flaws = listed["flaws"].as_array().expect("a list");
    assert!(flaws.len() >= 30, "{}", flaws.len());
    let issue = |name: &str| {
        let issue = ["flaw", "issue", name, "--office", "2770100012", "--out", name];
        json(stage, &issue)
    };
    let expired = issue("expired");
    assert_eq!(expired["flaw"]["problem"], "certificate-expired");
    for file in ["certificate", "key", "root"] {
        assert!(stage.join(expired[file].as_str().expect("a path")).is_file(), "{file}");
    }
    let damaged = issue("pkcs12-damaged");
    for file in ["pkcs12", "password_file"] {
        assert!(stage.join(damaged[file].as_str().expect("a path")).is_file(), "{file}");
    }
    let human = run(stage, &["flaw", "list", "--lang", "ja"]);
    let human = String::from_utf8(human.stdout).expect("text");
    assert!(human.contains("certificate-key-mismatch"), "{human}");
    let unknown = run(stage, &["flaw", "issue", "x", "--office", "2770100012", "--out", "o"]);
    assert_eq!(unknown.status.code(), Some(2));
}
