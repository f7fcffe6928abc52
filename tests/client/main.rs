//! `careplan client`, run as a person runs it, against the services of `careplan up`.

mod holding;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

const SLIP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/v4-slip");
const BROKEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/broken-service-kind");

/// A long-running command that is ended with its test, and its first line.
struct Running {
    child: Child,
    described: Value,
}

impl Running {
    fn start(arguments: &[&str], folder: &Path) -> Self {
        let mut command = careplan(arguments, folder);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.expect("starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let described = serde_json::from_str(&line).expect("the first line is JSON");
        Self { child, described }
    }

    fn text(&self, name: &str) -> &str {
        self.described[name].as_str().expect("a text")
    }

    /// What `up` says of the office at this place in its list.
    fn office(&self, at: usize, name: &str) -> &str {
        self.described["offices"][at][name].as_str().expect("a text")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn careplan(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_careplan"));
    command.current_dir(folder).args(["--lang", "en"]).args(arguments).stdin(Stdio::null());
    command
}

/// Runs `careplan client` in the folder and wants this exit status.
#[track_caller]
fn client(folder: &Path, arguments: &[&str], status: i32) -> Output {
    let output = careplan(&[&["client"], arguments].concat(), folder).output().expect("runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {stderr}");
    output
}

#[track_caller]
fn client_json(folder: &Path, arguments: &[&str], status: i32) -> Value {
    let output = client(folder, &[arguments, &["--format", "json"]].concat(), status);
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// Services in a folder of the test, so that killing them leaves nothing elsewhere.
fn up() -> (TempDir, Running) {
    up_with("actual")
}

/// As [`up`], with a hub of this profile.
fn up_with(profile: &str) -> (TempDir, Running) {
    up_as(&["--profile", profile])
}

fn up_as(more: &[&str]) -> (TempDir, Running) {
    let folder = tempfile::tempdir().expect("a folder");
    let up = Running::start(&[&["up", "--dir", "up"], more].concat(), folder.path());
    (folder, up)
}

/// Enrols the office at this place in the list, by its PKCS#12 file, and logs in.
fn enrol(up: &Running, folder: &Path, at: usize, home: &str) {
    let arguments = [
        ["--home", home],
        ["--hub", up.text("hub_url")],
        ["--root", up.text("root_certificate_file")],
        ["--user-id", up.office(at, "user_id")],
        ["--pkcs12", up.office(at, "p12_file")],
        ["--issue-password-file", up.office(at, "p12_password_file")],
    ];
    client(folder, &[&["enrol"], &arguments.concat()[..]].concat(), 0);
    let password = up.office(at, "password_file");
    client(folder, &["login", "--home", home, "--password-file", password], 0);
}

#[test]
fn a_sending_goes_out_and_is_fetched_byte_for_byte() {
    let (folder, up) = up();
    let folder = folder.path();
    enrol(&up, folder, 0, "a");
    enrol(&up, folder, 1, "b");
    let sent = client_json(folder, &["send", "--home", "a", SLIP, "--message", "4月分です"], 0);
    assert_eq!(sent["sendings"][0]["submission"]["to"]["office"], "2770200036");

    let inbox = client(folder, &["inbox", "--home", "b"], 0);
    let inbox = String::from_utf8(inbox.stdout).expect("text");
    assert!(inbox.contains("202407") && inbox.contains("4月分です"), "{inbox}");
    let fetched = client_json(folder, &["fetch", "--home", "b", "--all", "--into", "got"], 0);
    let files = fetched["deliveries"][0]["fetched"]["files"].as_array().expect("files").clone();
    assert_eq!(files.len(), 3);
    for file in files {
        let file = PathBuf::from(file.as_str().expect("a path"));
        let original = Path::new(SLIP).join(file.file_name().expect("a name"));
        assert_eq!(fs::read(&file).expect("there"), fs::read(original).expect("there"));
    }
    let sent = client_json(folder, &["sent", "--home", "a"], 0);
    assert_eq!(sent["sent"][0]["submission"]["state"], "fetched");
}

#[test]
fn a_message_alone_goes_out_and_is_fetched() {
    let (folder, up) = up();
    let folder = folder.path();
    enrol(&up, folder, 0, "a");
    enrol(&up, folder, 1, "b");
    let message = ["--message", "今月の利用はありません"];
    let send = [&["send", "--home", "a"], &message[..]].concat();
    client(folder, &send, 2);
    client(folder, &["send", "--home", "a", "--to", "2770200036"], 2);
    fs::create_dir(folder.join("empty")).expect("makes");
    let mistaken = [&send[..], &["--to", "2770200036", "empty"]].concat();
    client(folder, &mistaken, 1);
    client(folder, &[&send[..], &["--to", "2770200036"]].concat(), 0);

    let inbox = client(folder, &["inbox", "--home", "b"], 0);
    let inbox = String::from_utf8(inbox.stdout).expect("text");
    assert!(inbox.contains(message[1]), "{inbox}");
    let fetched = client_json(folder, &["fetch", "--home", "b", "--all", "--into", "got"], 0);
    assert_eq!(fetched["deliveries"][0]["fetched"]["files"], Value::Array(Vec::new()));
    let sent = client_json(folder, &["sent", "--home", "a"], 0);
    assert_eq!(sent["sent"][0]["submission"]["state"], "fetched");
}

#[test]
fn a_refusal_ends_with_1_and_is_kept() {
    let (folder, up) = up();
    let folder = folder.path();
    enrol(&up, folder, 0, "a");
    let broken = client_json(folder, &["send", "--home", "a", BROKEN], 1);
    assert_eq!(broken["sendings"][0]["check"]["verdict"], "fail", "found here");
    let broken = client_json(folder, &["send", "--home", "a", BROKEN, "--unchecked"], 1);
    let refused = &broken["sendings"][0]["problem"];
    assert_eq!(refused["type"], "urn:careplan:problem:files-refused", "found by the hub");
    let lists = client_json(folder, &["sent", "--home", "a"], 0);
    assert_eq!(lists["sent"], Value::Array(Vec::new()));
    assert_eq!(lists["outbox"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_hub_looks_as_closely_as_it_is_told_to() {
    for (level, of_errors, of_warnings) in
        [("envelope", 0, 0), ("standard", 1, 0), ("strict", 1, 1)]
    {
        let (folder, up) = up_as(&["--check", level]);
        let folder = folder.path();
        enrol(&up, folder, 0, "a");
        copy_with_blank_lines(Path::new(SLIP), &folder.join("warned"));
        for (files, status) in [(SLIP, 0), ("warned", of_warnings), (BROKEN, of_errors)] {
            let send = ["send", "--home", "a", files, "--unchecked"];
            let answer = &client_json(folder, &send, status)["sendings"][0];
            let problem = answer["problem"]["type"].as_str();
            let wanted = (status == 1).then_some("urn:careplan:problem:files-refused");
            assert_eq!(problem, wanted, "{level}, {files}");
        }
    }
}

/// A blank line before the first record is a warning.
fn copy_with_blank_lines(from: &Path, to: &Path) {
    fs::create_dir(to).expect("makes");
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let bytes = [b"\r\n", &fs::read(entry.path()).expect("reads")[..]].concat();
        fs::write(to.join(entry.file_name()), bytes).expect("writes");
    }
}

#[test]
fn what_the_partner_s_software_cannot_take_is_said_before_it_is_sent() {
    let (folder, up) = up();
    let folder = folder.path();
    enrol(&up, folder, 0, "a");
    let door = ["--admin", up.text("admin_url"), "--token-file", up.text("admin_token_file")];
    let only_3_2 = ["2770200036", "--name", "みどり", "--kind", "11", "--csv-version", "202208"];
    let add = [&["hub", "office", "add"], &only_3_2[..], &door].concat();
    assert!(careplan(&add, folder).output().expect("runs").status.success());

    let refused = stderr(&client(folder, &["send", "--home", "a", SLIP], 1));
    for said in ["3.2 (202208) ≠ 4.1 (202407)", "careplan convert", "--unchecked"] {
        assert!(refused.contains(said), "{said}: {refused}");
    }
    let lists = client_json(folder, &["sent", "--home", "a"], 0);
    let kept = &lists["outbox"][0]["state"]["refused"]["type"];
    assert_eq!(kept, "urn:careplan:problem:recipient-version");
    assert_eq!(lists["sent"], Value::Array(Vec::new()));

    let convert = careplan(&["convert", SLIP, "--to", "3.2", "--out", "old"], folder).output();
    assert!(convert.expect("runs").status.success());
    client(folder, &["send", "--home", "a", "old"], 0);
    client(folder, &["send", "--home", "a", SLIP, "--unchecked"], 0);
}

#[test]
fn a_hub_that_is_gone_ends_with_2_and_the_sending_waits() {
    let (folder, up) = up();
    let folder = folder.path();
    enrol(&up, folder, 0, "a");
    let url = up.text("hub_url").to_owned();
    drop(up);
    let output = client(folder, &["send", "--home", "a", SLIP], 2);
    let stderr = stderr(&output);
    assert!(stderr.contains(&url) && stderr.contains("--resume"), "{stderr}");
}

#[test]
fn failed_sends_that_are_pressed_again_one_by_one_arrive_once_each() {
    let (folder, up) = up();
    let folder = folder.path();
    enrol(&up, folder, 0, "a");
    enrol(&up, folder, 1, "b");
    // Each send tries what was left before, too.
    let full = ["storage-full", "--operation", "submit", "--next", "3"];
    let door = ["--admin", up.text("admin_url"), "--token-file", up.text("admin_token_file")];
    let arm = [&["hub", "fault", "arm"], &full[..], &door].concat();
    assert!(careplan(&arm, folder).output().expect("runs").status.success());
    let send = |message| ["send", "--home", "a", SLIP, "--message", message];
    client(folder, &send("one"), 1);
    client(folder, &send("two"), 1);

    let said = client(folder, &send("one"), 0);
    let said = String::from_utf8(said.stdout).expect("text");
    assert!(said.contains("left from before") && said.lines().count() == 2, "{said}");
    let known = client_json(folder, &send("two"), 0);
    assert_eq!(known["sendings"][0]["submission"]["message"], "two");
    assert_eq!(known["along"], Value::Array(Vec::new()));
    let arrived = || {
        let inbox = client_json(folder, &["inbox", "--home", "b"], 0);
        let messages = inbox["deliveries"].as_array().expect("a list").iter();
        let message = |one: &Value| one["delivery"]["message"].as_str().map(str::to_owned);
        let mut messages: Vec<_> = messages.filter_map(message).collect();
        messages.sort();
        messages
    };
    assert_eq!(arrived(), ["one", "two"]);
    client(folder, &send("two"), 0);
    assert_eq!(arrived(), ["one", "two", "two"], "who sends it once more means it");
}

#[test]
fn a_temporary_password_is_changed_on_the_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let accounts = r#"[{"user_id":"KJ277010001201","office":"2770100012",
        "office_name":"見本居宅介護支援センター","password":"Temporary-1","temporary":true}]"#;
    fs::write(folder.join("accounts.json"), accounts).expect("writes");
    fs::write(folder.join("old"), "Temporary-1\n").expect("writes");
    fs::write(folder.join("new"), "Chosen-by-office-2\r\n").expect("writes");
    let ca = Running::start(&["ca", "serve", "--dir", "ca", "--accounts", "accounts.json"], folder);
    let arguments = [
        ["--home", "a"],
        ["--hub", "https://127.0.0.1:1"],
        ["--ca", ca.text("url")],
        ["--root", ca.text("root_certificate")],
        ["--user-id", "KJ277010001201"],
        ["--password-file", "old"],
    ];
    let arguments = [&["enrol"], &arguments.concat()[..]].concat();
    let refused = client(folder, &arguments, 1);
    assert!(stderr(&refused).contains("--new-password-file"), "{}", stderr(&refused));
    let changed = [&arguments[..], &["--new-password-file", "new"]].concat();
    let enrolled = client(folder, &changed, 0);
    assert!(stderr(&enrolled).contains("the password was changed"), "it counts from now on");
    assert!(String::from_utf8_lossy(&enrolled.stdout).contains("2770100012"));
}

#[test]
fn wrong_set_up_ends_with_2_and_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [
        &["inbox", "--home", "nowhere"][..],
        &["send", "--home", "nowhere", SLIP],
        &["login", "--home", "nowhere", "--password-file", "no-such-file"],
    ] {
        let output = client(folder.path(), arguments, 2);
        assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
    }
    client(folder.path(), &["send", "--home", "nowhere"], 2);
    client(folder.path(), &["enrol", "--home", "x", "--password", "never-an-argument"], 2);
}
