//! Steps of an office with several terminals, in both profiles: which of them opens 受信一覧 first,
//! what each can see and open, what lies in the folder that they share.

use std::{collections::BTreeMap, fs, path::PathBuf};

use careplan_protocol::{
    DeliveryId,
    hub::{Delivery, DeliveryState},
};
use careplan_sandbox::{
    care_software::{Ledger, home},
    reference_client::{ClientError, InboxEntry, Sending, SendingFile},
};
use careplan_standard::{FileName, Standard};

use super::{
    Arguments, Step, StepResult,
    samples::{self, same_files},
    transport,
};
use crate::{
    Failure, Way,
    world::{NamedBytes, World},
};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "前提",
        pattern: "{事業所}に端末を{数}台そろえる",
        example: "「みどりヘルパーステーション」に端末を4台そろえる",
        help: "初めからある「pc-1」に加えて「pc-2」「pc-3」…を登録し、合わせてこの台数にする",
        run: |world, arguments| Box::pin(equip(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}が受信一覧を開くと、未取得が{数}件ある",
        example: "「みどりヘルパーステーション」の端末「pc-1」が受信一覧を開くと、未取得が1件ある",
        help: "待っているものはこの端末が引き取る（POST /v1/claims）。取得はせず、この端末のものになった未取得の件数を確かめる",
        run: |world, arguments| Box::pin(open_list(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}が受信して{数}件を取得する",
        example: "「みどりヘルパーステーション」の端末「pc-2」が受信して1件を取得する",
        help: "受信一覧を開き、未取得のものをすべて事業所の共有フォルダに取得して、データ取得済にする。ちょうどこの件数であることを確かめる（0でもよい）",
        run: |world, arguments| Box::pin(receive(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}が見本{見本}を送信する",
        example: "「見本居宅介護支援センター」の端末「pc-2」が見本「v4-slip」を送信する",
        help: "見本のファイル一式をこの端末から送り、基盤が受け付けたことを確かめる",
        run: |world, arguments| Box::pin(send_sample(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が出力したファイルを、あて先ごとに送信する",
        example: "「見本居宅介護支援センター」が出力したファイルを、あて先ごとに送信する",
        help: "介護ソフトが直前に出力したものを一括送信する。あて先（4.1では事業所番号とサービス種類）ごとに1回の送信になる",
        run: |world, arguments| Box::pin(send_by_destination(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}が、端末{相手}の受け取ったものを取得しようとする",
        example: "「みどりヘルパーステーション」の端末「pc-2」が、端末「pc-1」の受け取ったものを取得しようとする",
        help: "ほかの端末が引き取った最初の1件を、その配信IDで取得してみる。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(fetch_of_other(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}が、端末{相手}の受け取ったものを取り戻そうとする",
        example: "「みどりヘルパーステーション」の端末「pc-2」が、端末「pc-1」の受け取ったものを取り戻そうとする",
        help: "ほかの端末が引き取った最初の1件を、その配信IDで取り戻してみる。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(take_back_of_other(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}が、受け取ったものを返そうとする",
        example: "「みどりヘルパーステーション」の端末「pc-1」が、受け取ったものを返そうとする",
        help: "この端末が引き取った最初の1件を返してみる。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(give_back(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}が、どの端末が何を受け取ったかを尋ねる",
        example: "「みどりヘルパーステーション」の端末「pc-2」が、どの端末が何を受け取ったかを尋ねる",
        help: "事業所の受信状況（scope=office）を尋ねてみる。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(ask_holders(world, arguments)),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}のどの端末からも、端末{端末}が{数}件を受け取ったと分かる",
        example: "「みどりヘルパーステーション」のどの端末からも、端末「pc-1」が2件を受け取ったと分かる",
        help: "事業所のすべての端末から順に尋ね（scope=office）、引き取った件数（取得済も含む）が同じであることを確かめる（plus だけ）",
        run: |world, arguments| {
            Box::pin(async move { is_known(world, &arguments, arguments.number(2)?).await })
        },
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}のどの端末からも、端末{端末}は何も受け取っていないと分かる",
        example: "「みどりヘルパーステーション」のどの端末からも、端末「pc-3」は何も受け取っていないと分かる",
        help: "事業所のすべての端末から順に尋ね（scope=office）、引き取ったものが取得済も含めて1件もないことを確かめる（plus だけ）",
        run: |world, arguments| Box::pin(async move { is_known(world, &arguments, 0).await }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の端末{端末}の送信一覧には{数}件あり、うち{数}件が取得済である",
        example: "「見本居宅介護支援センター」の端末「pc-2」の送信一覧には2件あり、うち1件が取得済である",
        help: "送信一覧を基盤に尋ねて件数を確かめる。actual ではこの端末から、plus では事業所のどの端末からでも送ったものが並ぶ",
        run: |world, arguments| Box::pin(async move { sent_list(world, &arguments).await }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の共有フォルダに見本{見本}がちょうど{数}回分ある",
        example: "「みどりヘルパーステーション」の共有フォルダに見本「v4-slip」がちょうど1回分ある",
        help: "事業所の端末がみな取得先にしているフォルダを見て、見本と1バイトも違わない一式がいくつあるかを数える",
        run: |world, arguments| {
            Box::pin(async move { is_in_folder(world, &arguments, arguments.number(2)?) })
        },
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の共有フォルダに見本{見本}はない",
        example: "「みどりヘルパーステーション」の共有フォルダに見本「v4-slip」はない",
        help: "事業所の端末がみな取得先にしているフォルダに、見本と1バイトも違わない一式が1つもないことを確かめる",
        run: |world, arguments| Box::pin(async move { is_in_folder(world, &arguments, 0) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}が取得したファイルは、どれもサービス種類{種類}あてである",
        example: "「ひかりの里」が取得したファイルは、どれもサービス種類「13」あてである",
        help: "直前に取得したファイルの名前から、送信先のサービス種類を確かめる（4.1のファイル名）",
        run: |world, arguments| Box::pin(async move { is_for_kind(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}が取得した予定に、サービス種類{種類}の行がある",
        example: "「ひかりの里」が取得した予定に、サービス種類「13」の行がある",
        help: "直前に取得した第6表を読み、この事業所が行うこの種類のサービスがあることを確かめる",
        run: |world, arguments| Box::pin(async move { has_kind(world, &arguments) }),
    },
];

/// Notes what a terminal has and has not fetched.
pub(super) fn note_open(world: &mut World, seat: (&str, &str), listed: &[InboxEntry]) -> u64 {
    let open = listed.iter().filter(|entry| entry.delivery.state != DeliveryState::Fetched);
    let open: Vec<DeliveryId> = open.map(|entry| entry.delivery.id.clone()).collect();
    let count = open.len() as u64;
    world.claimed.insert((seat.0.to_owned(), seat.1.to_owned()), open);
    count
}

async fn equip(world: &mut World, arguments: Arguments) -> StepResult {
    let office = world.office(arguments.text(0))?.number;
    for place in 2..=arguments.number(1)? {
        let added = world.sandbox_mut()?.add_terminal(office, &format!("pc-{place}")).await;
        added.map_err(|error| Failure::unlike("端末を登録できる", error.to_string()))?;
    }
    Ok(())
}

async fn open_list(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, name) = (arguments.text(0), arguments.text(1));
    let mut terminal = world.terminal(office, Some(name)).await?;
    let listed = terminal.inbox().await.map_err(transport::refusal)?;
    drop(terminal);
    let open = note_open(world, (office, name), &listed);
    transport::is_count(arguments.number(2)?, open)
}

async fn receive(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, name) = (arguments.text(0), arguments.text(1));
    let mut terminal = world.terminal(office, Some(name)).await?;
    let listed = terminal.inbox().await.map_err(transport::refusal)?;
    note_open(world, (office, name), &listed);
    let fetched = transport::fetch_open(world, office, terminal).await?;
    transport::is_count(arguments.number(2)?, fetched)
}

async fn send_sample(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, name) = (arguments.text(0), arguments.text(1));
    let files = samples::files(arguments.text(2))?;
    let mut terminal = world.terminal(office, Some(name)).await?;
    terminal.send(&sending(&files)).await.map_err(transport::refusal)?;
    note_sent(world, office, files);
    Ok(())
}

async fn send_by_destination(world: &mut World, arguments: Arguments) -> StepResult {
    let office = arguments.text(0);
    let written = world.written.get(office);
    let written = written.ok_or_else(|| Failure::setup("先に介護ソフトで出力する手順", office))?;
    // The software has a folder for each destination.
    let mut by_folder: BTreeMap<_, Vec<PathBuf>> = BTreeMap::new();
    for path in written {
        by_folder.entry(path.parent()).or_default().push(path.clone());
    }
    let each: Result<Vec<_>, _> = by_folder.values().map(|paths| transport::read(paths)).collect();
    let each = each?;
    let sendings: Vec<Sending> = each.iter().map(|files| sending(files)).collect();
    let outcomes = world.terminal(office, None).await?.send_all(&sendings).await;
    for outcome in outcomes {
        outcome.map_err(transport::refusal)?;
    }
    note_sent(world, office, each.concat());
    Ok(())
}

fn sending(files: &[NamedBytes]) -> Sending {
    let of = |(name, bytes): &NamedBytes| SendingFile { name: name.clone(), bytes: bytes.clone() };
    Sending::new(files.iter().map(of).collect())
}

fn note_sent(world: &mut World, office: &str, files: Vec<NamedBytes>) {
    for (name, bytes) in &files {
        world.note_file(office, Way::Sent, name, bytes);
    }
    world.sent.insert(office.to_owned(), files);
}

/// The first of what a terminal of an office had when it last opened its list.
fn first_of(world: &World, office: &str, name: &str) -> Result<DeliveryId, Failure> {
    let noted = world.claimed.get(&(office.to_owned(), name.to_owned()));
    let first = noted.and_then(|open| open.first());
    first.cloned().ok_or_else(|| Failure::setup("先にこの端末が受信一覧を開く手順", name))
}

async fn fetch_of_other(world: &mut World, arguments: Arguments) -> StepResult {
    let [office, name, other] = [0, 1, 2].map(|at| arguments.text(at));
    try_to_fetch(world, office, (name, other)).await
}

/// Tries to fetch, at one terminal, the first of what another (or the same) had when it last opened
/// its list, and notes how it went.
pub(super) async fn try_to_fetch(
    world: &mut World,
    office: &str,
    (name, holder): (&str, &str),
) -> StepResult {
    let (id, into) = (first_of(world, office, holder)?, world.office(office)?.received.clone());
    let outcome = world.terminal(office, Some(name)).await?.fetch(&id, &into).await;
    note_attempt(world, outcome)
}

async fn take_back_of_other(world: &mut World, arguments: Arguments) -> StepResult {
    let [office, name, other] = [0, 1, 2].map(|at| arguments.text(at));
    let id = first_of(world, office, other)?;
    let holder = world.terminal(office, Some(other)).await?.id().clone();
    let outcome = world.terminal(office, Some(name)).await?.take_back(&id, &holder).await;
    note_attempt(world, outcome)
}

async fn give_back(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, name) = (arguments.text(0), arguments.text(1));
    let id = first_of(world, office, name)?;
    let outcome = world.terminal(office, Some(name)).await?.release(&id).await;
    note_attempt(world, outcome)
}

async fn ask_holders(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, name) = (arguments.text(0), arguments.text(1));
    let outcome = world.terminal(office, Some(name)).await?.holders().await;
    note_attempt(world, outcome)
}

fn note_attempt<T>(world: &mut World, outcome: Result<T, ClientError>) -> StepResult {
    world.attempt = Some(transport::outcome(outcome)?);
    Ok(())
}

async fn is_known(world: &World, arguments: &Arguments, wanted: u64) -> StepResult {
    let (office, name) = (arguments.text(0), arguments.text(1));
    let holder = world.terminal(office, Some(name)).await?.id().clone();
    for seat in &world.office(office)?.terminals {
        let mut terminal = world.terminal(office, Some(&seat.name)).await?;
        let there = terminal.holders().await.map_err(transport::refusal)?;
        let is_theirs = |delivery: &&Delivery| delivery.terminal.as_ref() == Some(&holder);
        let found = there.iter().filter(is_theirs).count();
        transport::is_count(wanted, found as u64).map_err(|failure| Failure {
            found: format!("{}（端末{}から見て）", failure.found, seat.name),
            ..failure
        })?;
    }
    Ok(())
}

async fn sent_list(world: &World, arguments: &Arguments) -> StepResult {
    let mut terminal = world.terminal(arguments.text(0), Some(arguments.text(1))).await?;
    let sent = terminal.sent_at_hub().await.map_err(transport::refusal)?;
    let fetched = sent.iter().filter(|one| one.state == DeliveryState::Fetched).count();
    transport::is_count(arguments.number(2)?, sent.len() as u64)?;
    transport::is_count(arguments.number(3)?, fetched as u64)
}

fn is_in_folder(world: &World, arguments: &Arguments, wanted: u64) -> StepResult {
    let sample = samples::files(arguments.text(1))?;
    let received = &world.office(arguments.text(0))?.received;
    let unreadable = |error: std::io::Error| Failure::ours(error.to_string());
    let mut found = 0;
    for delivery in fs::read_dir(received).map_err(unreadable)? {
        let folder = delivery.map_err(unreadable)?.path();
        let files = fs::read_dir(folder).map_err(unreadable)?;
        let files: Result<Vec<_>, _> = files.map(|file| file.map(|file| file.path())).collect();
        if same_files(&sample, &transport::read(&files.map_err(unreadable)?)?).is_ok() {
            found += 1;
        }
    }
    transport::is_count(wanted, found)
}

fn is_for_kind(world: &World, arguments: &Arguments) -> StepResult {
    let wanted = arguments.text(1);
    for (name, _) in transport::fetched(world, arguments.text(0))? {
        let kind = FileName::parse(&name).ok().and_then(|name| name.to.kind);
        if kind.is_none_or(|kind| kind.as_str() != wanted) {
            return Err(Failure::unlike(format!("サービス種類 {wanted} あてのファイル名"), name));
        }
    }
    Ok(())
}

fn has_kind(world: &World, arguments: &Arguments) -> StepResult {
    let (office, wanted) = (arguments.text(0), arguments.text(1));
    let fetched = world.fetched.get(office);
    let fetched =
        fetched.ok_or_else(|| Failure::setup("先に受信してデータを取得する手順", office))?;
    let unread = |error: careplan_sandbox::care_software::SoftwareError| {
        Failure::unlike("読める第6表", error.to_string())
    };
    let files = home::read_files(fetched).map_err(unread)?;
    let ledger = Ledger::replay(&files, Standard::bundled()).map_err(unread)?;
    let own = world.office(office)?.number;
    let own = ledger.planned.iter().map(|held| &held.row).filter(|row| row.office == own);
    let mut kinds: Vec<&str> = own.map(|row| row.kind()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    match kinds.contains(&wanted) {
        true => Ok(()),
        false => Err(Failure::unlike(wanted, kinds.join("、"))),
    }
}
