//! `careplan run`: runs scenario scripts against stacks of their own, and writes the report.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    thread,
};

use careplan_protocol::Lang;
use careplan_scenarios::{
    Run, RunReport, ScenarioReport, Script, Settings, Standing, Step, TOWN_SCALE_MAX, Verdict,
    run_script, steps, write_report,
};

use crate::{
    commands::{
        faults,
        levels::{CheckWord, ProfileWord},
        up,
    },
    signals::asked_to_end,
    ui::{CommandResult, End, Format, Stop, Ui, block_on},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// シナリオのファイル・フォルダー、または組込みの名前。省略すると組込みの全部
    /// files, folders or names of built-in features; all built-in ones if left out
    #[arg(value_name = "PATH[:LINE]")]
    paths: Vec<PathBuf>,
    /// 報告書を置くフォルダー / folder for the report
    #[arg(long, value_name = "DIR", default_value = "report")]
    report: PathBuf,
    /// このタグの付いたシナリオだけ。まとまりの名前でもよい。何度でも書け、いずれかが付いていればよい
    /// only scenarios with one of these tags, or of these families
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    only: Vec<String>,
    /// 同時に動かす数（既定はCPUコア数） / how many at once (default: number of cores)
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// 各シナリオのフォルダーを残す。合格しなかったもの、または1つだけ選んだものは、Ctrl-C まで動かしたままにする
    /// keep the folders, and what did not pass, or was chosen alone, standing until Ctrl-C
    #[arg(long)]
    keep: bool,
    /// 利用者と計画を決める種 / seed of people and plans
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// 町（@町）の規模。1で利用者300人、3なら人も事業所も3倍
    /// size of the town (@町): 1 is 300 people, 3 has three times as many people and offices
    #[arg(long, value_name = "N", default_value = "1", value_parser = scale)]
    scale: NonZeroU32,
    /// 仕込む障害 / misbehaviour: quiet, realistic, hostile, or a file
    #[arg(long, value_name = "PROFILE|FILE.json")]
    faults: Option<String>,
    /// 基盤のプロファイル / the hub's profile
    #[arg(long, value_enum, default_value_t = ProfileWord::Actual)]
    profile: ProfileWord,
    /// 基盤が受け付けるときの検査 / how closely the hub looks at what is sent
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = CheckWord::Standard)]
    check: CheckWord,
    /// 使える手順の一覧を出す / list the steps that scripts may use
    #[arg(long)]
    steps: bool,
    /// --steps をMarkdownで出す / --steps as Markdown
    #[arg(long, requires = "steps")]
    markdown: bool,
}

/// `--scale`.
fn scale(text: &str) -> Result<NonZeroU32, String> {
    let scale: Option<NonZeroU32> = text.parse().ok();
    scale.filter(|scale| scale.get() <= TOWN_SCALE_MAX).ok_or_else(|| {
        format!("1～{TOWN_SCALE_MAX}で指定してください / from 1 to {TOWN_SCALE_MAX}")
    })
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    if args.steps {
        return list_steps(args.markdown, ui);
    }
    let script = Script::load(&args.paths, &args.only)
        .map_err(|error| Stop::setup(error.ja, error.en))?
        .for_profile(args.profile.into());
    if script.is_empty() {
        return Err(Stop::setup(
            "選んだシナリオはすべて別のプロファイルのものです。--profile を変えてください",
            "every scenario chosen is of the other profile; change --profile",
        ));
    }
    let settings = Settings {
        careplan: std::env::current_exe().map_err(Stop::ours)?,
        profile: args.profile.into(),
        check: args.check.into(),
        seed: args.seed,
        scale: args.scale,
        jobs: args
            .jobs
            .or_else(|| thread::available_parallelism().ok())
            .unwrap_or(NonZeroUsize::MIN),
        keep: args.keep,
        faults: faults::wanted(args.faults.as_deref(), args.seed)?,
        faults_given: args.faults.clone(),
    };
    std::fs::create_dir_all(&args.report).map_err(|error| Stop::path(&args.report, &error))?;
    block_on(async {
        let mut stop = std::pin::pin!(asked_to_end()?);
        let Run { report, standing } =
            run_script(script, settings, |scenario| tell(scenario, ui), stop.as_mut()).await;
        write_report(&report, &args.report).map_err(|error| Stop::path(&args.report, &error))?;
        let end = conclude(&report, args, ui);
        if !report.interrupted && !standing.is_empty() {
            standing.iter().try_for_each(|one| tell_standing(one, ui))?;
            ui.note(ui.pick("Ctrl-C で終わります。", "Ctrl-C ends it."));
            stop.await;
        }
        for one in standing {
            one.stop().await;
        }
        end
    })
}

/// Tells what was left standing, and where.
fn tell_standing(standing: &Standing, ui: &Ui) -> Result<(), Stop> {
    let description = standing.describe().map_err(Stop::ours)?;
    let told = ui.pick("動かしたままにしています", "left standing");
    ui.note(&format!("\n{told}: {}", standing.name));
    up::places(&description, ui).iter().for_each(|line| ui.note(line));
    Ok(())
}

/// Tells of a scenario that ended: on standard output for people, beside it when JSON was asked for.
fn tell(scenario: &ScenarioReport, ui: &Ui) {
    let say = |line: &str| match ui.format {
        Format::Human => ui.line(line),
        Format::Json => ui.note(line),
    };
    let mark = match scenario.verdict {
        Verdict::Pass => "✔",
        Verdict::Unsupported => "－",
        _ => "✘",
    };
    let seconds = scenario.milliseconds as f64 / 1000.0;
    say(&format!("{mark} {} ({seconds:.2} s)", scenario.name));
    if let Some(kept) = &scenario.kept {
        say(&format!("    {}: {kept}", ui.pick("残したフォルダー", "kept folder")));
    }
    let Some((step, failure)) = scenario.failed_step() else { return };
    say(&format!("    {} {}", step.keyword, step.text));
    say(&format!(
        "    {}: {}",
        ui.pick("判定", "verdict"),
        ui.pick(failure.verdict.word_ja(), failure.verdict.word())
    ));
    say(&format!("    {}: {}", ui.pick("期待", "expected"), indented(&failure.expected)));
    say(&format!("    {}: {}", ui.pick("実際", "found"), indented(&failure.found)));
    for exchange in scenario.behind_failure() {
        say(&format!(
            "    {}: {} → {}",
            ui.pick("通信", "request"),
            exchange.request,
            exchange.answer
        ));
    }
    say(&format!("    {}: {}", ui.pick("再実行", "replay"), scenario.replay));
}

/// Further lines stand under the first.
fn indented(text: &str) -> String {
    text.replace('\n', "\n        ")
}

fn conclude(report: &RunReport, args: &Args, ui: &Ui) -> CommandResult {
    if report.interrupted {
        ui.note(ui.pick(
            "中断しました。ここまでの報告書を書きました",
            "stopped; the report tells what ran",
        ));
    }
    let page = args.report.join("index.html");
    ui.note(&format!("{}: {}", ui.pick("報告書", "report"), page.display()));
    match ui.format {
        Format::Json => ui.json(report)?,
        Format::Human => {
            if ui.lang == Lang::Ja {
                ui.line(&report.tally(Lang::Ja));
            }
            // The last line is the same in every language: programs may look at it.
            ui.line(&report.tally(Lang::En));
        }
    }
    match report.verdict() {
        // A run is never `unsupported` as a whole: single scenarios are.
        Verdict::Pass | Verdict::Unsupported => Ok(End::Good),
        Verdict::Fail | Verdict::Inconclusive => Ok(End::Bad),
        Verdict::SetUpError => Err(Stop::setup(
            "シナリオか環境に直すところがあります（上の「期待」を見てください）",
            "a script or the set-up must be mended (see `expected` above)",
        )),
        Verdict::HarnessError => Err(Stop::ours(ui.pick(
            "シナリオを最後まで動かせませんでした（上の「実際」を見てください）",
            "a scenario could not be run to its end (see `found` above)",
        ))),
    }
}

fn list_steps(markdown: bool, ui: &Ui) -> CommandResult {
    let list: Vec<&Step> = steps().collect();
    if markdown {
        ui.line("# シナリオの手順 / Steps\n\n`careplan run --steps --markdown` が作る表です。");
        ui.line("`{…}` には「」で囲んだ言葉が、`{数}` には数字が入ります。\n");
        ui.line("| いつも使う語 | 手順 | 例 | すること |\n|---|---|---|---|");
        for step in list {
            let Step { keyword, pattern, example, help, .. } = step;
            ui.line(&format!("| {keyword} | {pattern} | {example} | {help} |"));
        }
        return Ok(End::Good);
    }
    match ui.format {
        Format::Json => ui.json(&list)?,
        Format::Human => {
            for step in list {
                ui.line(&format!("{} {}", step.keyword, step.pattern));
                ui.line(&format!(
                    "    {}\n    {} {}",
                    step.help,
                    ui.pick("例:", "e.g."),
                    step.example
                ));
            }
        }
    }
    Ok(End::Good)
}
