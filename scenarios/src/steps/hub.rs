//! Steps on the hub: its process, where it has one of its own, and the clock.

use careplan_protocol::admin::{ClockChange, ClockState};
use careplan_sandbox::reference_hub::Method;

use super::{Step, StepResult};
use crate::{Failure, line::Line, world::World};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "基盤を強制終了する",
        example: "基盤を強制終了する",
        help: "基盤のプロセスを、後始末の機会を与えずに終わらせる（別プロセスの基盤だけ）",
        run: |world, _| Box::pin(kill(world)),
    },
    Step {
        keyword: "もし",
        pattern: "基盤を起動し直す",
        example: "基盤を起動し直す",
        help: "終わった基盤を同じアドレス・同じ保管場所で起動し直す",
        run: |world, _| Box::pin(restart(world)),
    },
    Step {
        keyword: "前提",
        pattern: "同じ保管場所で基盤をもう1つ起動する",
        example: "同じ保管場所で基盤をもう1つ起動する",
        help: "もう1つの基盤のプロセスを、空いているポートで起動する（PostgreSQLに保管する基盤だけ）",
        run: |world, _| Box::pin(start_second(world)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}をもう1つの基盤につなぐ",
        example: "「みどりヘルパーステーション」をもう1つの基盤につなぐ",
        help: "この事業所の端末の要求が、これからはもう1つの基盤に届くようにする",
        run: |world, arguments| Box::pin(async move { to_second(world, arguments.text(0)).await }),
    },
    Step {
        keyword: "もし",
        pattern: "時計を{数}分進める",
        example: "時計を30分進める",
        help: "基盤の時計を進める（PUT /admin/clock）。別プロセスの基盤でなければ、認証局と端末の時計も同じ",
        run: |world, arguments| {
            Box::pin(async move { step_clock(world, arguments.number(0)?).await })
        },
    },
];

async fn step_clock(world: &World, minutes: u64) -> StepResult {
    let seconds = i64::try_from(minutes).ok().and_then(|minutes| minutes.checked_mul(60));
    let seconds = seconds.ok_or_else(|| Failure::setup("分", minutes.to_string()))?;
    let change = ClockChange { step_seconds: Some(seconds), ..ClockChange::default() };
    let admin = world.sandbox()?.admin().map_err(|error| Failure::ours(error.to_string()))?;
    let stepped = admin.ask(Method::PUT, "/admin/clock", &change).await;
    let stepped = stepped.map(|_: ClockState| ());
    stepped.map_err(|error| Failure::unlike("時計が進む", error.to_string()))
}

async fn kill(world: &mut World) -> StepResult {
    let killed = world.sandbox_mut()?.kill_hub().await;
    killed.map_err(|error| Failure::setup("別プロセスの基盤", error.to_string()))
}

async fn restart(world: &mut World) -> StepResult {
    let started = world.sandbox_mut()?.restart_hub().await;
    started.map_err(|error| Failure::unlike("基盤が起動する", error.to_string()))
}

async fn start_second(world: &mut World) -> StepResult {
    let started = world.sandbox_mut()?.start_second_hub().await;
    let address =
        started.map_err(|error| Failure::unlike("もう1つの基盤が起動する", error.to_string()))?;
    world.second_hub = Some(address);
    Ok(())
}

async fn to_second(world: &mut World, office: &str) -> StepResult {
    let hub = world.second_hub.ok_or_else(|| {
        Failure::setup("先に「同じ保管場所で基盤をもう1つ起動する」", "基盤は1つだけです")
    })?;
    let name = world.office(office)?.name.clone();
    let line = Line::lay(hub).await.map_err(|error| Failure::ours(error.to_string()))?;
    world.lines.insert(name, line);
    Ok(())
}
