//! `junit.xml`: a suite a feature, a case a scenario.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use crate::{RunReport, ScenarioReport, Verdict};

/// The run as CI systems read it.
pub(super) fn xml(run: &RunReport) -> Result<String, SerializeError> {
    let mut report = Report::new("careplan run");
    report.set_time(Duration::from_millis(run.milliseconds));
    let mut suites: Vec<(&str, TestSuite)> = Vec::new();
    for scenario in &run.scenarios {
        let at = suites.iter().position(|(file, _)| *file == scenario.file).unwrap_or_else(|| {
            suites.push((&scenario.file, TestSuite::new(scenario.feature.as_str())));
            suites.len() - 1
        });
        suites[at].1.add_test_case(case(scenario));
    }
    report.add_test_suites(suites.into_iter().map(|(_, suite)| suite));
    if run.interrupted {
        report.add_test_suite(stopped());
    }
    report.to_string()
}

/// What did not run must not look as if all was well.
fn stopped() -> TestSuite {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_type("interrupted");
    status.set_message(
        "中断しました。残りのシナリオは実行していません / stopped; the rest did not run",
    );
    let mut suite = TestSuite::new("careplan run");
    suite.add_test_case(TestCase::new("最後まで実行する / runs to its end", status));
    suite
}

fn case(scenario: &ScenarioReport) -> TestCase {
    let mut case = TestCase::new(scenario.name.as_str(), status(scenario));
    case.set_classname(format!("{}:{}", scenario.file, scenario.line));
    case.set_time(Duration::from_millis(scenario.milliseconds));
    case
}

/// JUnit knows failures (the product's), errors (the bench's) and skipped cases.
fn status(scenario: &ScenarioReport) -> TestCaseStatus {
    let mut status = match scenario.verdict {
        Verdict::Pass => return TestCaseStatus::success(),
        Verdict::Unsupported => TestCaseStatus::skipped(),
        Verdict::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Verdict::Inconclusive | Verdict::SetUpError | Verdict::HarnessError => {
            TestCaseStatus::non_success(NonSuccessKind::Error)
        }
    };
    status.set_type(scenario.verdict.word());
    if let Some((step, failure)) = scenario.failed_step() {
        status.set_message(format!("{} {}", step.keyword, step.text));
        status.set_description(format!(
            "期待: {}\n実際: {}\n再実行: {}",
            failure.expected, failure.found, scenario.replay
        ));
    }
    status
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::tests::sample;

    #[test]
    fn a_feature_is_a_suite_and_a_scenario_a_case() {
        let xml = xml(&sample()).expect("serializes");
        assert_eq!(xml.matches("<testsuite ").count(), 1, "{xml}");
        assert_eq!(xml.matches("<testcase ").count(), 2, "{xml}");
        assert!(xml.contains(r#"failures="1""#), "{xml}");
        assert!(xml.contains("期待: 3件"), "{xml}");
    }

    #[test]
    fn a_run_that_was_stopped_is_an_error() {
        let xml = xml(&RunReport { interrupted: true, ..sample() }).expect("serializes");
        assert!(xml.contains(r#"errors="1""#) && xml.contains("中断しました"), "{xml}");
    }

    #[test]
    fn a_fault_of_the_bench_is_an_error_and_no_failure() {
        let mut run = sample();
        run.scenarios[1].verdict = Verdict::HarnessError;
        let xml = xml(&run).expect("serializes");
        assert!(xml.contains("<error type=\"harness-error\"") || xml.contains("<error "), "{xml}");
        assert!(!xml.contains("<failure"), "{xml}");
    }
}
