//! `careplan hub sweep`: puts away at once what has been kept long enough.

use careplan_protocol::admin::Swept;
use reference_hub::Method;

use super::door::DoorArgs;
use crate::ui::{CommandResult, End, Format, Ui};

#[derive(clap::Args)]
pub(super) struct SweepArgs {
    #[command(flatten)]
    door: DoorArgs,
}

pub(super) fn run(args: &SweepArgs, ui: &Ui) -> CommandResult {
    let swept: Swept = match args.door.ask(Method::POST, "/admin/sweep", &())? {
        Ok(swept) => swept,
        Err(problem) => return ui.problem(&problem),
    };
    match ui.format {
        Format::Json => ui.json(&swept)?,
        Format::Human => {
            let Swept { removed, undelivered } = swept;
            ui.line(&ui.pick(
                format!(
                    "保管期間の過ぎた{removed}件を消し、{undelivered}件を未配信として打ち切りました"
                ),
                format!(
                    "removed {removed} kept long enough, and gave up {undelivered} never fetched"
                ),
            ));
        }
    }
    Ok(End::Good)
}
