//! `careplan hub licence`: an office's licence, and its application, renewal and end.

use careplan_protocol::{
    OfficeNumber,
    admin::{Licence, LicenceChange, Plan},
    hub::LicenceState,
};
use clap::ValueEnum;
use reference_hub::Method;
use time::{OffsetDateTime, macros::offset};

use super::{clock::moment, door::DoorArgs};
use crate::ui::{CommandResult, End, Format, Ui};

#[derive(clap::Args)]
pub(super) struct LicenceArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// ライセンスを見る / how it stands
    Show(One),
    /// 利用申請（1年） / apply for a year
    Apply(Apply),
    /// 手で1年更新する / one more year by hand
    Renew(One),
    /// 自動更新を止める（今の1年で終わる） / the present year is the last
    Stop(One),
    /// 自動更新に戻す / let it renew by itself again
    Resume(One),
    /// 今すぐ期限切れにする（試験用） / end it now, for tests
    Expire(One),
}

#[derive(clap::Args)]
struct One {
    #[command(flatten)]
    door: DoorArgs,
    /// 事業所番号 / the office number
    #[arg(value_name = "OFFICE")]
    office: OfficeNumber,
}

#[derive(clap::Args)]
struct Apply {
    #[command(flatten)]
    one: One,
    /// 料金プラン / what the year is paid by
    #[arg(long, value_enum, default_value_t = PlanArg::Ordinary)]
    plan: PlanArg,
    /// 申請日時（RFC 3339。なければ基盤の今） / when, else the hub's now
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    at: Option<OffsetDateTime>,
    /// 自動更新（なければ申請日による） / whether it renews by itself, else by the day
    #[arg(long, value_name = "true|false")]
    renews: Option<bool>,
}

#[derive(Clone, Copy, ValueEnum)]
enum PlanArg {
    /// 通常（年 21,000 円） / 21,000 yen a year
    Ordinary,
    /// フリーパス（1年 0 円、1回だけ） / nothing for one year, once
    FreePass,
}

pub(super) fn run(args: &LicenceArgs, ui: &Ui) -> CommandResult {
    let (one, change) = match &args.command {
        Command::Show(one) => (one, None),
        Command::Apply(apply) => {
            let plan = match apply.plan {
                PlanArg::Ordinary => Plan::Ordinary,
                PlanArg::FreePass => Plan::FreePass,
            };
            let change = LicenceChange::Apply { plan, applied_at: apply.at, renews: apply.renews };
            (&apply.one, Some(change))
        }
        Command::Renew(one) => (one, Some(LicenceChange::Renew)),
        Command::Stop(one) => (one, Some(LicenceChange::Stop)),
        Command::Resume(one) => (one, Some(LicenceChange::Resume)),
        Command::Expire(one) => (one, Some(LicenceChange::Expire)),
    };
    let path = format!("/admin/offices/{}/licence", one.office);
    let reply = match change {
        None => one.door.get(&path)?,
        Some(change) => one.door.ask(Method::POST, &path, &change)?,
    };
    match (reply, ui.format) {
        (Err(problem), _) => return ui.problem(&problem),
        (Ok(licence), Format::Json) => ui.json(&licence)?,
        (Ok(licence), Format::Human) => {
            ui.line(&format!("{}  {}", one.office, standing(&licence, ui)))
        }
    }
    Ok(End::Good)
}

/// A licence in a few words.
pub(super) fn standing(licence: &Licence, ui: &Ui) -> String {
    let day = licence.until.map(|until| until.to_offset(offset!(+9)).date().to_string());
    let day = day.unwrap_or_default();
    match licence.state {
        LicenceState::None => ui.pick("なし", "no licence").to_owned(),
        LicenceState::Expired => ui.pick(format!("{day} 期限切れ"), format!("expired {day}")),
        LicenceState::Active => match licence.renews {
            true => ui.pick(format!("～{day} 自動更新"), format!("until {day}, renews")),
            false => ui.pick(format!("～{day}"), format!("until {day}")),
        },
    }
}
