//! `careplan hub fault`: the catalogue of misbehaviour, and arming it in a running hub.

mod list;

use careplan_protocol::faults::{
    Arming, FaultArmed, FaultFired, FaultKind, FaultOperation, FaultProfile, FaultSchedule,
    FaultScope, FaultsArmed, FaultsFired, FaultsWanted,
};
use careplan_protocol::{OfficeNumber, TerminalId};
use reference_hub::Method;

use super::door::DoorArgs;
use crate::ui::{CommandResult, End, Format, Stop, Ui};

/// Where a hub's faults are.
const FAULTS: &str = "/admin/faults";

#[derive(clap::Args)]
pub(super) struct FaultArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// 障害の一覧 / the faults that there are
    List(list::ListArgs),
    /// 仕込まれている障害を見る / what is armed in a running hub
    Show(Only),
    /// 障害を一つ仕込む / arm one more fault
    Arm(Box<ArmArgs>),
    /// 障害の組に入れ替える / arm a profile in the place of all
    Profile(ProfileArgs),
    /// 障害を外す（番号がなければすべて） / disarm one, or all
    Disarm(DisarmArgs),
    /// 起きた障害を見る / what fired
    Fired(FiredArgs),
}

#[derive(clap::Args)]
struct Only {
    #[command(flatten)]
    door: DoorArgs,
}

#[derive(clap::Args)]
struct ArmArgs {
    #[command(flatten)]
    door: DoorArgs,
    /// 障害のID / its id, see `careplan hub fault list`
    #[arg(value_name = "FAULT")]
    fault: FaultKind,
    /// この事業所だけ / for this office only
    #[arg(long, value_name = "OFFICE")]
    office: Option<OfficeNumber>,
    /// この端末だけ / for this terminal only
    #[arg(long, value_name = "TERMINAL")]
    terminal: Option<TerminalId>,
    /// この操作だけ / for this operation only
    #[arg(long, value_name = "OPERATION")]
    operation: Option<FaultOperation>,
    /// この拡張子のファイルだけ / for files that end so only
    #[arg(long, value_name = "csv")]
    file: Option<String>,
    /// 次のN回 / the next N times
    #[arg(long, value_name = "N", group = "schedule")]
    next: Option<u32>,
    /// N回に1回 / every Nth time
    #[arg(long, value_name = "N", group = "schedule")]
    every: Option<u32>,
    /// この確率で（0より大きく1以下） / with this probability
    #[arg(long, value_name = "P", group = "schedule")]
    chance: Option<f64>,
    /// 偶然を決める種 / decides what is left to chance
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Retry-After の秒数（0は付けない） / seconds of Retry-After, 0 for none
    #[arg(long, value_name = "SECONDS")]
    retry_after: Option<u32>,
    /// Retry-After を日付で書く / write Retry-After as a date
    #[arg(long)]
    as_date: bool,
    /// 待たせるミリ秒 / milliseconds to hold up
    #[arg(long, value_name = "MS")]
    wait_ms: Option<u64>,
    /// 時刻のずれ（秒） / seconds that the time is wrong by
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    shift_s: Option<i64>,
}

#[derive(clap::Args)]
struct ProfileArgs {
    #[command(flatten)]
    door: DoorArgs,
    /// quiet, realistic, hostile
    #[arg(value_name = "PROFILE", value_parser = profile)]
    profile: FaultProfile,
    /// 偶然を決める種 / decides what is left to chance
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

#[derive(clap::Args)]
struct DisarmArgs {
    #[command(flatten)]
    door: DoorArgs,
    /// `show` の番号 / its number in `show`
    #[arg(value_name = "NUMBER")]
    number: Option<u64>,
}

#[derive(clap::Args)]
struct FiredArgs {
    #[command(flatten)]
    door: DoorArgs,
    /// この通し番号より後だけ / after this sequence number only
    #[arg(long, value_name = "N", default_value_t = 0)]
    after: u64,
}

pub(super) fn run(args: &FaultArgs, ui: &Ui) -> CommandResult {
    let reply = match &args.command {
        Command::List(args) => return list::run(args, ui),
        Command::Fired(args) => return fired(args, ui),
        Command::Disarm(args) => return disarm(args, ui),
        Command::Show(args) => args.door.get(FAULTS)?,
        Command::Arm(args) => args.door.ask(Method::POST, FAULTS, &arming(args))?,
        Command::Profile(args) => {
            let wanted = FaultsWanted::profile(args.profile, args.seed);
            args.door.ask(Method::PUT, FAULTS, &wanted)?
        }
    };
    match reply {
        Ok(armed) => show(&armed, ui),
        Err(problem) => ui.problem(&problem),
    }
}

fn arming(args: &ArmArgs) -> Arming {
    let usual = Arming::new(args.fault);
    let schedule = match (args.next, args.every, args.chance) {
        (Some(times), ..) => FaultSchedule::Next(times),
        (_, Some(times), _) => FaultSchedule::Every(times),
        (.., Some(chance)) => FaultSchedule::Chance(chance),
        _ => FaultSchedule::Always,
    };
    Arming {
        scope: FaultScope {
            office: args.office,
            terminal: args.terminal.clone(),
            operation: args.operation,
            file: args.file.clone(),
        },
        schedule,
        seed: args.seed,
        retry_after: args.retry_after.unwrap_or(usual.retry_after),
        as_date: args.as_date,
        wait_ms: args.wait_ms.unwrap_or(usual.wait_ms),
        shift_s: args.shift_s.unwrap_or(usual.shift_s),
        ..usual
    }
}

fn show(state: &FaultsArmed, ui: &Ui) -> CommandResult {
    if ui.format == Format::Json {
        ui.json(state)?;
        return Ok(End::Good);
    }
    if state.armed.is_empty() {
        ui.line(ui.pick("何も仕込まれていません", "nothing is armed"));
    }
    for FaultArmed { number, arming, seen, fired } in &state.armed {
        let when = schedule_words(arming.schedule, ui);
        let whom = scope_words(&arming.scope);
        ui.line(&format!("{number:>4}  {:<18} {when} {fired}/{seen}{whom}", arming.fault));
    }
    if !state.replay.is_empty() {
        ui.note(&format!("{}: {}", ui.pick("再現", "replay"), state.replay));
    }
    Ok(End::Good)
}

fn schedule_words(schedule: FaultSchedule, ui: &Ui) -> String {
    match schedule {
        FaultSchedule::Always => ui.pick("いつも", "always").to_owned(),
        FaultSchedule::Next(times) => ui.pick(format!("次の{times}回"), format!("next {times}")),
        FaultSchedule::Every(times) => ui.pick(format!("{times}回に1回"), format!("every {times}")),
        FaultSchedule::Chance(chance) => {
            let percent = chance * 100.0;
            ui.pick(format!("確率{percent}%"), format!("chance {percent}%"))
        }
    }
}

fn scope_words(scope: &FaultScope) -> String {
    let FaultScope { office, terminal, operation, file } = scope;
    let parts = [
        office.map(|office| office.to_string()),
        terminal.as_ref().map(ToString::to_string),
        operation.map(|operation| operation.to_string()),
        file.as_ref().map(|ending| format!(".{ending}")),
    ];
    parts.into_iter().flatten().map(|part| format!(" {part}")).collect()
}

fn disarm(args: &DisarmArgs, ui: &Ui) -> CommandResult {
    let path = match args.number {
        Some(number) => format!("{FAULTS}/{number}"),
        None => FAULTS.to_owned(),
    };
    let told = args.door.wait(async |client| client.tell(Method::DELETE, &path).await)?;
    match told {
        Ok(()) => {
            ui.note(ui.pick("外しました", "disarmed"));
            Ok(End::Good)
        }
        Err(problem) => ui.problem(&problem),
    }
}

fn fired(args: &FiredArgs, ui: &Ui) -> CommandResult {
    let reply = args.door.get(&format!("{FAULTS}/fired?after={}", args.after))?;
    let fired: FaultsFired = match reply {
        Ok(fired) => fired,
        Err(problem) => return ui.problem(&problem),
    };
    if ui.format == Format::Json {
        ui.json(&fired)?;
        return Ok(End::Good);
    }
    let rfc3339 = time::format_description::well_known::Rfc3339;
    for FaultFired { sequence, at, fault, operation, office, .. } in &fired.fired {
        let at = at.truncate_to_second().format(&rfc3339).map_err(Stop::ours)?;
        let office = office.map_or_else(|| "-".to_owned(), |office| office.to_string());
        ui.line(&format!("{sequence:>5}  {at}  {fault:<18} {operation:<11} {office}"));
    }
    ui.note(&format!("{}: {}", ui.pick("起きた障害", "fired in all"), fired.total));
    Ok(End::Good)
}

fn profile(text: &str) -> Result<FaultProfile, String> {
    FaultProfile::from_word(text).ok_or_else(|| "quiet, realistic, hostile".to_owned())
}
