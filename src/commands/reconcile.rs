//! `careplan reconcile PLAN RESULTS…`: 予実突合 of files, with the units against the limits.

use std::{collections::BTreeMap, path::PathBuf};

use careplan_protocol::Finding;
use careplan_standard::{
    Month, Standard,
    reconcile::{
        Class, Entry, LimitSource, Outcome, PersonKey, PersonUnits, Refusal, SlipRow, Unused,
        limit_of, reconcile_sendings,
    },
};
use serde::Serialize;

use super::reconcile_print;
use crate::{
    sendings::load,
    ui::{CommandResult, End, Format, Stop, Ui},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// 予定（第6表・第7表・補足）のフォルダ / the folder of the plan
    #[arg(value_name = "PLAN_PATH")]
    plan: PathBuf,
    /// 実績のフォルダまたはファイル / folders or files of 実績
    #[arg(required = true, value_name = "RESULTS_PATH")]
    results: Vec<PathBuf>,
    /// 予定どおりの行も表示する / show also the rows that are as planned
    #[arg(long)]
    all: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    /// How many entries are of each class.
    counts: BTreeMap<String, usize>,
    /// How many people exceed their limit by what was provided and what is still waited for.
    people_over_limit: usize,
    people: Vec<PersonLine<'a>>,
    waiting: Vec<WaitingLine<'a>>,
    unused: Vec<UnusedLine<'a>>,
}

#[derive(Serialize)]
struct PersonLine<'a> {
    insurer: &'a str,
    insured: &'a str,
    name: &'a str,
    month: String,
    care_level: &'a str,
    care_level_name: Option<&'static str>,
    limit: Option<LimitLine>,
    planned_units: Option<u32>,
    /// 区分支給限度基準超単位数 of 第7表.
    stated_units_over: Option<u32>,
    planned_units_over: u32,
    provided_units: Option<u32>,
    /// Units that are planned with offices that have not answered.
    waiting_units: u32,
    /// By how much `provided_units` and `waiting_units` together exceed the limit.
    expected_units_over: u32,
    /// Units more than planned of services that 第7表 does not list, in none of the sums.
    unlisted_units: i64,
    entries: Vec<EntryLine<'a>>,
}

#[derive(Serialize)]
struct LimitLine {
    units: u32,
    /// `stated`, `level` or `heavier-level`.
    source: &'static str,
    of_level: Option<u32>,
}

#[derive(Serialize)]
struct EntryLine<'a> {
    class: String,
    day: Option<String>,
    office: Option<String>,
    planned: Option<RowLine<'a>>,
    provided: Option<RowLine<'a>>,
}

#[derive(Serialize)]
struct RowLine<'a> {
    start: &'a str,
    end: &'a str,
    code: &'a str,
    count: u32,
    units: u32,
}

#[derive(Serialize)]
struct WaitingLine<'a> {
    month: String,
    office: String,
    name: &'a str,
    kind: &'a str,
    rows: usize,
}

#[derive(Serialize)]
struct UnusedLine<'a> {
    /// `file`, `row` or `replaced`.
    what: &'static str,
    file: &'a str,
    record: Option<u32>,
    item: Option<&'static str>,
    rows: Option<u32>,
}

/// What was refused, as JSON has it.
#[derive(Serialize)]
struct RefusalReport {
    refused: &'static str,
    findings: Vec<Finding>,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let plan = load(std::slice::from_ref(&args.plan))?;
    let plan: Vec<_> = plan.iter().flat_map(|sending| sending.sending()).collect();
    let results = load(&args.results)?;
    let results: Vec<_> = results.iter().map(|sending| sending.sending()).collect();
    let outcome = match reconcile_sendings(Standard::bundled(), &plan, &results) {
        Ok(outcome) => outcome,
        Err(refusal) => return refused(&refusal, ui),
    };
    match ui.format {
        Format::Json => ui.json(&report(&outcome))?,
        Format::Human => reconcile_print::outcome(&outcome, args.all, ui),
    }
    Ok(End::Good)
}

/// The entries of each person and month, in their order.
pub(super) type ByPerson<'a> = BTreeMap<(&'a PersonKey, Month), Vec<&'a Entry>>;

pub(super) fn by_person(outcome: &Outcome) -> ByPerson<'_> {
    let mut people: ByPerson<'_> = BTreeMap::new();
    for entry in &outcome.compared.entries {
        let row = planned(outcome, entry).or_else(|| provided(outcome, entry));
        if let Some(row) = row {
            people.entry((&row.person, row.day.month())).or_default().push(entry);
        }
    }
    people
}

pub(super) fn planned<'a>(outcome: &'a Outcome, entry: &Entry) -> Option<&'a SlipRow> {
    outcome.planned.get(entry.planned?)
}

pub(super) fn provided<'a>(outcome: &'a Outcome, entry: &Entry) -> Option<&'a SlipRow> {
    outcome.provided.get(entry.provided?)
}

fn refused(refusal: &Refusal, ui: &Ui) -> CommandResult {
    let (word, ja, en) = match refusal {
        Refusal::Findings(_) => (
            "findings",
            "標準仕様に合わないファイルがあるため、突き合わせていません。careplan check で確かめてください。",
            "Files break the standard, so nothing was compared; see careplan check.",
        ),
        Refusal::NoSlip => (
            "no-slip",
            "予定（UPPLAN）がありません。先に予定のフォルダ、後に実績を指定してください。",
            "There is no 予定 (UPPLAN): name the folder of the plan first, then the results.",
        ),
        Refusal::NoResults => (
            "no-results",
            "実績（UPJSK）がありません。実績のフォルダまたはファイルを指定してください。",
            "There is no 実績 (UPJSK): name the folders or files of the results.",
        ),
    };
    let findings = match refusal {
        Refusal::Findings(findings) => &findings[..],
        Refusal::NoSlip | Refusal::NoResults => &[],
    };
    match ui.format {
        Format::Json => ui.json(&RefusalReport {
            refused: word,
            findings: findings.iter().map(|found| Finding::new(found, ui.lang)).collect(),
        })?,
        Format::Human => {
            if !findings.is_empty() {
                ui.note(ui.pick(ja, en));
            }
            for finding in findings {
                let file = finding.place.file.as_deref().unwrap_or("-");
                ui.note(&format!("  {file}: {} [{}]", finding.what(ui.lang), finding.rule.id));
            }
        }
    }
    match refusal {
        Refusal::Findings(_) => Ok(End::Bad),
        Refusal::NoSlip | Refusal::NoResults => Err(Stop::setup(ja, en)),
    }
}

fn report(outcome: &Outcome) -> Report<'_> {
    let mut counts = BTreeMap::new();
    for class in [Class::AsPlanned, Class::Cancelled, Class::Added] {
        counts.insert(class.to_string(), 0);
    }
    for entry in &outcome.compared.entries {
        *counts.entry(entry.class.to_string()).or_insert(0) += 1;
    }
    let entries = by_person(outcome);
    let person = |units| person_line(outcome, units, &entries);
    Report {
        counts,
        people_over_limit: outcome.people.iter().filter(|units| 0 < units.expected_over()).count(),
        people: outcome.people.iter().map(person).collect(),
        waiting: outcome
            .compared
            .waiting
            .iter()
            .map(|part| WaitingLine {
                month: part.month.to_string(),
                office: part.office.to_string(),
                name: reconcile_print::name_of(outcome, part),
                kind: &part.kind,
                rows: part.planned.len(),
            })
            .collect(),
        unused: outcome.unused.iter().map(unused_line).collect(),
    }
}

fn person_line<'a>(
    outcome: &'a Outcome,
    units: &'a PersonUnits,
    entries: &ByPerson<'a>,
) -> PersonLine<'a> {
    let entries = entries.get(&(&units.person, units.month)).map_or(&[][..], Vec::as_slice);
    let limit = units.limit.map(|limit| LimitLine {
        units: limit.units,
        source: match limit.source {
            LimitSource::Stated => "stated",
            LimitSource::Level => "level",
            LimitSource::HeavierLevel => "heavier-level",
        },
        of_level: limit.of_level,
    });
    PersonLine {
        insurer: &units.person.insurer,
        insured: &units.person.insured,
        name: &units.name,
        month: units.month.to_string(),
        care_level: &units.level,
        care_level_name: limit_of(&units.level).map(|(_, name)| name),
        limit,
        planned_units: units.planned,
        stated_units_over: units.stated_over,
        planned_units_over: units.planned_over(),
        provided_units: units.provided,
        waiting_units: units.waiting,
        expected_units_over: units.expected_over(),
        unlisted_units: units.unlisted,
        entries: entries.iter().map(|entry| entry_line(outcome, entry)).collect(),
    }
}

fn entry_line<'a>(outcome: &'a Outcome, entry: &Entry) -> EntryLine<'a> {
    let (planned, provided) = (planned(outcome, entry), provided(outcome, entry));
    let either = planned.or(provided);
    let line = |row: &'a SlipRow| RowLine {
        start: &row.start,
        end: &row.end,
        code: &row.code,
        count: row.count,
        units: row.units,
    };
    EntryLine {
        class: entry.class.to_string(),
        day: either.map(|row| row.day.to_string()),
        office: either.map(|row| row.office.to_string()),
        planned: planned.map(line),
        provided: provided.map(line),
    }
}

fn unused_line(unused: &Unused) -> UnusedLine<'_> {
    let of = |what, file| UnusedLine { what, file, record: None, item: None, rows: None };
    match unused {
        Unused::File { name } => of("file", name),
        Unused::Row { name, record, item } => {
            UnusedLine { record: Some(*record), item: Some(item), ..of("row", name) }
        }
        Unused::Replaced { name, rows } => UnusedLine { rows: Some(*rows), ..of("replaced", name) },
    }
}
