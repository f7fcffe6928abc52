//! `careplan convert`, as a person or a program runs it.

use std::{fs, path::Path, process::Output};

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::{careplan, careplan_in, files, sample, stderr, stdout};

/// `convert SENDING --to TO --out OUT` and what else is given.
fn convert(sending: &str, to: &str, out: &Path, more: &[&str]) -> Output {
    let out = out.display().to_string();
    careplan(&[&["convert", sending, "--to", to, "--out", &out], more].concat())
}

#[track_caller]
fn fits_eighty_columns(text: &str) {
    // A name of the standard is as long as it is, and so is a folder's.
    let wide = text.lines().find(|line| 80 < line.width());
    assert_eq!(wide, None, "{text}");
}

#[test]
fn a_slip_goes_to_3_2_and_back_and_is_the_same_again() {
    let place = tempfile::tempdir().expect("a folder");
    let (old, new) = (place.path().join("旧版"), place.path().join("新版"));
    let before = files(sample("v4-slip"));
    let output = convert(&sample("v4-slip"), "3.2", &old, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(stdout(&output).contains("[kinds-lost]"), "{}", stdout(&output));
    assert_eq!(careplan(&["check", &old.display().to_string()]).status.code(), Some(0));
    let kinds = ["--kind-from", "43", "--kind-to", "11"];
    let output = convert(&old.display().to_string(), "202407", &new, &kinds);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert_eq!(files(&new), before);
    assert_eq!(files(sample("v4-slip")), before, "the originals are as they were");
}

#[test]
fn people_see_each_loss_as_a_table_of_values_and_records() {
    let place = tempfile::tempdir().expect("a folder");
    fs::create_dir(place.path().join("写し")).expect("a folder");
    let sending = sample("v4-slip-equipment");
    let args = ["convert", &sending, "--to", "3.2", "--out", "写し"];
    let output = careplan_in(place.path(), &args);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    for words in [
        "失われたもの [value-lost]",
        "項目16 TAISコード",
        "レコード",
        "00001-000010",
        "10, 11, 21, 22",
        "手すり　AB-1",
        "→ UPPLAN_202504_2770100012_2770400059_20250428171502.CSV",
        "✔ 3.2版の3ファイルを 写し に書きました",
    ] {
        assert!(text.contains(words), "{words} is missing in:\n{text}");
    }
    fits_eighty_columns(&text);
}

#[test]
fn what_the_names_need_is_asked_for_and_nothing_is_written() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("out");
    let output = convert(&sample("v3-slip"), "4.1", &out, &[]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(text.contains("[from-kind-needed]") && text.contains("変換していません"), "{text}");
    assert!(!text.contains("[to-kind-needed]"), "the rows say it: {text}");
    assert!(!out.exists());
    fits_eighty_columns(&text);
}

#[test]
fn what_4_1_needs_and_3_2_does_not_have_is_named_and_makes_it_incomplete() {
    let place = tempfile::tempdir().expect("a folder");
    let at = |name: &str| place.path().join(name);
    let kinds = ["--kind-from", "43", "--kind-to", "11"];
    let output = convert(&sample("v3-plan"), "4.1", &at("plan"), &kinds);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text.contains("不足 [table3-needed]") && text.contains("このままでは送れません"),
        "{text}"
    );
    let more = [&kinds[..], &["--add-table3"]].concat();
    let output = convert(&sample("v3-plan"), "4.1", &at("whole"), &more);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(stdout(&output).contains("[table3-added]"));
    assert_eq!(files(at("whole")).len(), 4);

    assert!(convert(&sample("v4-slip-equipment"), "3.2", &at("old"), &[]).status.success());
    let old = at("old").display().to_string();
    let output = convert(&old, "4.1", &at("back"), &["--kind-from", "43", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&report["to"], &report["complete"]), (&"202407".into(), &false.into()));
    let sending = &report["sendings"][0];
    assert_eq!(sending["outcome"], "incomplete");
    let notes = sending["notes"].as_array().expect("notes");
    let needed: Vec<_> = notes.iter().filter(|note| note["class"] == "needed").collect();
    assert_eq!(needed.len(), 8);
    assert_eq!(
        (&needed[0]["note"], &needed[0]["record"]),
        (&"equipment-code-needed".into(), &10.into())
    );
    assert_eq!(sending["check"]["verdict"], "fail", "equipment without a code");
    assert_eq!(
        sending["files"][0]["was"],
        "UPHOSOKU_202504_2770100012_2770400059_20250428171502.CSV"
    );
}

#[test]
fn files_that_cannot_be_read_are_refused_with_the_findings() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("out");
    let output = convert(&sample("broken-utf8"), "3.2", &out, &["--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let sending = &report["sendings"][0];
    assert_eq!((&sending["outcome"], &sending["out"]), (&"refused".into(), &Value::Null));
    assert_eq!(sending["findings"][0]["rule"], "encoding.utf-8");
    let output = convert(&sample("broken-utf8"), "3.2", &out, &["--lang", "en"]);
    let text = stdout(&output);
    assert!(text.contains("[encoding.utf-8]") && text.contains("Nothing was converted"), "{text}");
    assert!(!out.exists());
}

#[test]
fn one_sending_that_is_refused_does_not_keep_back_the_others() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().display().to_string();
    let (good, bad) = (sample("v4-slip"), sample("v4-prevention-plan"));
    let output = careplan(&["convert", &good, &bad, "--to", "3.2", "--out", &out]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(files(place.path().join("v4-slip")).len(), 3);
    assert!(!place.path().join("v4-prevention-plan").exists());
    assert!(stdout(&output).contains("[nothing-left]"), "{}", stdout(&output));
}

#[test]
fn nothing_is_written_over_anything_or_among_the_originals() {
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("out");
    assert!(convert(&sample("v4-jisseki"), "3.2", &out, &[]).status.success());
    let output = convert(&sample("v4-jisseki"), "3.2", &out, &[]);
    assert_eq!(output.status.code(), Some(2));
    let line = stderr(&output);
    assert!(line.contains("空ではありません") && line.lines().count() == 1, "{line}");

    let before = files(&out);
    let kinds = ["--kind-from", "11", "--kind-to", "43"];
    for source in [out.clone(), out.join(&before[0].0)] {
        let output = convert(&source.display().to_string(), "4.1", &out, &kinds);
        assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
    }
    assert_eq!(files(&out), before);
}

#[test]
fn an_unknown_version_or_kind_is_wrong_usage() {
    let place = tempfile::tempdir().expect("a folder");
    for (to, more) in [("4.0", &[][..]), ("202410", &[]), ("4.1", &["--kind-from", "4"])] {
        let output = convert(&sample("v3-slip"), to, &place.path().join("out"), more);
        assert_eq!(output.status.code(), Some(2), "{to}");
    }
    let output = convert(&sample("v3-slip"), "5", &place.path().join("out"), &[]);
    let text = stderr(&output);
    assert!(text.contains("3.2 (202208), 4.1 (202407)"), "{text}");
}

/// A copy of a sample with other names and other bytes of the same length.
fn copied(folder: &str, change: impl Fn(&str) -> String) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files(sample(folder)) {
        let text = careplan_standard::ms932::decode(&bytes).expect("MS932");
        let bytes = careplan_standard::ms932::encode(&change(&text)).expect("MS932");
        fs::write(copy.path().join(change(&name)), bytes).expect("writes");
    }
    copy
}

#[test]
fn what_the_check_warns_of_afterwards_is_shown() {
    let place = tempfile::tempdir().expect("a folder");
    let early = copied("v3-jisseki", |text| {
        text.replace("202504,", "202404,")
            .replace("_202504_", "_202404_")
            .replace(",202504", ",202404")
    });
    let early = early.path().display().to_string();
    let output = convert(&early, "4.1", &place.path().join("out"), &["--kind-to", "43"]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("警告: ") && text.contains("[version.before-service-month]"), "{text}");
}

#[test]
fn many_records_of_one_value_stay_on_one_line() {
    let place = tempfile::tempdir().expect("a folder");
    let source = copied("v4-slip-equipment", |text| {
        // Every row is of equipment, with one code.
        text.replace(",,,,,2770200036", ",00001-000010,,,,2770200036")
    });
    let source = source.path().display().to_string();
    let output = convert(&source, "3.2", &place.path().join("out"), &[]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("1, 2, 3, 4, 10, 11") && text.contains("ほか"), "{text}");
    fits_eighty_columns(&text.replace(&place.path().display().to_string(), ""));
}

#[test]
fn a_value_that_does_not_fit_is_shown_with_its_place() {
    let place = tempfile::tempdir().expect("a folder");
    let source = copied("v4-slip", |text| text.replace(",,,4,976,", ",,,124,976,"));
    let source = source.path().display().to_string();
    let output = convert(&source, "3.2", &place.path().join("out"), &[]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1));
    for words in ["[does-not-fit]", "項目16 回数／日数", "124", "1, 6"] {
        assert!(text.contains(words), "{words} is missing in:\n{text}");
    }
    assert!(!place.path().join("out").exists());
}

#[test]
fn attachments_and_files_of_the_version_itself_come_along() {
    let place = tempfile::tempdir().expect("a folder");
    let source = copied("v4-jisseki", str::to_owned);
    fs::write(source.path().join("見学の案内.pdf"), b"%PDF-1.7").expect("writes");
    let path = source.path().display().to_string();
    for (to, out) in [("3.2", "old"), ("4.1", "same")] {
        let out = place.path().join(out);
        assert_eq!(convert(&path, to, &out, &[]).status.code(), Some(0));
        assert_eq!(fs::read(out.join("見学の案内.pdf")).expect("it is there"), b"%PDF-1.7");
    }
    assert_eq!(files(place.path().join("same")), files(source.path()));
}
