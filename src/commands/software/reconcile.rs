//! `careplan software reconcile`: compares 予定 and 実績 (予実突合).

use std::path::PathBuf;

use care_software::{CareSoftware, Change, Class, Entry, PersonKey, Reconciliation};
use careplan_standard::Month;
use serde::Serialize;

use super::{fail, print, stop};
use crate::ui::{CommandResult, End, Format, Ui};

#[derive(clap::Args)]
pub(super) struct Args {
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

pub(super) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let own = CareSoftware::open(&args.home).map_err(|error| stop(&error))?;
    let outcome = match own.reconcile(args.month) {
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
            let people = own.home().people().map_err(|error| stop(&error))?;
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
