//! Steps that look at the hub: they pass where the hub is as they say, and fail where it is not.

use std::{
    fs, future,
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
};

use careplan_protocol::{
    faults::{Arming, FaultKind, FaultOperation, FaultSchedule, FaultScope, FaultsWanted},
    hub::Profile,
};
use careplan_sandbox::reference_hub::CheckLevel;
use careplan_scenarios::{RunReport, Script, Settings, Verdict, run_script};

const MANAGER: &str = "「見本居宅介護支援センター」";
const HELPERS: &str = "「みどりヘルパーステーション」";

/// Runs one scenario of these steps against a stack of its own.
async fn run(steps: &[String]) -> RunReport {
    run_among("", steps, FaultsWanted::default()).await
}

/// Runs it with this tag, where hub and CA are told to misbehave.
async fn run_among(tag: &str, steps: &[String], faults: FaultsWanted) -> RunReport {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("made.feature");
    let steps: String = steps.iter().map(|step| format!("    {step}\n")).collect();
    fs::write(&path, format!("# language: ja\n機能: 試し\n\n  {tag}\n  シナリオ: 試し\n{steps}"))
        .expect("it can be written");
    let script = Script::load(&[path], &[]).expect("it parses");
    let settings = Settings {
        careplan: PathBuf::from("careplan"),
        profile: Profile::Actual,
        seed: 7,
        check: CheckLevel::Standard,
        scale: NonZeroU32::MIN,
        jobs: NonZeroUsize::MIN,
        keep: false,
        faults,
        faults_given: None,
    };
    run_script(script, settings, |_| (), future::pending()).await.report
}

/// The sentence that did not pass, with what was expected and found.
fn failure(report: &RunReport) -> (&str, &str, &str) {
    let (step, failure) = report.scenarios[0].failed_step().expect("a step failed");
    assert_eq!(failure.verdict, Verdict::Fail, "{failure:?}");
    (&step.text, &failure.expected, &failure.found)
}

fn lines<const N: usize>(steps: [String; N]) -> Vec<String> {
    let mut all = vec!["前提 標準の事業所が参加している".to_owned()];
    all.extend(steps);
    all
}

#[tokio::test]
async fn a_list_is_not_empty_while_the_hub_holds_something_of_the_terminal() {
    let report = run(&lines([
        format!("ならば {MANAGER}の送信一覧は空である"),
        format!("もし {MANAGER}が見本「v4-slip」を送信する"),
        format!("ならば {MANAGER}の送信一覧は空である"),
    ]))
    .await;
    let (sentence, expected, found) = failure(&report);
    assert_eq!(sentence, format!("{MANAGER}の送信一覧は空である"));
    assert_eq!((expected, found), ("0件", "1件"));
    assert_eq!(report.scenarios[0].steps[1].verdict, Some(Verdict::Pass), "empty before");
}

#[tokio::test]
async fn what_the_hub_took_is_seen_though_the_terminal_never_heard_of_it() {
    let report = run(&lines([
        format!("もし {MANAGER}の回線が、送信への答えを届けないようにする"),
        format!("かつ {MANAGER}が見本「v4-slip」に300KBの写真を添えて送信しようとする"),
        "ならば 送信は途切れている".to_owned(),
        format!("もし {MANAGER}の回線が元に戻る"),
        format!("ならば {MANAGER}の送信一覧は空である"),
    ]))
    .await;
    assert_eq!(failure(&report).2, "1件");
}

#[tokio::test]
async fn another_sending_is_not_what_was_noted() {
    let report = run(&lines([
        format!("ならば {MANAGER}が送ったものは基盤に0件ある"),
        format!("もし {MANAGER}が見本「v4-slip」を送信する"),
        format!("ならば {MANAGER}が送ったものは基盤で控えのとおりである"),
    ]))
    .await;
    let (sentence, expected, found) = failure(&report);
    assert_eq!(sentence, format!("{MANAGER}が送ったものは基盤で控えのとおりである"));
    assert_eq!((expected, found), ("0件", "1件"));
}

#[tokio::test]
async fn a_terminal_that_has_fetched_everything_still_sees_something() {
    let report = run(&lines([
        format!("かつ {HELPERS}にもう1台の端末「pc-2」を置く"),
        format!("もし {MANAGER}が見本「v4-slip」を送信する"),
        format!("かつ {HELPERS}が受信してデータを取得する"),
        format!("ならば {HELPERS}の端末「pc-2」の受信一覧には何も見えない"),
        format!("もし {MANAGER}が見本「v4-plan」を送信する"),
        format!("ならば {HELPERS}の端末「pc-2」の受信一覧には何も見えない"),
    ]))
    .await;
    assert_eq!(failure(&report).2, "1件", "the second terminal was first this time");
    assert_eq!(report.scenarios[0].steps[4].verdict, Some(Verdict::Pass));
}

/// This fault, on this operation alone.
fn on(operation: FaultOperation, kind: FaultKind, schedule: FaultSchedule) -> Arming {
    let scope = FaultScope { operation: Some(operation), ..FaultScope::default() };
    Arming { scope, schedule, ..Arming::new(kind) }
}

/// A sample goes from one office to another.
fn there() -> Vec<String> {
    lines([
        format!("もし {MANAGER}が見本「v4-slip」を送信する"),
        format!("ならば {MANAGER}が送ったものは基盤に1件ある"),
        format!("もし {HELPERS}が受信してデータを取得する"),
        format!("ならば {HELPERS}に見本「v4-slip」が1バイトも違わずに届いている"),
        format!("かつ {MANAGER}の送信一覧ではデータ取得済になっている"),
    ])
}

#[tokio::test]
async fn what_a_hub_has_no_room_for_is_tried_again_and_a_late_list_is_looked_at_again() {
    let (twice, once) = (FaultSchedule::Next(2), FaultSchedule::Next(1));
    let mut faults: Vec<Arming> =
        [FaultOperation::LogIn, FaultOperation::Submit, FaultOperation::Receipt]
            .map(|operation| on(operation, FaultKind::StorageFull, twice))
            .into();
    faults.push(on(FaultOperation::Deliveries, FaultKind::ListStale, once));
    faults.push(on(FaultOperation::Sent, FaultKind::ListDuplicates, once));
    let report = run_among("", &there(), FaultsWanted::these(faults)).await;
    assert_eq!(report.verdict(), Verdict::Pass, "{report:?}");
}

#[tokio::test]
async fn a_quiet_scenario_meets_nothing_that_the_run_arms() {
    let down = vec![Arming::new(FaultKind::RequestDrop)];
    let report = run_among("@quiet", &there(), FaultsWanted::these(down.clone())).await;
    assert_eq!(report.verdict(), Verdict::Pass, "{report:?}");
    let report = run_among("@loud", &there(), FaultsWanted::these(down)).await;
    assert_eq!(report.verdict(), Verdict::Fail, "the same among faults");
}
