//! `careplan software entrust`: what a 地域包括支援センター begins with.

use std::path::PathBuf;

use care_software::{CareSoftware, Entrusting, Office, PreventionOrder, Writer};
use careplan_standard::{Month, OfficeNumber, ServiceKind};

use super::{
    fail,
    plan::{cast, report},
};
use crate::ui::{CommandResult, Ui};

#[derive(clap::Args)]
pub(super) struct Args {
    /// 地域包括支援センターのフォルダ（なければ作る） / the centre's folder, made if missing
    #[arg(long, value_name = "DIR")]
    home: PathBuf,
    /// サービス提供年月 / service month
    #[arg(long, value_name = "YYYYMM")]
    month: Month,
    /// 事業所の一覧（JSON。manager がセンター、services に介護予防の事業所） / the cast: its manager is the
    /// centre, its services are those of 介護予防
    #[arg(long, value_name = "FILE")]
    cast: PathBuf,
    /// 委託先居宅の番号 / the 居宅 that they are entrusted to
    #[arg(long, value_name = "OFFICE")]
    to: OfficeNumber,
    /// 委託先居宅の名称 / its name
    #[arg(long, value_name = "NAME")]
    to_name: String,
    /// 委託する人の数 / how many people are entrusted
    #[arg(long, default_value_t = 5, value_name = "N")]
    people: u32,
    /// 自ら担当する人の数 / how many people the centre plans for itself
    #[arg(long, default_value_t = 0, value_name = "N")]
    own: u32,
    /// 支援計画書をだれが書くか / who writes the 支援計画書
    #[arg(long, value_enum, default_value = "centre")]
    writer: WriterArg,
    /// 乱数の種 / seed
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum WriterArg {
    /// 地域包括支援センター / the centre
    Centre,
    /// 委託先居宅 / the 居宅
    Entrusted,
}

pub(super) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let to =
        Office { number: args.to, kind: ServiceKind::CARE_MANAGEMENT, name: args.to_name.clone() };
    let writer = match args.writer {
        WriterArg::Centre => Writer::Centre,
        WriterArg::Entrusted => Writer::Entrusted,
    };
    let order = PreventionOrder {
        month: args.month,
        seed: args.seed,
        cast: cast(Some(&args.cast))?,
        own: args.own,
        entrusted: Some((args.people, Entrusting { to, writer })),
    };
    match CareSoftware::plan_prevention(&args.home, &order) {
        Ok((own, plan)) => report(&own, &plan, args.seed, ui),
        Err(error) => fail(&error, ui),
    }
}
