//! `careplan reconcile`, as a person or a program runs it.

use std::fs;

use careplan_standard::ms932;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::{careplan, sample, stderr, stdout};

/// A copy of a sample in which every file is changed.
fn changed(folder: &str, change: impl Fn(&str) -> String) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir(sample(folder)).expect("the sample is there") {
        let path = entry.expect("readable").path();
        let text = ms932::decode(&fs::read(&path).expect("readable")).expect("MS932");
        let bytes = ms932::encode(&change(&text)).expect("MS932");
        fs::write(copy.path().join(path.file_name().expect("a name")), bytes).expect("writes");
    }
    copy
}

#[test]
fn people_see_each_person_with_limit_units_and_what_differs() {
    let results = changed("v4-jisseki", |text| {
        text.replacen(",20250401,,1000,1030,1,", ",20250401,,1000,1100,1,", 1).replacen(
            ",20250408,,1000,1030,1,111111",
            ",20250408,,1000,1100,1,111211",
            1,
        )
    });
    let results = results.path().display().to_string();
    let output = careplan(&["reconcile", &sample("v4-slip"), &results]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    for words in [
        "予実突合: 予定どおり 6  中止 4  追加 0  変更 2  限度額超過 0人",
        "0000201001 2025/04 試験　一郎 要介護２",
        "限度額 19,705（補足の記載）",
        "予定 4,466 実績 732＋実績待ち 3,290",
        "第7表にないサービスの +244 単位は、実績に含めていません",
        "  時刻変更    4/01 10:00-10:30 → 10:00-11:00 111111",
        "  時刻と内容  4/08 10:00-10:30 → 10:00-11:00 111111→111211",
        "  中止        4/01 10:30-10:50 → -           112111",
        "実績待ち: 2770300042 15 デイサービス陽だまり（予定10行）",
    ] {
        assert!(text.contains(words), "{words} is missing in:\n{text}");
    }
    assert!(!text.contains("予定どおり  "), "{text}");
    assert_eq!(text.lines().find(|line| 80 < line.width()), None, "{text}");
    let all = stdout(&careplan(&["reconcile", "--all", &sample("v4-slip"), &results]));
    assert_eq!(all.matches("  予定どおり  ").count(), 6, "{all}");
}

#[test]
fn who_exceeds_the_limit_is_said_by_how_much() {
    let plan = changed("v4-slip", |text| text.replace(",22,19705,", ",22,4200,"));
    let plan = plan.path().display().to_string();
    let text = stdout(&careplan(&["reconcile", &plan, &sample("v3-jisseki")]));
    for words in [
        "限度額超過 1人",
        "予定 4,466（超過 266） 実績 976＋実績待ち 3,290（超",
        "要介護状態区分の限度額は 19,705",
    ] {
        assert!(text.contains(words), "{words} is missing in:\n{text}");
    }
    assert_eq!(text.lines().find(|line| 80 < line.width()), None, "{text}");
}

#[test]
fn json_has_people_classes_units_and_who_is_waited_for() {
    let output =
        careplan(&["reconcile", "--format", "json", &sample("v4-slip"), &sample("v4-jisseki")]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["counts"]["as-planned"], 8);
    assert_eq!(
        (&report["counts"]["cancelled"], &report["counts"]["added"]),
        (&4.into(), &0.into())
    );
    let person = &report["people"][0];
    assert_eq!((&person["insured"], &person["month"]), (&"0000201001".into(), &"202504".into()));
    assert_eq!(person["limit"]["units"], 19_705);
    assert_eq!(person["limit"]["source"], "stated");
    assert_eq!((&person["planned_units"], &person["provided_units"]), (&4466.into(), &976.into()));
    assert_eq!(person["waiting_units"], 3290);
    let entries = person["entries"].as_array().expect("entries");
    assert_eq!(entries.len(), 6);
    let cancelled = entries.iter().find(|entry| entry["class"] == "cancelled").expect("one");
    assert_eq!((&cancelled["day"], &cancelled["provided"]), (&"20250401".into(), &Value::Null));
    assert_eq!(cancelled["planned"]["code"], "112111");
    assert_eq!(
        (&report["waiting"][0]["office"], &report["waiting"][0]["rows"]),
        (&"2770300042".into(), &10.into())
    );
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let slip = sample("v4-slip");
    for (plan, results, words) in [
        (&slip, sample("broken-month"), ("name.month-differs", 1)),
        (&sample("v4-jisseki"), sample("v4-jisseki"), ("UPPLAN", 2)),
        (&slip, sample("v4-plan"), ("UPJSK", 2)),
    ] {
        let (words, status) = words;
        let output = careplan(&["reconcile", plan, &results]);
        assert_eq!(output.status.code(), Some(status));
        assert!(output.stdout.is_empty());
        let text = stderr(&output);
        assert!(text.contains(words), "{text}");
    }
    let broken = sample("broken-month");
    let output = careplan(&["reconcile", "--format", "json", &slip, &broken]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["refused"], "findings");
    assert_eq!(careplan(&["reconcile", &slip, &sample("no-such")]).status.code(), Some(2));
    assert_eq!(careplan(&["reconcile", &slip]).status.code(), Some(2));
}
