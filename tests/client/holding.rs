//! `careplan client holders`, `release`, `take-back`, `watch` and `sent --office`: several terminals
//! of one office, as the people at them see it.

use std::path::Path;

use serde_json::Value;

use super::{SLIP, client, client_json, enrol, stderr, up, up_with};

const REFUSED: i32 = 1;

fn text(folder: &Path, arguments: &[&str]) -> String {
    String::from_utf8(client(folder, arguments, 0).stdout).expect("text")
}

/// Wants a refusal with this problem.
#[track_caller]
fn is_refused(folder: &Path, arguments: &[&str], problem: &str) {
    let refused = client_json(folder, arguments, REFUSED);
    assert_eq!(refused["type"], format!("urn:careplan:problem:{problem}"), "{arguments:?}");
    let said = stderr(&client(folder, arguments, REFUSED));
    assert!(!said.trim().is_empty(), "a person is told, too");
}

/// The deliveries in an answer, each as its id, state and holder.
fn held(answer: &Value) -> Vec<(String, String, Value)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let one = |entry: &Value| {
        // The inbox says where the files are, beside the delivery.
        let delivery = entry.get("delivery").unwrap_or(entry);
        (text(&delivery["id"]), text(&delivery["state"]), delivery["terminal"].clone())
    };
    answer["deliveries"].as_array().expect("a list").iter().map(one).collect()
}

#[test]
fn who_holds_what_is_seen_given_back_and_taken_back() {
    let (folder, up) = up_with("plus");
    let folder = folder.path();
    enrol(&up, folder, 0, "sender");
    enrol(&up, folder, 1, "first");
    enrol(&up, folder, 1, "second");
    client(folder, &["send", "--home", "sender", SLIP], 0);

    let list = held(&client_json(folder, &["inbox", "--home", "first"], 0));
    let [(id, _, first)] = &list[..] else { panic!("one: {list:?}") };
    let holders = || held(&client_json(folder, &["holders", "--home", "second"], 0));
    assert_eq!(holders(), [(id.clone(), "claimed".to_owned(), first.clone())]);
    let shown = text(folder, &["holders", "--home", "second"]);
    let holder = first.as_str().expect("a terminal");
    assert!(shown.contains("claimed") && shown.contains(&holder[..20]), "{shown}");
    is_refused(folder, &["release", "--home", "second", id], "delivery-elsewhere");

    let said = text(folder, &["release", "--home", "first", id]);
    assert!(said.contains(id) && said.contains("any terminal"), "{said}");
    assert_eq!(holders(), [(id.clone(), "waiting".to_owned(), Value::Null)]);

    client(folder, &["inbox", "--home", "first", "--item", id], 0);
    let taken = client_json(folder, &["take-back", "--home", "second", id], 0);
    assert_eq!((&taken["id"], &taken["state"]), (&id.as_str().into(), &"waiting".into()));
    let refused = client_json(folder, &["fetch", "--home", "first", id], REFUSED);
    let problem = &refused["deliveries"][0]["problem"]["type"];
    assert_eq!(problem, "urn:careplan:problem:claim-lost", "{refused}");

    client(folder, &["inbox", "--home", "second", "--item", id], 0);
    client(folder, &["fetch", "--home", "second", id, "--into", "got"], 0);
    for action in ["release", "take-back"] {
        is_refused(folder, &[action, "--home", "second", id], "delivery-fetched");
    }
    is_refused(folder, &["take-back", "--home", "first", "d-unknown"], "not-found");
}

#[test]
fn arrivals_and_receipts_are_told_from_behind_the_number_that_is_given() {
    let (folder, up) = up_with("plus");
    let folder = folder.path();
    enrol(&up, folder, 0, "sender");
    enrol(&up, folder, 1, "recipient");
    for message in ["一つめ", "二つめ"] {
        client(folder, &["send", "--home", "sender", SLIP, "--message", message], 0);
    }
    let watch = |home: &str, after: &str, count: &str| {
        let told = ["watch", "--home", home, "--after", after, "--count", count];
        let lines = text(folder, &[&told[..], &["--format", "json"]].concat());
        let lines = lines.lines().map(|line| serde_json::from_str(line).expect("JSON"));
        lines.collect::<Vec<Value>>()
    };
    let told = watch("recipient", "0", "2");
    let kinds: Vec<_> = told.iter().map(|line| &line["notice"]["notice"]).collect();
    assert_eq!(kinds, ["arrival", "arrival"], "{told:?}");
    let number = |line: &Value| line["number"].as_u64().expect("a number").to_string();
    assert_eq!(watch("recipient", &number(&told[0]), "1"), told[1..], "only what came since");
    assert!(watch("recipient", "0", "0").is_empty());

    client(folder, &["fetch", "--home", "recipient", "--all", "--into", "got"], 0);
    assert_eq!(watch("sender", "0", "1")[0]["notice"]["notice"], "receipt");
    let human = text(folder, &["watch", "--home", "sender", "--after", "0", "--count", "1"]);
    assert!(human.contains("fetched") && human.contains("2770200036"), "{human}");
}

#[test]
fn the_office_sees_what_any_of_its_terminals_sent() {
    let (folder, up) = up_with("plus");
    let folder = folder.path();
    enrol(&up, folder, 0, "first");
    enrol(&up, folder, 0, "second");
    client(folder, &["send", "--home", "first", SLIP, "--message", "一号機から"], 0);
    let own = client_json(folder, &["sent", "--home", "second"], 0);
    assert_eq!(own["sent"], Value::Array(Vec::new()));
    let all = client_json(folder, &["sent", "--home", "second", "--office"], 0);
    assert_eq!(all["sent"][0]["submission"]["message"], "一号機から");
    assert!(text(folder, &["sent", "--home", "second", "--office"]).contains("一号機から"));
}

#[test]
fn a_hub_like_the_real_one_knows_nothing_of_this() {
    let (folder, up) = up();
    let folder = folder.path();
    enrol(&up, folder, 1, "a");
    for arguments in [
        &["holders", "--home", "a"][..],
        &["release", "--home", "a", "d-1"],
        &["take-back", "--home", "a", "d-1"],
        &["inbox", "--home", "a", "--kind", "11"],
        &["watch", "--home", "a", "--count", "1"],
        &["sent", "--home", "a", "--office"],
    ] {
        is_refused(folder, arguments, "profile-lacks");
    }
}
