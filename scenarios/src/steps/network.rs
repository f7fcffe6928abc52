//! Steps on an office's line to the hub: cut it, swallow an answer, mend it.

use super::{Arguments, Step, StepResult, door::told};
use crate::{
    Failure,
    line::{Fate, Line},
    world::{Attempt, World},
};

/// More than a connection needs to come about and to log in, less than the sending that follows.
const BEFORE_ANSWER_BYTES: u64 = 100_000;

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{事業所}の回線が、あと{数}バイト送ったところで切れるようにする",
        example: "「見本居宅介護支援センター」の回線が、あと100000バイト送ったところで切れるようにする",
        help: "この事業所と基盤の間に回線を引き、暗号化されたバイト数を数えて切る。切れた回線は直すまで使えない",
        run: |world, arguments| {
            Box::pin(async move {
                let fate = Fate::TearsAfter(arguments.number(1)?);
                lay(world, arguments.text(0), fate).await
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の回線が、送信への答えを届けないようにする",
        example: "「見本居宅介護支援センター」の回線が、送信への答えを届けないようにする",
        help: "送信（100KBより大きいもの）は基盤に届くが、その答えが戻る前に回線が切れる",
        run: |world, arguments| {
            Box::pin(async move {
                let fate = Fate::SwallowsAnswerAfter(BEFORE_ANSWER_BYTES);
                lay(world, arguments.text(0), fate).await
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の回線が元に戻る",
        example: "「見本居宅介護支援センター」の回線が元に戻る",
        help: "切れた回線を直す",
        run: |world, arguments| Box::pin(async move { mend(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "送信は途切れている",
        example: "送信は途切れている",
        help: "直前の送信が、断られたのではなく回線のせいで終わらなかったことを確かめる",
        run: |world, _| Box::pin(async { is_cut_off(world) }),
    },
];

async fn lay(world: &mut World, office: &str, fate: Fate) -> StepResult {
    world.office(office)?;
    let hub = world.sandbox()?.hub_address();
    let line = Line::lay(hub).await.map_err(|error| Failure::ours(error.to_string()))?;
    line.set(fate);
    world.lines.insert(office.to_owned(), line);
    Ok(())
}

fn mend(world: &World, arguments: &Arguments) -> StepResult {
    let office = arguments.text(0);
    let line = world.lines.get(office);
    line.ok_or_else(|| Failure::setup("この事業所に引いた回線", office))?.set(Fate::Sound);
    Ok(())
}

fn is_cut_off(world: &World) -> StepResult {
    let torn = world.lines.values().any(|line| line.fate() == Fate::Torn);
    match &world.attempt {
        Some(Attempt::CutOff) if torn => Ok(()),
        other => Err(Failure::unlike("回線が切れて送信が途切れている", told(other.as_ref()))),
    }
}
