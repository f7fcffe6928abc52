//! `careplan software withdraw`: takes back what was sent (取下げ).

use care_software::{
    CareSoftware, PaperKind, PaperWithdrawal, PersonKey, What, WithdrawOrder, home::Role,
};

use super::{
    person::person,
    sendings::{OutArgs, report},
    stop,
};
use crate::ui::{CommandResult, Stop, Ui};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    out: OutArgs,
    /// 取り下げるもの（既定: 居宅は slip、サービス事業所は results） / what to withdraw
    #[arg(long, value_enum)]
    what: Option<WhatArg>,
    /// だれの（被保険者番号。保険者番号-被保険者番号でも。繰り返し可） / whose; may be repeated
    #[arg(long = "person", required = true, value_name = "NUMBER")]
    people: Vec<String>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum WhatArg {
    /// 計画書（第1表～第3表と補足） / the plan
    Plan,
    /// 予定（第6表・第7表・補足）。この居宅の予定からも消える / the month's slip, gone here, too
    Slip,
    /// 実績。このサービス事業所の実績からも消える。委託先居宅は、センターに送ったものを取り下げる / results,
    /// gone here, too; a 居宅 withdraws what it sent on to the centre
    Results,
    /// 利用者基本情報（1人分。--to が要る） / the record of one person, with --to
    PersonRecord,
    /// 介護予防サービス・支援計画書（1人分。--to が要る） / the plan of 介護予防 of one person, with --to
    PreventionPlan,
}

pub(super) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let own = CareSoftware::open(&args.out.home).map_err(|error| stop(&error))?;
    let people: Result<Vec<PersonKey>, Stop> =
        args.people.iter().map(|number| person(&own, number)).collect();
    let people = people?;
    let what = match (args.what, own.home().owner().role) {
        (Some(WhatArg::Plan), _) => What::Plan,
        (Some(WhatArg::Slip), _) | (None, Role::CareManager) => What::Slip,
        (Some(WhatArg::Results), _) | (None, Role::ServiceOffice) => What::Results,
        (Some(WhatArg::PersonRecord), _) => {
            return paper(args, &own, (PaperKind::PersonRecord, &people), ui);
        }
        (Some(WhatArg::PreventionPlan), _) => {
            return paper(args, &own, (PaperKind::PreventionPlan, &people), ui);
        }
    };
    let order = WithdrawOrder {
        what,
        month: args.out.month,
        people,
        version: args.out.csv_version.clone(),
        sequence: args.out.sequence(&own)?,
        to: args.out.to,
    };
    report(&own, own.withdraw_into(&order, &args.out.out), ui)
}

fn paper(
    args: &Args,
    own: &CareSoftware,
    (kind, people): (PaperKind, &[PersonKey]),
    ui: &Ui,
) -> CommandResult {
    args.out.refuse_month_and_version()?;
    let (Some(to), [person]) = (args.out.to, people) else {
        return Err(Stop::setup(
            "帳票は1人分ずつ取り下げます。--person を一つと、--to に送信先を指定してください",
            "papers are withdrawn one person at a time; give one --person, and --to",
        ));
    };
    let sequence = args.out.sequence(own)?;
    let order = PaperWithdrawal { kind, person: person.clone(), sequence, to };
    args.out.write(own, own.withdraw_paper(&order).map(|sending| vec![sending]), ui)
}
