//! `careplan answers`, as a vendor's developer uses the book.

use std::fs;

use serde_json::Value;

use crate::{careplan, stderr, stdout};

fn ids() -> Vec<String> {
    let list: Value =
        serde_json::from_slice(&careplan(&["answers", "list", "--format", "json"]).stdout)
            .expect("JSON");
    let id = |entry: &Value| entry["id"].as_str().expect("an id").to_owned();
    list.as_array().expect("a list").iter().map(id).collect()
}

#[test]
fn the_list_names_every_situation_once() {
    let ids = ids();
    let text = stdout(&careplan(&["answers", "list"]));
    for id in &ids {
        let lines = text.lines().filter(|line| line.trim() == id).count();
        assert_eq!(lines, 1, "{id}");
    }
    assert!(text.contains("同じ単位数の手すりを2本貸す"));
    let english = stdout(&careplan(&["answers", "list", "--lang", "en"]));
    assert!(english.contains("Two handrails at one price"));
}

#[test]
fn a_situation_is_shown_with_its_telling_items_and_what_is_found_within_80_columns() {
    let text = stdout(&careplan(&["answers", "show", "equipment.two-handrails-one-price"]));
    for words in
        ["明細判別コード", "99003-000032", "正しいファイル（4.1版）", "record.detail-code-stray"]
    {
        assert!(text.contains(words), "{words} is missing in:\n{text}");
    }
    for id in ids() {
        let text = stdout(&careplan(&["answers", "show", &id]));
        let wide = text.lines().find(|line| 80 < unicode_width::UnicodeWidthStr::width(*line));
        assert_eq!(wide, None, "{id}");
    }
}

#[test]
fn an_unknown_situation_is_one_line_and_status_2() {
    let output = careplan(&["answers", "show", "no.such-thing"]);
    assert_eq!(output.status.code(), Some(2));
    let line = stderr(&output);
    assert!(line.lines().count() == 1 && line.contains("answers list"), "{line}");
}

#[test]
fn the_exported_files_have_the_verdicts_that_the_book_gives_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = folder.path().join("正解集");
    let path = book.display().to_string();
    assert_eq!(careplan(&["answers", "export", &path]).status.code(), Some(0));
    for id in ids().iter().step_by(7) {
        let json = fs::read(book.join(id).join("answer.json")).expect("answer.json");
        let answer: Value = serde_json::from_slice(&json).expect("JSON");
        for (group, is_right) in [("correct", true), ("wrong", false)] {
            for sending in answer[group].as_array().expect("a list") {
                let files = book.join(id).join(sending["folder"].as_str().expect("a folder"));
                let report = careplan(&["check", "--format", "json", &files.display().to_string()]);
                let report: Value = serde_json::from_slice(&report.stdout).expect("JSON");
                let found = report["findings"].as_array().expect("findings").len();
                let expected = sending["findings"].as_array().expect("findings").len();
                assert_eq!(found, expected, "{id} {files:?}");
                assert!(!is_right || report["verdict"] == "pass", "{id} {files:?}");
            }
        }
    }
    let page = fs::read_to_string(book.join("index.html")).expect("the page");
    assert!(ids().iter().all(|id| page.contains(&format!("id=\"{id}\""))));
    for outside in ["http:", "https:", "src=", "@import", "<script"] {
        assert!(!page.contains(outside), "the page loads nothing: {outside}");
    }
}

#[test]
fn an_export_overwrites_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("notes.txt"), "mine").expect("writes");
    let output = careplan(&["answers", "export", &folder.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1);
}
