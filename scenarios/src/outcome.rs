//! What came of a run: scenarios, their steps, the files that moved, the requests behind a failure.
//!
//! These values are what `report.json` holds; the page and the JUnit file are drawn from them.

use std::collections::BTreeMap;

use careplan_protocol::Lang;
use serde::{Deserialize, Serialize};

/// What came of a scenario, or of a step that was reached.
///
/// A peer at fault (`fail`) and a bench at fault (`harness-error`) are never the same verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// As expected.
    Pass,
    /// Not as expected.
    Fail,
    /// The product says that it lacks the feature.
    Unsupported,
    /// Could not be judged.
    Inconclusive,
    /// Something here must be mended first: the failure names it.
    SetUpError,
    /// A fault of the bench's own.
    HarnessError,
}

impl Verdict {
    /// Every verdict, in the order in which they are counted.
    pub const ALL: [Self; 6] = [
        Self::Pass,
        Self::Fail,
        Self::Unsupported,
        Self::Inconclusive,
        Self::SetUpError,
        Self::HarnessError,
    ];

    /// Whether it leaves a run good: what is not here need not be.
    pub const fn is_fine(self) -> bool {
        matches!(self, Self::Pass | Self::Unsupported)
    }

    /// 日本語の一語.
    pub const fn word_ja(self) -> &'static str {
        match self {
            Self::Pass => "合格",
            Self::Fail => "不合格",
            Self::Unsupported => "対応外",
            Self::Inconclusive => "判定不能",
            Self::SetUpError => "設定の誤り",
            Self::HarnessError => "試験環境の不具合",
        }
    }

    /// The word in JSON and in class names.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unsupported => "unsupported",
            Self::Inconclusive => "inconclusive",
            Self::SetUpError => "set-up-error",
            Self::HarnessError => "harness-error",
        }
    }

    /// So many scenarios with this verdict, in words.
    fn counted(self, count: usize, lang: Lang) -> String {
        let noun = match (lang, self) {
            (Lang::Ja, _) => return format!("{} {count}", self.word_ja()),
            (Lang::En, Self::Pass) => "passed",
            (Lang::En, Self::Fail) => "failed",
            (Lang::En, Self::Unsupported | Self::Inconclusive) => self.word(),
            (Lang::En, Self::SetUpError) if count == 1 => "set-up error",
            (Lang::En, Self::SetUpError) => "set-up errors",
            (Lang::En, Self::HarnessError) if count == 1 => "harness error",
            (Lang::En, Self::HarnessError) => "harness errors",
        };
        format!("{count} {noun}")
    }
}

/// Why a step did not pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Which kind of not passing.
    pub verdict: Verdict,
    /// What should have been.
    pub expected: String,
    /// What was.
    pub found: String,
}

impl Failure {
    /// The stack did something else than the step says.
    pub fn unlike(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { verdict: Verdict::Fail, expected: expected.into(), found: found.into() }
    }

    /// The script or the machine must be mended first.
    pub fn setup(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { verdict: Verdict::SetUpError, expected: expected.into(), found: found.into() }
    }

    /// What is needed is not here, and need not be.
    pub fn unsupported(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { verdict: Verdict::Unsupported, expected: expected.into(), found: found.into() }
    }

    /// The bench itself is at fault.
    pub fn ours(found: impl Into<String>) -> Self {
        let expected = "試験環境が動くこと".to_owned();
        Self { verdict: Verdict::HarnessError, expected, found: found.into() }
    }
}

/// A file that left an office's software, or reached it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSeen {
    /// 事業所名称.
    pub office: String,
    /// Whether it left or arrived.
    pub way: Way,
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// The SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
}

/// Which way a file went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// Written by the care software and sent.
    Sent,
    /// Fetched, and handed to the care software.
    Received,
}

/// A request and its answer, redacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// Who asked: an office's name, or what stood in its place.
    pub by: String,
    /// Method and address.
    pub request: String,
    /// Header lines of the request.
    pub request_headers: Vec<String>,
    /// The request's body, or what it weighs.
    pub request_body: String,
    /// Status line of the answer, or why there was none.
    pub answer: String,
    /// Header lines of the answer.
    pub answer_headers: Vec<String>,
    /// The answer's body, or what it weighs.
    pub answer_body: String,
}

/// A step of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepReport {
    /// 前提, もし, ならば, …
    pub keyword: String,
    /// The sentence.
    pub text: String,
    /// The table under it, row by row, the headings first; empty if there is none.
    #[serde(default)]
    pub table: Vec<Vec<String>>,
    /// What came of it; none if it was not reached.
    pub verdict: Option<Verdict>,
    /// How long it took.
    pub milliseconds: u64,
    /// Why it did not pass.
    pub failure: Option<Failure>,
    /// What it had to tell: how many of what there were.
    #[serde(default)]
    pub told: Vec<String>,
    /// The requests that it made, redacted.
    pub exchanges: Vec<Exchange>,
    /// How many more it made than are listed.
    #[serde(default)]
    pub exchanges_left_out: usize,
}

/// A scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioReport {
    /// The feature's title.
    pub feature: String,
    /// What the feature says of itself under its title.
    #[serde(default)]
    pub about: String,
    /// What the feature rests on, as its file says on top.
    #[serde(default)]
    pub grounds: String,
    /// The file that it stands in.
    pub file: String,
    /// The line that it begins on, from 1; for an outline the line of its example.
    pub line: usize,
    /// Its title.
    pub name: String,
    /// Its tags, with those of its feature.
    pub tags: Vec<String>,
    /// What came of it.
    pub verdict: Verdict,
    /// How long it took.
    pub milliseconds: u64,
    /// Its steps, those of the background first.
    pub steps: Vec<StepReport>,
    /// The files that moved, in the order in which they did.
    pub files: Vec<FileSeen>,
    /// The command that runs it alone, once more.
    pub replay: String,
    /// The folder that was kept standing, if that was asked for.
    pub kept: Option<String>,
}

impl ScenarioReport {
    /// The step that did not pass, with its reason.
    pub fn failed_step(&self) -> Option<(&StepReport, &Failure)> {
        self.steps.iter().find_map(|step| Some((step, step.failure.as_ref()?)))
    }

    /// What stands behind the failure: the last requests of the step that did not pass, or, if it
    /// made none, the last one before it.
    pub fn behind_failure(&self) -> &[Exchange] {
        const SHOWN_MAX: usize = 5;
        let Some(failed) = self.steps.iter().position(|step| step.failure.is_some()) else {
            return &[];
        };
        let last = |exchanges: &[Exchange], most| exchanges.len().saturating_sub(most);
        let own = &self.steps[failed].exchanges;
        if !own.is_empty() {
            return &own[last(own, SHOWN_MAX)..];
        }
        let before = self.steps[..failed].iter().rev().find(|step| !step.exchanges.is_empty());
        before.map_or(&[], |step| &step.exchanges[last(&step.exchanges, 1)..])
    }
}

/// A whole run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunReport {
    /// `careplan` and its version.
    pub software: String,
    /// When it began, RFC 3339.
    pub started_at: String,
    /// How long it took.
    pub milliseconds: u64,
    /// The profile that the hubs ran with.
    pub profile: String,
    /// The seed of people and plans.
    pub seed: u64,
    /// What hubs and CAs were told to do wrong; empty if nothing.
    #[serde(default)]
    pub faults: String,
    /// Whether it was stopped before its end.
    pub interrupted: bool,
    /// How many passed.
    pub passed: usize,
    /// How many failed: the verdict `fail` alone.
    pub failed: usize,
    /// How many had each verdict; every verdict is there.
    pub counts: BTreeMap<Verdict, usize>,
    /// Every scenario that ran, in the order of the script.
    pub scenarios: Vec<ScenarioReport>,
}

impl RunReport {
    /// How many scenarios had each verdict, in one line: those that passed and those that failed
    /// always, every other verdict where it occurred; and whether the run was stopped before its end.
    pub fn tally(&self, lang: Lang) -> String {
        let always = |verdict| matches!(verdict, Verdict::Pass | Verdict::Fail);
        let mut told: Vec<String> = Verdict::ALL
            .into_iter()
            .map(|verdict| (verdict, self.counts.get(&verdict).copied().unwrap_or(0)))
            .filter(|(verdict, count)| always(*verdict) || 0 < *count)
            .map(|(verdict, count)| verdict.counted(count, lang))
            .collect();
        if self.interrupted {
            let stopped = match lang {
                Lang::Ja => "途中で中断",
                Lang::En => "stopped before the end",
            };
            told.push(stopped.to_owned());
        }
        match lang {
            Lang::Ja => told.join("、"),
            Lang::En => told.join(", "),
        }
    }

    /// The verdict that decides the exit status: the weightiest that any scenario has.
    ///
    /// A failure outweighs a fault of the bench, and that a wrong set-up: what a peer did wrong
    /// stands whatever else happened. A run that was stopped before its end is inconclusive.
    pub fn verdict(&self) -> Verdict {
        let is_there = |verdict| self.scenarios.iter().any(|one| one.verdict == verdict);
        [Verdict::Fail, Verdict::HarnessError, Verdict::SetUpError, Verdict::Inconclusive]
            .into_iter()
            .find(|verdict| is_there(*verdict))
            .unwrap_or(if self.interrupted { Verdict::Inconclusive } else { Verdict::Pass })
    }
}

/// How many of the scenarios had each verdict.
pub(crate) fn counts(scenarios: &[ScenarioReport]) -> BTreeMap<Verdict, usize> {
    let count = |verdict| scenarios.iter().filter(|one| one.verdict == verdict).count();
    Verdict::ALL.map(|verdict| (verdict, count(verdict))).into()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A run of one scenario that passed and one that did not.
    pub(crate) fn sample() -> RunReport {
        let step = |keyword: &str, text: &str, verdict| StepReport {
            keyword: keyword.to_owned(),
            text: text.to_owned(),
            table: Vec::new(),
            verdict,
            milliseconds: 12,
            failure: None,
            told: Vec::new(),
            exchanges: Vec::new(),
            exchanges_left_out: 0,
        };
        let good = ScenarioReport {
            feature: "往復".to_owned(),
            about: "予定が届き、実績が戻る。".to_owned(),
            grounds: "よりどころ: domain.md「The monthly flow」".to_owned(),
            file: "round-trip.feature".to_owned(),
            line: 5,
            name: "予定が届く".to_owned(),
            tags: vec!["往復".to_owned()],
            verdict: Verdict::Pass,
            milliseconds: 34,
            steps: vec![step("前提", "標準の事業所が参加している", Some(Verdict::Pass))],
            files: vec![FileSeen {
                office: "見本居宅介護支援センター".to_owned(),
                way: Way::Sent,
                name: "UPPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV".to_owned(),
                size: 3438,
                sha256: "ab".repeat(32),
            }],
            replay: "careplan run round-trip.feature:5".to_owned(),
            kept: None,
        };
        let mut failed = step("ならば", "<何か>が届く & 読める", Some(Verdict::Fail));
        failed.failure = Some(Failure::unlike("3件", "2件"));
        failed.exchanges = vec![Exchange {
            by: "みどりヘルパーステーション".to_owned(),
            request: "POST https://127.0.0.1:1/v1/claims".to_owned(),
            request_headers: vec!["authorization: ［伏せています］".to_owned()],
            request_body: String::new(),
            answer: "200 OK".to_owned(),
            answer_headers: Vec::new(),
            answer_body: "{\"deliveries\":[]}".to_owned(),
        }];
        let bad = ScenarioReport {
            line: 9,
            name: "届かない".to_owned(),
            verdict: Verdict::Fail,
            steps: vec![failed, step("かつ", "終わる", None)],
            files: Vec::new(),
            replay: "careplan run round-trip.feature:9".to_owned(),
            ..good.clone()
        };
        RunReport {
            software: "careplan 0.1.0".to_owned(),
            started_at: "2025-04-28T17:15:02Z".to_owned(),
            milliseconds: 68,
            profile: "actual".to_owned(),
            seed: 1,
            faults: String::new(),
            interrupted: false,
            passed: 1,
            failed: 1,
            counts: counts(&[good.clone(), bad.clone()]),
            scenarios: vec![good, bad],
        }
    }

    #[test]
    fn a_failure_outweighs_every_other_verdict() {
        let mut run = sample();
        run.scenarios[0].verdict = Verdict::HarnessError;
        assert_eq!(run.verdict(), Verdict::Fail);
        run.scenarios[1].verdict = Verdict::SetUpError;
        assert_eq!(run.verdict(), Verdict::HarnessError);
    }

    #[test]
    fn every_verdict_that_occurred_is_counted_by_itself() {
        let mut run = sample();
        assert_eq!(run.tally(Lang::En), "1 passed, 1 failed");
        assert_eq!(run.tally(Lang::Ja), "合格 1、不合格 1");
        run.scenarios[1].verdict = Verdict::SetUpError;
        run.scenarios.push(run.scenarios[1].clone());
        run.scenarios
            .push(ScenarioReport { verdict: Verdict::Unsupported, ..run.scenarios[0].clone() });
        run.counts = counts(&run.scenarios);
        assert_eq!(run.tally(Lang::En), "1 passed, 0 failed, 1 unsupported, 2 set-up errors");
        assert_eq!(run.tally(Lang::Ja), "合格 1、不合格 0、対応外 1、設定の誤り 2");
    }

    #[test]
    fn a_run_that_was_stopped_is_not_good() {
        let mut run = sample();
        run.scenarios.truncate(1);
        assert_eq!(run.verdict(), Verdict::Pass);
        run.interrupted = true;
        assert_eq!(run.verdict(), Verdict::Inconclusive);
    }

    #[test]
    fn what_does_not_pass_is_found_with_its_reason() {
        let run = sample();
        assert!(run.scenarios[0].failed_step().is_none());
        assert!(run.scenarios[0].behind_failure().is_empty());
        let (step, failure) = run.scenarios[1].failed_step().expect("one failed");
        assert_eq!((step.text.as_str(), failure.found.as_str()), ("<何か>が届く & 読める", "2件"));
    }

    #[test]
    fn behind_a_failure_stand_the_requests_of_its_step_or_the_last_before_it() {
        let mut scenario = sample().scenarios.swap_remove(1);
        let exchange = scenario.steps[0].exchanges[0].clone();
        let numbered = |at: usize| Exchange { answer: at.to_string(), ..exchange.clone() };
        scenario.steps[0].exchanges = (0..7).map(numbered).collect();
        let told = |scenario: &ScenarioReport| {
            let answers = scenario.behind_failure().iter().map(|one| one.answer.clone());
            answers.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(told(&scenario), "2 3 4 5 6");
        scenario.steps[1].failure = scenario.steps[0].failure.take();
        assert_eq!(told(&scenario), "6");
    }
}
