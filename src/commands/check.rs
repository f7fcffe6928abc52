//! `careplan check PATH…`: files against the standard.

mod progress;
mod read;
mod summary;

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use careplan_protocol::{CheckReport, Lang};
use careplan_standard::{
    FileRole, Finding, Party, Record, Severity, Standard, Unit, Verdict, read_records, readable,
};

use crate::{
    sendings::{list, name_of},
    table::{fit, width},
    ui::{CommandResult, End, Format, Ui},
};

use read::{Checked, check_all};
use summary::ONE_BY_ONE_MAX;

/// The width that reports are laid out for.
const COLUMNS: usize = 80;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// フォルダ（1つの送信）またはファイル / a folder (one sending) or files
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// 同じ指摘もまとめずに全部表示する / show each finding, also those of one cause
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let sendings = check_all(list(&args.paths)?, ui)?;
    let passed = sendings.iter().all(|sending| sending.check.verdict() == Verdict::Pass);
    match ui.format {
        Format::Json => {
            let reports = sendings.iter().map(|sending| {
                let names = sending.names();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                CheckReport::new(&sending.check, &names, ui.lang)
            });
            // Of one sending the names are enough; of several each says which it is in.
            let several = 1 < sendings.len();
            let reports = reports.zip(&sendings).map(|(report, sending)| match &sending.folder {
                Some(folder) if several => {
                    report.renamed(|name| folder.join(name).display().to_string())
                }
                _ => report,
            });
            ui.json(&CheckReport::all(reports))?;
        }
        Format::Human => {
            for sending in &sendings {
                if 1 < sendings.len() {
                    ui.line(&heading(sending, ui));
                }
                print(sending, args.all, ui);
            }
        }
    }
    Ok(if passed { End::Good } else { End::Bad })
}

fn heading(sending: &Checked, ui: &Ui) -> String {
    match &sending.folder {
        Some(folder) => format!("== {}", folder.display()),
        None => ui.pick("== ファイル", "== files").to_owned(),
    }
}

fn print(sending: &Checked, all: bool, ui: &Ui) {
    let check = &sending.check;
    let groups = if all { one_by_one(&check.findings) } else { by_cause(&check.findings) };
    if all || groups.len() <= ONE_BY_ONE_MAX {
        let excerpts = excerpts(&groups, sending);
        for group in &groups {
            print_group(group, excerpts.get(&place_of(group[0])), ui);
        }
    } else {
        summary::rules(check, ui);
    }
    if check.files.iter().all(|file| file.role == FileRole::Attachment) {
        ui.line(ui.pick(
            "標準仕様のファイルはありません（添付ファイルだけの送信です）。",
            "There is no file of the standard (a sending of attachments only).",
        ));
    }
    if all || check.units.len() <= ONE_BY_ONE_MAX {
        check.units.iter().for_each(|unit| ui.line(&unit_lines(unit, ui)));
    } else {
        summary::units(check, ui);
    }
    let count = |severity| -> u32 {
        let of_severity = check.findings.iter().filter(|found| found.severity == severity);
        of_severity.map(|found| found.more.saturating_add(1)).sum()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let files = sending.paths.len();
    ui.line(&match (check.verdict(), ui.lang) {
        (Verdict::Pass, Lang::Ja) => {
            format!("合格: {files}ファイル、エラー {errors}、警告 {warnings}")
        }
        (Verdict::Fail, Lang::Ja) => {
            format!("不合格: {files}ファイル、エラー {errors}、警告 {warnings}")
        }
        (Verdict::Pass, Lang::En) => {
            format!("pass (files: {files}, errors: {errors}, warnings: {warnings})")
        }
        (Verdict::Fail, Lang::En) => {
            format!("fail (files: {files}, errors: {errors}, warnings: {warnings})")
        }
    });
}

/// Findings of one rule at one item of one file: most likely one cause.
type Group<'a> = Vec<&'a Finding>;

fn one_by_one(findings: &[Finding]) -> Vec<Group<'_>> {
    findings.iter().map(|finding| vec![finding]).collect()
}

fn by_cause(findings: &[Finding]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = vec![];
    let mut places = HashMap::new();
    for finding in findings {
        let cause = (finding.rule.id, &finding.place.file, finding.place.item);
        // What concerns the sending as a whole is said each time: it names different files.
        let at = *places.entry(cause).or_insert(groups.len());
        match groups.get_mut(at).filter(|_| finding.place.file.is_some()) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

/// What is wrong, where, the record with a mark under the value, and what to do.
fn print_group(group: &Group<'_>, excerpt: Option<&Excerpt>, ui: &Ui) {
    let finding = group[0];
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
            ui.pick(format!("、項目{no} {name}"), format!(", item {no} {name}"))
        });
        let item = item.unwrap_or_default();
        let place =
            ui.pick(format!("  {number}件目のレコード{item}"), format!("  record {number}{item}"));
        ui.line(place.trim_end());
    }
    if let Some(Excerpt { values, mark }) = excerpt {
        ui.line(&format!("    {values}\n    {mark}"));
    }
    wrapped("  ", &finding.what(ui.lang), ui);
    wrapped("  → ", &finding.advice(ui.lang), ui);
    if let Some(others) = others(group, ui) {
        wrapped("  ", &others, ui);
    }
    ui.line("");
}

/// Where else the same is wrong.
fn others(group: &Group<'_>, ui: &Ui) -> Option<String> {
    /// How many records are named.
    const NAMED_MAX: usize = 8;
    let more: u32 = group.iter().map(|finding| finding.more).sum();
    let count = u32::try_from(group.len() - 1).unwrap_or(u32::MAX).saturating_add(more);
    if count == 0 {
        return None;
    }
    let records: Vec<String> = group[1..]
        .iter()
        .filter_map(|finding| finding.place.record)
        .map(|n| n.to_string())
        .collect();
    let mut named = records[..records.len().min(NAMED_MAX)].join(", ");
    if NAMED_MAX < records.len() || 0 < more {
        named.push_str(", …");
    }
    Some(ui.pick(
        format!("同じ指摘がほかに{count}件（レコード {named}）。全部見るには --all"),
        format!("and {count} more of the same (records {named}); --all shows each"),
    ))
}

/// The values around the one at fault, on one line, and a mark below it.
struct Excerpt {
    values: String,
    mark: String,
}

/// A record and an item of a file, by its place in the sending.
type PlaceIn<'a> = (&'a str, u32, u16);

fn place_of(finding: &Finding) -> PlaceIn<'_> {
    let place = &finding.place;
    let file = place.file.as_deref().unwrap_or_default();
    (file, place.record.unwrap_or(0), place.item.unwrap_or(0))
}

/// What is to be shown of the records, in one walk through each file.
fn excerpts<'a>(groups: &[Group<'a>], sending: &Checked) -> HashMap<PlaceIn<'a>, Excerpt> {
    let mut wanted: BTreeMap<&str, BTreeMap<u32, Vec<PlaceIn<'a>>>> = BTreeMap::new();
    for group in groups {
        let place = place_of(group[0]);
        if 0 < place.2 {
            wanted.entry(place.0).or_default().entry(place.1).or_default().push(place);
        }
    }
    let mut excerpts = HashMap::new();
    for path in &sending.paths {
        let Some(records) = wanted.remove(name_of(path).as_str()) else { continue };
        let bytes = beginning_of(path);
        let readable = readable(&bytes);
        for record in read_records(&readable.bytes).records() {
            for place in records.get(&record.number()).into_iter().flatten() {
                excerpts.extend(excerpt(&record, place.2).map(|excerpt| (*place, excerpt)));
            }
        }
    }
    excerpts
}

/// So much of a file as records are shown of: what lies behind it is named by its number alone.
fn beginning_of(path: &Path) -> Vec<u8> {
    const BYTES_MAX: u64 = 16 * 1024 * 1024;
    let mut bytes = vec![];
    // A file that has gone since it was checked has nothing to show.
    let _ = File::open(path).and_then(|file| file.take(BYTES_MAX).read_to_end(&mut bytes));
    bytes
}

/// As many values around the item as fit, and a line that marks it.
fn excerpt(record: &Record<'_>, item: u16) -> Option<Excerpt> {
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
    Some(Excerpt { values: fit(&format!("{lead}{marked}{tail}"), COLUMNS - 4), mark })
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

fn unit_lines(unit: &Unit, ui: &Ui) -> String {
    let party = |party: Party| match party.kind {
        Some(kind) => format!("{} ({kind})", party.office),
        None => party.office.to_string(),
    };
    let mark = if unit.verdict == Verdict::Pass { "✔" } else { "✘" };
    let unknown = ui.pick("送信単位ではない組み合わせ", "no 送信単位");
    let title = unit.kind.map_or(unknown, |kind| kind.title().get(ui.lang));
    let version = unit.version.as_deref().and_then(|value| Standard::bundled().version(value));
    let label = version.map_or("?", |version| version.label.as_str());
    let files = unit.files.len();
    let what = ui.pick(
        format!("{title}、{label}版、{files}ファイル"),
        format!("{title}, version {label}, files: {files}"),
    );
    format!("{mark} {} {} → {}\n    {what}", unit.sequence, party(unit.from), party(unit.to))
}
