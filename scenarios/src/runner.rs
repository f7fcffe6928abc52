//! Running a script: cucumber drives the steps, every scenario has a stack of its own, and what came
//! of it is put together when its stack has been taken down.

use std::{
    cell::RefCell,
    collections::{BTreeMap, VecDeque},
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    rc::Rc,
    sync::Arc,
};

use careplan_protocol::{Clock, faults::FaultsWanted, hub::Profile};
use careplan_sandbox::{Description, Sandbox, SandboxError, reference_hub::CheckLevel};
use cucumber::{
    Runner as _,
    event::{ScenarioFinished, StepError},
    gherkin::{Feature, Rule, Scenario, Step},
    runner::{Basic, basic::Cli},
};
use futures::{FutureExt as _, StreamExt as _, future::Either, stream};
use time::format_description::well_known::Rfc3339;

use crate::{
    Failure, RunReport, ScenarioReport, Script, StepReport, Verdict, nearest,
    outcome::counts,
    replay::replay,
    steps::collection,
    world::{Record, StepExchanges, World},
};

/// The tag of the scenarios that a run's `--faults` leave alone: those that count what happens, and
/// those that arm a fault of their own and say what comes of it.
const QUIET: &str = "quiet";

/// How a run is made.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The `careplan` binary, for stacks whose hub is a process of its own.
    pub careplan: PathBuf,
    /// How the hubs treat claims and lists.
    pub profile: Profile,
    /// How closely the hubs look at what is sent.
    pub check: CheckLevel,
    /// The seed of people and plans.
    pub seed: u64,
    /// How many times as large as usual the town of `@町` is.
    pub scale: NonZeroU32,
    /// How many scenarios run at once.
    pub jobs: NonZeroUsize,
    /// Whether the stacks' folders stay for a look, and the stack itself of a scenario that did not
    /// pass, or that is alone.
    pub keep: bool,
    /// What the stacks' hubs and CAs are told to do wrong.
    pub faults: FaultsWanted,
    /// `--faults` as it was given, for the line that runs it again: a word, or a file's path.
    pub faults_given: Option<String>,
}

/// A run that has ended.
pub struct Run {
    /// What came of it.
    pub report: RunReport,
    /// The stacks that were left standing for a look.
    pub standing: Vec<Standing>,
}

/// The stack of a scenario that has ended; dropping it takes it down.
pub struct Standing {
    /// The scenario's title.
    pub name: String,
    sandbox: Sandbox,
}

impl Standing {
    /// What stands where.
    ///
    /// # Errors
    /// As for [`Sandbox::describe`].
    pub fn describe(&self) -> Result<Description, SandboxError> {
        self.sandbox.describe()
    }

    /// Takes it down. Its folder stays.
    pub async fn stop(self) {
        self.sandbox.stop().await;
    }
}

/// Runs the script and tells of every scenario as it ends; stops early when `stop` completes.
///
/// A run that is stopped drops the stacks that stand, which ends their processes and removes their
/// folders, and reports the scenarios that had ended.
pub async fn run_script(
    script: Script,
    settings: Settings,
    mut progress: impl FnMut(&ScenarioReport),
    stop: impl Future<Output = ()>,
) -> Run {
    let clock = Clock::system();
    let started_at = clock.now();
    let order = order(&script);
    let stage = Rc::new(Stage::new(&script, settings));
    let mut events = events(script, &stage);
    let mut scenarios = Vec::new();
    let mut interrupted = false;
    let mut stop = std::pin::pin!(stop);
    loop {
        let more = match futures::future::select(events.next(), &mut stop).await {
            Either::Left((event, _)) => event.is_some(),
            Either::Right(_) => {
                interrupted = true;
                false
            }
        };
        for report in stage.ended.borrow_mut().drain(..) {
            progress(&report);
            scenarios.push(report);
        }
        if !more {
            break;
        }
    }
    drop(events);
    scenarios.sort_by_key(|report: &ScenarioReport| {
        order.iter().position(|(file, line)| *file == report.file && *line == report.line)
    });
    let counts = counts(&scenarios);
    let report = RunReport {
        software: format!("careplan {}", env!("CARGO_PKG_VERSION")),
        started_at: started_at.truncate_to_second().format(&Rfc3339).unwrap_or_default(),
        milliseconds: milliseconds(clock.now() - started_at),
        profile: profile_word(stage.settings.profile).to_owned(),
        seed: stage.settings.seed,
        faults: stage.settings.faults.source().to_owned(),
        interrupted,
        passed: counts[&Verdict::Pass],
        failed: counts[&Verdict::Fail],
        counts,
        scenarios,
    };
    Run { report, standing: stage.standing.take() }
}

fn milliseconds(duration: time::Duration) -> u64 {
    u64::try_from(duration.whole_milliseconds()).unwrap_or(0)
}

fn order(script: &Script) -> Vec<(String, usize)> {
    let in_feature = |feature: &Feature| -> Vec<_> {
        let in_rules = feature.rules.iter().flat_map(|rule| &rule.scenarios);
        let scenarios = feature.scenarios.iter().chain(in_rules);
        scenarios.map(|scenario| (file(feature), scenario.position.line)).collect()
    };
    script.features.iter().flat_map(in_feature).collect()
}

/// What all scenarios of a run share, and where they leave what came of them.
struct Stage {
    settings: Arc<Settings>,
    grounds: BTreeMap<PathBuf, String>,
    /// Whether there is one scenario alone.
    is_single: bool,
    ended: RefCell<VecDeque<ScenarioReport>>,
    standing: RefCell<Vec<Standing>>,
}

impl Stage {
    fn new(script: &Script, settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
            grounds: script.grounds.clone(),
            is_single: script.len() == 1,
            ended: RefCell::default(),
            standing: RefCell::default(),
        }
    }

    /// Takes down the stack of a scenario that has ended; where stacks are to be kept, that of a
    /// scenario that did not pass, or that was alone, is left standing.
    async fn clear(
        &self,
        world: Option<&mut World>,
        name: &str,
        finished: &ScenarioFinished,
    ) -> Record {
        let Some(world) = world else { return Record::default() };
        let passed = matches!(finished, ScenarioFinished::StepPassed);
        if !self.settings.keep || (passed && !self.is_single) {
            return world.end().await;
        }
        let (mut record, sandbox) = world.leave();
        if let Some(sandbox) = sandbox {
            record.kept = Some(sandbox.folder().to_owned());
            self.standing.borrow_mut().push(Standing { name: name.to_owned(), sandbox });
        }
        record
    }
}

/// The run as cucumber sees it. What it reports is not looked at: the hook after a scenario knows
/// more, and sees what the scenario's world noted.
fn events(script: Script, stage: &Rc<Stage>) -> impl futures::Stream<Item = ()> + Unpin + use<> {
    let (settings, stage) = (Arc::clone(&stage.settings), Rc::clone(stage));
    let runner = Basic::default()
        .max_concurrent_scenarios(settings.jobs.get())
        .steps(collection())
        .before(move |feature, rule, scenario, world: &mut World| {
            let tags = tags(feature, rule, scenario);
            world.settings = Some(settings_of(&settings, scenario, &tags));
            std::future::ready(()).boxed_local()
        })
        .after(move |feature, rule, scenario, finished, world| {
            let stage = Rc::clone(&stage);
            let of_rule = rule.and_then(|rule| rule.background.as_ref());
            let backgrounds = feature.background.iter().chain(of_rule);
            let steps: Vec<Step> =
                backgrounds.flat_map(|one| &one.steps).chain(&scenario.steps).cloned().collect();
            let has_no_steps = scenario.steps.is_empty();
            let tags = tags(feature, rule, scenario);
            async move {
                let record = stage.clear(world, &scenario.name, finished).await;
                let mut reports = step_reports(&steps, finished, &record);
                if has_no_steps {
                    reports.push(no_steps());
                }
                let report = report((feature, scenario), tags, (reports, record), &stage);
                stage.ended.borrow_mut().push_back(report);
            }
            .boxed_local()
        });
    let features = stream::iter(script.features.into_iter().map(Ok));
    runner.run(features, Cli::default()).map(drop)
}

fn tags(feature: &Feature, rule: Option<&Rule>, scenario: &Scenario) -> Vec<String> {
    let of_rule = rule.iter().flat_map(|rule| &rule.tags);
    feature.tags.iter().chain(of_rule).chain(&scenario.tags).cloned().collect()
}

/// How this scenario is run. Each has a luck of its own, by its name and the run's seed, so that a
/// run does not try the same moments in every stack; one that counts what happens runs quiet.
fn settings_of(run: &Arc<Settings>, scenario: &Scenario, tags: &[String]) -> Arc<Settings> {
    if run.faults.source().is_empty() {
        return Arc::clone(run);
    }
    let faults = if tags.iter().any(|tag| tag == QUIET) {
        FaultsWanted::default()
    } else {
        let seed = scenario.name.chars().fold(run.faults.seed, |seed, char| {
            seed.wrapping_mul(31).wrapping_add(u64::from(char))
        });
        FaultsWanted { seed, ..run.faults.clone() }
    };
    Arc::new(Settings { faults, ..Settings::clone(run) })
}

fn report(
    (feature, scenario): (&Feature, &Scenario),
    tags: Vec<String>,
    (steps, record): (Vec<StepReport>, Record),
    stage: &Stage,
) -> ScenarioReport {
    let file = file(feature);
    let grounds = feature.path.as_ref().and_then(|path| stage.grounds.get(path));
    let failure = steps.iter().find_map(|step| step.failure.as_ref());
    ScenarioReport {
        feature: feature.name.clone(),
        about: feature.description.as_deref().map_or_else(String::new, joined),
        grounds: grounds.cloned().unwrap_or_default(),
        line: scenario.position.line,
        name: scenario.name.clone(),
        tags,
        verdict: failure.map_or(Verdict::Pass, |failure| failure.verdict),
        milliseconds: steps.iter().map(|step| step.milliseconds).sum(),
        files: record.files,
        replay: replay(&file, scenario.position.line, &stage.settings),
        kept: record.kept.map(|folder| folder.display().to_string()),
        file,
        steps,
    }
}

/// Lines of Japanese as one.
fn joined(text: &str) -> String {
    text.lines().map(str::trim).collect()
}

/// The steps with what came of each: those that were run have a time, the one that ended the
/// scenario has a failure, those behind it were not reached.
fn step_reports(steps: &[Step], finished: &ScenarioFinished, record: &Record) -> Vec<StepReport> {
    let run = record.step_times.len();
    let mut ending = ending(steps, finished, run);
    let mut reports = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let failure = match &ending {
            Some((place, _)) if *place == at => ending.take().map(|(_, failure)| failure),
            _ => None,
        };
        let passed = (at < run).then_some(Verdict::Pass);
        let StepExchanges { seen, left_out } =
            record.exchanges.get(at).cloned().unwrap_or_default();
        reports.push(StepReport {
            keyword: step.keyword.clone(),
            text: step.value.clone(),
            table: step.table.as_ref().map(|table| table.rows.clone()).unwrap_or_default(),
            verdict: failure.as_ref().map_or(passed, |failure| Some(failure.verdict)),
            milliseconds: record.step_times.get(at).copied().unwrap_or(0),
            told: record.told.get(at).cloned().unwrap_or_default(),
            exchanges: seen,
            exchanges_left_out: left_out,
            failure,
        });
    }
    reports
}

/// Which step ended the scenario before its time, and why; `run` steps were run.
fn ending(steps: &[Step], finished: &ScenarioFinished, run: usize) -> Option<(usize, Failure)> {
    match finished {
        ScenarioFinished::StepPassed => None,
        ScenarioFinished::StepSkipped => Some((run, unknown(steps.get(run)))),
        ScenarioFinished::StepFailed(_, _, StepError::Panic(info)) => {
            Some((run.saturating_sub(1), thrown(info.as_ref())))
        }
        ScenarioFinished::StepFailed(_, _, error) => Some((run, Failure::ours(error.to_string()))),
        ScenarioFinished::BeforeHookFailed(info) => Some((0, thrown(info.as_ref()))),
    }
}

fn unknown(step: Option<&Step>) -> Failure {
    let sentence = step.map_or("", |step| step.value.as_str());
    let alike: Vec<_> =
        nearest(sentence, 3).into_iter().map(|step| format!("  {}", step.example)).collect();
    Failure::setup(
        format!("知っている手順（careplan run --steps）。近いもの:\n{}", alike.join("\n")),
        format!("未定義の手順「{sentence}」"),
    )
}

/// Stands in the place of steps: a scenario without any would pass whatever the hub did. Most often
/// a keyword is misspelt, and Gherkin takes the line for a description.
fn no_steps() -> StepReport {
    let failure = Failure::setup(
        "1つ以上の手順（前提・もし・ならば・かつ で始まる行）",
        "手順が1つもありません（綴りの違うキーワードで始まる行は、手順ではなく説明になります）",
    );
    StepReport {
        keyword: String::new(),
        text: "（手順なし）".to_owned(),
        table: Vec::new(),
        verdict: Some(failure.verdict),
        milliseconds: 0,
        failure: Some(failure),
        told: Vec::new(),
        exchanges: Vec::new(),
        exchanges_left_out: 0,
    }
}

fn thrown(info: &(dyn std::any::Any + Send)) -> Failure {
    if let Some(failure) = info.downcast_ref::<Failure>() {
        return failure.clone();
    }
    let text = info.downcast_ref::<&str>().map(|text| (*text).to_owned());
    Failure::ours(text.or_else(|| info.downcast_ref::<String>().cloned()).unwrap_or_default())
}

fn file(feature: &Feature) -> String {
    feature.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default()
}

const fn profile_word(profile: Profile) -> &'static str {
    match profile {
        Profile::Actual => "actual",
        Profile::Plus => "plus",
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, future};

    use super::*;

    fn settings() -> Settings {
        Settings {
            careplan: PathBuf::from("careplan"),
            profile: Profile::Actual,
            check: CheckLevel::Standard,
            seed: 7,
            scale: NonZeroU32::MIN,
            jobs: NonZeroUsize::MIN,
            keep: false,
            faults: FaultsWanted::default(),
            faults_given: None,
        }
    }

    async fn run(text: &str, stop: impl Future<Output = ()>) -> (RunReport, Vec<String>) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("made.feature");
        fs::write(&path, format!("# language: ja\n機能: 試し\n{text}")).expect("writes");
        let script = Script::load(&[path], &[]).expect("parses");
        let mut told = Vec::new();
        let run = run_script(script, settings(), |one| told.push(one.name.clone()), stop).await;
        (run.report, told)
    }

    #[tokio::test]
    async fn an_unknown_step_ends_its_scenario_with_the_nearest_three() {
        let text =
            "\n  シナリオ: 知らない\n    前提 標準の事業所が参加しているはず\n    ならば 終わる\n";
        let (report, told) = run(text, future::pending()).await;
        assert_eq!((report.passed, report.failed, told.len()), (0, 0, 1));
        assert_eq!(report.counts[&Verdict::SetUpError], 1);
        assert_eq!(report.verdict(), Verdict::SetUpError);
        let (step, failure) = report.scenarios[0].failed_step().expect("it failed");
        assert_eq!(step.text, "標準の事業所が参加しているはず");
        assert_eq!(failure.expected.lines().count(), 4, "{}", failure.expected);
        assert!(failure.expected.contains("標準の事業所が参加している"), "{}", failure.expected);
        assert_eq!(report.scenarios[0].steps[1].verdict, None, "the next was not reached");
    }

    #[tokio::test]
    async fn the_table_under_a_step_is_in_its_report() {
        let text = "\n  シナリオ: 表\n    前提 知らない手順\n      | 事業所 |\n      | 甲 |\n";
        let (report, _) = run(text, future::pending()).await;
        assert_eq!(report.scenarios[0].steps[0].table, [["事業所"], ["甲"]]);
    }

    #[tokio::test]
    async fn a_failing_step_says_what_it_expected_and_how_to_run_it_again() {
        let text =
            "\n  シナリオ: 早すぎる\n    ならば 「デイサービス陽だまり」に届いたものはない\n";
        let (report, _) = run(text, future::pending()).await;
        let scenario = &report.scenarios[0];
        assert_eq!(scenario.verdict, Verdict::SetUpError, "no stack was started: {scenario:?}");
        assert!(scenario.replay.contains("made.feature:4 --seed 7"), "{}", scenario.replay);
    }

    #[tokio::test]
    async fn a_scenario_without_any_step_is_a_wrong_set_up() {
        let text = "\n  シナリオ: 書きかけ\n    ならは 何かが届く\n\n  シナリオ: 空\n";
        let (report, told) = run(text, future::pending()).await;
        assert_eq!((report.passed, report.failed, told.len()), (0, 0, 2));
        assert_eq!(report.verdict(), Verdict::SetUpError);
        for scenario in &report.scenarios {
            let (_, failure) = scenario.failed_step().expect("it did not pass");
            assert!(failure.expected.contains("1つ以上の手順"), "{failure:?}");
        }
    }

    #[tokio::test]
    async fn a_run_that_is_stopped_reports_what_had_ended() {
        let text = "\n  シナリオ: 始まらない\n    前提 標準の事業所が参加している\n";
        let (report, told) = run(text, future::ready(())).await;
        assert!(report.interrupted);
        assert!(told.is_empty());
        assert_eq!(report.verdict(), Verdict::Inconclusive);
    }
}
