//! Steps that make hub and CA misbehave, by the names of the catalogue of faults.

use std::sync::Arc;

use careplan_protocol::faults::{
    Arming, FaultKind, FaultOperation, FaultProfile, FaultSchedule, FaultScope, FaultsWanted,
};
use careplan_sandbox::SandboxError;

use super::{Arguments, Step, StepResult};
use crate::{Failure, Settings, world::World};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "前提",
        pattern: "基盤と認証局の調子が{組}である",
        example: "基盤と認証局の調子が「realistic」である",
        help: "次に起動する基盤と認証局に、障害の組（quiet・realistic・hostile）を仕込む。端末は多めに試し、人は断られたことを少し待ってやり直す。--faults に代わる",
        run: |world, arguments| Box::pin(async move { set_profile(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "障害{障害}を{時機}仕込む",
        example: "障害「answer-lost」を「次の1回」仕込む",
        help: "基盤（ca- で始まるものは認証局）に障害（careplan hub fault list）を仕込む。時機は「次の3回」「5回に1回」「確率10%で」「いつも」",
        run: |world, arguments| {
            Box::pin(async move {
                let scope = FaultScope::default();
                arm(world, scope, arguments.text(0), arguments.text(1)).await
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の{操作}に障害{障害}を{時機}仕込む",
        example: "「みどりヘルパーステーション」の「fetch」に障害「download-corrupt」を「次の1回」仕込む",
        help: "この事業所のこの操作（log-in, submit, claim, fetch, receipt など）だけに障害を仕込む",
        run: |world, arguments| Box::pin(arm_for_office(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "障害をすべて外す",
        example: "障害をすべて外す",
        help: "仕込んだ障害をすべて外す",
        run: |world, _| {
            Box::pin(async {
                let disarmed = world.sandbox()?.arm_faults(&FaultsWanted::default()).await;
                disarmed.map_err(|error| failed(&error))
            })
        },
    },
    Step {
        keyword: "ならば",
        pattern: "障害{障害}が{数}回起きている",
        example: "障害「answer-lost」が1回起きている",
        help: "この障害が、起動してからちょうどこの回数起きたことを確かめる",
        run: |world, arguments| Box::pin(has_fired(world, arguments)),
    },
];

fn set_profile(world: &mut World, arguments: &Arguments) -> StepResult {
    let profile = FaultProfile::from_word(arguments.text(0));
    let profile = profile
        .ok_or_else(|| Failure::setup("quiet・realistic・hostile のどれか", arguments.text(0)))?;
    let run = world.settings()?;
    let faults = FaultsWanted::profile(profile, run.seed);
    world.settings = Some(Arc::new(Settings { faults, ..Settings::clone(&run) }));
    Ok(())
}

async fn arm_for_office(world: &mut World, arguments: Arguments) -> StepResult {
    let operation: FaultOperation =
        arguments.text(1).parse().map_err(|known| Failure::setup("操作の名前", known))?;
    let office = Some(world.office(arguments.text(0))?.number);
    let scope = FaultScope { office, operation: Some(operation), ..FaultScope::default() };
    arm(world, scope, arguments.text(2), arguments.text(3)).await
}

async fn arm(world: &World, scope: FaultScope, fault: &str, when: &str) -> StepResult {
    let schedule = schedule(when).ok_or_else(|| {
        Failure::setup("時機（「次の3回」「5回に1回」「確率10%で」「いつも」）", when)
    })?;
    let seed = world.settings()?.seed;
    let arming = Arming { scope, schedule, seed, ..Arming::new(kind(fault)?) };
    world.sandbox()?.arm_fault(arming).await.map_err(|error| failed(&error))
}

async fn has_fired(world: &mut World, arguments: Arguments) -> StepResult {
    let (kind, wanted) = (kind(arguments.text(0))?, arguments.number(1)?);
    let fired = world.sandbox()?.fired_faults().await.map_err(|error| failed(&error))?;
    let found = fired.iter().filter(|fired| fired.fault == kind).count() as u64;
    match found == wanted {
        true => Ok(()),
        false => Err(Failure::unlike(format!("{wanted}回"), format!("{found}回"))),
    }
}

fn kind(id: &str) -> Result<FaultKind, Failure> {
    id.parse().map_err(|unknown: String| Failure::setup("障害のID", unknown))
}

/// How often, in the words of a script.
fn schedule(words: &str) -> Option<FaultSchedule> {
    if words == "いつも" {
        return Some(FaultSchedule::Always);
    }
    if let Some(times) = words.strip_prefix("次の").and_then(|rest| rest.strip_suffix("回")) {
        return times.parse().ok().map(FaultSchedule::Next);
    }
    if let Some(times) = words.strip_suffix("回に1回") {
        return times.parse().ok().map(FaultSchedule::Every);
    }
    let percent = words.strip_prefix("確率")?.trim_end_matches('で').strip_suffix('%')?;
    percent.parse().ok().map(|percent: f64| FaultSchedule::Chance(percent / 100.0))
}

fn failed(error: &SandboxError) -> Failure {
    match error {
        SandboxError::Fault(why) => Failure::setup("仕込める障害", why.clone()),
        other => Failure::ours(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_said_in_words() {
        assert_eq!(schedule("いつも"), Some(FaultSchedule::Always));
        assert_eq!(schedule("次の3回"), Some(FaultSchedule::Next(3)));
        assert_eq!(schedule("5回に1回"), Some(FaultSchedule::Every(5)));
        assert_eq!(schedule("確率10%で"), Some(FaultSchedule::Chance(0.1)));
        assert_eq!(schedule("ときどき"), None);
    }
}
