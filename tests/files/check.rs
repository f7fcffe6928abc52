//! `careplan check`, as a person or a program runs it.

use careplan_protocol::{CheckReport, Verdict};

use crate::{careplan, sample, stderr, stdout};

#[test]
fn the_exit_status_is_the_verdict() {
    assert_eq!(careplan(&["check", &sample("v4-slip")]).status.code(), Some(0));
    assert_eq!(careplan(&["check", &sample("broken-month")]).status.code(), Some(1));
}

#[test]
fn a_path_that_cannot_be_read_is_one_line_and_status_2() {
    for path in [sample("no-such-folder"), sample("v4-slip/no-such-file.CSV")] {
        let output = careplan(&["check", &path]);
        assert_eq!(output.status.code(), Some(2), "{path}");
        let line = stderr(&output);
        assert_eq!(line.lines().count(), 1, "{line}");
        assert!(line.contains(&path) && line.contains("確かめてください"), "{line}");
        assert!(output.stdout.is_empty());
    }
    let empty = tempfile::tempdir().expect("a folder");
    let output = careplan(&["check", &empty.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn json_is_one_object_of_the_promised_shape() {
    let output = careplan(&["check", "--format", "json", &sample("broken-service-kind")]);
    let report: CheckReport = serde_json::from_slice(&output.stdout).expect("the promised shape");
    assert_eq!(report.verdict, Verdict::Fail);
    let [finding] = &report.findings[..] else { panic!("{report:?}") };
    assert_eq!(finding.rule, "item.service-kind-not-carried");
    assert_eq!((finding.record, finding.item), (Some(1), Some(15)));
    assert!(finding.file.as_deref().is_some_and(|name| name.starts_with("UPPLAN_")));
    let [unit] = &report.units[..] else { panic!("{report:?}") };
    assert_eq!((unit.unit.as_str(), unit.version.as_str()), ("slip", "202407"));
    assert_eq!(unit.files.len(), 3);
}

#[test]
fn people_see_the_record_the_item_and_what_to_do() {
    let output = careplan(&["check", &sample("broken-service-kind")]);
    let text = stdout(&output);
    for words in ["1件目のレコード", "項目15 サービスコード", "331111", "^^^^^^", "→", "不合格"]
    {
        assert!(text.contains(words), "{words} is missing in:\n{text}");
    }
    let widest = text.lines().map(unicode_width::UnicodeWidthStr::width).max();
    assert!(widest <= Some(80), "{text}");
}

#[test]
fn english_is_spoken_on_request() {
    let output = careplan(&["check", "--lang", "en", &sample("broken-month")]);
    let text = stdout(&output);
    assert!(
        text.contains("record 1, item 5") && text.contains("fail (files: 1, errors: 1"),
        "{text}"
    );
}

#[test]
fn each_folder_is_a_sending_of_its_own() {
    let (good, bad) = (sample("v4-slip"), sample("broken-month"));
    let output = careplan(&["check", &good, &good]);
    assert_eq!(output.status.code(), Some(0), "the same names in two folders: {}", stdout(&output));
    let output = careplan(&["check", "--format", "json", &good, &bad]);
    assert_eq!(output.status.code(), Some(1));
    let report: CheckReport = serde_json::from_slice(&output.stdout).expect("one object");
    let verdicts: Vec<_> = report.units.iter().map(|unit| unit.verdict).collect();
    assert_eq!(verdicts, [Verdict::Pass, Verdict::Fail]);
    let file = report.findings[0].file.as_deref().expect("a file");
    assert!(file.starts_with(&bad), "which sending it is in: {file}");
    let parent = careplan(&["check", &sample("")]);
    assert_eq!(parent.status.code(), Some(2), "a folder of folders is no sending");
}

#[test]
fn one_cause_is_shown_once_unless_each_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let name = "DLTPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV";
    let records = "202407,27100A,0000201001,202504\r\n".repeat(20);
    std::fs::write(folder.path().join(name), records).expect("writes");
    let path = folder.path().display().to_string();
    let text = stdout(&careplan(&["check", &path]));
    assert_eq!(text.matches("[item.form]").count(), 1, "{text}");
    assert!(text.contains("同じ指摘がほかに19件") && text.contains("エラー 20"), "{text}");
    let all = stdout(&careplan(&["check", "--all", &path]));
    assert_eq!(all.matches("[item.form]").count(), 20, "{all}");
    // What a system leaves behind is not sent, and not checked.
    std::fs::write(folder.path().join("Thumbs.db"), b"x").expect("writes");
    assert!(stdout(&careplan(&["check", &path])).contains("1ファイル"));
}

#[test]
fn what_is_too_much_for_a_screen_is_summed_up() {
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..200 {
        let name = format!("DLTPLAN_202504_2770100012_43_2770200036_11_20250428{number:06}.CSV");
        let insured = if number % 2 == 0 { "0000201001" } else { "00002010010" };
        let record = format!("202407,271004,{insured},202504\r\n");
        std::fs::write(folder.path().join(name), record).expect("writes");
    }
    let path = folder.path().display().to_string();
    let output = careplan(&["check", &path]);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(text.lines().count() <= 24, "{text}");
    for words in ["     100    100  エラー item.length", "--format json", "不合格", "200ファイル"]
    {
        assert!(text.contains(words), "{words} is missing in:\n{text}");
    }
    let progress = stderr(&output);
    assert!(progress.contains("200/200ファイル"), "{progress}");
    let output = careplan(&["check", "--format", "json", &path]);
    let report: CheckReport = serde_json::from_slice(&output.stdout).expect("one object");
    assert_eq!(report.findings.iter().filter(|found| found.rule == "item.length").count(), 100);
}

#[cfg(target_os = "linux")]
#[test]
fn results_that_cannot_be_written_are_no_success() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_careplan"));
    command.args(["--lang", "ja", "rules"]).stdout(full);
    let output = command.output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("結果を書き出せません"), "{said}");
}
