//! Steps of a hub that is down: how the terminals behave meanwhile, and what waits on them.

use std::collections::BTreeMap;

use careplan_protocol::{OfficeNumber, Party};
use careplan_sandbox::reference_client::{ClientError, Patience, Sending};
use futures::future::join_all;
use time::{Duration, OffsetDateTime};

use super::{
    Arguments, Step, StepResult,
    transport::{is_count, outcome, refusal},
};
use crate::{Failure, world::World};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "前提",
        pattern: "端末は製品のとおりの間をおいて試し直す",
        example: "端末は製品のとおりの間をおいて試し直す",
        help: "次に起動する端末が、シナリオ用の短い待ち時間ではなく、参照クライアントの既定の回数と待ち時間で試し直すようにする",
        run: |world, _| {
            Box::pin(async {
                world.patience = Some(Patience::default());
                Ok(())
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "次の事業所が同時に、{送信先}あてに連絡を送信する",
        example: "次の事業所が同時に、「見本居宅介護支援センター」あてに連絡を送信する",
        help: "下の表の事業所（列は 事業所）が、メッセージだけの送信を同じときに始め、どれも受け付けられたことを確かめる",
        run: |world, arguments| Box::pin(async move { send_at_once(world, &arguments).await }),
    },
    Step {
        keyword: "ならば",
        pattern: "障害{障害}は、どの事業所にも{秒}秒以上あけて{回数}回ずつ起きている",
        example: "障害「refuse-503」は、どの事業所にも「1」秒以上あけて「2」回ずつ起きている",
        help: "基盤の記録を見て、この障害に遭った事業所がどれも同じ回数だけ遭い、次の要求までこの秒数以上（Retry-After）待っていたことを確かめる",
        run: |world, arguments| Box::pin(async move { is_spaced(world, &arguments).await }),
    },
    Step {
        keyword: "ならば",
        pattern: "どの事業所も、直前の通信で{数}回より多くは要求していない",
        example: "どの事業所も、直前の通信で5回より多くは要求していない",
        help: "端末が基盤と通信した最後の手順で、事業所ごとの要求の数がこれを超えないことを確かめる",
        run: |world, arguments| Box::pin(async move { is_no_storm(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が送信を再開しようとする",
        example: "「見本居宅介護支援センター」が送信を再開しようとする",
        help: "途切れた送信のうち最も古いものを、同じ Idempotency-Key で送り直してみる。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(try_to_resume(world, arguments)),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の未送信に{数}件残っている",
        example: "「見本居宅介護支援センター」の未送信に1件残っている",
        help: "端末が送れずに持っているもの（次の送信や再開で、同じ Idempotency-Key で送るもの）の件数を確かめる。基盤には尋ねない",
        run: |world, arguments| {
            Box::pin(async move { waits_here(world, &arguments, arguments.number(1)?).await })
        },
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の未送信に残っているものはない",
        example: "「見本居宅介護支援センター」の未送信に残っているものはない",
        help: "端末が送れずに持っているものが1件もないことを確かめる。基盤には尋ねない",
        run: |world, arguments| Box::pin(async move { waits_here(world, &arguments, 0).await }),
    },
];

async fn send_at_once(world: &World, arguments: &Arguments) -> StepResult {
    let to = world.office(arguments.text(0))?.number;
    let letter = Sending {
        message: "8月のご利用はありませんでした".to_owned(),
        destination: Some(Party { office: to, kind: None }),
        ..Sending::new(Vec::new())
    };
    let send = async |office: &str| {
        let mut terminal = world.terminal(office, None).await?;
        terminal.send(&letter).await.map(drop).map_err(refusal)
    };
    let offices = arguments.rows(1)?.iter().filter_map(|row| row.first());
    join_all(offices.map(|office| send(office))).await.into_iter().collect()
}

async fn try_to_resume(world: &mut World, arguments: Arguments) -> StepResult {
    let resumed = world.terminal(arguments.text(0), None).await?.resume().await.map_err(refusal)?;
    let first = resumed.into_iter().next();
    let first = first.ok_or_else(|| Failure::unlike("途切れた送信が1件ある", "1件もない"))?;
    world.attempt = Some(outcome(first.outcome)?);
    Ok(())
}

async fn is_spaced(world: &World, arguments: &Arguments) -> StepResult {
    let [fault, seconds, times] = [0, 1, 2].map(|at| arguments.text(at));
    let (seconds, times) = match (seconds.parse::<f64>(), times.parse::<usize>()) {
        (Ok(seconds), Ok(times)) => (Duration::seconds_f64(seconds), times),
        _ => return Err(Failure::setup("秒と回数の数", format!("{seconds}・{times}"))),
    };
    let fired = world.sandbox()?.fired_faults().await;
    let fired = fired.map_err(|error| Failure::ours(error.to_string()))?;
    let mut met: BTreeMap<Option<OfficeNumber>, Vec<OffsetDateTime>> = BTreeMap::new();
    for one in fired.into_iter().filter(|one| one.fault.id() == fault) {
        met.entry(one.office).or_default().push(one.at);
    }
    let is_so = |moments: &Vec<OffsetDateTime>| {
        moments.len() == times && moments.windows(2).all(|pair| seconds <= pair[1] - pair[0])
    };
    if !met.is_empty() && met.values().all(is_so) {
        return Ok(());
    }
    let told = |(office, moments): (&Option<OfficeNumber>, &Vec<OffsetDateTime>)| {
        let gaps =
            moments.windows(2).map(|pair| format!("{:.2}秒", (pair[1] - pair[0]).as_seconds_f64()));
        format!("{office:?}: {}回 {}", moments.len(), gaps.collect::<Vec<_>>().join("・"))
    };
    let found: Vec<_> = met.iter().map(told).collect();
    Err(Failure::unlike(format!("どの事業所も{times}回、間は{seconds}以上"), found.join("\n")))
}

fn is_no_storm(world: &World, arguments: &Arguments) -> StepResult {
    let most = arguments.number(0)?;
    let asked = world.asked_last();
    if asked.is_empty() {
        return Err(Failure::setup("先に端末が基盤と通信する手順", "まだ通信がありません"));
    }
    match asked.values().all(|times| *times as u64 <= most) {
        true => Ok(()),
        false => Err(Failure::unlike(format!("{most}回まで"), format!("{asked:?}"))),
    }
}

async fn waits_here(world: &World, arguments: &Arguments, wanted: u64) -> StepResult {
    let terminal = world.terminal(arguments.text(0), None).await?;
    let waiting = terminal.outbox().map_err(|error: ClientError| refusal(error))?;
    is_count(wanted, waiting.len() as u64)
}
