//! `careplan software …`: the reference care software of one office, in a folder.

mod edition;
mod month;
mod print;

use std::path::{Path, PathBuf};

use care_software::{
    CareSoftware, Cast, Change, Class, Entry, ExportOrder, LeftOut, OutFile, PersonKey, PlanOrder,
    Rates, Reconciliation, RecordedMonth, Sending, SoftwareError, What,
    home::{KeptFile, Role, read_files, sha256, write_sendings},
    sequence_at,
};
use careplan_protocol::{CheckReport, Clock, Lang};
use careplan_standard::{Month, OfficeNumber, Sequence};
use serde::Serialize;
use time::{PrimitiveDateTime, UtcOffset};

use crate::ui::{CommandResult, End, Format, Stop, Ui};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// 架空の利用者と月の予定を作る（居宅介護支援事業所） / invent people and a month's 予定
    Plan(PlanArgs),
    /// 受信したファイルを取り込む / import what was received
    Import(ImportArgs),
    /// 予定から実績を記録する（サービス事業所） / record 実績 from the 予定
    Record(RecordArgs),
    /// 送るファイルを送信先ごとに書き出す / write what is to be sent, a folder a destination
    Export(ExportArgs),
    /// 予定と実績を突き合わせる（予実突合） / compare 予定 and 実績
    Reconcile(ReconcileArgs),
    /// 介護ソフトの版（どの版のファイルを読み書きできるか） / which versions the software knows
    Edition(edition::Args),
    /// 月の一覧を見る（利用者・単位数・限度額の超過） / show a month: people, units, who is over the limit
    Month(month::Args),
}

#[derive(clap::Args)]
struct PlanArgs {
    /// 事業所のフォルダ（なければ作る） / the office's folder, made if missing
    #[arg(long, value_name = "DIR")]
    home: PathBuf,
    /// サービス提供年月 / service month
    #[arg(long, value_name = "YYYYMM")]
    month: Month,
    /// 利用者の数 / how many people
    #[arg(long, default_value_t = 10, value_name = "N")]
    people: u32,
    /// 乱数の種 / seed
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// 事業所の一覧（JSON。省略すると見本の4事業所） / the cast of offices; the standard one if none
    #[arg(long, value_name = "FILE")]
    cast: Option<PathBuf>,
}

#[derive(clap::Args)]
struct ImportArgs {
    /// 事業所のフォルダ / the office's folder
    #[arg(long, value_name = "DIR")]
    home: PathBuf,
    /// サービス事業所の番号（最初の取込のとき） / the service office's number, at the first import
    #[arg(long, value_name = "NUMBER")]
    office: Option<OfficeNumber>,
    /// 受信したフォルダかファイル（1つの送信） / the folder or files received, one sending
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

#[derive(clap::Args)]
struct RecordArgs {
    /// 事業所のフォルダ / the office's folder
    #[arg(long, value_name = "DIR")]
    home: PathBuf,
    /// サービス提供年月（省略すると最新） / service month, the latest if none
    #[arg(long, value_name = "YYYYMM")]
    month: Option<Month>,
    /// 乱数の種 / seed
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// すべて予定どおりにする / everything as planned
    #[arg(long)]
    as_planned: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum WhatArg {
    /// 第1表～第3表と補足 / the plan
    Plan,
    /// 予定（第6表・第7表・補足） / the month's slip
    Slip,
    /// 実績 / results
    Results,
}

#[derive(clap::Args)]
struct ExportArgs {
    /// 事業所のフォルダ / the office's folder
    #[arg(long, value_name = "DIR")]
    home: PathBuf,
    /// 書き出し先。下に送信先ごとのフォルダを作る / a folder a destination is made below it
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// 書き出すもの（既定: 居宅は slip、サービス事業所は results） / what to write
    #[arg(long, value_enum)]
    what: Option<WhatArg>,
    /// サービス提供年月（省略すると最新） / service month, the latest if none
    #[arg(long, value_name = "YYYYMM")]
    month: Option<Month>,
    /// CSVバージョン値（202407 か 202208） / CSV version
    #[arg(long, value_name = "VERSION")]
    csv_version: Option<String>,
    /// この事業所宛だけ / to this office only
    #[arg(long, value_name = "OFFICE")]
    to: Option<OfficeNumber>,
    /// ファイル連番14桁（省略すると現在時刻） / file sequence, the time now if none
    #[arg(long, value_name = "YYYYMMDDHHMMSS")]
    sequence: Option<Sequence>,
}

#[derive(clap::Args)]
struct ReconcileArgs {
    /// 事業所のフォルダ / the office's folder
    #[arg(long, value_name = "DIR")]
    home: PathBuf,
    /// サービス提供年月 / service month
    #[arg(long, value_name = "YYYYMM")]
    month: Month,
    /// 予定どおりの行も表示する / show what is as planned, too
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    match &args.command {
        Command::Plan(args) => plan(args, ui),
        Command::Import(args) => import(args, ui),
        Command::Record(args) => record(args, ui),
        Command::Export(args) => export(args, ui),
        Command::Reconcile(args) => reconcile(args, ui),
        Command::Edition(args) => edition::run(args, ui),
        Command::Month(args) => month::run(args, ui),
    }
}

#[derive(Serialize)]
struct PlanSummary {
    office: String,
    month: String,
    people: usize,
    rows: usize,
    seed: u64,
}

fn plan(args: &PlanArgs, ui: &Ui) -> CommandResult {
    let cast = match &args.cast {
        Some(path) => read_cast(path)?,
        None => Cast::default(),
    };
    let PlanArgs { month, people, seed, .. } = *args;
    let order = PlanOrder { month, people, seed, cast };
    let (software, plan) = match CareSoftware::plan(&args.home, &order) {
        Ok(done) => done,
        Err(error) => return fail(&error, ui),
    };
    let known = software.home().people().map_err(|error| stop(&error))?;
    let summary = PlanSummary {
        office: software.home().owner().office.to_string(),
        month: month.to_string(),
        people: known.map_or(0, |people| people.clients.len()),
        rows: plan.rows.len(),
        seed,
    };
    match ui.format {
        Format::Json => ui.json(&summary)?,
        Format::Human => {
            let PlanSummary { office, month, people, rows, seed } = &summary;
            ui.line(&ui.pick(
                format!(
                    "{office}: {month} の予定を作りました（利用者{people}人、{rows}行、種{seed}）"
                ),
                format!("{office}: planned {month} ({people} people, {rows} rows, seed {seed})"),
            ));
            print::plan(&plan, ui);
        }
    }
    Ok(End::Good)
}

fn read_cast(path: &Path) -> Result<Cast, Stop> {
    let bytes = std::fs::read(path).map_err(|error| Stop::path(path, &error))?;
    serde_json::from_slice(&bytes).map_err(|error| Stop::path(path, &error))
}

#[derive(Serialize)]
struct ImportSummary<'a> {
    office: String,
    files: &'a [KeptFile],
    attachments: &'a [String],
    left_out: &'a [LeftOut],
}

fn import(args: &ImportArgs, ui: &Ui) -> CommandResult {
    let files = read_files(&args.paths).map_err(|error| stop(&error))?;
    let opened = match args.office {
        Some(office) => CareSoftware::service_office(&args.home, office),
        None => CareSoftware::open(&args.home),
    };
    let software = opened.map_err(|error| stop(&error))?;
    let imported = match software.import(&files) {
        Ok(imported) => imported,
        Err(error) => return fail(&error, ui),
    };
    let office = software.home().owner().office;
    match ui.format {
        Format::Json => ui.json(&ImportSummary {
            office: office.to_string(),
            files: &imported.files,
            attachments: &imported.attachments,
            left_out: &imported.left_out,
        })?,
        Format::Human => print::import(office, &imported, ui),
    }
    Ok(End::Good)
}

#[derive(Serialize)]
struct RecordSummary<'a> {
    month: String,
    rows: usize,
    deviations: &'a [Entry],
}

fn record(args: &RecordArgs, ui: &Ui) -> CommandResult {
    let software = CareSoftware::open(&args.home).map_err(|error| stop(&error))?;
    let rates = if args.as_planned { Rates::NONE } else { Rates::default() };
    let RecordedMonth { month, answers, deviations } =
        match software.record(args.month, args.seed, rates) {
            Ok(recorded) => recorded,
            Err(error) => return fail(&error, ui),
        };
    let rows = answers.iter().map(|answer| answer.rows.len()).sum();
    if ui.format == Format::Json {
        ui.json(&RecordSummary { month: month.to_string(), rows, deviations: &deviations })?;
        return Ok(End::Good);
    }
    ui.line(&ui.pick(
        format!("{month} の実績を記録しました（{rows}行、予定と違うもの{}行）", deviations.len()),
        format!("recorded {month} ({rows} rows, {} not as planned)", deviations.len()),
    ));
    // A service office keeps no list of people; their numbers stand in the 予定.
    print::entries(deviations.iter(), |_| String::new(), ui);
    Ok(End::Good)
}

#[derive(Serialize)]
struct ExportedFile {
    name: String,
    sha256: String,
}

#[derive(Serialize)]
struct ExportedSending {
    to: String,
    folder: PathBuf,
    files: Vec<ExportedFile>,
}

fn export(args: &ExportArgs, ui: &Ui) -> CommandResult {
    let software = CareSoftware::open(&args.home).map_err(|error| stop(&error))?;
    let what = match (args.what, software.home().owner().role) {
        (Some(WhatArg::Plan), _) => What::Plan,
        (Some(WhatArg::Slip), _) | (None, Role::CareManager) => What::Slip,
        (Some(WhatArg::Results), _) | (None, Role::ServiceOffice) => What::Results,
    };
    let order = ExportOrder {
        what,
        month: args.month,
        version: args.csv_version.clone(),
        sequence: args.sequence.unwrap_or_else(|| sequence_now(&Clock::system())),
        to: args.to,
    };
    let written = software.export(&order).and_then(|sendings| {
        let folders = write_sendings(&args.out, &sendings)?;
        Ok(sendings.iter().zip(folders).map(exported).collect::<Vec<_>>())
    });
    let sendings = match written {
        Ok(sendings) => sendings,
        Err(error) => return fail(&error, ui),
    };
    if ui.format == Format::Json {
        ui.json(&sendings)?;
        return Ok(End::Good);
    }
    for ExportedSending { to, folder, files } in &sendings {
        ui.line(&format!("{to} → {}", folder.display()));
        for file in files {
            print::file(&file.name, &file.sha256, ui);
        }
    }
    Ok(End::Good)
}

fn exported((sending, folder): (&Sending, PathBuf)) -> ExportedSending {
    let file =
        |file: &OutFile| ExportedFile { name: file.name.to_string(), sha256: sha256(&file.bytes) };
    let files = sending.files.iter().map(file).collect();
    ExportedSending { to: sending.to.to_string(), folder, files }
}

/// The time in Japan, where every office is.
fn sequence_now(clock: &Clock) -> Sequence {
    let japan = UtcOffset::from_hms(9, 0, 0).unwrap_or(UtcOffset::UTC);
    let now = clock.now().to_offset(japan);
    sequence_at(PrimitiveDateTime::new(now.date(), now.time()))
}

#[derive(Serialize)]
struct ReconcileSummary<'a> {
    month: String,
    as_planned: usize,
    cancelled: usize,
    added: usize,
    changed_time: usize,
    changed_count: usize,
    changed_time_and_count: usize,
    /// Whatever else has changed with it.
    changed_code: usize,
    #[serde(flatten)]
    outcome: &'a Reconciliation,
}

fn reconcile(args: &ReconcileArgs, ui: &Ui) -> CommandResult {
    let software = CareSoftware::open(&args.home).map_err(|error| stop(&error))?;
    let outcome = match software.reconcile(args.month) {
        Ok(outcome) => outcome,
        Err(error) => return fail(&error, ui),
    };
    let summary = ReconcileSummary {
        month: args.month.to_string(),
        as_planned: outcome.count(Class::AsPlanned),
        cancelled: outcome.count(Class::Cancelled),
        added: outcome.count(Class::Added),
        changed_time: outcome.count(Class::Changed(Change::TIME)),
        changed_count: outcome.count(Class::Changed(Change::COUNT)),
        changed_time_and_count: outcome.count(Class::Changed(Change::TIME_AND_COUNT)),
        changed_code: outcome.entries.iter().filter(|entry| has_another_code(entry)).count(),
        outcome: &outcome,
    };
    match ui.format {
        Format::Json => ui.json(&summary)?,
        Format::Human => {
            let people = software.home().people().map_err(|error| stop(&error))?;
            let clients = people.map(|people| people.clients).unwrap_or_default();
            let name_of = |key: &PersonKey| {
                let client = clients.iter().find(|client| client.person.key == *key);
                client.map_or_else(String::new, |client| client.person.name.clone())
            };
            let is_shown = |entry: &Entry| args.all || entry.class != Class::AsPlanned;
            print::reconciliation(args.month, &outcome, is_shown, name_of, ui);
        }
    }
    Ok(End::Good)
}

fn has_another_code(entry: &Entry) -> bool {
    matches!(entry.class, Class::Changed(Change { code: true, .. }))
}

/// A refusal is told and ends with 1; anything else is a matter of set-up.
fn fail(error: &SoftwareError, ui: &Ui) -> CommandResult {
    if !error.is_refusal() {
        return Err(stop(error));
    }
    let report = match error {
        SoftwareError::Refused { check, names } => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            Some(CheckReport::new(check, &names, ui.lang))
        }
        _ => None,
    };
    if let (Format::Json, Some(report)) = (ui.format, &report) {
        ui.json(report)?;
    }
    ui.note(&error.line(ui.lang));
    if ui.format == Format::Human {
        for finding in report.iter().flat_map(|report| &report.findings) {
            let file = finding.file.as_deref().unwrap_or("-");
            ui.note(&format!("  {file}: {} [{}]", finding.message, finding.rule));
        }
    }
    Ok(End::Bad)
}

pub(super) fn stop(error: &SoftwareError) -> Stop {
    Stop::setup(error.line(Lang::Ja), error.line(Lang::En))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use clap::Parser;

    use super::*;
    use crate::ui::Language;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    /// Runs one command line in a folder: words that begin with `@` are paths below it.
    fn software(dir: &Path, line: &str) -> CommandResult {
        let word = |word: &str| match word.strip_prefix('@') {
            Some(path) => dir.join(path).into_os_string(),
            None => word.into(),
        };
        let words = ["software"].into_iter().chain(line.split(' ')).map(word);
        let line = Line::try_parse_from(words).expect("the arguments are right");
        run(&line.args, &Ui::new(Some(Language::Ja), Format::Json))
    }

    fn is_good(result: &CommandResult) -> bool {
        matches!(result, Ok(End::Good))
    }

    #[test]
    fn a_month_goes_out_and_comes_back() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        for line in [
            "plan --home @m --month 202504 --people 8",
            "export --home @m --out @out --sequence 20250328171502",
            "import --home @s --office 2770200036 @out/2770200036_11",
            "record --home @s --seed 3",
            "export --home @s --out @back --sequence 20250501090000",
            "import --home @m @back/2770100012_43",
            "reconcile --home @m --month 202504",
            "edition --home @m",
            "month --home @m --month 202504",
            "month --home @s --month 202504",
        ] {
            assert!(is_good(&software(dir.path(), line)), "{line}");
        }
        let name = "UPJSK_202504_2770200036_11_2770100012_43_20250501090000.CSV";
        assert!(dir.path().join("back").join("2770100012_43").join(name).is_file());
    }

    #[test]
    fn what_the_caller_can_mend_is_a_matter_of_set_up() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        assert!(is_good(&software(dir.path(), "plan --home @m --month 202504 --people 3")));
        for line in [
            "import --home @m @nothing-here",
            "import --home @new @m",
            "reconcile --home @m --month 202505",
            "record --home @m",
            "export --home @m --out @out --csv-version 202504",
            "edition --home @m 4.0",
            "plan --home @m --month 202504 --people 0",
            "plan --home @m --month 202504 --cast @no-such-file",
        ] {
            let result = software(dir.path(), line);
            assert!(matches!(result, Err(Stop::Setup { .. })), "{line}: {result:?}");
        }
    }

    #[test]
    fn a_refused_file_ends_with_findings_not_with_a_fault() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let name = "UPJSK_202504_2770200036_11_2770100012_43_20250501090000.CSV";
        fs::write(dir.path().join(name), "202407,wrong\r\n").expect("the folder can be written");
        assert!(is_good(&software(dir.path(), "plan --home @m --month 202504 --people 3")));
        let result = software(dir.path(), &format!("import --home @m @{name}"));
        assert!(matches!(result, Ok(End::Bad)), "{result:?}");
    }

    #[test]
    fn the_sequence_is_the_time_in_japan() {
        let clock = Clock::system();
        clock.set(time::macros::datetime!(2025-04-27 16:15:02 UTC));
        assert_eq!(&sequence_now(&clock).to_string()[..12], "202504280115");
    }
}
