//! Steps of profile plus: terminals of one office that claim a part, give back and take back, and
//! hear of arrivals.

use std::time::Duration;

use careplan_protocol::{
    DeliveryId, Party, TerminalId,
    hub::{ClaimRequest, Delivery, DeliveryState, Notice},
};
use careplan_sandbox::reference_client::Sending;
use careplan_standard::ServiceKind;
use tokio::time::timeout;

use super::{Arguments, Step, StepResult, terminals::try_to_fetch, transport};
use crate::{Failure, world::World};

/// How long a notice may take that was due long ago.
const NOTICE_WAIT: Duration = Duration::from_secs(10);

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{事業所}が{送信先}のサービス種類{種類}あてに連絡を送信する",
        example: "「見本居宅介護支援センター」が「ひかりの里」のサービス種類「12」あてに連絡を送信する",
        help: "事業所番号とサービス種類を選び、メッセージだけを送って、基盤が受け付けたことを確かめる",
        run: |world, arguments| Box::pin(send_letter(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}がサービス種類{種類}あてのものだけを受信する",
        example: "「ひかりの里」の端末「pc-1」がサービス種類「12」あてのものだけを受信する",
        help: "待っているもののうち、このサービスあてのものだけを引き取る（POST /v1/claims、plus だけ）",
        run: |world, arguments| Box::pin(claim_kind(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}がサービス種類{種類}あてと、サービスの書かれていないものを受信する",
        example: "「ひかりの里」の端末「pc-2」がサービス種類「13」あてと、サービスの書かれていないものを受信する",
        help: "このサービスあてのものと、事業所番号だけで届いたもの（3.2など）を引き取る（POST /v1/claims、plus だけ）",
        run: |world, arguments| Box::pin(claim_kind_and_unaddressed(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}が{数}番目に届いた1件だけを受信する",
        example: "「みどりヘルパーステーション」の端末「pc-2」が2番目に届いた1件だけを受信する",
        help: "事業所あてに届いた順に数え、この1件だけを引き取る（POST /v1/claims、plus だけ）",
        run: |world, arguments| Box::pin(claim_item(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}が持っているものをすべて返す",
        example: "「みどりヘルパーステーション」の端末「pc-1」が持っているものをすべて返す",
        help: "引き取ったがまだ取得していないものを、どの端末でも受信できるように戻す（plus だけ）",
        run: |world, arguments| Box::pin(async move { release(world, &arguments).await }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}が、端末{相手}の持っているものをすべて取り戻す",
        example: "「みどりヘルパーステーション」の端末「pc-2」が、端末「pc-1」の持っているものをすべて取り戻す",
        help: "動かなくなった端末が引き取ったままのものを、別の端末から戻す（plus だけ）",
        run: |world, arguments| Box::pin(take_back(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}が持っているものをすべて取得する",
        example: "「みどりヘルパーステーション」の端末「pc-2」が持っているものをすべて取得する",
        help: "引き取ってあるものだけを取得して、データ取得済にする。新しく引き取りはしない",
        run: |world, arguments| Box::pin(fetch_held(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}が、前に持っていたものを取得しようとする",
        example: "「みどりヘルパーステーション」の端末「pc-1」が、前に持っていたものを取得しようとする",
        help: "最後に引き取ったものを、いまも持っているつもりで取得してみる。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(fetch_lost(world, arguments)),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の端末{端末}には、サービス種類{種類}あてのものだけが{数}件ある",
        example: "「ひかりの里」の端末「pc-1」には、サービス種類「12」あてのものだけが1件ある",
        help: "この端末が引き取ったもの（GET /v1/deliveries）の件数と、あて先のサービスを確かめる",
        run: |world, arguments| Box::pin(async move { holds_kind(world, &arguments).await }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}では、端末{端末}が{数}件を持っている",
        example: "「みどりヘルパーステーション」では、端末「pc-1」が2件を持っている",
        help: "どの端末が何を引き取ったままか（scope=office）を尋ねて確かめる（plus だけ）",
        run: |world, arguments| {
            Box::pin(async move { is_holder(world, &arguments, arguments.number(2)?).await })
        },
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}では、端末{端末}は何も持っていない",
        example: "「みどりヘルパーステーション」では、端末「pc-2」は何も持っていない",
        help: "どの端末が何を引き取ったままか（scope=office）を尋ね、この端末が1件も持っていないことを確かめる（plus だけ）",
        run: |world, arguments| Box::pin(async move { is_holder(world, &arguments, 0).await }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}では、{数}件がどの端末のものでもない",
        example: "「みどりヘルパーステーション」では、1件がどの端末のものでもない",
        help: "どの端末にも引き取られずに待っている件数（scope=office）を確かめる（plus だけ）",
        run: |world, arguments| {
            Box::pin(async move { waits(world, &arguments, arguments.number(1)?).await })
        },
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}では、どの端末のものでもないまま残っているものはない",
        example: "「みどりヘルパーステーション」では、どの端末のものでもないまま残っているものはない",
        help: "どの端末にも引き取られずに待っているもの（scope=office）が1件もないことを確かめる（plus だけ）",
        run: |world, arguments| Box::pin(async move { waits(world, &arguments, 0).await }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の端末{端末}に、{送信元}からの到着のお知らせが届く",
        example: "「みどりヘルパーステーション」の端末「pc-1」に、「見本居宅介護支援センター」からの到着のお知らせが届く",
        help: "お知らせ（GET /v1/events）を初めから聞き、この事業所からの到着が知らされることを確かめる（plus だけ）",
        run: |world, arguments| Box::pin(async move { hears(world, &arguments).await }),
    },
];

async fn send_letter(world: &mut World, arguments: Arguments) -> StepResult {
    let office = world.office(arguments.text(1))?.number;
    let destination = Some(Party { office, kind: Some(kind(arguments.text(2))?) });
    let message = "ご確認ください".to_owned();
    let letter = Sending { message, destination, ..Sending::new(Vec::new()) };
    let mut terminal = world.terminal(arguments.text(0), None).await?;
    terminal.send(&letter).await.map(drop).map_err(transport::refusal)
}

async fn claim_kind(world: &mut World, arguments: Arguments) -> StepResult {
    let kinds = vec![kind(arguments.text(2))?];
    claim(world, &arguments, ClaimRequest { kinds, ..ClaimRequest::default() }).await
}

async fn claim_kind_and_unaddressed(world: &mut World, arguments: Arguments) -> StepResult {
    let kinds = vec![kind(arguments.text(2))?];
    let wanted = ClaimRequest { kinds, include_unaddressed: true, ..ClaimRequest::default() };
    claim(world, &arguments, wanted).await
}

async fn claim_item(world: &mut World, arguments: Arguments) -> StepResult {
    let (place, there) = (arguments.number(2)?, of_office(world, &arguments).await?);
    let found = usize::try_from(place).ok().and_then(|place| there.get(place.checked_sub(1)?));
    let missing = || Failure::unlike(format!("{place}番目"), format!("{}件", there.len()));
    let deliveries = vec![found.ok_or_else(missing)?.id.clone()];
    claim(world, &arguments, ClaimRequest { deliveries, ..ClaimRequest::default() }).await
}

async fn claim(world: &mut World, arguments: &Arguments, wanted: ClaimRequest) -> StepResult {
    let (office, name) = (arguments.text(0), arguments.text(1));
    let mut terminal = world.terminal(office, Some(name)).await?;
    let held = terminal.claim(&wanted).await.map_err(transport::refusal)?;
    let held: Vec<DeliveryId> = held.into_iter().map(|entry| entry.delivery.id).collect();
    if held.is_empty() {
        return Err(Failure::unlike("受信するものがある", "何も待っていない"));
    }
    world.claimed.insert((office.to_owned(), name.to_owned()), held);
    Ok(())
}

async fn release(world: &World, arguments: &Arguments) -> StepResult {
    let mut terminal = world.terminal(arguments.text(0), Some(arguments.text(1))).await?;
    for entry in terminal.held().await.map_err(transport::refusal)? {
        if entry.delivery.state == DeliveryState::Claimed {
            terminal.release(&entry.delivery.id).await.map_err(transport::refusal)?;
        }
    }
    Ok(())
}

async fn take_back(world: &mut World, arguments: Arguments) -> StepResult {
    let office = arguments.text(0);
    let dead = terminal_id(world, office, arguments.text(2)).await?;
    let there = of_office(world, &arguments).await?;
    let mut terminal = world.terminal(office, Some(arguments.text(1))).await?;
    for delivery in there.iter().filter(|delivery| is_held_by(delivery, &dead)) {
        terminal.take_back(&delivery.id, &dead).await.map_err(transport::refusal)?;
    }
    Ok(())
}

async fn fetch_held(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, name) = (arguments.text(0), arguments.text(1));
    let terminal = world.terminal(office, Some(name)).await?;
    transport::fetch_held(world, office, terminal).await
}

async fn fetch_lost(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, name) = (arguments.text(0), arguments.text(1));
    try_to_fetch(world, office, (name, name)).await
}

async fn holds_kind(world: &World, arguments: &Arguments) -> StepResult {
    let wanted = Some(kind(arguments.text(2))?);
    let mut terminal = world.terminal(arguments.text(0), Some(arguments.text(1))).await?;
    let held = terminal.held().await.map_err(transport::refusal)?;
    if let Some(other) = held.iter().find(|entry| entry.delivery.to.kind != wanted) {
        let found = other.delivery.to.kind.map(|kind| kind.to_string()).unwrap_or_default();
        return Err(Failure::unlike(format!("サービス種類 {}", arguments.text(2)), found));
    }
    transport::is_count(arguments.number(3)?, held.len() as u64)
}

async fn is_holder(world: &World, arguments: &Arguments, wanted: u64) -> StepResult {
    let holder = terminal_id(world, arguments.text(0), arguments.text(1)).await?;
    let there = of_office(world, arguments).await?;
    let held = there.iter().filter(|delivery| is_held_by(delivery, &holder)).count();
    transport::is_count(wanted, held as u64)
}

async fn waits(world: &World, arguments: &Arguments, wanted: u64) -> StepResult {
    let there = of_office(world, arguments).await?;
    let waiting = |delivery: &&Delivery| delivery.state == DeliveryState::Waiting;
    transport::is_count(wanted, there.iter().filter(waiting).count() as u64)
}

async fn hears(world: &World, arguments: &Arguments) -> StepResult {
    let sender = world.office(arguments.text(2))?.number;
    let mut terminal = world.terminal(arguments.text(0), Some(arguments.text(1))).await?;
    let is_other = |_: u64, notice: &Notice| match notice {
        Notice::Arrival { from, .. } => from.office != sender,
        _ => true,
    };
    match timeout(NOTICE_WAIT, terminal.watch(Some(0), is_other)).await {
        Ok(heard) => heard.map(drop).map_err(transport::refusal),
        Err(_) => Err(Failure::unlike("到着のお知らせ", "届かない")),
    }
}

/// What is there for an office, as its first terminal sees it, in the order of arrival.
async fn of_office(world: &World, arguments: &Arguments) -> Result<Vec<Delivery>, Failure> {
    let mut terminal = world.terminal(arguments.text(0), None).await?;
    terminal.holders().await.map_err(transport::refusal)
}

async fn terminal_id(world: &World, office: &str, name: &str) -> Result<TerminalId, Failure> {
    Ok(world.terminal(office, Some(name)).await?.id().clone())
}

fn is_held_by(delivery: &Delivery, holder: &TerminalId) -> bool {
    delivery.state == DeliveryState::Claimed && delivery.terminal.as_ref() == Some(holder)
}

fn kind(text: &str) -> Result<ServiceKind, Failure> {
    text.parse().map_err(|_| Failure::setup("2桁のサービス種類", text))
}
