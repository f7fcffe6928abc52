//! `careplan show`, as a person or a program runs it.

use std::{fs, path::PathBuf};

use serde_json::Value;

use crate::{careplan, careplan_in, sample, stderr, stdout};

#[test]
fn the_terminal_is_where_forms_go_unless_a_page_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = careplan_in(folder.path(), &["show", &sample("v4-slip")]);
    assert_eq!(output.status.code(), Some(0));
    let shown = stdout(&output);
    for wanted in
        ["第６表 サービス利用票", "第７表 サービス利用票別表", "10:00～10:30 訪問介護 111111"]
    {
        assert!(shown.contains(wanted), "{wanted}");
    }
    assert!(output.stderr.is_empty());
    assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 0);
}

#[test]
fn a_page_is_written_once_and_replaced_only_by_force() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("帳票.html").display().to_string();
    let show =
        |extra: &[&str]| careplan(&[&["show", &sample("v4-plan"), "--out", &page], extra].concat());
    let first = show(&[]);
    assert_eq!(first.status.code(), Some(0));
    assert!(stdout(&first).contains(&page), "says where");
    assert!(fs::read_to_string(&page).expect("written").starts_with("<!DOCTYPE html>"));

    fs::write(&page, "mine").expect("writable");
    let second = show(&[]);
    assert_eq!(second.status.code(), Some(2));
    let line = stderr(&second);
    assert!(line.lines().count() == 1 && line.contains("--force"), "{line}");
    assert_eq!(fs::read_to_string(&page).expect("readable"), "mine");

    assert_eq!(show(&["--force"]).status.code(), Some(0));
    assert!(fs::read_to_string(&page).expect("written").contains("第１表"));
}

#[test]
fn in_a_folder_the_page_has_a_name_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().display().to_string();
    let output = careplan(&["show", &sample("v4-plan"), "--out", &out]);
    assert_eq!(output.status.code(), Some(0));
    assert!(folder.path().join("careplan-forms.html").is_file());
}

#[test]
fn only_a_page_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let name = "UPPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV";
    let file = folder.path().join(name).display().to_string();
    fs::copy(PathBuf::from(sample("v4-slip")).join(name), &file).expect("copied");
    let before = fs::read(&file).expect("readable");
    let output = careplan(&["show", &sample("v4-slip"), "--out", &file, "--force"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains(".html"));
    assert_eq!(fs::read(&file).expect("readable"), before);
}

#[test]
fn what_cannot_be_shown_is_one_line_and_status_2() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("plan.csv"), "a,b\n").expect("writable");
    let path = folder.path().display().to_string();
    for path in [path, sample("no-such-folder"), sample("v4-slip/no-such-file.CSV")] {
        let output = careplan(&["show", &path]);
        assert_eq!(output.status.code(), Some(2), "{path}");
        let line = stderr(&output);
        assert_eq!(line.lines().count(), 1, "{line}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn files_with_errors_are_shown_with_a_word_of_warning() {
    let output = careplan(&["show", &sample("broken-service-kind")]);
    assert_eq!(output.status.code(), Some(0));
    let shown = stdout(&output);
    assert!(shown.starts_with("! 検査でエラー 1件"), "{shown}");
    assert!(shown.contains("第６表") && shown.contains("careplan check"));

    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().display().to_string();
    let output = careplan(&["show", &sample("broken-service-kind"), "--out", &out]);
    assert!(stderr(&output).contains("careplan check"));
}

#[test]
fn json_lists_the_forms() {
    let output = careplan(&["show", "--format", "json", &sample("v4-slip"), &sample("v4-jisseki")]);
    let shown: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&shown["out"], &shown["errors"]), (&Value::Null, &Value::from(0)));
    let forms = shown["forms"].as_array().expect("a list");
    assert_eq!(forms.len(), 4);
    assert_eq!(forms[0]["form"], "第６表 サービス利用票（兼居宅サービス計画）");
    assert_eq!(forms[0]["insured"], "0000201001");
    assert_eq!(forms[0]["files"].as_array().map(Vec::len), Some(3), "予定, 実績, 補足");
}

#[test]
fn single_files_and_english_are_taken() {
    let file = "v4-slip/UPSIKYU_202504_2770100012_43_2770200036_11_20250428171502.CSV";
    let output = careplan(&["show", "--lang", "en", &sample(file)]);
    assert_eq!(output.status.code(), Some(0));
    let shown = stdout(&output);
    assert!(shown.contains("サービス利用票別表 (Annex to the service slip)"));
    assert!(shown.contains("The check finds"), "its unit is not whole");
}

#[test]
fn every_sample_is_shown() {
    let folders = fs::read_dir(sample("")).expect("readable");
    for folder in folders.map(|entry| entry.expect("readable").path()).filter(|path| path.is_dir())
    {
        let output = careplan(&["show", &folder.display().to_string()]);
        assert_eq!(output.status.code(), Some(0), "{folder:?}");
        assert!(!output.stdout.is_empty());
    }
}
