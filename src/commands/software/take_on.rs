//! `careplan software take-on`: a 委託先居宅 takes on whom a 地域包括支援センター has entrusted.

use std::path::PathBuf;

use care_software::{CareSoftware, Office, TakeOn};
use careplan_standard::{Month, OfficeNumber, ServiceKind};

use super::{
    fail,
    plan::{cast, report},
    stop,
};
use crate::ui::{CommandResult, Ui};

#[derive(clap::Args)]
pub(super) struct Args {
    /// 委託先居宅のフォルダ（利用者基本情報を取込済み） / the 居宅's folder, which has imported the papers
    #[arg(long, value_name = "DIR")]
    home: PathBuf,
    /// 委託した地域包括支援センターの番号 / the centre that entrusts
    #[arg(long, value_name = "OFFICE")]
    centre: OfficeNumber,
    /// その名称 / its name
    #[arg(long, value_name = "NAME")]
    centre_name: String,
    /// そのサービス種類（46 介護予防支援、AF 介護予防ケアマネジメント） / its service kind
    #[arg(long, default_value = "46", value_name = "KIND")]
    centre_kind: ServiceKind,
    /// 最初の予定のサービス提供年月 / service month of the first 予定
    #[arg(long, value_name = "YYYYMM")]
    month: Month,
    /// 乱数の種（曜日など） / seed, for the days of the week
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// 事業所の一覧（JSON。利用者のいるフォルダは、いまの一覧のまま） / the cast; a folder that has people
    /// keeps its own
    #[arg(long, value_name = "FILE")]
    cast: Option<PathBuf>,
}

pub(super) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let own = CareSoftware::open(&args.home).map_err(|error| stop(&error))?;
    let centre =
        Office { number: args.centre, kind: args.centre_kind, name: args.centre_name.clone() };
    let cast = cast(args.cast.as_deref())?;
    match own.take_on(&TakeOn { centre, month: args.month, seed: args.seed, cast }) {
        Ok(plan) => report(&own, &plan, args.seed, ui),
        Err(error) => fail(&error, ui),
    }
}
