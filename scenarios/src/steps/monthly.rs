//! Steps of the monthly flow: plans and months that change, are withdrawn, and are taken in again.

use careplan_sandbox::care_software::{
    Amendment, CareSoftware, ExportOrder, Office as CastOffice, PersonKey, PlanOrder, Rates,
    Sending, What, WithdrawOrder, home, home::People,
};
use careplan_standard::{Date, FileKind, FileName, Month, NameMonth, Party};

use super::{
    Arguments, Step, StepResult,
    software::{cast, keep_export, month, next_sequence, open, software, version},
    transport,
};
use crate::{Failure, Way, world::World};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{居宅}の介護ソフトが{月}の予定を{数}人分作る",
        example: "「見本居宅介護支援センター」の介護ソフトが「2025年4月」の予定を8人分作る",
        help: "合成の利用者と、そのひと月の予定を作る。まだ出力はしない",
        run: |world, arguments| Box::pin(async move { plan(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{居宅}の介護ソフトが計画書を{版}で{送信先}あてに出力する",
        example: "「見本居宅介護支援センター」の介護ソフトが計画書を「4.1」で「みどりヘルパーステーション」あてに出力する",
        help: "居宅サービス計画書の第1表から第3表（3.2では第2表まで）と利用者補足情報を書く",
        run: |world, arguments| Box::pin(async move { export_plans(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{居宅}の{月}の予定で、{数}人目の利用者に{事業所}の{数}日の利用を追加する",
        example: "「見本居宅介護支援センター」の「2025年4月」の予定で、1人目の利用者に「みどりヘルパーステーション」の30日の利用を追加する",
        help: "その月の初回と同じ利用を、この日の空いた時間に1回加える",
        run: |world, arguments| {
            Box::pin(async move {
                let office = service(world, arguments.text(3))?.number;
                let day = day_number(&arguments, 4)?;
                amend(world, &arguments, &Amendment::Add { office, day })
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{居宅}の{月}の予定で、{数}人目の利用者に{事業所}の利用を限度額を超えるまで追加する",
        example: "「見本居宅介護支援センター」の「2025年4月」の予定で、1人目の利用者に「みどりヘルパーステーション」の利用を限度額を超えるまで追加する",
        help: "1日から順に1回ずつ加え、区分支給限度基準額を超えたところで止める",
        run: |world, arguments| {
            Box::pin(async move {
                let office = service(world, arguments.text(3))?.number;
                amend(world, &arguments, &Amendment::AddBeyondLimit { office })
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{居宅}の{月}の予定で、{数}人目の利用者を{数}日から利用中止にする",
        example: "「見本居宅介護支援センター」の「2025年4月」の予定で、1人目の利用者を16日から利用中止にする",
        help: "この日から、時刻のある利用と短期入所の日をすべて外す（入院など）",
        run: |world, arguments| {
            Box::pin(async move {
                let day = day_number(&arguments, 3)?;
                amend(world, &arguments, &Amendment::StopFrom { day })
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{居宅}の{月}の予定で、{数}人目の利用者から{事業所}の利用をすべて外す",
        example: "「見本居宅介護支援センター」の「2025年4月」の予定で、1人目の利用者から「みどりヘルパーステーション」の利用をすべて外す",
        help: "この事業所の行を1件も残さない",
        run: |world, arguments| {
            Box::pin(async move {
                let office = service(world, arguments.text(3))?.number;
                amend(world, &arguments, &Amendment::Drop { office })
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{居宅}の{月}の予定で、{数}人目の利用者の{事業所}の利用をサテライト{枝番}で行うことにする",
        example: "「見本居宅介護支援センター」の「2025年4月」の予定で、2人目の利用者の「ひかりの里」の利用をサテライト「01」で行うことにする",
        help: "この利用者のこの事業所の行に、サテライト枝番を付ける",
        run: |world, arguments| {
            Box::pin(async move {
                let office = service(world, arguments.text(3))?.number;
                let branch = arguments.text(4).to_owned();
                amend(world, &arguments, &Amendment::Satellite { office, branch })
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{居宅}の{月}の予定で、{数}人目の利用者に{事業所}の短期入所を{初日}から{末日}まで入れる",
        example: "「見本居宅介護支援センター」の「2025年4月」の予定で、1人目の利用者に「ショートステイ白樺」の短期入所を「2025年3月28日」から「2025年4月28日」まで入れる",
        help: "入所の間はほかの利用を外す。前の月から続いていてもよく、31日目からは30日超になる",
        run: |world, arguments| {
            Box::pin(async move {
                let office = service(world, arguments.text(3))?;
                let (first, last) = (date(arguments.text(4))?, date(arguments.text(5))?);
                amend(world, &arguments, &Amendment::Stay { office, first, last })
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{居宅}の{月}の予定で、{数}人目の利用者が{事業所}を{初日}から月額で利用する",
        example: "「見本居宅介護支援センター」の「2025年4月」の予定で、1人目の利用者が「小規模多機能ひだまり」を「2025年4月16日」から月額で利用する",
        help: "この日からほかの利用に代わる。月の途中からなら日割になる",
        run: |world, arguments| {
            Box::pin(async move {
                let office = service(world, arguments.text(3))?;
                let first = date(arguments.text(4))?;
                amend(world, &arguments, &Amendment::ByTheMonth { office, first })
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{居宅}の{月}の予定で、{数}人目の利用者に{事業所}の手すり2本の貸与を入れる",
        example: "「見本居宅介護支援センター」の「2025年4月」の予定で、1人目の利用者に「福祉用具サポート髙島」の手すり2本の貸与を入れる",
        help: "コードも単位数も同じ福祉用具を2点。TAISコードが違い、明細判別コードで見分ける",
        run: |world, arguments| {
            Box::pin(async move {
                let office = service(world, arguments.text(3))?;
                amend(world, &arguments, &Amendment::Handrails { office })
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{居宅}の介護ソフトが、あわせて{月}の予定を{版}で{送信先}あてに出力する",
        example: "「見本居宅介護支援センター」の介護ソフトが、あわせて「2025年5月」の予定を「4.1」で「みどりヘルパーステーション」あてに出力する",
        help: "別の連番の送信単位として書き、直前に出力したものと1回の送信にまとめる",
        run: |world, arguments| Box::pin(async move { export_along(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{居宅}の介護ソフトが{月}の予定のうち、{数}人目の利用者の取下げを{送信先}あてに出力する",
        example: "「見本居宅介護支援センター」の介護ソフトが「2025年4月」の予定のうち、1人目の利用者の取下げを「みどりヘルパーステーション」あてに出力する",
        help: "第6表_削除（DLTPLAN）を4.1で書く",
        run: |world, arguments| Box::pin(async move { withdraw_slip(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{居宅}の介護ソフトが{数}人目の利用者の計画書の取下げを{送信先}あてに出力する",
        example: "「見本居宅介護支援センター」の介護ソフトが1人目の利用者の計画書の取下げを「みどりヘルパーステーション」あてに出力する",
        help: "第1表_削除（DLT1KYO）を4.1で書く",
        run: |world, arguments| Box::pin(async move { withdraw_plan(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の介護ソフトが{月}の実績のうち、{居宅}の{数}人目の利用者の取下げを出力する",
        example: "「みどりヘルパーステーション」の介護ソフトが「2025年4月」の実績のうち、「見本居宅介護支援センター」の1人目の利用者の取下げを出力する",
        help: "第6表_削除（DLTJSK）を、予定と同じ版で書く",
        run: |world, arguments| Box::pin(async move { withdraw_results(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が{数}番目に出力したファイルを送信する",
        example: "「見本居宅介護支援センター」が2番目に出力したファイルを送信する",
        help: "このシナリオで介護ソフトが出力したものを1から数え、その一式を端末から送る",
        run: |world, arguments| Box::pin(send_nth(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が受信し、届いた順に1件ずつ介護ソフトに取り込む",
        example: "「みどりヘルパーステーション」が受信し、届いた順に1件ずつ介護ソフトに取り込む",
        help: "受信一覧を開いて未取得のものをすべて取得し、1つの配信ごとに介護ソフトに渡す",
        run: |world, arguments| {
            Box::pin(async move { take_in(world, arguments.text(0)).await.map(drop) })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の介護ソフトが{月}の実績を、予定どおりの月として記録する",
        example: "「みどりヘルパーステーション」の介護ソフトが「2025年4月」の実績を、予定どおりの月として記録する",
        help: "取り込んだ予定のとおりに実績を記録する。すでにあれば記録し直す",
        run: |world, arguments| Box::pin(async move { record(world, &arguments, Rates::NONE) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の介護ソフトが{月}の実績を、だれも利用しなかった月として記録する",
        example: "「みどりヘルパーステーション」の介護ソフトが「2025年4月」の実績を、だれも利用しなかった月として記録する",
        help: "すべての利用を中止として記録する",
        run: |world, arguments| {
            Box::pin(async move { record(world, &arguments, Rates::NOBODY_CAME) })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の介護ソフトが{月}の実績を出力しようとする",
        example: "「みどりヘルパーステーション」の介護ソフトが「2025年4月」の実績を出力しようとする",
        help: "断られてもよく、結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(async move { try_to_export(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が、1件もない{月}の実績のファイルを{送信先}あてに基盤へ送る",
        example: "「みどりヘルパーステーション」が、1件もない「2025年4月」の実績のファイルを「見本居宅介護支援センター」あてに基盤へ送る",
        help: "端末では検査せず、レコードのない実績情報（UPJSK）を送ってみる。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(send_empty_results(world, arguments)),
    },
];

/// Receives all that waits and imports it, one delivery at a time, in the order of arrival. Gives
/// the messages that came along.
pub(super) async fn take_in(world: &mut World, office: &str) -> Result<Vec<String>, Failure> {
    let mut terminal = world.terminal(office, None).await?;
    terminal.inbox().await.map_err(transport::refusal)?;
    let (number, into, folder) = {
        let own = world.office(office)?;
        (own.number, own.received.clone(), own.software.clone())
    };
    let outcomes = terminal.fetch_all(&into).await.map_err(transport::refusal)?;
    drop(terminal);
    if outcomes.is_empty() {
        return Err(Failure::unlike("取得するものがある", "受信一覧に未取得のものがない"));
    }
    let (mut files, mut messages) = (vec![], vec![]);
    for outcome in outcomes {
        let fetched = outcome.map_err(transport::refusal)?;
        let received = home::read_files(&fetched.files).map_err(software)?;
        for file in &received {
            world.note_file(office, Way::Received, &file.name, &file.bytes);
        }
        if received.iter().any(|file| FileName::parse(&file.name).is_ok()) {
            open(number, &folder)?.import(&received).map_err(software)?;
        }
        files.extend(fetched.files);
        messages.push(fetched.delivery.message);
    }
    world.fetched.insert(office.to_owned(), files);
    Ok(messages)
}

/// The care manager's software, which has planned.
pub(super) fn manager(world: &World, name: &str) -> Result<(CareSoftware, People), Failure> {
    let office = world.office(name)?;
    let software_home = open(office.number, &office.software)?;
    let people = software_home.home().people().map_err(software)?;
    let people = people.ok_or_else(|| Failure::setup("先に予定を作る手順", name))?;
    Ok((software_home, people))
}

/// The care manager's person at this place of the list, from 1.
pub(super) fn person(world: &World, name: &str, place: u64) -> Result<PersonKey, Failure> {
    let (_, people) = manager(world, name)?;
    let at = usize::try_from(place).ok().and_then(|place| place.checked_sub(1));
    let client = at.and_then(|at| people.clients.get(at));
    let most = || Failure::setup(format!("1～{}人目", people.clients.len()), place.to_string());
    Ok(client.ok_or_else(most)?.person.key.clone())
}

fn plan(world: &World, arguments: &Arguments) -> StepResult {
    let office = world.office(arguments.text(0))?;
    let people = u32::try_from(arguments.number(2)?).unwrap_or(u32::MAX);
    let order = PlanOrder {
        month: month(arguments.text(1))?,
        people,
        seed: world.sandbox()?.seed(),
        cast: cast(world, office.number)?,
    };
    CareSoftware::plan(&office.software, &order).map(drop).map_err(software)
}

fn export_plans(world: &mut World, arguments: &Arguments) -> StepResult {
    let [name, version_text, to] = [0, 1, 2].map(|at| arguments.text(at));
    let order = ExportOrder {
        what: What::Plan,
        month: None,
        version: version(version_text)?.map(str::to_owned),
        sequence: next_sequence(world, name)?,
        to: Some(world.office(to)?.number),
    };
    let sendings = manager(world, name)?.0.export(&order).map_err(software)?;
    keep_export(world, name, &sendings)
}

fn export_along(world: &mut World, arguments: &Arguments) -> StepResult {
    let [name, month_text, version_text, to] = [0, 1, 2, 3].map(|at| arguments.text(at));
    let before = world.written.get(name).cloned().unwrap_or_default();
    let order = ExportOrder {
        what: What::Slip,
        month: Some(month(month_text)?),
        version: version(version_text)?.map(str::to_owned),
        sequence: next_sequence(world, name)?,
        to: Some(world.office(to)?.number),
    };
    let sendings = manager(world, name)?.0.export(&order).map_err(software)?;
    keep_export(world, name, &sendings)?;
    world.written.entry(name.to_owned()).or_default().extend(before);
    Ok(())
}

fn amend(world: &World, arguments: &Arguments, amendment: &Amendment) -> StepResult {
    let (name, month) = (arguments.text(0), month(arguments.text(1))?);
    let person = person(world, name, arguments.number(2)?)?;
    let (software_home, _) = manager(world, name)?;
    software_home.amend(month, &person, amendment).map(drop).map_err(software)
}

fn withdraw_slip(world: &mut World, arguments: &Arguments) -> StepResult {
    let (name, month) = (arguments.text(0), month(arguments.text(1))?);
    let people = vec![person(world, name, arguments.number(2)?)?];
    let to = Some(world.office(arguments.text(3))?.number);
    withdraw(world, name, |order| WithdrawOrder { month: Some(month), people, to, ..order })
}

fn withdraw_plan(world: &mut World, arguments: &Arguments) -> StepResult {
    let name = arguments.text(0);
    let people = vec![person(world, name, arguments.number(1)?)?];
    let to = Some(world.office(arguments.text(2))?.number);
    withdraw(world, name, |order| WithdrawOrder { what: What::Plan, people, to, ..order })
}

fn withdraw_results(world: &mut World, arguments: &Arguments) -> StepResult {
    let (name, month, to) = (arguments.text(0), month(arguments.text(1))?, arguments.text(2));
    let people = vec![person(world, to, arguments.number(3)?)?];
    let to = Some(world.office(to)?.number);
    let (what, month, version) = (What::Results, Some(month), None);
    withdraw(world, name, |order| WithdrawOrder { what, month, people, version, to, ..order })
}

/// Withdraws 予定 in version 4.1, unless the order is made another.
fn withdraw(
    world: &mut World,
    name: &str,
    make: impl FnOnce(WithdrawOrder) -> WithdrawOrder,
) -> StepResult {
    let order = make(WithdrawOrder {
        what: What::Slip,
        month: None,
        people: vec![],
        version: version("4.1")?.map(str::to_owned),
        sequence: next_sequence(world, name)?,
        to: None,
    });
    let office = world.office(name)?;
    let sendings: Vec<Sending> =
        open(office.number, &office.software)?.withdraw(&order).map_err(software)?;
    keep_export(world, name, &sendings)
}

async fn send_nth(world: &mut World, arguments: Arguments) -> StepResult {
    let (name, nth) = (arguments.text(0), arguments.number(1)?);
    let exports = world.exported.get(name).map_or(&[][..], Vec::as_slice);
    let at = usize::try_from(nth).ok().and_then(|nth| nth.checked_sub(1));
    let export = at.and_then(|at| exports.get(at));
    let wanted = || Failure::setup(format!("1～{}番目", exports.len()), nth.to_string());
    let files = transport::read(&export.ok_or_else(wanted)?.concat())?;
    transport::send(world, name, files).await
}

fn record(world: &mut World, arguments: &Arguments, rates: Rates) -> StepResult {
    let (name, month) = (arguments.text(0), month(arguments.text(1))?);
    let office = world.office(name)?;
    let seed = world.sandbox()?.seed();
    let recorded = open(office.number, &office.software)?.record(Some(month), seed, rates);
    let recorded = recorded.map_err(software)?;
    world.recorded.insert(name.to_owned(), recorded);
    Ok(())
}

fn try_to_export(world: &mut World, arguments: &Arguments) -> StepResult {
    let (name, month) = (arguments.text(0), month(arguments.text(1))?);
    let order = ExportOrder {
        what: What::Results,
        month: Some(month),
        version: None,
        sequence: next_sequence(world, name)?,
        to: None,
    };
    let office = world.office(name)?;
    match open(office.number, &office.software)?.export(&order) {
        Ok(sendings) => keep_export(world, name, &sendings),
        Err(error) => {
            world.advice = Some(error.to_string());
            Ok(())
        }
    }
}

async fn send_empty_results(world: &mut World, arguments: Arguments) -> StepResult {
    let (name, month) = (arguments.text(0), month(arguments.text(1))?);
    let party = |office: &careplan_sandbox::Office| Party {
        office: office.number,
        kind: office.kinds.first().copied(),
    };
    let file = FileName {
        kind: FileKind::Results,
        month: Some(NameMonth::Of(month)),
        from: party(world.office(name)?),
        to: party(world.office(arguments.text(2))?),
        sequence: next_sequence(world, name)?,
        branch: None,
    };
    transport::try_to_send(world, name, vec![(file.to_string(), vec![])], true).await
}

/// An office of this stack, as care software knows it.
fn service(world: &World, name: &str) -> Result<CastOffice, Failure> {
    let office = world.office(name)?;
    let kind = office.kinds.first().copied();
    let kind = kind.ok_or_else(|| Failure::setup("サービス種類", name))?;
    Ok(CastOffice { number: office.number, kind, name: office.name.clone() })
}

fn day_number(arguments: &Arguments, at: usize) -> Result<u8, Failure> {
    let day = arguments.number(at)?;
    u8::try_from(day).map_err(|_| Failure::setup("1～31日", day.to_string()))
}

/// `2025年4月16日`.
fn date(text: &str) -> Result<Date, Failure> {
    let parts = text.strip_suffix('日').and_then(|text| text.split_once('月'));
    let date = parts.and_then(|(before, day)| {
        let of: Month = month(&format!("{before}月")).ok()?;
        of.day(day.parse().ok()?)
    });
    date.ok_or_else(|| Failure::setup("「2025年4月16日」の形の日付", text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_said_as_people_say_them() {
        assert_eq!(date("2025年4月16日").map(|date| date.to_string()), Ok("20250416".to_owned()));
        for wrong in ["2025年4月31日", "4月16日", "2025-04-16", ""] {
            assert!(date(wrong).is_err(), "{wrong}");
        }
    }
}
