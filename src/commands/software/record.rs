//! `careplan software record`: records 実績 from the 予定.

use std::path::PathBuf;

use care_software::{CareSoftware, Entry, Rates, RecordedMonth};
use careplan_standard::Month;
use serde::Serialize;

use super::{fail, print, stop};
use crate::ui::{CommandResult, End, Format, Ui};

#[derive(clap::Args)]
pub(super) struct Args {
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

#[derive(Serialize)]
struct RecordSummary<'a> {
    month: String,
    rows: usize,
    deviations: &'a [Entry],
}

pub(super) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let own = CareSoftware::open(&args.home).map_err(|error| stop(&error))?;
    let rates = if args.as_planned { Rates::NONE } else { Rates::default() };
    let RecordedMonth { month, answers, deviations } =
        match own.record(args.month, args.seed, rates) {
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
