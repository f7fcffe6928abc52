//! `careplan check PATH…`: files against the standard.

use std::{
    fs,
    path::{Path, PathBuf},
};

use careplan_protocol::{CheckReport, Lang, Unit};
use careplan_standard::{
    Check, Finding, Record, SendingFile, Severity, Standard, Verdict, check_sending, read_records,
};

use crate::{
    table::{fit, width},
    ui::{CommandResult, End, Format, Stop, Ui},
};

/// The width that reports are laid out for.
const COLUMNS: usize = 80;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// フォルダ（1つの送信）またはファイル / a folder (one sending) or files
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// A file that was read.
struct Loaded {
    name: String,
    bytes: Vec<u8>,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let files = load(&args.paths)?;
    let sending: Vec<SendingFile<'_>> =
        files.iter().map(|file| SendingFile { name: &file.name, bytes: &file.bytes }).collect();
    let check = check_sending(Standard::bundled(), &sending);
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    match ui.format {
        Format::Json => ui.json(&CheckReport::new(&check, &names, ui.lang))?,
        Format::Human => print(&check, &files, &names, ui),
    }
    Ok(match check.verdict() {
        Verdict::Pass => End::Good,
        Verdict::Fail => End::Bad,
    })
}

/// All paths together are one sending; a folder stands for the files in it.
fn load(paths: &[PathBuf]) -> Result<Vec<Loaded>, Stop> {
    let mut files = vec![];
    for path in paths {
        if path.is_dir() {
            let mut inside: Vec<PathBuf> = fs::read_dir(path)
                .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
                .map_err(|error| Stop::path(path, &error))?;
            inside.retain(|path| path.is_file());
            inside.sort();
            if inside.is_empty() {
                return Err(Stop::setup(
                    format!(
                        "{} にファイルがありません。フォルダを確かめてください",
                        path.display()
                    ),
                    format!("{} holds no file; check the folder", path.display()),
                ));
            }
            for path in inside {
                files.push(load_file(&path)?);
            }
        } else {
            files.push(load_file(path)?);
        }
    }
    Ok(files)
}

fn load_file(path: &Path) -> Result<Loaded, Stop> {
    let bytes = fs::read(path).map_err(|error| Stop::path(path, &error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Loaded { name, bytes })
}

fn print(check: &Check, files: &[Loaded], names: &[&str], ui: &Ui) {
    for finding in &check.findings {
        print_finding(finding, files, ui);
    }
    for unit in &CheckReport::new(check, names, ui.lang).units {
        ui.line(&unit_line(unit, ui));
    }
    let count = |severity| check.findings.iter().filter(|f| f.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let verdict = match (check.verdict(), ui.lang) {
        (Verdict::Pass, Lang::Ja) => "合格",
        (Verdict::Fail, Lang::Ja) => "不合格",
        (Verdict::Pass, Lang::En) => "pass",
        (Verdict::Fail, Lang::En) => "fail",
    };
    ui.line(&ui.pick(
        format!("{verdict}: {}ファイル、エラー {errors}、警告 {warnings}", files.len()),
        format!("{verdict}: {} files, {errors} errors, {warnings} warnings", files.len()),
    ));
}

/// What is wrong, where, the record with a mark under the value, and what to do.
fn print_finding(finding: &Finding, files: &[Loaded], ui: &Ui) {
    let severity = match (finding.severity, ui.lang) {
        (Severity::Error, Lang::Ja) => "エラー",
        (Severity::Warning, Lang::Ja) => "警告",
        (Severity::Info, Lang::Ja) => "参考",
        (Severity::Error, Lang::En) => "error",
        (Severity::Warning, Lang::En) => "warning",
        (Severity::Info, Lang::En) => "info",
    };
    ui.line(&format!("{severity} [{}]", finding.rule.id));
    if let Some(file) = &finding.place.file {
        ui.line(&format!("  {file}"));
    }
    if let Some(number) = finding.place.record {
        let item = finding.place.item.map(|no| {
            let name = finding.item_name.as_deref().unwrap_or_default();
            ui.pick(format!("、項目 {no} {name}"), format!(", item {no} {name}"))
        });
        let item = item.unwrap_or_default();
        ui.line(
            &ui.pick(format!("  {number}件目のレコード{item}"), format!("  record {number}{item}")),
        );
    }
    print_record(finding, files, ui);
    wrapped("  ", &finding.what(ui.lang), ui);
    wrapped("  → ", &finding.advice(ui.lang), ui);
    ui.line("");
}

/// The values around the one at fault, on one line, and a mark below it.
fn print_record(finding: &Finding, files: &[Loaded], ui: &Ui) {
    let place = &finding.place;
    let (Some(file), Some(number), Some(item)) = (&place.file, place.record, place.item) else {
        return;
    };
    let Some(file) = files.iter().find(|loaded| loaded.name == *file) else { return };
    let reading = read_records(&file.bytes);
    let Some(record) = reading.records().nth(number as usize - 1) else { return };
    if let Some((values, mark)) = excerpt(&record, item) {
        ui.line(&format!("    {values}"));
        ui.line(&format!("    {mark}"));
    }
}

/// As many values around the item as fit, and a line that marks it.
fn excerpt(record: &Record<'_>, item: u16) -> Option<(String, String)> {
    /// How wide one value may be shown.
    const VALUE_COLUMNS: usize = 20;
    let shown = |no: u16| -> Option<String> {
        let text: String = record
            .field(no)?
            .text()
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        Some(fit(&text, VALUE_COLUMNS))
    };
    let marked = shown(item)?;
    let before: Vec<String> = (item.saturating_sub(2).max(1)..item).filter_map(shown).collect();
    let after: Vec<String> = (item + 1..=item.saturating_add(2)).filter_map(shown).collect();
    let lead: String = before.iter().map(|value| format!("{value},")).collect();
    let lead = if item > 3 { format!("…,{lead}") } else { lead };
    let tail: String = after.iter().map(|value| format!(",{value}")).collect();
    let mark = format!("{}{}", " ".repeat(width(&lead)), "^".repeat(width(&marked).max(1)));
    Some((fit(&format!("{lead}{marked}{tail}"), COLUMNS - 4), mark))
}

/// Lines of at most [`COLUMNS`] columns; the second and later ones stand under the first.
fn wrapped(indent: &str, text: &str, ui: &Ui) {
    let hanging = " ".repeat(width(indent));
    let options =
        textwrap::Options::new(COLUMNS).initial_indent(indent).subsequent_indent(&hanging);
    for line in textwrap::wrap(text, options) {
        ui.line(&line);
    }
}

fn unit_line(unit: &Unit, ui: &Ui) -> String {
    let party = |party: &careplan_protocol::Party| match party.kind {
        Some(kind) => format!("{} ({kind})", party.office),
        None => party.office.to_string(),
    };
    let mark = if unit.verdict == careplan_protocol::Verdict::Pass { "✔" } else { "✘" };
    let files = unit.files.len();
    let count = ui.pick(format!("{files}ファイル"), format!("{files} files"));
    format!(
        "{mark} {} {} → {}\n    {} {} {count}",
        unit.sequence,
        party(&unit.from),
        party(&unit.to),
        unit.unit,
        unit.version,
    )
}
