//! `careplan software month`: what an office's software shows of a month.

use std::path::PathBuf;

use care_software::{CareSoftware, LimitNotice, MonthOverview, PersonMonth, home::Role};
use careplan_standard::Month;
use serde::Serialize;

use super::stop;
use crate::{
    table::pad,
    ui::{CommandResult, End, Format, Ui},
};

#[derive(clap::Args)]
pub(super) struct Args {
    /// 事業所のフォルダ / the office's folder
    #[arg(long, value_name = "DIR")]
    home: PathBuf,
    /// サービス提供年月 / service month
    #[arg(long, value_name = "YYYYMM")]
    month: Month,
}

/// The month with those who are over the limit, for programs.
#[derive(Serialize)]
struct Summary<'a> {
    #[serde(flatten)]
    overview: &'a MonthOverview,
    over_limit: &'a [LimitNotice],
}

/// A line a person, then those who are over the limit.
pub(super) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let own = CareSoftware::open(&args.home).map_err(|error| stop(&error))?;
    let overview = own.overview(args.month).map_err(|error| stop(&error))?;
    let (month, count) = (overview.month, overview.people.len());
    let heading =
        ui.pick(format!("{month} の一覧: 利用者{count}人"), format!("{month}: {count} people"));
    show(&heading, &overview, own.home().owner().role, ui)
}

/// The same of any month, below a heading.
pub(super) fn show(heading: &str, overview: &MonthOverview, role: Role, ui: &Ui) -> CommandResult {
    let notices = overview.limit_notices();
    match ui.format {
        Format::Json => ui.json(&Summary { overview, over_limit: &notices })?,
        Format::Human => {
            ui.line(heading);
            print(overview, ui);
            for notice in &notices {
                ui.note(&notice.line(role, ui.lang));
            }
        }
    }
    Ok(End::Good)
}

fn print(overview: &MonthOverview, ui: &Ui) {
    for one in &overview.people {
        let PersonMonth { person, name, sums, planned, provided, .. } = one;
        let (planned, provided) = (planned.len(), provided.len());
        // Somebody else wrote the name: a terminal must not obey it.
        let name: String = name.chars().filter(|character| !character.is_control()).collect();
        let name = pad(&name, 22);
        ui.line(&ui.pick(
            format!(
                "  {}  {name} 予定{planned:>4}行 実績{provided:>4}行 {:>6}単位",
                person.insured, sums.units
            ),
            format!(
                "  {}  {name} planned {planned:>4} provided {provided:>4} {:>6} units",
                person.insured, sums.units
            ),
        ));
    }
}
