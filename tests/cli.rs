//! `careplan up`, as a program would call it.

use std::{
    io::{BufRead, BufReader, Read},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use serde_json::Value;

/// A sandbox of the binary; a test that fails does not leave it running.
struct Up {
    child: Child,
    out: BufReader<ChildStdout>,
    described: Value,
}

impl Up {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_careplan"));
        command.args(["--lang", "ja", "up"]).args(arguments);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        let mut first = String::new();
        out.read_line(&mut first).expect("reads");
        let described = serde_json::from_str(&first).expect("the first line is JSON");
        Self { child, out, described }
    }

    fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(self.described[name].as_str().expect("a path"))
    }

    fn address(&self, name: &str) -> SocketAddr {
        let url = self.described[name].as_str().expect("an address");
        url.strip_prefix("https://").expect("https").parse().expect("an address and a port")
    }

    /// Ends it as Ctrl-C does, and gives what else it had to say.
    #[cfg(unix)]
    fn interrupt(mut self, signal: &str) -> String {
        let id = self.child.id().to_string();
        let kill = Command::new("kill").args([signal, &id]).status().expect("kill is there");
        assert!(kill.success());
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).expect("reads");
        assert_eq!(self.child.wait().expect("ends").code(), Some(0));
        rest
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
#[test]
fn up_says_where_everything_is_and_ctrl_c_takes_it_all_away() {
    let up = Up::start(&[]);
    let (hub, ca) = (up.address("hub_url"), up.address("ca_url"));
    TcpStream::connect(hub).expect("the hub listens");
    TcpStream::connect(ca).expect("the CA listens");
    assert!(up.path("root_certificate_file").is_file());
    let offices = up.described["offices"].as_array().expect("a list").clone();
    let numbers: Vec<_> = offices.iter().map(|office| office["number"].as_str()).collect();
    assert_eq!(numbers, [Some("2770100012"), Some("2770200036"), Some("2770300042")]);
    for office in &offices {
        for file in
            ["password_file", "certificate_chain_file", "key_file", "p12_file", "p12_password_file"]
        {
            assert!(office[file].as_str().is_some_and(|path| Path::new(path).is_file()), "{file}");
        }
        assert!(
            office["user_id"].as_str().is_some_and(|id| id.len() == 14 && id.starts_with("KJ"))
        );
        assert!(Path::new(office["terminal_home"].as_str().expect("a path")).is_dir());
    }
    let folder = up.path("folder");
    let rest = up.interrupt("-INT");
    assert!(rest.contains("software plan") && rest.contains("client send"), "{rest}");
    assert!(!folder.exists());
    assert!(TcpStream::connect(hub).is_err(), "the hub's port is free");
    assert!(TcpStream::connect(ca).is_err(), "the CA's port is free");
}

#[cfg(unix)]
#[test]
fn with_json_there_is_one_line_and_a_named_folder_stays() {
    let parent = tempfile::tempdir().expect("a folder");
    let folder = parent.path().join("mine");
    let folder_text = folder.display().to_string();
    let up = Up::start(&["--format", "json", "--dir", &folder_text, "--store", "sqlite"]);
    assert_eq!(up.path("folder"), folder);
    assert_eq!(up.described["store"], "sqlite");
    assert_eq!(up.interrupt("-TERM"), "");
    assert!(folder.join("offices").is_dir());
    let cast = std::fs::read(folder.join("cast.json")).expect("is there");
    let cast: Value = serde_json::from_slice(&cast).expect("JSON");
    assert_eq!(cast["manager"]["number"], "2770100012");
    assert_eq!(cast["services"].as_array().map(Vec::len), Some(2));
}

#[cfg(unix)]
#[test]
fn the_commands_that_it_proposes_go_once_round_the_circle() {
    let mut up = Up::start(&[]);
    let mut proposed = Vec::new();
    let mut line = String::new();
    while !line.contains("Ctrl-C") {
        line.clear();
        assert_ne!(up.out.read_line(&mut line).expect("reads"), 0, "it goes on until Ctrl-C");
        if line.starts_with("  ") && line.contains(env!("CARGO_BIN_EXE_careplan")) {
            proposed.push(line.trim().to_owned());
        }
    }
    assert_eq!(proposed.len(), 11);
    let mut last = String::new();
    for command in proposed {
        let ended = Command::new("sh").args(["-c", &command]).output().expect("a shell");
        let said = String::from_utf8_lossy(&ended.stdout);
        let noted = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{command}\n{said}{noted}");
        let there = !said.contains("2770400059") && !noted.contains("2770400059");
        assert!(there, "an office that was not started: {said}{noted}");
        last = said.into_owned();
    }
    assert!(last.contains("実績") && !last.trim().is_empty(), "{last}");
    up.interrupt("-INT");
}

#[cfg(unix)]
#[test]
fn a_closed_window_takes_it_all_away_as_ctrl_c_does() {
    let up = Up::start(&[]);
    let (folder, hub) = (up.path("folder"), up.address("hub_url"));
    assert!(folder.is_dir());
    up.interrupt("-HUP");
    assert!(!folder.exists());
    assert!(TcpStream::connect(hub).is_err(), "the hub's port is free");
}

#[test]
fn a_folder_in_use_is_refused_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("mine.txt"), "mine").expect("writes");
    let output = Command::new(env!("CARGO_BIN_EXE_careplan"))
        .args(["--lang", "ja", "up", "--dir"])
        .arg(folder.path())
        .output()
        .expect("the binary starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1);
}
