//! `careplan software`, as a person runs it: what was sent is taken back, at both ends of the line.

use std::{
    path::{Path, PathBuf},
    process::Output,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{careplan_in, stderr, stdout};

const HELPERS: &str = "2770200036";

/// The folders of some offices, in each of which the software is started.
struct Town {
    dir: TempDir,
}

impl Town {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("a folder") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn software(&self, line: &str) -> Output {
        let words: Vec<&str> = ["software"].into_iter().chain(line.split(' ')).collect();
        careplan_in(self.dir.path(), &words)
    }

    /// Runs what must succeed, and gives what it says.
    fn good(&self, line: &str) -> String {
        let output = self.software(line);
        assert_eq!(output.status.code(), Some(0), "{line}: {}", stderr(&output));
        stdout(&output)
    }

    fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.good(&format!("{line} --format json"))).expect("JSON")
    }

    /// Runs what must fail as a matter of set-up, and gives the one line that it says.
    fn refused(&self, line: &str) -> String {
        let output = self.software(line);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{line}: {said}");
        assert_eq!(said.lines().count(), 1, "{line}: {said}");
        said
    }

    /// 被保険者番号 of everybody of whom an office's April has 予定, or 実績.
    fn people(&self, home: &str, of: &str) -> Vec<String> {
        let month = self.json(&format!("month --home {home} --month 202504"));
        let all = month["people"].as_array().expect("a list");
        let have = all.iter().filter(|one| one[of].as_array().is_some_and(|it| !it.is_empty()));
        have.map(|one| one["insured"].as_str().expect("a number").to_owned()).collect()
    }

    /// A care manager's April, which the helpers have imported.
    fn planned() -> Self {
        let town = Self::new();
        town.good("plan --home m --month 202504 --people 8");
        town.good("export --home m --out april --sequence 20250328171502");
        town.good(&format!("import --home s --office {HELPERS} april/{HELPERS}_11"));
        town
    }
}

fn is_empty(folder: &Path) -> bool {
    !std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

#[test]
fn a_month_that_is_withdrawn_is_gone_at_both_ends() {
    let town = Town::planned();
    let before = town.people("s", "planned");
    let person = &before[0];
    let line = format!("withdraw --home m --out back --month 202504 --person {person}");
    let line = format!("{line} --to {HELPERS} --sequence 20250329090000");
    let said = town.good(&line);
    assert!(
        said.contains("DLTPLAN_202504_2770100012_43_2770200036_11_20250329090000.CSV"),
        "{said}"
    );
    town.good(&format!("import --home s back/{HELPERS}_11"));
    assert_eq!(town.people("s", "planned"), before[1..]);
    let rows = town.json("month --home m --month 202504");
    let all = rows["people"].as_array().expect("a list");
    let theirs = all.iter().filter(|one| one["insured"] == person.as_str());
    let planned = theirs.flat_map(|one| one["planned"].as_array().expect("a list"));
    assert!(planned.clone().all(|row| row["office"] != HELPERS), "{planned:?}");
}

#[test]
fn results_are_withdrawn_by_who_sent_them() {
    let town = Town::planned();
    town.good("record --home s --as-planned");
    town.good("export --home s --out may --sequence 20250501090000");
    town.good("import --home m may/2770100012_43");
    let before = town.people("m", "provided");
    let person = &before[0];
    let line = format!("withdraw --home s --out back --person {person} --sequence 20250502090000");
    let written = town.json(&line);
    let name = written[0]["files"][0]["name"].as_str().expect("a name");
    assert!(name.starts_with("DLTJSK_202504_"), "{name}");
    town.good("import --home m back/2770100012_43");
    assert_eq!(town.people("m", "provided"), before[1..]);
    let again = town.refused(&line.replace("--out back", "--out again"));
    assert!(again.contains("取り下げるものがありません"), "{again}");
}

#[test]
fn a_withdrawal_that_cannot_be_written_changes_nothing() {
    let town = Town::planned();
    let person = town.people("s", "planned").remove(0);
    let before = town.good("month --home m --month 202504");
    let said = town.refused(&format!("withdraw --home m --out april --person {person}"));
    assert!(said.contains("空ではありません"), "{said}");
    assert_eq!(town.good("month --home m --month 202504"), before);
}

#[test]
fn what_somebody_cannot_withdraw_is_said_in_one_line() {
    let town = Town::planned();
    let person = town.people("s", "planned").remove(0);
    for (line, why) in [
        ("--person 9999999999".to_owned(), "software month"),
        (format!("--person {person} --what results"), "サービス事業所のフォルダではありません"),
        (format!("--person {person} --what person-record"), "--to に送信先"),
        (format!("--person {person} --what person-record --month 202504"), "--month"),
        (format!("--person {person} --to 2770999999"), "取り下げるものがありません"),
    ] {
        let said = town.refused(&format!("withdraw --home m --out back {line}"));
        assert!(said.contains(why), "{line}: {said}");
        assert!(is_empty(&town.path("back")), "{line}");
    }
}
