//! `careplan check PATH…`: files against the standard.

use std::{
    fs,
    path::{Path, PathBuf},
};

use careplan_protocol::{CheckReport, Lang, Unit};
use careplan_standard::{
    Check, FileRole, Finding, Record, SendingFile, Severity, Standard, Verdict, check_sending,
    read_records,
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

/// One sending: a folder's files, or all the files that were named one by one.
struct Loaded {
    /// The folder, where there is one.
    folder: Option<PathBuf>,
    files: Vec<LoadedFile>,
}

struct LoadedFile {
    name: String,
    bytes: Vec<u8>,
}

impl Loaded {
    fn names(&self) -> Vec<&str> {
        self.files.iter().map(|file| file.name.as_str()).collect()
    }

    fn check(&self) -> Check {
        let files: Vec<SendingFile<'_>> = self
            .files
            .iter()
            .map(|file| SendingFile { name: &file.name, bytes: &file.bytes })
            .collect();
        check_sending(Standard::bundled(), &files)
    }
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let sendings = load(&args.paths)?;
    let checks: Vec<Check> = sendings.iter().map(Loaded::check).collect();
    let passed = checks.iter().all(|check| check.verdict() == Verdict::Pass);
    match ui.format {
        Format::Json => {
            let reports = sendings
                .iter()
                .zip(&checks)
                .map(|(sending, check)| CheckReport::new(check, &sending.names(), ui.lang));
            ui.json(&CheckReport::all(reports))?;
        }
        Format::Human => {
            for (sending, check) in sendings.iter().zip(&checks) {
                if 1 < sendings.len() {
                    ui.line(&heading(sending, ui));
                }
                print(check, sending, ui);
            }
        }
    }
    Ok(if passed { End::Good } else { End::Bad })
}

/// Each folder is a sending, and so are all files that are named one by one, together.
fn load(paths: &[PathBuf]) -> Result<Vec<Loaded>, Stop> {
    let mut sendings = vec![];
    let mut single = vec![];
    for path in paths {
        if path.is_dir() {
            sendings.push(load_folder(path)?);
        } else {
            single.push(load_file(path)?);
        }
    }
    if !single.is_empty() {
        sendings.push(Loaded { folder: None, files: single });
    }
    Ok(sendings)
}

fn load_folder(folder: &Path) -> Result<Loaded, Stop> {
    let mut inside: Vec<PathBuf> = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .map_err(|error| Stop::path(folder, &error))?;
    inside.sort();
    let has_folders = inside.iter().any(|path| path.is_dir());
    inside.retain(|path| path.is_file());
    let files = inside.iter().map(|path| load_file(path)).collect::<Result<Vec<_>, _>>()?;
    let has_standard = files.iter().any(|file| has_extension_of_standard(&file.name));
    if files.is_empty() || (has_folders && !has_standard) {
        let folder = folder.display();
        return Err(Stop::setup(
            format!(
                "{folder} に検査するファイルがありません。送信1件分のフォルダを指定してください"
            ),
            format!("{folder} holds no file to check; name the folder of one sending"),
        ));
    }
    Ok(Loaded { folder: Some(folder.to_owned()), files })
}

fn has_extension_of_standard(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"))
}

fn load_file(path: &Path) -> Result<LoadedFile, Stop> {
    let bytes = fs::read(path).map_err(|error| Stop::path(path, &error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(LoadedFile { name, bytes })
}

fn heading(sending: &Loaded, ui: &Ui) -> String {
    match &sending.folder {
        Some(folder) => format!("== {}", folder.display()),
        None => ui.pick("== ファイル", "== files").to_owned(),
    }
}

fn print(check: &Check, sending: &Loaded, ui: &Ui) {
    let files = &sending.files;
    for finding in &check.findings {
        print_finding(finding, files, ui);
    }
    if check.files.iter().all(|file| file.role == FileRole::Attachment) {
        ui.line(ui.pick(
            "標準仕様のファイルはありません（添付ファイルだけの送信です）。",
            "There is no file of the standard (a sending of attachments only).",
        ));
    }
    for unit in &CheckReport::new(check, &sending.names(), ui.lang).units {
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
fn print_finding(finding: &Finding, files: &[LoadedFile], ui: &Ui) {
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
fn print_record(finding: &Finding, files: &[LoadedFile], ui: &Ui) {
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
