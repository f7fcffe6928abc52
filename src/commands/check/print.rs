//! The report of a check for people: one cause once, with its record, and what to do next.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::Read,
    path::Path,
};

use careplan_protocol::Lang;
use careplan_standard::{
    FileName, FileRole, Finding, Layout, Party, Record, Severity, Standard, Unit, Verdict,
    read_records, readable,
};

use super::{
    excerpt::excerpt,
    read::Checked,
    summary::{self, ONE_BY_ONE_MAX},
};
use crate::{sendings::name_of, table::wrap, ui::Ui};

/// Which of several sendings comes next.
pub(super) fn heading(sending: &Checked, ui: &Ui) {
    match &sending.folder {
        Some(folder) => ui.line(&format!("== {}", folder.display())),
        None => ui.line(ui.pick("== ファイル", "== files")),
    }
}

/// Everything about one sending; with `all`, each finding on its own.
pub(super) fn report(sending: &Checked, all: bool, ui: &Ui) {
    let check = &sending.check;
    let causes = if all { one_by_one(&check.findings) } else { by_cause(&check.findings, ui.lang) };
    if all || causes.len() <= ONE_BY_ONE_MAX {
        let excerpts = excerpts(&causes, sending);
        for cause in &causes {
            print_cause(cause, excerpts.get(&place_of(cause[0])), ui);
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
        check.units.iter().for_each(|unit| print_unit(unit, ui));
    } else {
        summary::units(check, ui);
    }
    let count = |severity| sum(check.findings.iter().filter(|found| found.severity == severity));
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let files = sending.paths.len();
    let verdict = match check.verdict() {
        Verdict::Pass => ui.pick("合格", "pass"),
        Verdict::Fail => ui.pick("不合格", "fail"),
    };
    ui.line(&ui.pick(
        format!("{verdict}: {files}ファイル、エラー {errors}、警告 {warnings}"),
        format!("{verdict} (files: {files}, errors: {errors}, warnings: {warnings})"),
    ));
}

/// Findings that most likely have one cause.
type Cause<'a> = Vec<&'a Finding>;

fn one_by_one(findings: &[Finding]) -> Vec<Cause<'_>> {
    findings.iter().map(|finding| vec![finding]).collect()
}

/// Of one rule at one item of one file; or of one rule with the same words in several files.
fn by_cause(findings: &[Finding], lang: Lang) -> Vec<Cause<'_>> {
    let mut causes: Vec<Cause<'_>> = vec![];
    let mut in_files = HashMap::new();
    let mut in_words = HashMap::new();
    for finding in findings {
        let file = &finding.place.file;
        // What concerns the sending as a whole is said each time: it names different files.
        if file.is_none() {
            causes.push(vec![finding]);
            continue;
        }
        let new = causes.len();
        let of_words = *in_words.entry((finding.rule.id, finding.what(lang))).or_insert(new);
        let at = *in_files.entry((finding.rule.id, file, finding.place.item)).or_insert(of_words);
        match causes.get_mut(at) {
            Some(cause) => cause.push(finding),
            None => causes.push(vec![finding]),
        }
    }
    causes
}

/// What is wrong, where, the record with a mark under the value, and what to do.
fn print_cause(cause: &Cause<'_>, excerpt: Option<&Vec<String>>, ui: &Ui) {
    let finding = cause[0];
    let severity = match finding.severity {
        Severity::Error => ui.pick("エラー", "error"),
        Severity::Warning => ui.pick("警告", "warning"),
        Severity::Info => ui.pick("参考", "info"),
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
    excerpt.into_iter().flatten().for_each(|line| ui.line(line));
    say("  ", &finding.what(ui.lang), ui);
    say("  → ", &finding.advice(ui.lang), ui);
    if let Some(others) = others(cause, ui) {
        say("  ", &others, ui);
    }
    ui.line("");
}

/// Where else the same is wrong.
fn others(cause: &Cause<'_>, ui: &Ui) -> Option<String> {
    /// How many records are named.
    const NAMED_MAX: usize = 8;
    let count = sum(cause.iter().copied()) - 1;
    if count == 0 {
        return None;
    }
    let first = &cause[0].place.file;
    let here = cause[1..].iter().filter(|finding| finding.place.file == *first);
    let records: Vec<u32> = here.filter_map(|finding| finding.place.record).collect();
    let mut files: Vec<_> =
        cause.iter().filter_map(|finding| finding.place.file.as_ref()).collect();
    files.dedup();
    let mut places = vec![];
    if !records.is_empty() {
        let named: Vec<_> = records.iter().take(NAMED_MAX).map(u32::to_string).collect();
        let more = if NAMED_MAX < records.len() || 0 < cause[0].more { ", …" } else { "" };
        let named = named.join(", ");
        places.push(ui.pick(format!("レコード {named}{more}"), format!("records {named}{more}")));
    }
    if let Some(others) = files.len().checked_sub(1).filter(|others| 0 < *others) {
        let others = ui.pick(format!("ほかの{others}ファイル"), format!("{others} other files"));
        places.push(others);
    }
    // Of a whole column one place stands for all: there is no more to show.
    if places.is_empty() {
        return Some(ui.pick(
            format!("同じ列のほかの{count}件も同じです。"),
            format!("It is the same in {count} more records of this column."),
        ));
    }
    let places = places.join(ui.pick("、", ", "));
    Some(ui.pick(
        format!("同じ指摘がほかに{count}件（{places}）。全部見るには --all"),
        format!("and {count} more of the same ({places}); --all shows each"),
    ))
}

/// How many places the findings stand for.
fn sum<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> u32 {
    let places = |finding: &Finding| finding.more.saturating_add(1);
    findings.into_iter().fold(0, |sum: u32, finding| sum.saturating_add(places(finding)))
}

/// A record and an item of a file, by its place in the sending.
type PlaceIn<'a> = (&'a str, u32, u16);

fn place_of(finding: &Finding) -> PlaceIn<'_> {
    let place = &finding.place;
    let file = place.file.as_deref().unwrap_or_default();
    (file, place.record.unwrap_or(0), place.item.unwrap_or(0))
}

/// What is to be shown of the records, in one walk through each file.
fn excerpts<'a>(causes: &[Cause<'a>], sending: &Checked) -> HashMap<PlaceIn<'a>, Vec<String>> {
    let mut wanted: BTreeMap<&str, BTreeMap<u32, Vec<PlaceIn<'a>>>> = BTreeMap::new();
    for cause in causes {
        let place = place_of(cause[0]);
        if 0 < place.2 {
            wanted.entry(place.0).or_default().entry(place.1).or_default().push(place);
        }
    }
    let mut excerpts = HashMap::new();
    for path in &sending.paths {
        let name = name_of(path);
        let Some(records) = wanted.remove(name.as_str()) else { continue };
        let Some(last) = records.keys().next_back() else { continue };
        let bytes = beginning_of(path);
        let readable = readable(&bytes);
        let up_to_the_last = |record: &Record<'_>| record.number() <= *last;
        for record in read_records(&readable.bytes).records().take_while(up_to_the_last) {
            for place in records.get(&record.number()).into_iter().flatten() {
                excerpts.insert(*place, excerpt(&record, layout_of(&name, &record), place.2));
            }
        }
    }
    excerpts
}

/// The layout that a record is shown by: that of its version, else the newest of its name's form.
fn layout_of(name: &str, record: &Record<'_>) -> Option<&'static Layout> {
    let standard = Standard::bundled();
    let name = FileName::parse(name).ok()?;
    let version = record.field(1).and_then(|field| standard.version(&field.text()));
    version.or_else(|| standard.newest(name.has_kinds()))?.layout(name.kind)
}

/// So much of a file as records are shown of: what lies behind it is named by its number alone.
fn beginning_of(path: &Path) -> Vec<u8> {
    const BYTES_MAX: u64 = 16 * 1024 * 1024;
    let mut bytes = vec![];
    // A file that has gone since it was checked has nothing to show.
    let _ = File::open(path).and_then(|file| file.take(BYTES_MAX).read_to_end(&mut bytes));
    bytes
}

fn say(indent: &str, text: &str, ui: &Ui) {
    wrap(indent, text).iter().for_each(|line| ui.line(line));
}

fn print_unit(unit: &Unit, ui: &Ui) {
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
    ui.line(&format!("{mark} {} {} → {}", unit.sequence, party(unit.from), party(unit.to)));
    ui.line(&format!("    {what}"));
}
