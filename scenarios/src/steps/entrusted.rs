//! Steps of 委託: people of 介護予防 are planned, taken on, and answered for.

use careplan_protocol::{Lang, Party};
use careplan_sandbox::{
    Office,
    care_software::{
        CareSoftware, EntrustedMonth, Entrusting, ExportOrder, FormBook, Office as CastOffice,
        PaperKind, PaperOrder, PaperWithdrawal, PreventionOrder, TakeOn, What, Writer,
    },
    reference_client::{self as client, SendingFile},
};
use careplan_standard::{self as standard, FileName, ServiceScope};

use super::{
    Arguments, Step, StepResult, samples,
    software::{
        self, EVENTFUL, SEEDS_TRIED, cast, home_of, is_eventful, keep_export, month, next_sequence,
        software,
    },
    transport,
    versions::at_hand,
};
use crate::{
    Failure,
    world::{NamedBytes, World},
};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{センター}の介護ソフトが{月}の計画を、{居宅}に委託する{数}人と自ら担当する{数}人について作る",
        example: "「北部地域包括支援センター」の介護ソフトが「2025年4月」の計画を、「見本居宅介護支援センター」に委託する3人と自ら担当する2人について作る",
        help: "介護予防の合成の利用者と支援計画書を作る。委託する人の支援計画書もセンターが書き、自ら担当する人だけ予定も作る",
        run: |world, arguments| {
            Box::pin(async move {
                let (entrusted, own) = (arguments.number(3)?, arguments.number(4)?);
                plan(world, &arguments, (entrusted, Writer::Centre), own)
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{センター}の介護ソフトが{月}から、支援計画書の作成も{居宅}に委託する{数}人の基本情報を作る",
        example: "「北部地域包括支援センター」の介護ソフトが「2025年4月」から、支援計画書の作成も「見本居宅介護支援センター」に委託する3人の基本情報を作る",
        help: "介護予防の合成の利用者の利用者基本情報だけをセンターが作る。支援計画書は委託先が書く",
        run: |world, arguments| {
            Box::pin(async move {
                let entrusted = arguments.number(3)?;
                plan(world, &arguments, (entrusted, Writer::Entrusted), 0)
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の介護ソフトが{帳票}を{送信先}あてに出力する",
        example: "「北部地域包括支援センター」の介護ソフトが「支援計画書」を「見本居宅介護支援センター」あてに出力する",
        help: "帳票は「利用者基本情報」「支援計画書」か、1つの送信単位にした「支援計画書と利用者基本情報」。ほかの事業所が作ったものは、自事業所の名前で出力し直す",
        run: |world, arguments| Box::pin(async move { export_papers(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{居宅}の介護ソフトが{センター}から委託された利用者を受け持ち、{月}の予定を作る",
        example: "「見本居宅介護支援センター」の介護ソフトが「北部地域包括支援センター」から委託された利用者を受け持ち、「2025年4月」の予定を作る",
        help: "取り込んだ利用者基本情報の人を利用者にして、支援計画書のサービスからひと月の予定を作る。支援計画書がなければ居宅が計画する",
        run: |world, arguments| Box::pin(async move { take_on(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の介護ソフトが、作ってある{月}の予定を{送信先}あてに出力する",
        example: "「見本居宅介護支援センター」の介護ソフトが、作ってある「2025年4月」の予定を「見本町訪問型サービス」あてに出力する",
        help: "作り直さずに、いまある予定から第6表・第7表・利用者補足情報を4.1で書く",
        run: |world, arguments| Box::pin(async move { export_slip(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{居宅}の介護ソフトが{月}の予定と実績を{センター}あてに出力する",
        example: "「見本居宅介護支援センター」の介護ソフトが「2025年4月」の予定と実績を「北部地域包括支援センター」あてに出力する",
        help: "このセンターから委託された人の予定と、取り込んだ実績を、連番の違う2つの送信単位に書く",
        run: |world, arguments| Box::pin(async move { export_month(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{サービス事業所}の介護ソフトが{月}の実績を訂正する",
        example: "「見本町訪問型サービス」の介護ソフトが「2025年4月」の実績を訂正する",
        help: "前に記録したものと行の違う実績を、同じ予定から記録し直す",
        run: |world, arguments| Box::pin(async move { correct(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の介護ソフトが{帳票}の1人分の取下げを{送信先}あてに出力する",
        example: "「北部地域包括支援センター」の介護ソフトが「支援計画書」の1人分の取下げを「見本居宅介護支援センター」あてに出力する",
        help: "この送信先に送った人のうち最初の人の、利用者基本情報か支援計画書の取下げ（DLTKIHON、DLTYOBO）を書く",
        run: |world, arguments| Box::pin(async move { withdraw(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{送信元}が出力したファイルを送信し、{送信先}が受信して介護ソフトに取り込む",
        example: "「北部地域包括支援センター」が出力したファイルを送信し、「見本居宅介護支援センター」が受信して介護ソフトに取り込む",
        help: "介護ソフトが直前に出力したものを端末から送り、相手の端末で取得して、そのまま介護ソフトに渡す",
        run: |world, arguments| {
            Box::pin(async move {
                transport::send_written(world, arguments.text(0)).await?;
                transport::receive(world, arguments.text(1)).await?;
                software::import(world, arguments.text(1))
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が出力したファイルのうち{種別}だけを送信しようとする",
        example: "「見本居宅介護支援センター」が出力したファイルのうち「UPJSK」だけを送信しようとする",
        help: "ファイル名の先頭がこの種別のものだけを端末から送ってみる。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(send_part(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が出力したファイルを、{送信先}あてに書き換えて送信しようとする",
        example: "「みどりヘルパーステーション」が出力したファイルを、「北部地域包括支援センター」あてに書き換えて送信しようとする",
        help: "直前に出力したもののファイル名の送信先だけを手で書き換え、端末から送ってみる。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(send_elsewhere(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が受け取ったファイルを、そのまま送信しようとする",
        example: "「見本居宅介護支援センター」が受け取ったファイルを、そのまま送信しようとする",
        help: "最後に取得したファイルを、名前も中身も変えずに端末から送ってみる。結果は次の手順で確かめる",
        run: |world, arguments| {
            Box::pin(async move {
                let office = arguments.text(0);
                let files = transport::fetched(world, office)?;
                transport::try_to_send(world, office, files, false).await
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が見本{見本}を、{送信先}あての自分のファイルとして送信しようとする",
        example: "「見本町訪問型サービス」が見本「v4-prevention-plan」を、「北部地域包括支援センター」あての自分のファイルとして送信しようとする",
        help: "見本のファイル名の送信元と送信先だけを書き換え、端末から送ってみる。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(send_renamed(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が出力したファイルをPDFにして{送信先}に送信する",
        example: "「北部地域包括支援センター」が出力したファイルをPDFにして「見本居宅介護支援センター」に送信する",
        help: "介護ソフトが直前に出力したものを帳票の形のPDFにして、送信先を手で選び、メッセージを添えて送る",
        run: |world, arguments| Box::pin(send_pdf(world, arguments)),
    },
];

fn plan(
    world: &World,
    arguments: &Arguments,
    (entrusted, writer): (u64, Writer),
    own: u64,
) -> StepResult {
    let office = world.office(arguments.text(0))?;
    let to = planner(world.office(arguments.text(2))?)?;
    let people =
        |count: u64| u32::try_from(count).map_err(|_| Failure::setup("人数", "多すぎる数"));
    let order = PreventionOrder {
        month: month(arguments.text(1))?,
        seed: world.sandbox()?.seed(),
        cast: cast(world, office.number)?,
        own: people(own)?,
        entrusted: Some((people(entrusted)?, Entrusting { to, writer })),
    };
    CareSoftware::plan_prevention(&office.software, &order).map(drop).map_err(software)
}

fn export_papers(world: &mut World, arguments: &Arguments) -> StepResult {
    let (name, wanted) = (arguments.text(0), arguments.text(1));
    let order = PaperOrder {
        kind: kind(wanted)?,
        with_record: wanted == "支援計画書と利用者基本情報",
        sequence: next_sequence(world, name)?,
        to: Some(world.office(arguments.text(2))?.number),
    };
    let sendings = home_of(world.office(name)?)?.export_papers(&order).map_err(software)?;
    keep_export(world, name, &sendings)
}

fn take_on(world: &World, arguments: &Arguments) -> StepResult {
    let office = world.office(arguments.text(0))?;
    let order = TakeOn {
        centre: planner(world.office(arguments.text(1))?)?,
        month: month(arguments.text(2))?,
        seed: world.sandbox()?.seed(),
        cast: cast(world, office.number)?,
    };
    home_of(office)?.take_on(&order).map(drop).map_err(software)
}

fn export_slip(world: &mut World, arguments: &Arguments) -> StepResult {
    let name = arguments.text(0);
    let order = ExportOrder {
        what: What::Slip,
        month: Some(month(arguments.text(1))?),
        version: Some("202407".to_owned()),
        sequence: next_sequence(world, name)?,
        to: Some(world.office(arguments.text(2))?.number),
    };
    let sendings = home_of(world.office(name)?)?.export(&order).map_err(software)?;
    keep_export(world, name, &sendings)
}

fn export_month(world: &mut World, arguments: &Arguments) -> StepResult {
    let name = arguments.text(0);
    let order = EntrustedMonth {
        month: month(arguments.text(1))?,
        centre: world.office(arguments.text(2))?.number,
        version: Some("202407".to_owned()),
        sequence: next_sequence(world, name)?,
    };
    let sending = home_of(world.office(name)?)?.export_entrusted(&order).map_err(software)?;
    keep_export(world, name, &[sending])
}

fn correct(world: &mut World, arguments: &Arguments) -> StepResult {
    let (name, month) = (arguments.text(0), month(arguments.text(1))?);
    let before = world.recorded.get(name);
    let before = before.ok_or_else(|| Failure::setup("先に実績を記録する手順", name))?.clone();
    let software_home = home_of(world.office(name)?)?;
    let first = world.sandbox()?.seed().saturating_add(SEEDS_TRIED);
    for seed in first..first.saturating_add(SEEDS_TRIED) {
        let recorded = software_home.record(Some(month), seed, EVENTFUL).map_err(software)?;
        if is_eventful(&recorded) && recorded.answers != before.answers {
            world.recorded.insert(name.to_owned(), recorded);
            return Ok(());
        }
    }
    Err(Failure::ours(format!("行の違う月が{SEEDS_TRIED}回のうちに現れない")))
}

fn withdraw(world: &mut World, arguments: &Arguments) -> StepResult {
    let (name, to) = (arguments.text(0), world.office(arguments.text(2))?.number);
    let software_home = home_of(world.office(name)?)?;
    let people = software_home.home().people().map_err(software)?;
    let people = people.ok_or_else(|| Failure::setup("先に計画を作る手順", name))?;
    let goes_there = |it: &&careplan_sandbox::care_software::Client| {
        let Some(prevention) = &it.prevention else { return false };
        let is_served = it.care_plan.offices().iter().any(|office| office.number == to);
        prevention.planner().number == to || is_served
    };
    let client = people.clients.iter().find(goes_there);
    let client = client.ok_or_else(|| Failure::setup("この送信先に送った人", "1人もいない"))?;
    let order = PaperWithdrawal {
        kind: kind(arguments.text(1))?,
        person: client.person.key.clone(),
        sequence: next_sequence(world, name)?,
        to,
    };
    let sending = software_home.withdraw_paper(&order).map_err(software)?;
    keep_export(world, name, &[sending])
}

async fn send_part(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, prefix) = (arguments.text(0), arguments.text(1));
    let mut files = at_hand(world, office)?;
    files.retain(|(name, _)| name.split('_').next() == Some(prefix));
    if files.is_empty() {
        return Err(Failure::setup(format!("出力したファイルに {prefix}"), "1つもない"));
    }
    transport::try_to_send(world, office, files, false).await
}

async fn send_renamed(world: &mut World, arguments: Arguments) -> StepResult {
    let (office, sample) = (arguments.text(0), arguments.text(1));
    let from = party(world.office(office)?);
    let to = party(world.office(arguments.text(2))?);
    let files = renamed(samples::files(sample)?, |name| FileName { from, to, ..name });
    transport::try_to_send(world, office, files, false).await
}

async fn send_elsewhere(world: &mut World, arguments: Arguments) -> StepResult {
    let office = arguments.text(0);
    let to = party(world.office(arguments.text(1))?);
    let files = renamed(at_hand(world, office)?, |name| FileName { to, ..name });
    transport::try_to_send(world, office, files, false).await
}

async fn send_pdf(world: &mut World, arguments: Arguments) -> StepResult {
    let (name, to) = (arguments.text(0), world.office(arguments.text(1))?);
    let destination = Some(Party { office: to.number, kind: to.kinds.first().copied() });
    let files = at_hand(world, name)?;
    let shown: Vec<_> =
        files.iter().map(|(name, bytes)| standard::SendingFile { name, bytes }).collect();
    let bytes = FormBook::read(&[shown]).pdf(Lang::Ja);
    let pdf = SendingFile { name: "支援計画書.pdf".to_owned(), bytes };
    let message = "帳票に対応していないとのことなので、PDFで送ります".to_owned();
    let sending = client::Sending { message, destination, ..client::Sending::new(vec![pdf]) };
    transport::send_this(world, name, sending).await
}

/// The office as files name it: by its number and its first kind.
fn party(office: &Office) -> standard::Party {
    standard::Party { office: office.number, kind: office.kinds.first().copied() }
}

/// The same bytes under other names.
fn renamed(files: Vec<NamedBytes>, change: impl Fn(FileName) -> FileName) -> Vec<NamedBytes> {
    let rename = |(name, bytes): NamedBytes| match FileName::parse(&name) {
        Ok(parsed) => (change(parsed).to_string(), bytes),
        Err(_) => (name, bytes),
    };
    files.into_iter().map(rename).collect()
}

/// Which paper is meant.
pub(super) fn kind(text: &str) -> Result<PaperKind, Failure> {
    match text {
        "利用者基本情報" => Ok(PaperKind::PersonRecord),
        "支援計画書" | "支援計画書と利用者基本情報" => {
            Ok(PaperKind::PreventionPlan)
        }
        other => Err(Failure::setup("帳票「利用者基本情報」か「支援計画書」", other)),
    }
}

/// The office as one that plans.
fn planner(office: &Office) -> Result<CastOffice, Failure> {
    let plans = office.kinds.iter().find(|kind| kind.scope() == ServiceScope::Planner);
    let kind = *plans.ok_or_else(|| Failure::setup("計画を作る事業所", office.name.clone()))?;
    Ok(CastOffice { number: office.number, kind, name: office.name.clone() })
}
