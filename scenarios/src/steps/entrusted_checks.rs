//! Steps of 委託 that look: what an office's software shows of what others sent.

use std::collections::BTreeMap;

use careplan_protocol::Lang;
use careplan_sandbox::care_software::{
    FormBook, Paper, PaperKind, Papers, PersonKey, ReceivedFile, ServiceRow,
};
use careplan_standard::{
    self as standard, FileKind, FileName, Layout, OfficeNumber, Standard, ms932, read_records,
};

use super::{
    Arguments, Step, StepResult,
    entrusted::kind,
    monthly_checks::same,
    papers::differences,
    software::{home_of, lines, month, software},
    transport,
};
use crate::{
    Failure, redact,
    world::{NamedBytes, World},
};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "ならば",
        pattern: "{事業所}の介護ソフトに、{送信元}からの{帳票}が{数}人分ある",
        example: "「見本居宅介護支援センター」の介護ソフトに、「北部地域包括支援センター」からの「支援計画書」が3人分ある",
        help: "取り込んだもののうち、いま有効な利用者基本情報か支援計画書を、送信元ごとに数える",
        run: |world, arguments| {
            Box::pin(async move { count(world, &arguments, arguments.number(3)?) })
        },
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の介護ソフトに、{送信元}からの{帳票}はない",
        example: "「見本町訪問型サービス」の介護ソフトに、「北部地域包括支援センター」からの「支援計画書」はない",
        help: "取り込んだもののうち、いま有効な利用者基本情報か支援計画書に、この送信元からのものが1人分もないことを確かめる",
        run: |world, arguments| Box::pin(async move { count(world, &arguments, 0) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の介護ソフトにある{帳票}は、{作成元}が送ったものと1項目も違わない",
        example: "「見本町訪問型サービス」の介護ソフトにある「支援計画書」は、「北部地域包括支援センター」が送ったものと1項目も違わない",
        help: "同じ人のものどうし、別表の行も含めて項目ごとに比べる。家族構成の画像は1バイトも違わず、名前だけ変わってよい",
        run: |world, arguments| Box::pin(async move { is_same(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の介護ソフトに、{送信元}からの利用者基本情報が、1日の生活・病歴・家族構成の画像とともに表示される",
        example: "「見本居宅介護支援センター」の介護ソフトに、「北部地域包括支援センター」からの利用者基本情報が、1日の生活・病歴・家族構成の画像とともに表示される",
        help: "最後に受け取ったファイルを帳票の形で開き、人ごとに別表1・別表2の行と画像が載っていることを確かめる",
        run: |world, arguments| Box::pin(async move { is_shown(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の介護ソフトから、{送信元}が取り下げた人の{帳票}は別表ごと消えている",
        example: "「見本居宅介護支援センター」の介護ソフトから、「北部地域包括支援センター」が取り下げた人の「支援計画書」は別表ごと消えている",
        help: "送信元が最後に取り下げた人と日付のものが、この送信元からの帳票として、家族構成の画像も含めて残っていないことを確かめる",
        run: |world, arguments| Box::pin(async move { is_gone(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の介護ソフトに、{送信元}が取り下げた人の{帳票}は残っている",
        example: "「見本町訪問型サービス」の介護ソフトに、「北部地域包括支援センター」が取り下げた人の「支援計画書」は残っている",
        help: "送信元が最後に取り下げた人の、この帳票が、だれからのものでも1つは有効であることを確かめる",
        run: |world, arguments| Box::pin(async move { is_left(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}が受け取ったPDFに、{センター}が計画した{数}人の名前と支援計画書が載っている",
        example: "「見本居宅介護支援センター」が受け取ったPDFに、「北部地域包括支援センター」が計画した2人の名前と支援計画書が載っている",
        help: "最後に取得したPDFに書かれた文字から、センターの利用者全員の名前と帳票の題を探す",
        run: |world, arguments| Box::pin(async move { pdf_shows(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の介護ソフトに、{計画元}からの{月}の予定が{数}人分ある",
        example: "「見本町訪問型サービス」の介護ソフトに、「見本居宅介護支援センター」からの「2025年4月」の予定が3人分ある",
        help: "取り込んだ予定のうち、いま有効なものの人数を、送信元ごとに数える",
        run: |world, arguments| {
            Box::pin(async move { count_planned(world, &arguments, arguments.number(3)?) })
        },
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の介護ソフトに、{計画元}からの{月}の予定はない",
        example: "「北部地域包括支援センター」の介護ソフトに、「見本居宅介護支援センター」からの「2025年4月」の予定はない",
        help: "取り込んだ予定のうち、いま有効なものに、この送信元からのものが1人分もないことを確かめる",
        run: |world, arguments| Box::pin(async move { count_planned(world, &arguments, 0) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の介護ソフトにある{月}の実績は、{サービス事業所}が{計画元}あてに記録したものと1行も違わない",
        example: "「北部地域包括支援センター」の介護ソフトにある「2025年4月」の実績は、「見本町訪問型サービス」が「見本居宅介護支援センター」あてに記録したものと1行も違わない",
        help: "この計画元から（または計画元自身に）届いた実績のうち、このサービス事業所の行を、最後に記録した実績と過不足なく比べる",
        run: |world, arguments| Box::pin(async move { is_as_recorded(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{居宅}の{月}の予実突合に、{サービス事業所}の記録した違いのうち{居宅}あての分だけがすべて現れる",
        example: "「見本居宅介護支援センター」の「2025年4月」の予実突合に、「見本町訪問型サービス」の記録した違いのうち「見本居宅介護支援センター」あての分だけがすべて現れる",
        help: "サービス事業所が2つの計画元の人を受け持つとき、計画元それぞれの突合を、その計画元の予定の人に限って確かめる",
        run: |world, arguments| Box::pin(async move { reconciles_its_own(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{センター}の介護ソフトは、{送信元}から届いた{月}の実績が{居宅}を経ていないと知らせ、突合に入れない",
        example: "「北部地域包括支援センター」の介護ソフトは、「見本町訪問型サービス」から届いた「2025年4月」の実績が「見本居宅介護支援センター」を経ていないと知らせ、突合に入れない",
        help: "委託した人の実績がサービス事業所から直接届いたら、その全員が名指しされ、予実突合に現れないことを確かめる",
        run: |world, arguments| Box::pin(async move { tells_astray(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}に届いた第7表で、サービス種類{種類}の負担は{負担}である",
        example: "「見本町訪問型サービス」に届いた第7表で、サービス種類「A4」の負担は「1回300円の定額」である",
        help: "最後に取得した第7表のこの種類の行を確かめる。負担は「給付率90％」「給付率80％の定率」「1回300円の定額」",
        run: |world, arguments| Box::pin(async move { is_charged(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}が最後に送ったものには、規則{規則}の指摘が付いている",
        example: "「見本居宅介護支援センター」が最後に送ったものには、規則「sending.slip-not-attached」の指摘が付いている",
        help: "送信一覧を開き、受け付けられたが、この規則（careplan rules）の警告が残っていることを確かめる",
        run: |world, arguments| Box::pin(async move { has_remark(world, &arguments).await }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}が最後に送ったものには、規則{規則}の指摘が付いていない",
        example: "「北部地域包括支援センター」が最後に送ったものには、規則「name.unusual-role」の指摘が付いていない",
        help: "送信一覧を開き、受け付けられ、この規則（careplan rules）の警告がないことを確かめる",
        run: |world, arguments| Box::pin(async move { has_no_remark(world, &arguments).await }),
    },
];

fn count(world: &World, arguments: &Arguments, wanted: u64) -> StepResult {
    let held = held(world, arguments.text(0), kind(arguments.text(2))?)?;
    let from = world.office(arguments.text(1))?.number;
    let found = held.iter().filter(|paper| paper.from.office == from).count();
    transport::is_count(wanted, found as u64)
}

fn is_same(world: &World, arguments: &Arguments) -> StepResult {
    let kind = kind(arguments.text(1))?;
    let held = held(world, arguments.text(0), kind)?;
    let sent: Vec<ReceivedFile> = sent(world, arguments.text(2))?
        .iter()
        .map(|(name, bytes)| ReceivedFile { name: name.clone(), bytes: bytes.clone() })
        .collect();
    let sent = Papers::replay(&sent).map_err(software)?;
    if held.is_empty() {
        return Err(Failure::unlike("1人分以上", "1人分もない"));
    }
    for paper in &held {
        let original =
            sent.of(kind).find(|it| (&it.person, &it.day) == (&paper.person, &paper.day));
        let Some(original) = original else {
            return Err(Failure::unlike("送った人のもの", "送っていない人のもの"));
        };
        let differences = differences(original, paper);
        if !differences.is_empty() {
            return Err(Failure::unlike("1項目も違わない", differences.join("\n")));
        }
    }
    Ok(())
}

fn is_shown(world: &World, arguments: &Arguments) -> StepResult {
    let name = arguments.text(0);
    let files = transport::fetched(world, name)?;
    let shown: Vec<_> =
        files.iter().map(|(name, bytes)| standard::SendingFile { name, bytes }).collect();
    let page = FormBook::read(&[shown]).html(Lang::Ja);
    let from = world.office(arguments.text(1))?.number;
    let mut records = held(world, name, PaperKind::PersonRecord)?;
    records.retain(|paper| paper.from.office == from && paper.picture.is_some());
    let pictures = page.matches("src=\"data:image/jpeg;base64,").count();
    if records.is_empty() || records.len() != pictures {
        let expected = format!("画像のある利用者基本情報{}人分（1人以上）", records.len());
        return Err(Failure::unlike(expected, format!("画像{pictures}枚")));
    }
    for paper in &records {
        for (kind, item) in
            [(FileKind::PersonRecordDay, "本人の生活状況"), (FileKind::PersonRecordIllness, "病名")]
        {
            let said: Vec<&str> = paper.rows_of(kind).map(|row| row.text(item)).collect();
            let missing = said.iter().filter(|said| !page.contains(**said)).count();
            if said.is_empty() || 0 < missing {
                return Err(Failure::unlike(
                    format!("{}の{item}が1行以上、すべて表示される", kind.title()),
                    format!("{}行のうち{missing}行が表示されない", said.len()),
                ));
            }
        }
    }
    Ok(())
}

fn is_gone(world: &World, arguments: &Arguments) -> StepResult {
    let (from, kind) = (arguments.text(1), kind(arguments.text(2))?);
    let withdrawn = withdrawn(world, from, kind)?;
    let from = world.office(from)?.number;
    let held = held(world, arguments.text(0), kind)?;
    let is_left = |paper: &&Paper| {
        let day = paper.day.clone();
        paper.from.office == from && withdrawn.contains(&(paper.person.clone(), day))
    };
    match held.iter().filter(is_left).map(|paper| paper.rows.len()).sum::<usize>() {
        0 => Ok(()),
        rows => Err(Failure::unlike("1行も残らない", format!("{rows}行"))),
    }
}

fn is_left(world: &World, arguments: &Arguments) -> StepResult {
    let kind_left = kind(arguments.text(2))?;
    let of = [PaperKind::PersonRecord, PaperKind::PreventionPlan];
    let withdrawn = of.into_iter().find_map(|of| withdrawn(world, arguments.text(1), of).ok());
    let withdrawn =
        withdrawn.ok_or_else(|| Failure::setup("先に取下げを送る手順", arguments.text(1)))?;
    let held = held(world, arguments.text(0), kind_left)?;
    for (person, _) in &withdrawn {
        if !held.iter().any(|paper| paper.person == *person) {
            let wanted = format!("{}のものが残る", redact::insured(&person.insured));
            return Err(Failure::unlike(wanted, "残っていない"));
        }
    }
    Ok(())
}

fn pdf_shows(world: &World, arguments: &Arguments) -> StepResult {
    let files = transport::fetched(world, arguments.text(0))?;
    let pdf = files.iter().find(|(_, bytes)| bytes.starts_with(b"%PDF-"));
    let (_, pdf) = pdf.ok_or_else(|| Failure::unlike("PDFが届く", "PDFがない"))?;
    let shown = bare(&drawn(&String::from_utf8_lossy(pdf)));
    let people = home_of(world.office(arguments.text(1))?)?.home().people().map_err(software)?;
    let clients = people.map(|people| people.clients).unwrap_or_default();
    transport::is_count(arguments.number(2)?, clients.len() as u64)?;
    let names = clients.iter().map(|client| client.person.name.as_str());
    for wanted in names.chain(["介護予防サービス・支援計画書"]) {
        if !shown.contains(&bare(wanted)) {
            return Err(Failure::unlike("全員の名前と帳票の題が載っている", "載っていない"));
        }
    }
    Ok(())
}

/// The text that a PDF of our own draws: hexadecimal digits of MS932, a line each.
fn drawn(document: &str) -> String {
    let lines = document.lines().filter_map(|line| line.strip_prefix('<')?.strip_suffix("> Tj T*"));
    let byte = |line: &str, at: usize| u8::from_str_radix(line.get(at..at + 2)?, 16).ok();
    let decoded = lines.map(|line| {
        let bytes: Vec<u8> = (0..line.len()).step_by(2).filter_map(|at| byte(line, at)).collect();
        ms932::decode_lossy(&bytes)
    });
    decoded.collect()
}

fn bare(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

fn count_planned(world: &World, arguments: &Arguments, wanted: u64) -> StepResult {
    let (from, month) = (world.office(arguments.text(1))?.number, month(arguments.text(2))?);
    let ledger = home_of(world.office(arguments.text(0))?)?.ledger().map_err(software)?;
    let rows = ledger.planned.iter().filter(|held| held.from.office == from);
    let rows = rows.map(|held| &held.row).filter(|row| row.day.month() == month);
    let mut people: Vec<&PersonKey> = rows.map(|row| &row.person).collect();
    people.sort();
    people.dedup();
    transport::is_count(wanted, people.len() as u64)
}

fn is_as_recorded(world: &World, arguments: &Arguments) -> StepResult {
    let viewer = world.office(arguments.text(0))?;
    let month = month(arguments.text(1))?;
    let provider = world.office(arguments.text(2))?.number;
    let planner = world.office(arguments.text(3))?.number;
    let expected = told_rows(recorded(world, arguments.text(2), planner)?.iter());
    let ledger = home_of(viewer)?.ledger().map_err(software)?;
    // The planner itself has them from the service office; the centre has them from the planner.
    let sender = if viewer.number == planner { provider } else { planner };
    let rows = ledger.provided.iter().filter(|held| held.from.office == sender);
    let rows = rows.map(|held| &held.row).filter(|row| row.office == provider);
    let found = told_rows(rows.filter(|row| row.day.month() == month));
    if found.is_empty() {
        return Err(Failure::unlike("1行以上の実績", "1行もない"));
    }
    same(&expected, &found)
}

fn reconciles_its_own(world: &World, arguments: &Arguments) -> StepResult {
    let month = month(arguments.text(1))?;
    let planner = world.office(arguments.text(3))?.number;
    let software_home = home_of(world.office(arguments.text(0))?)?;
    let recorded = world.recorded.get(arguments.text(2));
    let recorded =
        recorded.ok_or_else(|| Failure::setup("先に実績を記録する手順", arguments.text(2)))?;
    // Of whom the service office holds 予定 of this planner.
    let service = home_of(world.office(arguments.text(2))?)?.ledger().map_err(software)?;
    let is_planners = |person: &PersonKey| {
        let mut planned = service.planned.iter().filter(|held| held.from.office == planner);
        planned.any(|held| held.row.person == *person)
    };
    let deviations = recorded.deviations.iter();
    let own = deviations.filter(|it| it.row().is_some_and(|row| is_planners(&row.person)));
    let expected = lines(own);
    let outcome = software_home.reconcile(month).map_err(software)?;
    let provider = world.office(arguments.text(2))?.number;
    let of_provider = outcome.deviations().filter(|entry| {
        entry.row().is_some_and(|row| row.office == provider && is_planners(&row.person))
    });
    let found = lines(of_provider);
    match expected == found && !found.is_empty() {
        true => Ok(()),
        false => Err(Failure::unlike(expected.join("\n"), found.join("\n"))),
    }
}

fn tells_astray(world: &World, arguments: &Arguments) -> StepResult {
    let from = world.office(arguments.text(1))?.number;
    let month = month(arguments.text(2))?;
    let expected = world.office(arguments.text(3))?.number;
    let software_home = home_of(world.office(arguments.text(0))?)?;
    let ledger = software_home.ledger().map_err(software)?;
    let straight = ledger.provided.iter().filter(|held| held.from.office == from);
    let mut people: Vec<PersonKey> = straight.map(|held| held.row.person.clone()).collect();
    people.sort();
    people.dedup();
    let astray = software_home.astray().map_err(software)?;
    let named = astray.iter().filter(|it| (it.from, it.expected) == (from, expected));
    let mut named: Vec<PersonKey> = named.map(|it| it.person.clone()).collect();
    named.sort();
    if people.is_empty() || named != people {
        let (people, named) = (people.len(), named.len());
        return Err(Failure::unlike(format!("{people}人を知らせる"), format!("{named}人")));
    }
    let outcome = software_home.reconcile(month).map_err(software)?;
    let counted = outcome
        .entries
        .iter()
        .filter(|entry| entry.provided.as_ref().is_some_and(|row| named.contains(&row.person)));
    transport::is_count(0, counted.count() as u64)
}

fn is_charged(world: &World, arguments: &Arguments) -> StepResult {
    let (kind, charge) = (arguments.text(1), arguments.text(2));
    let files = transport::fetched(world, arguments.text(0))?;
    let annex = files.iter().find_map(|(name, bytes)| {
        let name = FileName::parse(name).ok()?;
        (name.kind == FileKind::SlipAnnex).then_some(bytes)
    });
    let annex = annex.ok_or_else(|| Failure::setup("取得した第7表", "1つもない"))?;
    let layout = Standard::bundled().newest(true).and_then(|it| it.layout(FileKind::SlipAnnex));
    let layout: &Layout = layout.ok_or_else(|| Failure::ours("第7表のレイアウトがない"))?;
    let mut lines = 0;
    for record in read_records(annex).records() {
        let item = |name: &str| {
            let item = layout.named(name).and_then(|item| record.field(item.no));
            item.map_or_else(String::new, |field| field.text())
        };
        if !item("サービスコード").starts_with(kind) {
            continue;
        }
        lines += 1;
        let (rate, share) = (item("給付率"), item("定額利用者負担単価金額"));
        let holds = match charge {
            "給付率90％" => rate == "90" && share.is_empty(),
            "給付率80％の定率" => rate == "80" && share.is_empty(),
            "1回300円の定額" => {
                let number = |name| item(name).parse::<u32>().unwrap_or_default();
                let (times, own) = (number("回数／日数"), number("利用者負担保険／事業対象分"));
                rate.is_empty() && share == "300" && own == 300 * times
            }
            other => return Err(Failure::setup("負担の決め方", other)),
        };
        if !holds {
            return Err(Failure::unlike(charge, format!("給付率{rate}、定額{share}")));
        }
    }
    if lines == 0 { Err(Failure::unlike(format!("{kind}の行"), "1行もない")) } else { Ok(()) }
}

async fn has_remark(world: &World, arguments: &Arguments) -> StepResult {
    let (wanted, rules) = (arguments.text(1), remarks(world, arguments.text(0)).await?);
    match rules.iter().any(|rule| rule == wanted) {
        true => Ok(()),
        false => Err(Failure::unlike(wanted, rules.join("、"))),
    }
}

async fn has_no_remark(world: &World, arguments: &Arguments) -> StepResult {
    let (unwanted, rules) = (arguments.text(1), remarks(world, arguments.text(0)).await?);
    match rules.iter().any(|rule| rule == unwanted) {
        true => Err(Failure::unlike(format!("{unwanted} がない"), rules.join("、"))),
        false => Ok(()),
    }
}

/// The rules that the hub's check has something to say by, of what an office sent last.
async fn remarks(world: &World, office: &str) -> Result<Vec<String>, Failure> {
    let mut terminal = world.terminal(office, None).await?;
    let sent = terminal.sent().await.map_err(transport::refusal)?;
    let last = sent.into_iter().next();
    let last = last.ok_or_else(|| Failure::unlike("送ったものがある", "1件もない"))?;
    Ok(last.submission.findings.into_iter().map(|finding| finding.rule).collect())
}

/// The papers of one kind that an office's software holds.
fn held(world: &World, office: &str, kind: PaperKind) -> Result<Vec<Paper>, Failure> {
    let papers = home_of(world.office(office)?)?.papers().map_err(software)?;
    Ok(papers.of(kind).cloned().collect())
}

fn sent<'a>(world: &'a World, office: &str) -> Result<&'a [NamedBytes], Failure> {
    let sent = world.sent.get(office).map(Vec::as_slice);
    sent.ok_or_else(|| Failure::setup("先に送信する手順", format!("{office}は未送信")))
}

/// Whose papers an office withdrew last, and of which day: by the bytes of the file alone.
fn withdrawn(
    world: &World,
    office: &str,
    kind: PaperKind,
) -> Result<Vec<(PersonKey, String)>, Failure> {
    let is_withdrawal =
        |name: &str| FileName::parse(name).is_ok_and(|it| it.kind == kind.withdrawal());
    let file = sent(world, office)?.iter().find(|(name, _)| is_withdrawal(name));
    let missing = || Failure::setup("先に取下げを送る手順", format!("{office}は未送信"));
    let (_, bytes) = file.ok_or_else(missing)?;
    let reading = read_records(bytes);
    let records = reading.records().map(|record| {
        let item = |no| record.field(no).map_or_else(String::new, |field| field.text());
        (PersonKey { insurer: item(2), insured: item(3) }, item(4))
    });
    Ok(records.collect())
}

/// What a service office recorded last for one planner.
fn recorded<'a>(
    world: &'a World,
    provider: &str,
    planner: OfficeNumber,
) -> Result<&'a [ServiceRow], Failure> {
    let recorded = world.recorded.get(provider);
    let recorded = recorded.ok_or_else(|| Failure::setup("先に実績を記録する手順", provider))?;
    let answer = recorded.answers.iter().find(|answer| answer.to == planner);
    let answer = answer.ok_or_else(|| Failure::setup("この計画元への実績", "1行もない"))?;
    Ok(&answer.rows)
}

/// Rows without names, to be compared whole: whose number, which day, which service, when, how often, by whom; in order.
fn told_rows<'a>(rows: impl Iterator<Item = &'a ServiceRow>) -> Vec<String> {
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows {
        let ServiceRow { person, day, code, start, end, count, units, office, .. } = row;
        let told =
            format!("{} {day} {code} {start}–{end} ×{count} {units} {office}", person.insured);
        *counted.entry(told).or_default() += 1;
    }
    counted.into_iter().map(|(told, times)| format!("{told} ({times})")).collect()
}
