//! `careplan hub clock`: what the stack's clock tells, and setting, stepping and freezing it.

use careplan_protocol::admin::{ClockChange, ClockState};
use reference_hub::Method;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::door::DoorArgs;
use crate::ui::{CommandResult, End, Format, Stop, Ui};

#[derive(clap::Args)]
pub(super) struct ClockArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// 今の時刻を見る / what time it is
    Show(Only),
    /// 時刻を合わせる / make it this time
    Set(Set),
    /// 時刻を進める・戻す / move it on, or back
    Step(Step),
    /// 時計を止める / make it stand
    Freeze(Only),
    /// 止めた時計を動かす / let it run again
    Thaw(Only),
}

#[derive(clap::Args)]
struct Only {
    #[command(flatten)]
    door: DoorArgs,
}

#[derive(clap::Args)]
struct Set {
    #[command(flatten)]
    door: DoorArgs,
    /// 日時（RFC 3339） / a moment, such as 2026-04-01T09:00:00+09:00
    #[arg(value_name = "MOMENT", value_parser = moment)]
    moment: OffsetDateTime,
}

#[derive(clap::Args)]
struct Step {
    #[command(flatten)]
    door: DoorArgs,
    /// 進める長さ（戻すときは前に -） / how far: 90s, 5m, 2h, 40d or 3y of 365 days; - for back
    #[arg(value_name = "LENGTH", value_parser = seconds, allow_hyphen_values = true)]
    length: i64,
}

pub(super) fn run(args: &ClockArgs, ui: &Ui) -> CommandResult {
    let nothing = ClockChange::default();
    let frozen = |frozen| ClockChange { frozen: Some(frozen), ..ClockChange::default() };
    let (door, change) = match &args.command {
        Command::Show(args) => (&args.door, nothing),
        Command::Set(args) => (&args.door, ClockChange { set: Some(args.moment), ..nothing }),
        Command::Step(args) => {
            (&args.door, ClockChange { step_seconds: Some(args.length), ..nothing })
        }
        Command::Freeze(args) => (&args.door, frozen(true)),
        Command::Thaw(args) => (&args.door, frozen(false)),
    };
    let reply = match change == ClockChange::default() {
        true => door.get("/admin/clock")?,
        false => door.ask(Method::PUT, "/admin/clock", &change)?,
    };
    match reply {
        Ok(state) => show(&state, ui),
        Err(problem) => ui.problem(&problem),
    }
}

fn show(state: &ClockState, ui: &Ui) -> CommandResult {
    match ui.format {
        Format::Json => ui.json(state)?,
        Format::Human => {
            let now = state.now.format(&Rfc3339).map_err(Stop::ours)?;
            let runs = match state.frozen {
                true => ui.pick("止まっています", "stands"),
                false => ui.pick("動いています", "runs"),
            };
            ui.line(&format!("{now}  {runs}"));
        }
    }
    Ok(End::Good)
}

pub(super) fn moment(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(|_| {
        "2026-04-01T09:00:00+09:00 の形で書いてください / write it like 2026-04-01T09:00:00+09:00"
            .to_owned()
    })
}

fn seconds(text: &str) -> Result<i64, String> {
    let wrong = || "90s, 5m, 2h, 40d, 3y の形で書いてください / write it like 90s, 5m, 2h, 40d, 3y";
    let unit = match text.chars().next_back() {
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 60 * 60,
        Some('d') => 24 * 60 * 60,
        Some('y') => 365 * 24 * 60 * 60,
        _ => return Err(wrong().to_owned()),
    };
    let count: i64 = text[..text.len() - 1].parse().map_err(|_| wrong().to_owned())?;
    count.checked_mul(unit).ok_or_else(|| wrong().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_a_number_and_a_unit() {
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("-2h"), Ok(-7200));
        assert_eq!(seconds("3y"), Ok(3 * 365 * 86_400));
        for bad in ["", "3", "y", "3年", "1.5h", "9999999999999999y"] {
            assert!(seconds(bad).is_err(), "{bad}");
        }
    }
}
