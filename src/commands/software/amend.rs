//! `careplan software amend`: what a care manager changes in a month that is planned already.

use std::path::PathBuf;

use care_software::{Amendment, CareSoftware, Office};
use careplan_standard::{Date, Month, OfficeNumber};

use super::{fail, month, person::person, stop};
use crate::ui::{CommandResult, Stop, Ui};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    change: Change,
}

#[derive(clap::Subcommand)]
enum Change {
    /// 利用を1回追加する（その月の初回と同じ利用を、空いた時間に） / one more visit, like the first
    Add {
        #[command(flatten)]
        sheet: SheetArgs,
        /// 事業所番号 / the office
        #[arg(long, value_name = "OFFICE")]
        office: OfficeNumber,
        /// 何日に / on which day
        #[arg(long, value_name = "DAY", value_parser = clap::value_parser!(u8).range(1..=31))]
        day: u8,
    },
    /// 限度額を超えるまで利用を追加する / more visits, until the person is over the limit
    AddBeyondLimit {
        #[command(flatten)]
        sheet: SheetArgs,
        /// 事業所番号 / the office
        #[arg(long, value_name = "OFFICE")]
        office: OfficeNumber,
    },
    /// この日から利用を中止する（入院など） / no visit and no day of a stay from this day on
    Stop {
        #[command(flatten)]
        sheet: SheetArgs,
        /// 何日から / the first day without
        #[arg(long, value_name = "DAY", value_parser = clap::value_parser!(u8).range(1..=31))]
        from: u8,
    },
    /// 事業所の利用をすべて外す / nothing of this office any more
    Drop {
        #[command(flatten)]
        sheet: SheetArgs,
        /// 事業所番号 / the office
        #[arg(long, value_name = "OFFICE")]
        office: OfficeNumber,
    },
    /// 事業所の利用をサテライトで行う / everything of this office is done by its satellite
    Satellite {
        #[command(flatten)]
        sheet: SheetArgs,
        /// 事業所番号 / the office
        #[arg(long, value_name = "OFFICE")]
        office: OfficeNumber,
        /// サテライト枝番（半角2文字） / the satellite's branch, two letters or digits
        #[arg(long, value_name = "BRANCH", value_parser = branch)]
        branch: String,
    },
    /// 短期入所生活介護を入れる（その間、ほかの利用は外れる。前の月からでもよい） / a short stay; nobody
    /// visits meanwhile
    Stay {
        #[command(flatten)]
        sheet: SheetArgs,
        /// 事業所番号（種類21） / the office, of kind 21
        #[arg(long, value_name = "OFFICE")]
        office: OfficeNumber,
        /// 入所日 / the day of arrival
        #[arg(long, value_name = "YYYYMMDD")]
        first: Date,
        /// 退所日 / the day of departure
        #[arg(long, value_name = "YYYYMMDD")]
        last: Date,
    },
    /// 小規模多機能型居宅介護に替える（月の途中からは日割） / 小規模多機能 in the place of what comes home
    ByTheMonth {
        #[command(flatten)]
        sheet: SheetArgs,
        /// 事業所番号（種類73） / the office, of kind 73
        #[arg(long, value_name = "OFFICE")]
        office: OfficeNumber,
        /// 利用開始日 / the first day
        #[arg(long, value_name = "YYYYMMDD")]
        first: Date,
    },
    /// 手すり2本の貸与を入れる（明細判別コードで見分ける） / a lease of two handrails
    Handrails {
        #[command(flatten)]
        sheet: SheetArgs,
        /// 事業所番号（種類17） / the office, of kind 17
        #[arg(long, value_name = "OFFICE")]
        office: OfficeNumber,
    },
}

/// Whose month.
#[derive(clap::Args)]
struct SheetArgs {
    /// 事業所のフォルダ / the office's folder
    #[arg(long, value_name = "DIR")]
    home: PathBuf,
    /// サービス提供年月 / service month
    #[arg(long, value_name = "YYYYMM")]
    month: Month,
    /// だれの（被保険者番号。保険者番号-被保険者番号でも） / whose
    #[arg(long, value_name = "NUMBER")]
    person: String,
}

/// Changes the month, and shows what it is now.
pub(super) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let sheet = args.change.sheet();
    let own = CareSoftware::open(&sheet.home).map_err(|error| stop(&error))?;
    let amendment = args.change.amendment(&own)?;
    let person = person(&own, &sheet.person)?;
    let before = own.home().plan(sheet.month).map_err(|error| stop(&error))?;
    let after = match own.amend(sheet.month, &person, &amendment) {
        Ok(plan) => plan,
        Err(error) => return fail(&error, ui),
    };
    let mut overview = own.overview(sheet.month).map_err(|error| stop(&error))?;
    overview.people.retain(|one| one.person == person);
    let of = sheet.month;
    let heading = if before == Some(after) {
        ui.pick(
            format!("{of} にその変更で変わる予定はありません。事業所と日を確かめてください"),
            format!("nothing in {of} changes by that; check the office and the day"),
        )
    } else {
        ui.pick(
            format!("{of} の予定を変更しました。送ってあれば export で出し直してください"),
            format!("changed {of}; if it was sent, export it again"),
        )
    };
    month::show(&heading, &overview, own.home().owner().role, ui)
}

impl Change {
    const fn sheet(&self) -> &SheetArgs {
        match self {
            Self::Add { sheet, .. }
            | Self::AddBeyondLimit { sheet, .. }
            | Self::Stop { sheet, .. }
            | Self::Drop { sheet, .. }
            | Self::Satellite { sheet, .. }
            | Self::Stay { sheet, .. }
            | Self::ByTheMonth { sheet, .. }
            | Self::Handrails { sheet, .. } => sheet,
        }
    }

    /// The change, to offices that are of the cast.
    fn amendment(&self, own: &CareSoftware) -> Result<Amendment, Stop> {
        let number = |office: OfficeNumber| known(own, office, None).map(|known| known.number);
        Ok(match self {
            Self::Add { office, day, .. } => Amendment::Add { office: number(*office)?, day: *day },
            Self::AddBeyondLimit { office, .. } => {
                Amendment::AddBeyondLimit { office: number(*office)? }
            }
            Self::Stop { from, .. } => Amendment::StopFrom { day: *from },
            Self::Drop { office, .. } => Amendment::Drop { office: number(*office)? },
            Self::Satellite { office, branch, .. } => {
                Amendment::Satellite { office: number(*office)?, branch: branch.clone() }
            }
            Self::Stay { office, first, last, .. } => {
                let office = known(own, *office, Some("21"))?;
                Amendment::Stay { office, first: *first, last: *last }
            }
            Self::ByTheMonth { office, first, .. } => {
                Amendment::ByTheMonth { office: known(own, *office, Some("73"))?, first: *first }
            }
            Self::Handrails { office, .. } => {
                Amendment::Handrails { office: known(own, *office, Some("17"))? }
            }
        })
    }
}

/// The office of this number in the cast; of its service kinds the one that is wanted, if it has it.
fn known(own: &CareSoftware, number: OfficeNumber, kind: Option<&str>) -> Result<Office, Stop> {
    let people = own.home().people().map_err(|error| stop(&error))?;
    let people = people.ok_or_else(|| stop(&care_software::SoftwareError::NotAManager))?;
    let all: Vec<Office> =
        people.cast.services.into_iter().filter(|office| office.number == number).collect();
    let wanted = all.iter().find(|office| kind.is_some_and(|kind| office.kind.as_str() == kind));
    wanted.or_else(|| all.first()).cloned().ok_or_else(|| {
        Stop::setup(
            format!("事業所 {number} は、このフォルダの事業所の一覧（cast）にありません。番号を確かめてください"),
            format!("office {number} is not of this folder's cast; check the number"),
        )
    })
}

fn branch(text: &str) -> Result<String, String> {
    let is_branch = text.len() == 2 && text.chars().all(|it| it.is_ascii_alphanumeric());
    let wrong = "サテライト枝番は半角英数字2文字です / two letters or digits";
    if is_branch { Ok(text.to_owned()) } else { Err(wrong.to_owned()) }
}
