//! Steps of a terminal that listens for notices (profile plus), and of its line.

use std::time::{Duration, Instant};

use careplan_protocol::{DeliveryId, hub::Notice};
use tokio::time::sleep;

use super::{Arguments, Step, StepResult, transport};
use crate::{
    Failure,
    line::{Fate, Line},
    listener::Listener,
    world::World,
};

/// How long notices may take that are due, the way back to a mended line included.
const NOTICE_WAIT: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(10);

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "前提",
        pattern: "{事業所}が、切れることのある回線でつながっている",
        example: "「みどりヘルパーステーション」が、切れることのある回線でつながっている",
        help: "この事業所と基盤の間に回線を引く。まだ切れていない",
        run: |world, arguments| Box::pin(async move { lay(world, &arguments).await }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の回線が切れる",
        example: "「みどりヘルパーステーション」の回線が切れる",
        help: "引いてある回線を切る。つながっている接続も、次に何かが通ろうとしたときに切れる",
        run: |world, arguments| Box::pin(async move { cut(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}がお知らせを聞き始める",
        example: "「みどりヘルパーステーション」の端末「pc-2」がお知らせを聞き始める",
        help: "シナリオの終わりまで、初めのお知らせから聞き続ける（careplan client watch、plus だけ）。その間、この端末はほかのことに使えない",
        run: |world, arguments| Box::pin(start(world, arguments)),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の端末{端末}は、到着のお知らせを{数}件、もれも重なりもなく聞いている",
        example: "「みどりヘルパーステーション」の端末「pc-2」は、到着のお知らせを2件、もれも重なりもなく聞いている",
        help: "聞き始めてからの到着が、事業所に届いているもの（scope=office）と同じ順に1回ずつであることを確かめる（plus だけ）",
        run: |world, arguments| Box::pin(has_heard(world, arguments)),
    },
];

async fn lay(world: &mut World, arguments: &Arguments) -> StepResult {
    let office = world.office(arguments.text(0))?.name.clone();
    let line = Line::lay(world.sandbox()?.hub_address()).await;
    world.lines.insert(office, line.map_err(|error| Failure::ours(error.to_string()))?);
    Ok(())
}

fn cut(world: &World, arguments: &Arguments) -> StepResult {
    let office = arguments.text(0);
    let line = world.lines.get(office);
    line.ok_or_else(|| Failure::setup("この事業所に引いた回線", office))?.set(Fate::Torn);
    Ok(())
}

async fn start(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, name) = (arguments.text(0), arguments.text(1));
    let terminal = world.terminal(office, Some(name)).await?;
    let seat = (office.to_owned(), name.to_owned());
    world.listeners.insert(seat, Listener::start(terminal));
    Ok(())
}

async fn has_heard(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, name, wanted) = (arguments.text(0), arguments.text(1), arguments.number(2)?);
    let seat = (office.to_owned(), name.to_owned());
    let listener = world.listeners.get_mut(&seat);
    let listener = listener.ok_or_else(|| Failure::setup("先にお知らせを聞き始める手順", name))?;
    let patience = Instant::now() + NOTICE_WAIT;
    let mut heard = arrivals(listener);
    while (heard.len() as u64) < wanted && Instant::now() < patience {
        if let Some(why) = listener.end().await {
            return Err(Failure::unlike("聞き続けている", why));
        }
        sleep(LOOK_EVERY).await;
        heard = arrivals(listener);
    }
    transport::is_count(wanted, heard.len() as u64)?;
    let mut terminal = world.terminal(office, None).await?;
    let there = terminal.holders().await.map_err(transport::refusal)?;
    let there: Vec<DeliveryId> = there.into_iter().map(|delivery| delivery.id).collect();
    match heard == there {
        true => Ok(()),
        false => Err(Failure::unlike(format!("{there:?}"), format!("{heard:?}"))),
    }
}

/// The arrivals that were told, in order.
fn arrivals(listener: &Listener) -> Vec<DeliveryId> {
    let arrival = |(_, notice)| match notice {
        Notice::Arrival { id, .. } => Some(id),
        _ => None,
    };
    listener.heard().into_iter().filter_map(arrival).collect()
}
