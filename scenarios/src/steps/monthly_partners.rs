//! Steps with many partners: bulk sending, offices that do not take part, messages in the place of
//! files.

use std::collections::BTreeSet;

use careplan_protocol::{
    Party,
    admin::{LicenceChange, Plan},
    hub::{Directory, Submission},
};
use careplan_sandbox::{
    HubMode, OfficeSpec,
    care_software::{
        CareSoftware, ExportOrder, PlanOrder, Sending as SoftwareSending, What, divide,
    },
    reference_client::{ClientError, Sending, SendingFile},
};
use careplan_standard::{Lang, OfficeNumber, ServiceScope};

use super::{
    Arguments, Step, StepResult,
    calendar::change_licence,
    door::told,
    monthly, monthly_checks,
    software::{cast, keep_export, month, next_sequence, software, version},
    transport,
};
use crate::{
    Failure, Way, redact,
    world::{Attempt, Bulk, NamedBytes, World},
};

/// The kinds of service that partners have in turn: four in ten help at home, four in ten are day
/// services, two lease equipment.
const KINDS: [&str; 10] = ["11", "15", "11", "15", "17", "11", "15", "11", "15", "17"];

/// How many people a care manager has at first, and how many more until every partner has one.
const PEOPLE: u32 = 12;
const PEOPLE_MORE: u32 = 24;

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "前提",
        pattern: "{居宅}と{数}のサービス事業所が参加している",
        example: "「見本居宅介護支援センター」と30のサービス事業所が参加している",
        help: "訪問介護・通所介護・福祉用具貸与の事業所「取引先1」「取引先2」…を作って起動する",
        run: |world, arguments| Box::pin(start_with_partners(world, arguments)),
    },
    Step {
        keyword: "前提",
        pattern: "{居宅}の取引先に、システムに参加していない{事業所}がある",
        example: "「見本居宅介護支援センター」の取引先に、システムに参加していない「福祉用具サポート髙島」がある",
        help: "居宅の介護ソフトには載るが、基盤には登録されていない事業所（標準の名称）",
        run: |world, arguments| Box::pin(async move { outside(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{居宅}の介護ソフトが{月}の予定を{版}ですべての事業所あてに出力する",
        example: "「見本居宅介護支援センター」の介護ソフトが「2025年4月」の予定を「4.1」ですべての事業所あてに出力する",
        help: "どの取引先にも1人は利用者がいるように予定を作り、送信先ごとに書く",
        run: |world, arguments| Box::pin(async move { export_to_all(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{居宅}の介護ソフトが{月}の予定を{版}で出力し、参加していない事業所あてを紙に振り分ける",
        example: "「見本居宅介護支援センター」の介護ソフトが「2025年4月」の予定を「4.1」で出力し、参加していない事業所あてを紙に振り分ける",
        help: "利用事業所一覧（GET /v1/offices）を見て、載っている事業所あてはデータに、ほかは帳票（HTML）にする",
        run: |world, arguments| Box::pin(export_divided(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が出力したものを一括送信する",
        example: "「見本居宅介護支援センター」が出力したものを一括送信する",
        help: "直前に出力したものを、送信先ごとの送信として一度に送る。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(send_all(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が一括送信で断られたものだけを送り直す",
        example: "「見本居宅介護支援センター」が一括送信で断られたものだけを送り直す",
        help: "断られたまま残っているものを同じファイルで送り、基盤が受け付けたことを確かめる",
        run: |world, arguments| Box::pin(send_refused_again(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が参加をやめる",
        example: "「取引先7」が参加をやめる",
        help: "この事業所の利用期間を、いま終わらせる（POST /admin/offices/{事業所番号}/licence）",
        run: |world, arguments| {
            Box::pin(async move {
                let change = LicenceChange::Expire;
                change_licence(world, arguments.text(0), change).await
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が参加し直す",
        example: "「取引先7」が参加し直す",
        help: "この事業所が、いま利用を申請し直す",
        run: |world, arguments| {
            Box::pin(async move {
                let change =
                    LicenceChange::Apply { plan: Plan::default(), applied_at: None, renews: None };
                change_licence(world, arguments.text(0), change).await
            })
        },
    },
    Step {
        keyword: "ならば",
        pattern: "一括送信のうち{送信先}あてだけが{断り}として断られ、ほかの{数}件は受け付けられている",
        example: "一括送信のうち「取引先7」あてだけが「recipient-licence」として断られ、ほかの29件は受け付けられている",
        help: "一括送信の送信先ごとの結果を確かめる",
        run: |world, arguments| Box::pin(async move { only_one_refused(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}のほかのサービス事業所がそれぞれ、届いた1件を受信して介護ソフトに取り込む",
        example: "「取引先7」のほかのサービス事業所がそれぞれ、届いた1件を受信して介護ソフトに取り込む",
        help: "サービス事業所を1つずつ、1件だけ届いていることも確かめる",
        run: |world, arguments| Box::pin(all_others_take_in(world, arguments)),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}のほかのどのサービス事業所でも、{月}の予定は{居宅}の予定と過不足なく同じである",
        example: "「取引先7」のほかのどのサービス事業所でも、「2025年4月」の予定は「見本居宅介護支援センター」の予定と過不足なく同じである",
        help: "居宅の介護ソフトが見せるものと、取り込んだ側が見せるものを、サービス事業所ごとに比べる",
        run: |world, arguments| Box::pin(async move { all_others_have_it(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "紙に振り分けられたのは{事業所}あてだけで、{居宅}の{月}の利用者がすべて載っている",
        example: "紙に振り分けられたのは「福祉用具サポート髙島」あてだけで、「見本居宅介護支援センター」の「2025年4月」の利用者がすべて載っている",
        help: "帳票に、その事業所を使う利用者全員の被保険者番号と氏名があり、データには1件もないことを確かめる",
        run: |world, arguments| Box::pin(async move { is_on_paper(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{送信元}が{送信先}あてにメッセージ{文}だけを送信する",
        example: "「みどりヘルパーステーション」が「見本居宅介護支援センター」あてにメッセージ「4月の利用はありませんでした」だけを送信する",
        help: "ファイルを付けず、送信先を選んで送り、基盤が受け付けたことを確かめる",
        run: |world, arguments| {
            Box::pin(async move {
                let message = arguments.text(2).to_owned();
                send_letter(world, &arguments, message, vec![]).await
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{送信元}が{送信先}あてにPDF{ファイル名}を送信する",
        example: "「みどりヘルパーステーション」が「見本居宅介護支援センター」あてにPDF「4月利用なし.pdf」を送信する",
        help: "PDFだけを、送信先を選んで送り、基盤が受け付けたことを確かめる",
        run: |world, arguments| {
            Box::pin(async move {
                let pdf = (arguments.text(2).to_owned(), PDF.to_vec());
                send_letter(world, &arguments, String::new(), vec![pdf]).await
            })
        },
    },
    Step {
        keyword: "ならば",
        pattern: "{送信先}に{送信元}からメッセージ{文}が届く",
        example: "「見本居宅介護支援センター」に「みどりヘルパーステーション」からメッセージ「4月の利用はありませんでした」が届く",
        help: "受信一覧を開き、この送信元からのこのとおりのメッセージが1件だけあることを確かめる",
        run: |world, arguments| Box::pin(async move { message_came(world, &arguments).await }),
    },
];

/// A page with nothing on it.
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

async fn start_with_partners(world: &mut World, arguments: Arguments) -> StepResult {
    let (name, count) = (arguments.text(0), arguments.number(1)?);
    let unknown = || Failure::setup("標準の事業所の名称", name);
    let mut offices = vec![OfficeSpec::known(name).ok_or_else(unknown)?];
    for place in 1..=count {
        let kind = usize::try_from(place).unwrap_or(0) % KINDS.len();
        let number = format!("2798{place:06}");
        let ours = || Failure::ours(number.clone());
        offices.push(OfficeSpec {
            number: number.parse().map_err(|_| ours())?,
            name: format!("取引先{place}"),
            kinds: vec![KINDS[kind].parse().map_err(|_| ours())?],
            edition: None,
        });
    }
    world.start(offices, HubMode::InProcess).await
}

fn outside(world: &mut World, arguments: &Arguments) -> StepResult {
    world.office(arguments.text(0))?;
    let name = arguments.text(1);
    let spec = OfficeSpec::known(name).ok_or_else(|| Failure::setup("標準の事業所の名称", name))?;
    if world.office(name).is_ok() {
        return Err(Failure::setup("参加していない事業所", format!("{name}は参加しています")));
    }
    world.outside.push(spec);
    Ok(())
}

/// Plans until each service office of the cast has somebody, and exports to all of them.
fn planned_for_all(world: &World, arguments: &Arguments) -> Result<Vec<SoftwareSending>, Failure> {
    let [name, month_text, version_text] = [0, 1, 2].map(|at| arguments.text(at));
    let office = world.office(name)?;
    let mut order = PlanOrder {
        month: month(month_text)?,
        people: PEOPLE,
        seed: world.sandbox()?.seed(),
        cast: cast(world, office.number)?,
    };
    loop {
        let (planner, plan) = CareSoftware::plan(&office.software, &order).map_err(software)?;
        let served: BTreeSet<OfficeNumber> = plan.rows.iter().map(|row| row.office).collect();
        let wanted = order.cast.services.iter();
        if wanted.clone().all(|service| served.contains(&service.number)) {
            let export = ExportOrder {
                what: What::Slip,
                month: Some(order.month),
                version: version(version_text)?.map(str::to_owned),
                sequence: next_sequence(world, name)?,
                to: None,
            };
            return planner.export(&export).map_err(software);
        }
        order.people += PEOPLE_MORE;
    }
}

fn export_to_all(world: &mut World, arguments: &Arguments) -> StepResult {
    let sendings = planned_for_all(world, arguments)?;
    keep_export(world, arguments.text(0), &sendings)
}

async fn export_divided(world: &mut World, arguments: Arguments) -> StepResult {
    let name = arguments.text(0);
    let mut terminal = world.terminal(name, None).await?;
    let directory: Directory =
        terminal.get(&["v1", "offices"]).await.map_err(transport::refusal)?;
    drop(terminal);
    let takes_part: BTreeSet<OfficeNumber> =
        directory.offices.iter().map(|entry| entry.office).collect();
    let sendings = planned_for_all(world, &arguments)?;
    let divided = divide(sendings, |office| takes_part.contains(&office));
    for sending in &divided.on_paper {
        world.on_paper.insert(sending.to.office, sending.paper(Lang::Ja));
    }
    keep_export(world, name, &divided.by_data)
}

async fn send_all(world: &mut World, arguments: Arguments) -> StepResult {
    let name = arguments.text(0);
    let exports = world.exported.get(name).and_then(|exports| exports.last());
    let groups =
        exports.ok_or_else(|| Failure::setup("先に介護ソフトで出力する手順", name))?.clone();
    let outcomes = send_groups(world, name, &groups).await?;
    world.bulk = outcomes;
    Ok(())
}

async fn send_refused_again(world: &mut World, arguments: Arguments) -> StepResult {
    let name = arguments.text(0);
    let refused = world.bulk.iter().filter(|one| one.attempt != Attempt::Accepted);
    let groups: Vec<_> = refused.map(|one| one.files.clone()).collect();
    if groups.is_empty() {
        return Err(Failure::setup("一括送信で断られたもの", "1件もありません"));
    }
    let outcomes = send_groups(world, name, &groups).await?;
    let left = outcomes.iter().find(|one| one.attempt != Attempt::Accepted);
    match left {
        None => Ok(()),
        Some(one) => Err(Failure::unlike("基盤が受け付ける", told(Some(&one.attempt)))),
    }
}

/// Sends each group of files as a sending of its own.
async fn send_groups(
    world: &mut World,
    name: &str,
    groups: &[Vec<std::path::PathBuf>],
) -> Result<Vec<Bulk>, Failure> {
    let mut sendings = vec![];
    for group in groups {
        let files = transport::read(group)?;
        let files = files.into_iter().map(|(name, bytes)| SendingFile { name, bytes }).collect();
        sendings.push(Sending::new(files));
    }
    let outcomes: Vec<Result<Submission, ClientError>> =
        world.terminal(name, None).await?.send_all(&sendings).await;
    let mut bulk = vec![];
    for ((sending, outcome), files) in sendings.iter().zip(outcomes).zip(groups) {
        let to = sending.recipient().map_err(transport::refusal)?.office;
        let attempt = transport::outcome(outcome)?;
        if attempt == Attempt::Accepted {
            for file in &sending.files {
                world.note_file(name, Way::Sent, &file.name, &file.bytes);
            }
        }
        bulk.push(Bulk { to, files: files.clone(), attempt });
    }
    Ok(bulk)
}

fn only_one_refused(world: &World, arguments: &Arguments) -> StepResult {
    let (to, id) = (world.office(arguments.text(0))?.number, arguments.text(1));
    let wanted = arguments.number(2)?;
    let accepted = world.bulk.iter().filter(|one| one.attempt == Attempt::Accepted).count() as u64;
    let others: Vec<String> = world
        .bulk
        .iter()
        .filter(|one| one.attempt != Attempt::Accepted)
        .map(|one| format!("{}: {}", one.to, told(Some(&one.attempt))))
        .collect();
    let is_it = |one: &Bulk| {
        one.to == to && matches!(&one.attempt, Attempt::Refused { id: found, .. } if found == id)
    };
    match accepted == wanted && others.len() == 1 && world.bulk.iter().any(is_it) {
        true => Ok(()),
        false => Err(Failure::unlike(
            format!("{wanted}件が受け付けられ、{to}だけが{id}"),
            format!("{accepted}件が受け付けられ、断られたもの: {}", others.join("、")),
        )),
    }
}

/// The service offices but this one, by name.
fn others(world: &World, except: &str) -> Result<Vec<String>, Failure> {
    world.office(except)?;
    let serves = |office: &&careplan_sandbox::Office| {
        office.name != except
            && office.kinds.iter().all(|kind| kind.scope() != ServiceScope::Planner)
    };
    let offices = world.sandbox()?.offices().iter().filter(serves);
    Ok(offices.map(|office| office.name.clone()).collect())
}

async fn all_others_take_in(world: &mut World, arguments: Arguments) -> StepResult {
    for name in others(world, arguments.text(0))? {
        let came = monthly::take_in(world, &name).await?;
        transport::is_count(1, came.len() as u64)?;
    }
    Ok(())
}

fn all_others_have_it(world: &World, arguments: &Arguments) -> StepResult {
    let [except, month, manager] = [0, 1, 2].map(|at| arguments.text(at));
    others(world, except)?
        .iter()
        .try_for_each(|name| monthly_checks::shows_same_month(world, name, month, manager))
}

fn is_on_paper(world: &World, arguments: &Arguments) -> StepResult {
    let [name, manager, month_text] = [0, 1, 2].map(|at| arguments.text(at));
    let spec = OfficeSpec::known(name).ok_or_else(|| Failure::setup("標準の事業所の名称", name))?;
    let on_paper: Vec<&OfficeNumber> = world.on_paper.keys().collect();
    let (Some(page), 1) = (world.on_paper.get(&spec.number), on_paper.len()) else {
        return Err(Failure::unlike(spec.number.to_string(), format!("{on_paper:?}")));
    };
    let data = world.written.get(manager).into_iter().flatten();
    let number = spec.number.to_string();
    let is_theirs = |path: &&std::path::PathBuf| {
        path.file_name().is_some_and(|file| file.to_string_lossy().contains(&number))
    };
    if let Some(path) = data.clone().find(is_theirs) {
        return Err(Failure::unlike("データには1件もない", path.display().to_string()));
    }
    let (planner, _) = monthly::manager(world, manager)?;
    let overview = planner.overview(month(month_text)?).map_err(software)?;
    let uses = overview
        .people
        .iter()
        .filter(|one| one.planned.iter().any(|row| row.office == spec.number));
    let missing: Vec<&str> = uses
        .clone()
        .filter(|one| !(page.contains(&one.person.insured) && page.contains(&one.name)))
        .map(|one| one.person.insured.as_str())
        .collect();
    match missing.is_empty() && 0 < uses.count() {
        true => Ok(()),
        false => Err(Failure::unlike(
            "全員が載っている",
            format!("載っていない: {}", redact::insured_list(missing)),
        )),
    }
}

async fn send_letter(
    world: &mut World,
    arguments: &Arguments,
    message: String,
    files: Vec<NamedBytes>,
) -> StepResult {
    let name = arguments.text(0);
    let to = world.office(arguments.text(1))?;
    let destination = Some(Party { office: to.number, kind: to.kinds.first().copied() });
    let files = files.into_iter().map(|(name, bytes)| SendingFile { name, bytes }).collect();
    transport::send_this(world, name, Sending { message, destination, ..Sending::new(files) }).await
}

async fn message_came(world: &World, arguments: &Arguments) -> StepResult {
    let from = world.office(arguments.text(1))?.number;
    let wanted = arguments.text(2);
    let mut terminal = world.terminal(arguments.text(0), None).await?;
    let listed = terminal.inbox().await.map_err(transport::refusal)?;
    let of = |entry: &&careplan_sandbox::reference_client::InboxEntry| {
        entry.delivery.from.office == from && entry.delivery.message == wanted
    };
    let found = listed.iter().filter(of).count() as u64;
    transport::is_count(1, found)
}
