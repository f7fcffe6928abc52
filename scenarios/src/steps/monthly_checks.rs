//! Steps that look at what the software of an office shows of a month, and at the files that came.

use std::collections::{BTreeMap, BTreeSet};

use careplan_sandbox::care_software::{
    Base, HeldCarePlan, MonthOverview, PersonKey, PersonMonth, ServiceRow,
};
use careplan_standard::{FileKind, FileName, OfficeNumber, Standard, read_records};

use super::{
    Arguments, Step, StepResult, monthly,
    software::{month, open, software},
    transport,
};
use crate::{Failure, redact, world::World};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "ならば",
        pattern: "{事業所}の{月}の予定は{居宅}の予定と過不足なく同じである",
        example: "「みどりヘルパーステーション」の「2025年4月」の予定は「見本居宅介護支援センター」の予定と過不足なく同じである",
        help: "居宅の介護ソフトが見せる、この事業所を使う利用者の行・合計・限度額と、取り込んだ側が見せるものを比べる",
        run: |world, arguments| Box::pin(async move { is_same_month(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の{月}の一覧に{居宅}の{数}人目の利用者がいる",
        example: "「みどりヘルパーステーション」の「2025年4月」の一覧に「見本居宅介護支援センター」の1人目の利用者がいる",
        help: "取り込んだ側の介護ソフトに、この利用者のその月の予定があることを確かめる",
        run: |world, arguments| Box::pin(async move { is_listed(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の{月}の一覧に{居宅}の{数}人目の利用者はいない",
        example: "「みどりヘルパーステーション」の「2025年4月」の一覧に「見本居宅介護支援センター」の1人目の利用者はいない",
        help: "第6表だけでなく、第7表も補足情報も残っていないことを確かめる",
        run: |world, arguments| Box::pin(async move { is_not_listed(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の手元の計画書は、人も日付も行数も{居宅}が送った計画書のとおりである",
        example: "「みどりヘルパーステーション」の手元の計画書は、人も日付も行数も「見本居宅介護支援センター」が送った計画書のとおりである",
        help: "利用者と計画作成日ごとに、第1表から第3表の行数が送ったファイルのとおりで、補足情報があることを確かめる",
        run: |world, arguments| Box::pin(async move { has_plans(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の手元の計画書から{居宅}の{数}人目の利用者のものだけがなくなっている",
        example: "「みどりヘルパーステーション」の手元の計画書から「見本居宅介護支援センター」の1人目の利用者のものだけがなくなっている",
        help: "第2表・第3表・補足情報もなくなり、ほかの利用者の計画書は残っていることを確かめる",
        run: |world, arguments| Box::pin(async move { lacks_plan(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{居宅}の{月}の実績は{事業所}の記録と過不足なく同じである",
        example: "「見本居宅介護支援センター」の「2025年4月」の実績は「みどりヘルパーステーション」の記録と過不足なく同じである",
        help: "サテライトも種類も含め、居宅の介護ソフトが見せるこの事業所の実績が、記録された行と同じであることを確かめる",
        run: |world, arguments| Box::pin(async move { is_same_results(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{居宅}の{月}の予実突合は{事業所}の実績を待っている",
        example: "「見本居宅介護支援センター」の「2025年4月」の予実突合は「みどりヘルパーステーション」の実績を待っている",
        help: "この事業所の予定が実績待ちであり、中止とは扱われていないことを確かめる",
        run: |world, arguments| Box::pin(async move { waits(world, &arguments, true) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{居宅}の{月}の予実突合に{事業所}の実績がそろっている",
        example: "「見本居宅介護支援センター」の「2025年4月」の予実突合に「みどりヘルパーステーション」の実績がそろっている",
        help: "この事業所の予定に実績待ちがないことを確かめる",
        run: |world, arguments| Box::pin(async move { waits(world, &arguments, false) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の{月}の一覧で、{居宅}の{数}人目の利用者は限度額を超えている",
        example: "「みどりヘルパーステーション」の「2025年4月」の一覧で、「見本居宅介護支援センター」の1人目の利用者は限度額を超えている",
        help: "届いたファイルだけから、この利用者の超過が知らされ、単位数が居宅の計算と同じであることを確かめる",
        run: |world, arguments| Box::pin(async move { is_over_limit(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の{月}の一覧で、{居宅}の{数}人目の利用者は限度額に収まっている",
        example: "「みどりヘルパーステーション」の「2025年4月」の一覧で、「見本居宅介護支援センター」の1人目の利用者は限度額に収まっている",
        help: "この利用者が一覧にいて、超過の知らせがないことを確かめる",
        run: |world, arguments| Box::pin(async move { is_within_limit(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の{月}の一覧で、{居宅}の{数}人目の利用者の短期入所は{数}日、うち30日超が{数}日である",
        example: "「ショートステイ白樺」の「2025年4月」の一覧で、「見本居宅介護支援センター」の1人目の利用者の短期入所は28日、うち30日超が2日である",
        help: "取り込んだ第6表の短期入所の行と、３０日超区分の立った行を数える",
        run: |world, arguments| Box::pin(async move { stays(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の{月}の一覧で、{居宅}の{数}人目の利用者の日割対象日は{数}日から{数}日までである",
        example: "「小規模多機能ひだまり」の「2025年4月」の一覧で、「見本居宅介護支援センター」の1人目の利用者の日割対象日は16日から30日までである",
        help: "取り込んだ第6表の日割対象日（31桁）を読む",
        run: |world, arguments| Box::pin(async move { is_billed_by_the_day(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}が受け取った{種別}に、{文字}を含むレコードが{数}件ある",
        example: "「福祉用具サポート髙島」が受け取った「UPPLAN」に、「99003-000031」を含むレコードが1件ある",
        help: "取得したファイルのうち、名前がこの種別で始まるもののバイト列を、レコードに分けて数える",
        run: |world, arguments| Box::pin(async move { has_records(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "介護ソフトは、{文}と案内して断る",
        example: "介護ソフトは、「メッセージかPDF」と案内して断る",
        help: "直前の出力が断られ、断りの文にこの言葉があることを確かめる",
        run: |world, arguments| Box::pin(async move { is_advised(world, &arguments) }),
    },
];

/// Whether an office shows the month as the care manager does.
fn is_same_month(world: &World, arguments: &Arguments) -> StepResult {
    let [name, month, manager] = [0, 1, 2].map(|at| arguments.text(at));
    shows_same_month(world, name, month, manager)
}

/// Whether an office shows what the care manager's software shows of the people who use it.
pub(super) fn shows_same_month(
    world: &World,
    name: &str,
    month: &str,
    manager: &str,
) -> StepResult {
    let own = world.office(name)?.number;
    let planned = overview(world, manager, month)?;
    let uses = |one: &&PersonMonth| one.planned.iter().any(|row| row.office == own);
    let expected: Vec<&PersonMonth> = planned.people.iter().filter(uses).collect();
    if expected.is_empty() {
        return Err(Failure::setup(format!("{name}を使う利用者のいる予定"), "利用者がいません"));
    }
    let shown = overview(world, name, month)?;
    let found: Vec<&PersonMonth> = shown.people.iter().collect();
    same(&month_lines(&expected), &month_lines(&found))?;
    // Names are compared and never told.
    let names = |people: &[&PersonMonth]| -> Vec<String> {
        people.iter().map(|one| one.name.clone()).collect()
    };
    match names(&expected) == names(&found) {
        true => Ok(()),
        false => Err(Failure::unlike("同じ利用者氏名", "違う利用者氏名")),
    }
}

/// What a month comes to, as lines without names; each begins with a 被保険者番号.
fn month_lines(people: &[&PersonMonth]) -> Vec<String> {
    let lines = |one: &&PersonMonth| {
        let PersonMonth { person, level, limit, sums, planned, .. } = one;
        let head = format!(
            "{} 介護度{level} 限度{limit:?} {}回 {}単位 超過{} 全額負担{}円",
            person.insured, sums.times, sums.units, sums.units_over, sums.own_expense
        );
        let mut lines = row_lines(planned.iter());
        lines.insert(0, head);
        lines
    };
    people.iter().flat_map(lines).collect()
}

fn row_lines<'a>(rows: impl Iterator<Item = &'a ServiceRow>) -> Vec<String> {
    let line = |row: &ServiceRow| {
        format!(
            "{} {} {} {}–{} ×{} {}単位 {}{} 日割[{}] 30日超{} TAIS[{}]{}",
            row.person.insured,
            row.day,
            row.code,
            row.start,
            row.end,
            row.count,
            row.units,
            row.office,
            row.satellite,
            row.billed_days,
            u8::from(row.is_over_30_days),
            row.tais,
            row.running_number
        )
    };
    let mut lines: Vec<String> = rows.map(line).collect();
    lines.sort();
    lines
}

/// Whether lines, each of which begins with a 被保険者番号, are the same; a failure tells those that
/// are on one side alone, of the numbers only the ends.
pub(super) fn same(expected: &[String], found: &[String]) -> StepResult {
    if expected == found {
        return Ok(());
    }
    let beside = |these: &[String], those: &[String]| -> String {
        let mut left = these.to_vec();
        for line in those {
            if let Some(at) = left.iter().position(|other| other == line) {
                left.swap_remove(at);
            }
        }
        left.sort();
        if left.is_empty() {
            format!("{}行（順序が違う）", these.len())
        } else {
            told(&left)
        }
    };
    Err(Failure::unlike(beside(expected, found), beside(found, expected)))
}

/// Lines as a report may show them.
fn told(lines: &[String]) -> String {
    let told: Vec<String> = lines.iter().map(|line| redact::insured_line(line)).collect();
    told.join("\n")
}

/// What an office's software shows of a month.
fn overview(world: &World, name: &str, of: &str) -> Result<MonthOverview, Failure> {
    let office = world.office(name)?;
    open(office.number, &office.software)?.overview(month(of)?).map_err(software)
}

/// The care manager's person of a sentence, and what another office's software shows of them.
fn shown(
    world: &World,
    arguments: &Arguments,
) -> Result<(PersonKey, Option<PersonMonth>), Failure> {
    let person = monthly::person(world, arguments.text(2), arguments.number(3)?)?;
    let shown = overview(world, arguments.text(0), arguments.text(1))?;
    let found = shown.people.into_iter().find(|one| one.person == person);
    Ok((person, found))
}

fn listed(world: &World, arguments: &Arguments) -> Result<PersonMonth, Failure> {
    let (person, found) = shown(world, arguments)?;
    let wanted = || format!("{}がいる", redact::insured(&person.insured));
    found.ok_or_else(|| Failure::unlike(wanted(), "一覧にいない"))
}

fn is_listed(world: &World, arguments: &Arguments) -> StepResult {
    let found = listed(world, arguments)?;
    match found.planned.is_empty() {
        false => Ok(()),
        true => Err(Failure::unlike("予定の行がある", "予定の行がない")),
    }
}

fn is_not_listed(world: &World, arguments: &Arguments) -> StepResult {
    match shown(world, arguments)? {
        (_, None) => Ok(()),
        (person, Some(found)) => Err(Failure::unlike(
            format!("{}がいない", redact::insured(&person.insured)),
            told(&month_lines(&[&found])),
        )),
    }
}

/// 第1表–第3表 by person and day, as lines.
fn plan_lines<'a>(plans: impl Iterator<Item = &'a HeldCarePlan>) -> Vec<String> {
    let line = |plan: &HeldCarePlan| {
        format!("{} {} 第1～3表 {:?}行", plan.person.insured, plan.written_on, plan.tables)
    };
    let mut lines: Vec<String> = plans.map(line).collect();
    lines.sort();
    lines
}

fn has_plans(world: &World, arguments: &Arguments) -> StepResult {
    let (name, manager) = (arguments.text(0), arguments.text(1));
    let office = world.office(name)?;
    let ledger = open(office.number, &office.software)?.ledger().map_err(software)?;
    let sent =
        world.sent.get(manager).ok_or_else(|| Failure::setup("先に送信する手順", manager))?;
    let mut tables: BTreeMap<(String, String), [u32; 3]> = BTreeMap::new();
    for (name, bytes) in sent {
        let Some((table, kind)) = table_of(name) else { continue };
        for record in read_records(bytes).records() {
            let text = |no| record.field(no).map(|field| field.text()).unwrap_or_default();
            let version = Standard::bundled().version(&text(1));
            let layout = version.and_then(|version| version.layout(kind));
            let day = layout.and_then(|layout| layout.named("居宅サービス計画作成（変更）日"));
            let day = day.ok_or_else(|| Failure::ours(name.clone()))?;
            tables.entry((text(3), text(day.no))).or_default()[table] += 1;
        }
    }
    let expected: Vec<String> = tables
        .iter()
        .map(|((insured, day), tables)| format!("{insured} {day} 第1～3表 {tables:?}行"))
        .collect();
    same(&expected, &plan_lines(ledger.care_plans.iter()))?;
    let with_supplement: BTreeSet<&str> = ledger
        .supplements
        .iter()
        .filter(|held| matches!(held.base, Base::Plan(_)) && !held.name.is_empty())
        .map(|held| held.person.insured.as_str())
        .collect();
    let people: BTreeSet<&str> = tables.keys().map(|(insured, _)| insured.as_str()).collect();
    match with_supplement == people && !people.is_empty() {
        true => Ok(()),
        false => Err(Failure::unlike(
            format!("利用者補足情報 {}", redact::insured_list(people)),
            redact::insured_list(with_supplement),
        )),
    }
}

/// Which of 第1表 to 第3表 a file carries, from 0.
fn table_of(name: &str) -> Option<(usize, FileKind)> {
    let kind = FileName::parse(name).ok()?.kind;
    let tables = [FileKind::PlanTable1, FileKind::PlanTable2, FileKind::PlanTable3];
    tables.iter().position(|table| *table == kind).map(|table| (table, kind))
}

fn lacks_plan(world: &World, arguments: &Arguments) -> StepResult {
    let (name, manager) = (arguments.text(0), arguments.text(1));
    let office = world.office(name)?;
    let gone = monthly::person(world, manager, arguments.number(2)?)?;
    let ledger = open(office.number, &office.software)?.ledger().map_err(software)?;
    let (_, people) = monthly::manager(world, manager)?;
    let uses = people
        .clients
        .iter()
        .filter(|client| client.care_plan.offices().iter().any(|one| one.number == office.number));
    let expected: BTreeSet<&str> = uses
        .filter(|client| client.person.key != gone)
        .map(|client| client.person.key.insured.as_str())
        .collect();
    let plans = ledger.care_plans.iter().map(|held| held.person.insured.as_str());
    let supplements = ledger.supplements.iter().filter(|held| matches!(held.base, Base::Plan(_)));
    let supplements: BTreeSet<&str> =
        supplements.map(|held| held.person.insured.as_str()).collect();
    let plans: BTreeSet<&str> = plans.collect();
    match plans == expected && supplements == expected {
        true => Ok(()),
        false => Err(Failure::unlike(
            redact::insured_list(expected),
            format!(
                "計画書 {}、補足情報 {}",
                redact::insured_list(plans),
                redact::insured_list(supplements)
            ),
        )),
    }
}

fn is_same_results(world: &World, arguments: &Arguments) -> StepResult {
    let [manager, month, name] = [0, 1, 2].map(|at| arguments.text(at));
    let number = world.office(name)?.number;
    let rows = |overview: MonthOverview, of: OfficeNumber| {
        let rows = overview.people.into_iter().flat_map(|one| one.provided);
        let rows: Vec<ServiceRow> = rows.filter(|row| row.office == of).collect();
        row_lines(rows.iter())
    };
    let expected = rows(overview(world, name, month)?, number);
    if expected.is_empty() {
        return Err(Failure::setup("先に実績を記録する手順", name));
    }
    same(&expected, &rows(overview(world, manager, month)?, number))
}

fn waits(world: &World, arguments: &Arguments, wanted: bool) -> StepResult {
    let (manager, _) = monthly::manager(world, arguments.text(0))?;
    let number = world.office(arguments.text(2))?.number;
    let outcome = manager.reconcile(month(arguments.text(1))?).map_err(software)?;
    let waits = outcome.waiting.iter().any(|part| part.office == number);
    let is_compared =
        outcome.entries.iter().any(|entry| entry.row().is_some_and(|row| row.office == number));
    match (waits, is_compared) == (wanted, !wanted) {
        true => Ok(()),
        false => Err(Failure::unlike(
            if wanted { "実績待ち" } else { "実績がある" },
            format!("実績待ち: {waits}、突合された行がある: {is_compared}"),
        )),
    }
}

fn is_over_limit(world: &World, arguments: &Arguments) -> StepResult {
    let (person, _) = shown(world, arguments)?;
    let notice = |name: &str| -> Result<Option<(Option<u32>, u32)>, Failure> {
        let notices = overview(world, name, arguments.text(1))?.limit_notices();
        let found = notices.into_iter().find(|notice| notice.person == person);
        Ok(found.map(|notice| (notice.limit, notice.over)))
    };
    let (expected, found) = (notice(arguments.text(2))?, notice(arguments.text(0))?);
    match expected.is_some() && expected == found {
        true => Ok(()),
        false => {
            Err(Failure::unlike(format!("居宅の計算 {expected:?}"), format!("届いた側 {found:?}")))
        }
    }
}

fn is_within_limit(world: &World, arguments: &Arguments) -> StepResult {
    let found = listed(world, arguments)?;
    match (found.over_limit(), found.sums.units) {
        (0, 1..) => Ok(()),
        (over, units) => Err(Failure::unlike("超過0単位", format!("{units}単位のうち{over}単位"))),
    }
}

fn stays(world: &World, arguments: &Arguments) -> StepResult {
    let found = listed(world, arguments)?;
    let wanted = (arguments.number(4)?, arguments.number(5)?);
    let stays: Vec<_> =
        found.planned.iter().filter(|row| !row.short_stay_days.is_empty()).collect();
    let over = stays.iter().filter(|row| row.is_over_30_days).count();
    let told = |(all, over): (u64, u64)| format!("{all}日、うち30日超{over}日");
    match (stays.len() as u64, over as u64) {
        seen if seen == wanted => Ok(()),
        seen => Err(Failure::unlike(told(wanted), told(seen))),
    }
}

fn is_billed_by_the_day(world: &World, arguments: &Arguments) -> StepResult {
    let found = listed(world, arguments)?;
    let (first, last) = (arguments.number(4)?, arguments.number(5)?);
    let wanted: String =
        (1..=31).map(|day| if (first..=last).contains(&day) { '1' } else { '0' }).collect();
    let maps: Vec<&str> = found
        .planned
        .iter()
        .filter(|row| !row.billed_days.is_empty())
        .map(|row| row.billed_days.as_str())
        .collect();
    match maps == [wanted.as_str()] {
        true => Ok(()),
        false => Err(Failure::unlike(wanted, maps.join("、"))),
    }
}

fn has_records(world: &World, arguments: &Arguments) -> StepResult {
    let [name, prefix, text] = [0, 1, 2].map(|at| arguments.text(at));
    let mut count = 0;
    for (file, bytes) in transport::fetched(world, name)? {
        let is_wanted = file.split('_').next() == Some(prefix);
        let has = |record: &careplan_standard::Record<'_>| {
            record.fields().any(|field| field.text().contains(text))
        };
        if is_wanted {
            count += read_records(&bytes).records().filter(has).count() as u64;
        }
    }
    transport::is_count(arguments.number(3)?, count)
}

fn is_advised(world: &World, arguments: &Arguments) -> StepResult {
    let wanted = arguments.text(0);
    match &world.advice {
        Some(advice) if advice.contains(wanted) => Ok(()),
        Some(advice) => Err(Failure::unlike(format!("「{wanted}」という案内"), advice.clone())),
        None => Err(Failure::unlike("断られる", "断られていない")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_compared_whole_and_told_without_the_whole_number() {
        let lines = |numbers: &[&str]| -> Vec<String> {
            numbers.iter().map(|number| format!("{number} 20250401 111111")).collect()
        };
        assert_eq!(same(&lines(&["0000000123"]), &lines(&["0000000123"])), Ok(()));
        let failure = same(&lines(&["0000000123"]), &lines(&["1000000123"])).expect_err("differs");
        let told = "被保険者…123 20250401 111111";
        assert_eq!((failure.expected.as_str(), failure.found.as_str()), (told, told));
    }
}
