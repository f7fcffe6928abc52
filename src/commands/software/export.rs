//! `careplan software export`: writes what is to be sent, a folder a destination.

use care_software::{CareSoftware, ExportOrder, What, home::Role};

use super::{sendings::OutArgs, stop};
use crate::ui::{CommandResult, Ui};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    out: OutArgs,
    /// 書き出すもの（既定: 居宅は slip、サービス事業所は results） / what to write
    #[arg(long, value_enum)]
    what: Option<WhatArg>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum WhatArg {
    /// 第1表～第3表と補足 / the plan
    Plan,
    /// 予定（第6表・第7表・補足） / the month's slip
    Slip,
    /// 実績 / results
    Results,
}

pub(super) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let own = CareSoftware::open(&args.out.home).map_err(|error| stop(&error))?;
    let what = match (args.what, own.home().owner().role) {
        (Some(WhatArg::Plan), _) => What::Plan,
        (Some(WhatArg::Slip), _) | (None, Role::CareManager) => What::Slip,
        (Some(WhatArg::Results), _) | (None, Role::ServiceOffice) => What::Results,
    };
    let order = ExportOrder {
        what,
        month: args.out.month,
        version: args.out.csv_version.clone(),
        sequence: args.out.sequence(),
        to: args.out.to,
    };
    args.out.write(own.export(&order), ui)
}
