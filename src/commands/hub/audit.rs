//! `careplan hub audit`: whether an audit log is whole, and what it says.

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use clap::ValueEnum;
use reference_hub::audit::{self, Broken, Entry, Report};
use serde::Serialize;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::clock::moment;
use crate::ui::{CommandResult, End, Format, Stop, Ui};

#[derive(clap::Args)]
pub(super) struct AuditArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// 監査記録が書かれたままかを確かめる / check that nothing was changed
    Verify(VerifyArgs),
    /// 監査記録を取り出す / print what it says
    Export(ExportArgs),
}

#[derive(clap::Args)]
struct VerifyArgs {
    /// 監査記録のファイル / audit logs
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

#[derive(clap::Args)]
struct ExportArgs {
    /// 監査記録のファイル / an audit log
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// 取り出す形 / what to print: csv, json (one object a line)
    #[arg(long = "as", value_enum, default_value_t = Form::Csv)]
    form: Form,
    /// この日時から / from this moment on (RFC 3339)
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    from: Option<OffsetDateTime>,
    /// この日時より前 / before this moment (RFC 3339)
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    to: Option<OffsetDateTime>,
    /// この事業所番号だけ / of this office alone
    #[arg(long, value_name = "NUMBER")]
    office: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Csv,
    Json,
}

/// What is printed of one log.
#[derive(Serialize)]
struct Line<'a> {
    path: &'a Path,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    broken_at_line: Option<u64>,
    #[serde(flatten)]
    whole: Option<Whole>,
}

#[derive(Serialize)]
struct Whole {
    entries: u64,
    recovered_at_lines: Vec<u64>,
    ends_torn: bool,
    hash: String,
}

pub(super) fn run(args: &AuditArgs, ui: &Ui) -> CommandResult {
    match &args.command {
        Command::Verify(args) => {
            let mut end = End::Good;
            for path in &args.paths {
                if verify(path, ui)? == End::Bad {
                    end = End::Bad;
                }
            }
            Ok(end)
        }
        Command::Export(args) => export(args, ui),
    }
}

fn verify(path: &Path, ui: &Ui) -> CommandResult {
    match audit::verify(log(path)?) {
        Ok(report) => whole(path, report, ui),
        Err(broken) => broke(path, broken, ui),
    }
}

fn whole(path: &Path, report: Report, ui: &Ui) -> CommandResult {
    let Report { entries, recovered, ends_torn, hash } = report;
    let whole = Whole { entries, recovered_at_lines: recovered, ends_torn, hash };
    if ui.format == Format::Json {
        ui.json(&Line { path, verdict: "pass", broken_at_line: None, whole: Some(whole) })?;
        return Ok(End::Good);
    }
    let shown = path.display();
    ui.line(&ui.pick(
        format!("{shown}: 変更はありません（{entries}件）"),
        format!("{shown}: unchanged ({entries} entries)"),
    ));
    ui.line(&format!("  {} {}", ui.pick("最後のハッシュ:", "last hash:"), whole.hash));
    for line in whole.recovered_at_lines {
        ui.line(&ui.pick(
            format!("  {line}行目: 異常終了で途切れ、記録は次の行から続いています"),
            format!("  line {line}: torn by a crash; the log goes on after it"),
        ));
    }
    if ends_torn {
        ui.line(ui.pick(
            "  最後の行は途切れています（次の起動で引き継がれます）",
            "  the last line is torn; the next start accounts for it",
        ));
    }
    Ok(End::Good)
}

fn broke(path: &Path, broken: Broken, ui: &Ui) -> CommandResult {
    let line = match broken {
        Broken::At(line) => line,
        Broken::Unreadable(error) => return Err(Stop::path(path, &error)),
    };
    let shown = path.display();
    match ui.format {
        Format::Json => {
            ui.json(&Line { path, verdict: "fail", broken_at_line: Some(line), whole: None })?
        }
        Format::Human => ui.line(&ui.pick(
            format!(
                "{shown}: {line}行目が書かれたときのままではありません。控えと見比べてください"
            ),
            format!("{shown}: line {line} is not what was written; compare it with a copy"),
        )),
    }
    Ok(End::Bad)
}

fn export(args: &ExportArgs, ui: &Ui) -> CommandResult {
    if args.form == Form::Csv {
        ui.line("number,at,what,office,terminal,on,result,status");
    }
    let mut fault = None;
    let print = |entry: Entry| {
        if args.wants(&entry)
            && let Err(stop) = print(&entry, args.form, ui)
        {
            fault.get_or_insert(stop);
        }
    };
    let read = audit::read(log(&args.path)?, print);
    match (fault, read) {
        (Some(stop), _) => Err(stop),
        (None, Ok(_)) => Ok(End::Good),
        (None, Err(Broken::At(line))) => {
            ui.note(&ui.pick(
                format!("注意: {line}行目から先は、書かれたときのままではありません"),
                format!("note: from line {line} on this is not what was written"),
            ));
            Ok(End::Bad)
        }
        (None, Err(Broken::Unreadable(error))) => Err(Stop::path(&args.path, &error)),
    }
}

impl ExportArgs {
    fn wants(&self, entry: &Entry) -> bool {
        let note = &entry.note;
        self.from.is_none_or(|from| from <= note.at)
            && self.to.is_none_or(|to| note.at < to)
            && self.office.as_ref().is_none_or(|office| note.office.as_ref() == Some(office))
    }
}

fn print(entry: &Entry, form: Form, ui: &Ui) -> Result<(), Stop> {
    if form == Form::Json {
        return ui.json(entry);
    }
    let note = &entry.note;
    let at = note.at.format(&Rfc3339).map_err(Stop::ours)?;
    let status = note.status.map(|status| status.to_string());
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    // No value of the log has a comma or a quote: they are identifiers, numbers and paths.
    ui.line(&format!(
        "{},{at},{},{},{},{},{},{}",
        entry.number,
        note.what,
        text(&note.office),
        text(&note.terminal),
        text(&note.on),
        note.result,
        text(&status)
    ));
    Ok(())
}

fn log(path: &Path) -> Result<BufReader<File>, Stop> {
    File::open(path).map(BufReader::new).map_err(|error| Stop::path(path, &error))
}
