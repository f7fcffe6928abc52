//! To be written.

use crate::ui::{CommandResult, Stop, Ui};

#[derive(clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_args: &Args, _ui: &Ui) -> CommandResult {
    Err(Stop::ours("not written yet"))
}
