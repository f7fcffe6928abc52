//! Steps on a hub that is a process of its own.

use super::{Step, StepResult};
use crate::{Failure, world::World};

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
];

async fn kill(world: &mut World) -> StepResult {
    let killed = world.sandbox_mut()?.kill_hub().await;
    killed.map_err(|error| Failure::setup("別プロセスの基盤", error.to_string()))
}

async fn restart(world: &mut World) -> StepResult {
    let started = world.sandbox_mut()?.restart_hub().await;
    started.map_err(|error| Failure::unlike("基盤が起動する", error.to_string()))
}
