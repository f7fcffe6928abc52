//! `careplan run`, as a person and as CI would call it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

/// A desk with a folder for reports and one for the binary's temporary files.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().expect("a folder") };
        fs::create_dir(desk.temporary()).expect("makes");
        desk
    }

    fn temporary(&self) -> PathBuf {
        self.folder.path().join("tmp")
    }

    fn report(&self) -> PathBuf {
        self.folder.path().join("report")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_careplan"));
        command.args(["--lang", "ja", "run", "--report"]).arg(self.report()).args(arguments);
        for name in ["TMPDIR", "TMP", "TEMP"] {
            command.env(name, self.temporary());
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary starts")
    }

    fn feature(&self, scenario: &str) -> String {
        let path = self.folder.path().join("made.feature");
        fs::write(&path, format!("# language: ja\n機能: 試し\n\n{scenario}")).expect("writes");
        path.display().to_string()
    }

    fn json(&self) -> Value {
        let text = fs::read(self.report().join("report.json")).expect("a report");
        serde_json::from_slice(&text).expect("JSON")
    }

    /// A database server goes a moment after the process that it was started for.
    fn leaves_nothing_behind(&self) {
        let left = || -> Vec<_> {
            let entries = fs::read_dir(self.temporary()).expect("is there");
            entries.map(|entry| entry.expect("reads").file_name()).collect()
        };
        for _ in 0..200 {
            if left().is_empty() {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("{:?}", left());
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn built_in_scenarios_pass_in_actual_and_leave_a_report_and_nothing_else() {
    let desk = built_in_scenarios_pass("actual");
    digests_left_and_arrived_alike(&desk.json());
}

#[test]
fn built_in_scenarios_pass_in_plus_and_leave_a_report_and_nothing_else() {
    built_in_scenarios_pass("plus");
}

fn built_in_scenarios_pass(profile: &str) -> Desk {
    let desk = Desk::new();
    let output = desk.run(&["--profile", profile]);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{out}{err}");
    let last = out.lines().last().unwrap_or_default();
    let passed = out.lines().filter(|line| line.starts_with('✔')).count();
    assert_eq!(last, format!("{passed} passed, 0 failed"), "{out}");
    for file in ["index.html", "junit.xml", "report.json"] {
        assert!(desk.report().join(file).is_file(), "{file}");
    }
    desk.leaves_nothing_behind();
    desk
}

/// In a round trip, whatever an office sent is what the other received, by name and SHA-256.
fn digests_left_and_arrived_alike(report: &Value) {
    let scenarios = report["scenarios"].as_array().expect("a list");
    let round_trips: Vec<_> =
        scenarios.iter().filter(|one| one["file"] == "monthly/round-trip.feature").collect();
    assert_eq!(round_trips.len(), 2);
    for scenario in round_trips {
        let files = scenario["files"].as_array().expect("a list");
        let of = |way: &str| -> Vec<_> {
            let mut seen: Vec<_> = files
                .iter()
                .filter(|file| file["way"] == way)
                .map(|file| (file["name"].to_string(), file["sha256"].to_string()))
                .collect();
            seen.sort();
            seen
        };
        assert!(4 <= of("sent").len(), "予定 and 実績: {files:?}");
        assert_eq!(of("sent"), of("received"));
    }
}

#[test]
fn a_failing_scenario_fails_the_run_and_tells_why() {
    let desk = Desk::new();
    let feature = desk.feature(
        "  シナリオ: 入れるはずがない\n    前提 標準の事業所が参加している\n    \
         もし 「見本居宅介護支援センター」が「証明書なし」で基盤に接続する\n    ならば 基盤に入れる\n",
    );
    let output = desk.run(&[&feature]);
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{out}");
    assert!(out.ends_with("0 passed, 1 failed\n"), "{out}");
    for told in
        ["✘ 入れるはずがない", "期待: ", "実際: alert:", "通信: GET ", "made.feature:4 --seed 1"]
    {
        assert!(out.contains(told), "{told}: {out}");
    }
    let report = desk.json();
    assert_eq!(report["scenarios"][0]["verdict"], "fail");
    let page = fs::read_to_string(desk.report().join("index.html")).expect("a page");
    assert!(page.contains("入れるはずがない") && page.contains("/v1/office"));
    let junit = fs::read_to_string(desk.report().join("junit.xml")).expect("XML");
    assert!(junit.contains(r#"failures="1""#), "{junit}");
    desk.leaves_nothing_behind();
}

#[test]
fn the_hubs_check_is_as_close_as_asked_for_and_so_is_the_replay() {
    let desk = Desk::new();
    let feature = desk.feature(
        "  シナリオ: 検査の段階\n    前提 標準の事業所が参加している\n    もし \
         「見本居宅介護支援センター」が見本「broken-utf8」を端末の検査を通さずに基盤へ送る\n    \
         ならば 「files-refused」として断られる\n",
    );
    assert_eq!(desk.run(&[&feature]).status.code(), Some(0));
    let output = desk.run(&[&feature, "--check", "envelope"]);
    assert_eq!(output.status.code(), Some(1), "no file is opened: {}", text(&output.stdout));
    assert!(text(&output.stdout).contains(" --check envelope"), "{}", text(&output.stdout));
}

#[test]
fn an_unknown_step_is_a_matter_of_set_up_and_is_told_its_neighbours() {
    let desk = Desk::new();
    let feature = desk.feature("  シナリオ: 書き損じ\n    前提 標準の事業所が参加してる\n");
    let output = desk.run(&[&feature]);
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(2), "{out}");
    assert!(out.contains("未定義の手順「標準の事業所が参加してる」"), "{out}");
    assert!(out.contains("  標準の事業所が参加している\n"), "{out}");
    assert!(out.ends_with("合格 0、不合格 0、設定の誤り 1\n0 passed, 0 failed, 1 set-up error\n"));
    let report = desk.json();
    assert_eq!(report["scenarios"][0]["verdict"], "set-up-error");
    assert_eq!((&report["failed"], &report["counts"]["set-up-error"]), (&0.into(), &1.into()));
}

#[test]
fn what_cannot_be_run_is_told_in_one_line() {
    let desk = Desk::new();
    for arguments in [&["nowhere.feature"][..], &["--only", "ないタグ"]] {
        let output = desk.run(arguments);
        let err = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{err}");
        assert_eq!(err.lines().count(), 1, "{err}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn the_example_of_the_documentation_runs_as_it_stands_there() {
    let page = include_str!("../docs/scenarios.md");
    let (_, rest) = page.split_once("```gherkin\n").expect("an example");
    let (example, _) = rest.split_once("```").expect("it ends");
    let desk = Desk::new();
    let path = desk.folder.path().join("取得の確認.feature");
    fs::write(&path, example).expect("writes");
    let output = desk.run(&[&path.display().to_string()]);
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{out}");
    assert!(out.ends_with("4 passed, 0 failed\n"), "{out}");
    let scenario = &desk.json()["scenarios"][0];
    assert_eq!(scenario["feature"], "予定が届いたことを、送った側から確かめる");
    assert!(scenario["grounds"].as_str().is_some_and(|text| text.starts_with("よりどころ: ")));
    desk.leaves_nothing_behind();
}

#[test]
fn tags_and_families_choose_scenarios_of_anybodys_files() {
    let desk = Desk::new();
    let folder = desk.folder.path().join("terminals");
    fs::create_dir(&folder).expect("makes");
    let knock = "    前提 標準の事業所が参加している\n    \
                 もし 「見本居宅介護支援センター」が「正しい証明書」で基盤に接続する\n    ならば 基盤に入れる\n";
    let mine = format!(
        "# language: ja\n機能: 試し\n\n  @急ぎ\n  シナリオ: 一\n{knock}\n  @委託\n  シナリオ: 二\n{knock}\n  \
         @急ぎでない\n  シナリオ: 三\n{knock}"
    );
    let path = folder.join("自分の.feature");
    fs::write(&path, mine).expect("writes");
    let path = path.display().to_string();
    let output = desk.run(&[&path, "--only", "@急ぎ", "--only", "entrusted"]);
    let out = text(&output.stdout);
    assert!(out.ends_with("2 passed, 0 failed\n"), "{out}");
    assert!(out.contains("✔ 一") && out.contains("✔ 二"), "{out}");
    let page = fs::read_to_string(desk.report().join("index.html")).expect("a page");
    assert!(page.contains("id=\"f-terminals\"") && page.contains("id=\"f-entrusted\""));
}

#[test]
fn json_stands_alone_on_standard_output() {
    let desk = Desk::new();
    let mut command = desk.command(&["troubles/entrance.feature", "--jobs", "2"]);
    let output = command.args(["--format", "json"]).output().expect("the binary starts");
    let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!(report["failed"], 0, "{report:#}");
    assert_eq!(report["scenarios"].as_array().map(Vec::len), Some(7));
}

#[test]
fn the_steps_are_listed_for_people_programs_and_the_documentation() {
    let desk = Desk::new();
    let human = text(&desk.run(&["--steps"]).stdout);
    assert!(human.contains("前提 標準の事業所が参加している"), "{human}");
    let markdown = text(&desk.run(&["--steps", "--markdown"]).stdout);
    assert!(markdown.contains("|---|---|---|---|"), "{markdown}");
    let json = desk.run(&["--steps", "--format", "json"]).stdout;
    let steps: Value = serde_json::from_slice(&json).expect("JSON");
    assert!(10 < steps.as_array().map_or(0, Vec::len));
    assert!(!desk.report().exists(), "nothing was run");
}

#[test]
fn kept_folders_are_named_and_stay() {
    let desk = Desk::new();
    let output = desk.run(&["troubles/entrance:11", "troubles/entrance:24", "--keep"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    for scenario in desk.json()["scenarios"].as_array().expect("a list") {
        let kept = scenario["kept"].as_str().expect("a folder");
        assert!(Path::new(kept).join("offices").is_dir());
        assert!(text(&output.stdout).contains(&format!("残したフォルダー: {kept}\n")));
    }
}

#[cfg(unix)]
#[test]
fn a_scenario_that_is_alone_is_left_standing_until_ctrl_c() {
    use std::{
        io::{BufRead, BufReader, Read},
        net::TcpStream,
        process::Stdio,
    };
    let desk = Desk::new();
    let mut command = desk.command(&["troubles/entrance:11", "--keep"]);
    let mut child =
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the binary starts");
    let mut told = BufReader::new(child.stderr.take().expect("piped"));
    let mut hub = None;
    let mut line = String::new();
    while hub.is_none() && 0 < told.read_line(&mut line).expect("reads") {
        hub = line.trim().strip_prefix("基盤:").map(|url| url.trim().to_owned());
        line.clear();
    }
    let hub = hub.expect("the hub's address is told");
    let address = hub.strip_prefix("https://").expect("a URL");
    TcpStream::connect(address).expect("the hub still listens");
    assert_eq!(desk.json()["passed"], 1, "the report is there already");
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("kill is there").success());
    assert_eq!(child.wait().expect("ends").code(), Some(0));
    let mut rest = String::new();
    told.read_to_string(&mut rest).expect("reads");
    assert!(rest.contains("見本居宅介護支援センター"), "{rest}");
}

#[cfg(unix)]
#[test]
fn a_run_that_is_stopped_still_reports_and_leaves_nothing() {
    use std::{
        io::{BufRead, BufReader},
        process::Stdio,
    };
    let desk = Desk::new();
    let mut command = desk.command(&["--jobs", "1"]);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary starts");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let first = lines.next().expect("a scenario").expect("reads");
    assert!(first.starts_with('✔'), "{first}");
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("kill is there").success());
    let last = lines.map_while(Result::ok).last().expect("a last line");
    assert!(last.ends_with(" passed, 0 failed, stopped before the end"), "{last}");
    assert_eq!(child.wait().expect("ends").code(), Some(1));
    assert_eq!(desk.json()["interrupted"], true);
    desk.leaves_nothing_behind();
}
