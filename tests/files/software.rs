//! `careplan software`, as a person runs it: a month is changed, taken back, and entrusted to a 居宅.

use std::{
    path::{Path, PathBuf},
    process::Output,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{careplan_in, stderr, stdout};

const HELPERS: &str = "2770200036";
const CENTRE: &str = "2700100021";
const ENTRUSTED: &str = "2770100012";
const TOWN_HELPERS: &str = "27A0200036";

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

    /// The offices of 介護予防 that somebody plans with.
    fn write_cast(&self, name: &str, manager: (&str, &str)) {
        let office = |number: &str, kind: &str, name: &str| serde_json::json!({"number": number, "kind": kind, "name": name});
        let cast = serde_json::json!({
            "manager": office(manager.0, manager.1, "見本センター"),
            "planner": "予防　専門",
            "services": [office(TOWN_HELPERS, "A2", "見本町訪問型サービス"),
                office("27A0300042", "A6", "見本町通所型サービス")],
            "unit_price": 1000,
        });
        std::fs::write(self.path(name), cast.to_string()).expect("the folder can be written");
    }

    /// A centre that has entrusted five people, and a 居宅 that has their papers.
    fn entrusted() -> Self {
        let town = Self::new();
        town.write_cast("centre.json", (CENTRE, "46"));
        town.write_cast("entrusted.json", (ENTRUSTED, "43"));
        let to = format!("--to {ENTRUSTED}");
        let entrust = "entrust --home c --month 202504 --cast centre.json --people 5 --own 2";
        town.good(&format!("{entrust} {to} --to-name 見本居宅"));
        let export = "export --home c --out papers --what prevention-plan-with-record";
        town.good(&format!("{export} {to} --sequence 20250320090000"));
        let import = format!("import --home m --office {ENTRUSTED} --plans");
        town.good(&format!("{import} papers/{ENTRUSTED}_43"));
        town
    }

    /// The 居宅 takes the people on.
    fn taken_on() -> Self {
        let town = Self::entrusted();
        let plan = town.json(&take_on("m", "--cast entrusted.json"));
        assert_eq!(plan["people"], 5);
        town
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

fn take_on(home: &str, rest: &str) -> String {
    let centre = format!("--centre {CENTRE} --centre-name 北部センター");
    format!("take-on --home {home} --month 202504 {centre} {rest}")
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
fn what_is_written_in_one_second_stands_one_behind_the_other() {
    let town = Town::new();
    town.good("plan --home m --month 202504 --people 8");
    let sequence = |line: &str| {
        let written = town.json(line);
        let name = written[0]["files"][0]["name"].as_str().expect("a name").to_owned();
        name.rsplit_once('_').expect("a sequence").1.to_owned()
    };
    let first = sequence(&format!("export --home m --out one --to {HELPERS}"));
    town.good(&format!("import --home s --office {HELPERS} one/{HELPERS}_11"));
    let before = town.people("s", "planned");
    let withdraw = format!("withdraw --home m --month 202504 --person {} --out two", before[0]);
    let second = sequence(&format!("{withdraw} --to {HELPERS}"));
    assert!(first < second, "{first}, {second}");
    town.good(&format!("import --home s two/{HELPERS}_11"));
    assert_eq!(town.people("s", "planned"), before[1..], "the later one counts");
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

#[test]
fn a_month_that_was_changed_shows_so_and_goes_out_again() {
    let town = Town::planned();
    let people = town.people("s", "planned");
    let sheet = format!("--home m --month 202504 --person {}", people[0]);
    let helpers = format!("{sheet} --office {HELPERS}");
    let rows = |change: &str| {
        let month = town.json(change);
        assert_eq!(month["people"][0]["insured"], people[0].as_str());
        month["people"][0]["planned"].as_array().expect("a list").clone()
    };
    let stopped = rows(&format!("amend stop {sheet} --from 16"));
    let day = |row: &Value| row["day"].as_str().expect("a day").to_owned();
    let has_time = |row: &&Value| row["start"] != "9999";
    assert!(stopped.iter().filter(has_time).all(|row| day(row).as_str() < "20250416"));
    let added = rows(&format!("amend add {helpers} --day 30"));
    assert!(stopped.len() < added.len() && added.iter().any(|row| day(row) == "20250430"));
    let elsewhere = rows(&format!("amend satellite {helpers} --branch 01"));
    assert!(elsewhere.iter().any(|row| row["satellite"] == "01"));
    town.good(&format!("amend add-beyond-limit {helpers}"));
    let over = town.json("month --home m --month 202504");
    assert!(over["over_limit"].to_string().contains(people[0].as_str()), "{over}");
    town.good(&format!("amend handrails {sheet} --office 2770400059"));
    let drop = || town.good(&format!("amend drop {helpers}"));
    assert!(drop().contains("予定を変更しました"));
    let said = drop();
    assert!(said.contains("変わる予定はありません"), "nothing is left to drop: {said}");
    town.good("export --home m --out again --sequence 20250329090000");
    town.good(&format!("import --home s again/{HELPERS}_11"));
    let others = town.people("s", "planned");
    assert!(!others.is_empty() && people[1..].iter().all(|person| others.contains(person)));
}

#[test]
fn a_change_that_cannot_be_made_is_said_in_one_line_and_changes_nothing() {
    let town = Town::planned();
    let person = town.people("s", "planned").remove(0);
    let before = town.good("month --home m --month 202504");
    for (change, why) in [
        ("stay --first 20250410 --last 20250412 --office 2770200036", "サービス種類が違います"),
        ("by-the-month --first 20250410 --office 2770200036", "サービス種類が違います"),
        ("handrails --office 2770200036", "サービス種類が違います"),
        ("add --day 31 --office 2770200036", "その日はこの月にありません"),
        ("drop --office 2770999999", "一覧（cast）にありません"),
    ] {
        let (command, rest) = change.split_once(' ').expect("words");
        let sheet = format!("--home m --month 202504 --person {person}");
        let said = town.refused(&format!("amend {command} {sheet} {rest}"));
        assert!(said.contains(why), "{change}: {said}");
    }
    for usage in ["stop --from 32", "satellite --office 2770200036 --branch 1", "stop"] {
        let output = town.software(&format!("amend {usage} --home m --month 202504 --person 1"));
        assert_eq!(output.status.code(), Some(2), "{usage}");
    }
    assert_eq!(town.good("month --home m --month 202504"), before);
}

#[test]
fn entrusted_people_reach_the_service_office_and_their_month_the_centre() {
    let town = Town::taken_on();
    let to = format!("--to {TOWN_HELPERS}");
    let plan = "export --home m --out plan --what prevention-plan-with-record";
    let files = town.json(&format!("{plan} {to} --sequence 20250321090000"));
    let names = files[0]["files"].to_string();
    assert!(names.contains("UPKIHON_2770100012_43_27A0200036_A2"), "{names}");
    assert!(names.contains("UPYOBO_2770100012_43_27A0200036_A2"), "{names}");
    town.good(&format!("import --home s --office {TOWN_HELPERS} plan/{TOWN_HELPERS}_A2"));
    town.good(&format!("export --home m --out slip {to} --sequence 20250322090000"));
    town.good(&format!("import --home s slip/{TOWN_HELPERS}_A2"));
    let served = town.people("s", "planned");
    assert!(!served.is_empty());
    town.good("record --home s --as-planned");
    town.good("export --home s --out back --sequence 20250501090000");
    town.good(&format!("import --home m back/{ENTRUSTED}_43"));
    let month = "export --home m --out month --what entrusted-month --sequence 20250502090000";
    town.good(&format!("{month} --month 202504 --to {CENTRE}"));
    town.good(&format!("import --home c month/{CENTRE}_46"));
    assert_eq!(town.people("c", "provided"), served);
    let withdraw = format!("withdraw --home m --out gone --what results --person {}", served[0]);
    town.good(&format!("{withdraw} --sequence 20250503090000"));
    town.good(&format!("import --home c gone/{CENTRE}_46"));
    assert_eq!(town.people("c", "provided"), served[1..]);
}

#[test]
fn a_paper_that_the_centre_withdraws_is_no_longer_passed_on() {
    let town = Town::taken_on();
    let record = "export --home m --what person-record --sequence 20250321090000";
    let lines = |out: &str| {
        let written = town.json(&format!("{record} --out {out}"));
        let folders = written.as_array().expect("a list").iter();
        let folder = |one: &Value| town.path(one["folder"].as_str().expect("a folder"));
        let files = folders.map(folder).flat_map(crate::files);
        let records = files.filter(|(name, _)| name.starts_with("UPKIHON_"));
        records.flat_map(|(_, bytes)| bytes).filter(|byte| *byte == b'\n').count()
    };
    let before = lines("before");
    let person = town.people("m", "planned").remove(0);
    let withdraw = format!("withdraw --home c --out back --what person-record --to {ENTRUSTED}");
    town.good(&format!("{withdraw} --person {person} --sequence 20250322090000"));
    town.good(&format!("import --home m back/{ENTRUSTED}_43"));
    assert!(lines("after") < before);
}

#[test]
fn who_cannot_take_anybody_on_is_told_why() {
    let town = Town::entrusted();
    let wrong_centre = take_on("m", "--cast entrusted.json").replace(CENTRE, "2700100039");
    std::fs::write(town.path("half.json"), r#"{"manager":"#).expect("writes");
    for (line, why) in [
        (take_on("m", "--cast half.json"), "として読めません"),
        (wrong_centre, "委託された利用者がいません"),
        (take_on("m", "--cast centre.json"), "のものです"),
        (take_on("nowhere", "--seed 1"), "--plans"),
        ("export --home m --out o --what entrusted-month".to_owned(), "--to に地域包括"),
        ("export --home c --out o --what person-record --csv-version 202407".to_owned(), "外して"),
    ] {
        let said = town.refused(&line);
        assert!(said.contains(why), "{line}: {said}");
    }
}
