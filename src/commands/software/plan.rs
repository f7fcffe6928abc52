//! `careplan software plan`: invents people and a month's 予定.

use std::path::{Path, PathBuf};

use care_software::{CareSoftware, Cast, MonthlyPlan, PlanOrder};
use careplan_standard::Month;
use serde::Serialize;

use super::{fail, print, stop};
use crate::ui::{CommandResult, End, Format, Stop, Ui};

#[derive(clap::Args)]
pub(super) struct Args {
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

#[derive(Serialize)]
struct PlanSummary {
    office: String,
    month: String,
    people: usize,
    rows: usize,
    seed: u64,
}

pub(super) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let cast = cast(args.cast.as_deref())?;
    let Args { month, people, seed, .. } = *args;
    let order = PlanOrder { month, people, seed, cast };
    match CareSoftware::plan(&args.home, &order) {
        Ok((own, plan)) => report(&own, &plan, seed, ui),
        Err(error) => fail(&error, ui),
    }
}

/// The cast of a file; the standard one if none is named.
pub(super) fn cast(path: Option<&Path>) -> Result<Cast, Stop> {
    let Some(path) = path else { return Ok(Cast::default()) };
    let bytes = std::fs::read(path).map_err(|error| Stop::path(path, &error))?;
    serde_json::from_slice(&bytes).map_err(|error| {
        let path = path.display();
        Stop::setup(
            format!(
                "{path} は事業所の一覧（JSON）として読めません（{error}）。careplan up が書く \
                 cast.json と比べてください"
            ),
            format!("{path} is no cast ({error}); compare it with the cast.json of careplan up"),
        )
    })
}

/// Says what is planned.
pub(super) fn report(own: &CareSoftware, plan: &MonthlyPlan, seed: u64, ui: &Ui) -> CommandResult {
    let known = own.home().people().map_err(|error| stop(&error))?;
    let summary = PlanSummary {
        office: own.home().owner().office.to_string(),
        month: plan.month.to_string(),
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
            print::plan(plan, ui);
        }
    }
    Ok(End::Good)
}
