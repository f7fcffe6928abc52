//! What the operator of a sandbox does, against one `careplan up` as a person runs it.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// A sandbox that is ended with its test.
pub(crate) struct Up {
    child: Child,
    /// Its first line.
    told: Value,
    _folder: TempDir,
}

/// How a command ended, and what it said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Up {
    pub(crate) fn start(more: &[&str]) -> Self {
        let folder = TempDir::new().expect("a folder");
        let place = folder.path().join("練習");
        let mut command = careplan();
        command.arg("up").arg("--dir").arg(&place).args(more);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.expect("starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let told = serde_json::from_str(&line).expect("the first line is JSON");
        Self { child, told, _folder: folder }
    }

    pub(crate) fn text(&self, pointer: &str) -> &str {
        self.told.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer}"))
    }

    /// `careplan hub …`, told by the environment whom to ask.
    pub(crate) fn hub(&self, arguments: &[&str]) -> Said {
        let mut command = careplan();
        command.arg("hub").args(arguments);
        command.env("CAREPLAN_ADMIN", self.text("/admin_url"));
        command.env("CAREPLAN_ADMIN_TOKEN_FILE", self.text("/admin_token_file"));
        said(command)
    }

    /// The JSON that `careplan hub …` answers with.
    fn json(&self, arguments: &[&str]) -> Value {
        let answer = self.hub(&[&["--format", "json"], arguments].concat());
        assert_eq!(answer.code, Some(0), "{arguments:?}: {answer:?}");
        serde_json::from_str(&answer.out).unwrap_or_else(|_| panic!("{arguments:?}: {answer:?}"))
    }

    /// Logs the first office's terminal in.
    fn log_in(&self) -> Said {
        let mut command = careplan();
        command.args([
            "--format",
            "json",
            "client",
            "login",
            "--home",
            self.text("/offices/0/terminal_home"),
        ]);
        command.args(["--password-file", self.text("/offices/0/password_file")]);
        said(command)
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn careplan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_careplan"));
    command.args(["--lang", "en"]);
    command
}

pub(crate) fn said(mut command: Command) -> Said {
    let output = command.output().expect("runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

#[test]
fn the_operator_moves_time_copies_arms_and_audits() {
    let up = Up::start(&["--faults", "realistic", "--seed", "7"]);
    the_clock(&up);
    faults_and_snapshots(&up);
    audit(&up);
}

fn the_clock(up: &Up) {
    let set = up.json(&["clock", "set", "2031-04-01T09:00:00+09:00"]);
    assert!(set["now"].as_str().is_some_and(|now| now.starts_with("2031-04-01T00:0")), "{set}");
    assert_eq!(up.json(&["clock", "freeze"])["frozen"], true);
    let before = up.json(&["clock", "show"]);
    assert_eq!(up.json(&["clock", "show"]), before, "it stands");
    let told = up.hub(&["clock", "step", "-1h"]);
    assert!(told.code == Some(0) && told.out.contains("stands"), "{told:?}");
    let wrong = up.hub(&["clock", "step", "soon"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("90s, 5m, 2h, 40d, 3y"), "{wrong:?}");
    let far = up.hub(&["clock", "set", "9999-12-31T00:00:00Z"]);
    assert!(far.code == Some(1) && far.err.contains("1970"), "{far:?}");
    assert_eq!(up.hub(&["reset"]).code, Some(0));
    assert_eq!(up.json(&["clock", "show"])["frozen"], false, "as at the start");
}

fn faults_and_snapshots(up: &Up) {
    let replay = || up.json(&["fault", "show"])["replay"].clone();
    let realistic = replay();
    assert_eq!(realistic, "--faults realistic --seed 7");
    assert_eq!(up.hub(&["fault", "disarm"]).code, Some(0));
    let login = up.log_in();
    assert_eq!(login.code, Some(0), "{login:?}");
    assert_eq!(up.json(&["snapshot", "save", "logged-in"])["snapshots"][0]["name"], "logged-in");
    assert_eq!(up.hub(&["fault", "arm", "refuse-503"]).code, Some(0));
    let back = up.hub(&["snapshot", "restore", "logged-in"]);
    assert!(back.code == Some(0) && back.out.contains("logged-in"), "{back:?}");
    assert_eq!(up.json(&["fault", "show"])["armed"], Value::Array(Vec::new()));
    assert_eq!(up.json(&["snapshot", "list"])["snapshots"].as_array().map(Vec::len), Some(1));

    assert_eq!(up.hub(&["clock", "step", "91d"]).code, Some(0));
    let late = up.log_in();
    assert!(late.code == Some(1), "{late:?}");
    assert!((late.out + &late.err).contains("password-expired"));
    assert_eq!(up.hub(&["reset"]).code, Some(0));
    assert_eq!(replay(), realistic, "a reset arms what the start armed");
    assert_eq!(up.hub(&["snapshot", "remove", "logged-in"]).code, Some(0));
    let gone = up.hub(&["snapshot", "restore", "logged-in"]);
    assert_eq!(gone.code, Some(1), "{gone:?}");
}

fn audit(up: &Up) {
    let log = PathBuf::from(up.text("/audit_file"));
    let shown = log.to_str().expect("UTF-8");
    let whole = up.json(&["audit", "verify", shown]);
    assert_eq!(whole["verdict"], "pass", "{whole}");
    let export = up.hub(&["audit", "export", shown, "--office", "operator"]);
    let columns = "number,at,what,office,terminal,on,result,status";
    assert_eq!(export.out.lines().next(), Some(columns));
    assert!(export.out.contains(",POST /admin/reset,operator,,,ok,204"), "{}", export.out);

    let text = fs::read_to_string(&log).expect("reads");
    let changed = changed_at(&log, &text, 3);
    let broken = up.hub(&["--format", "json", "audit", "verify", &changed]);
    assert_eq!(broken.code, Some(1), "{broken:?}");
    let told: Value = serde_json::from_str(&broken.out).expect("JSON");
    assert_eq!((&told["verdict"], &told["broken_at_line"]), (&"fail".into(), &3.into()));
    let told = up.hub(&["audit", "verify", &changed]);
    assert!(told.code == Some(1) && told.out.contains("line 3 "), "{told:?}");
    assert_eq!(up.hub(&["audit", "verify", "no-such-file.jsonl"]).code, Some(2));
}

/// A copy of the log in which one line says that something else went well.
fn changed_at(log: &Path, text: &str, line: usize) -> String {
    let lines = text.lines().zip(1..).map(|(text, number)| match number == line {
        true => text.replacen("\"at\":\"2", "\"at\":\"1", 1),
        false => text.to_owned(),
    });
    let changed = log.with_file_name("changed.jsonl");
    fs::write(&changed, lines.collect::<Vec<_>>().join("\n") + "\n").expect("writes");
    changed.to_str().expect("UTF-8").to_owned()
}
