//! `careplan fix`, as a person or a program runs it.

use std::{path::Path, process::Output};

use crate::{careplan, files, sample, stderr, stdout};

fn fix(sending: impl AsRef<Path>, out: impl AsRef<Path>) -> Output {
    let [sending, out] = [sending.as_ref(), out.as_ref()].map(|path| path.display().to_string());
    careplan(&["fix", &sending, "--out", &out])
}

#[test]
fn a_file_in_utf_8_is_right_afterwards_and_the_original_is_as_it_was() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("直した写し");
    let before = files(sample("broken-utf8"));
    let output = fix(sample("broken-utf8"), &out);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(stdout(&output).contains("文字コードをMS932に直しました"), "{}", stdout(&output));
    assert_eq!(files(sample("broken-utf8")), before);
    assert_eq!(careplan(&["check", &out.display().to_string()]).status.code(), Some(0));
}

#[test]
fn what_is_right_is_copied_to_the_byte() {
    let place = tempfile::tempdir().expect("a folder");
    for folder in ["v4-plan", "v4-prevention-record", "v3-slip"] {
        let out = place.path().join(folder);
        assert_eq!(fix(sample(folder), &out).status.code(), Some(0), "{folder}");
        assert_eq!(files(&out), files(sample(folder)), "{folder}");
    }
}

#[test]
fn what_no_machine_can_decide_is_left_and_named() {
    let place = tempfile::tempdir().expect("a folder");
    let output = fix(sample("broken-month"), place.path().join("out"));
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(text.contains("直さずに残したもの") && text.contains("name.month-differs"), "{text}");
}

#[test]
fn nothing_that_lies_there_is_overwritten() {
    let place = tempfile::tempdir().expect("a folder");
    let sending = place.path().join("sending");
    assert_eq!(fix(sample("v4-slip"), &sending).status.code(), Some(0));
    let before = files(&sending);
    let output = fix(&sending, &sending);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stderr(&output).lines().count(), 1);
    assert_eq!(files(&sending), before);
}

#[test]
fn json_lists_what_was_done_and_what_was_left() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("out").display().to_string();
    let sending = sample("broken-utf8");
    let output = careplan(&["fix", &sending, "--out", &out, "--format", "json"]);
    let reports: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(reports[0]["out"], out.as_str());
    assert_eq!(reports[0]["left"]["verdict"], "pass");
    let mends = |file: &serde_json::Value| file["mends"].as_array().cloned().unwrap_or_default();
    let mends: Vec<_> =
        reports[0]["files"].as_array().expect("a list").iter().flat_map(mends).collect();
    assert_eq!(mends[0]["mend"], "encoding");
}
