//! `careplan software export`: writes what is to be sent, a folder a destination.

use care_software::{
    CareSoftware, EntrustedMonth, ExportOrder, PaperKind, PaperOrder, What, home::Role,
};

use super::{sendings::OutArgs, stop};
use crate::ui::{CommandResult, Stop, Ui};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    out: OutArgs,
    /// 書き出すもの（既定: 居宅は slip、サービス事業所は results） / what to write
    #[arg(long, value_enum)]
    what: Option<WhatArg>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum WhatArg {
    /// 第1表～第3表と補足 / the plan
    Plan,
    /// 予定（第6表・第7表・補足） / the month's slip
    Slip,
    /// 実績 / results
    Results,
    /// 利用者基本情報 / the record of people of 介護予防
    PersonRecord,
    /// 介護予防サービス・支援計画書 / the plan of 介護予防
    PreventionPlan,
    /// 支援計画書に利用者基本情報を添えて / the same, with the record
    PreventionPlanWithRecord,
    /// 委託された人の予定と実績（--month と、センターの --to が要る） / 予定 and 実績 of the entrusted, for
    /// the centre, with --month and --to
    EntrustedMonth,
}

pub(super) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let own = CareSoftware::open(&args.out.home).map_err(|error| stop(&error))?;
    let what = args.what.unwrap_or_else(|| match own.home().owner().role {
        Role::CareManager => WhatArg::Slip,
        Role::ServiceOffice => WhatArg::Results,
    });
    let sendings = match what {
        WhatArg::Plan => own.export(&args.order(&own, What::Plan)?),
        WhatArg::Slip => own.export(&args.order(&own, What::Slip)?),
        WhatArg::Results => own.export(&args.order(&own, What::Results)?),
        WhatArg::PersonRecord => own.export_papers(&args.papers(&own, PaperKind::PersonRecord)?),
        WhatArg::PreventionPlan | WhatArg::PreventionPlanWithRecord => {
            let with_record = what == WhatArg::PreventionPlanWithRecord;
            let order = args.papers(&own, PaperKind::PreventionPlan)?;
            own.export_papers(&PaperOrder { with_record, ..order })
        }
        WhatArg::EntrustedMonth => {
            own.export_entrusted(&args.entrusted(&own)?).map(|sending| vec![sending])
        }
    };
    args.out.write(&own, sendings, ui)
}

impl Args {
    fn order(&self, own: &CareSoftware, what: What) -> Result<ExportOrder, Stop> {
        let OutArgs { month, to, .. } = self.out;
        let version = self.out.csv_version.clone();
        let sequence = self.out.sequence(own)?;
        Ok(ExportOrder { what, month, version, sequence, to })
    }

    fn papers(&self, own: &CareSoftware, kind: PaperKind) -> Result<PaperOrder, Stop> {
        self.out.refuse_month_and_version()?;
        let (sequence, to) = (self.out.sequence(own)?, self.out.to);
        Ok(PaperOrder { kind, with_record: false, sequence, to })
    }

    fn entrusted(&self, own: &CareSoftware) -> Result<EntrustedMonth, Stop> {
        let (Some(month), Some(centre)) = (self.out.month, self.out.to) else {
            return Err(Stop::setup(
                "委託の予定と実績には、--month と、--to に地域包括支援センターの番号を指定してください",
                "the month of the entrusted needs --month, and --to with the centre's number",
            ));
        };
        let version = self.out.csv_version.clone();
        Ok(EntrustedMonth { centre, month, version, sequence: self.out.sequence(own)? })
    }
}
