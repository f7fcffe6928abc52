//! Steps of the care software: plan and export, import, record, reconcile.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use careplan_protocol::Clock;
use careplan_sandbox::{
    Office,
    care_software::{
        CareSoftware, Cast, Change, Class, Entry, ExportOrder, Office as CastOffice, PlanOrder,
        Rates, RecordedMonth, Sending, ServiceRow, SoftwareError, What, home,
        next_sequence as after, sequence_at,
    },
};
use careplan_standard::{FileName, Month, OfficeNumber, Sequence, ServiceScope};
use time::{PrimitiveDateTime, UtcOffset};

use super::{Arguments, Step, StepResult, transport::read};
use crate::{Failure, redact, world::World};

/// How many people a scenario's care manager plans for.
const PEOPLE: u32 = 8;

/// Much goes otherwise in a month that is to show all that may.
pub(super) const EVENTFUL: Rates = Rates { cancelled: 120, moved: 120, added: 120 };

/// How many seeds are tried for a month in which a visit is cancelled, one added and one changed.
pub(super) const SEEDS_TRIED: u64 = 200;

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{事業所}の介護ソフトが{月}の予定を{版}で{送信先}あてに出力する",
        example: "「見本居宅介護支援センター」の介護ソフトが「2025年4月」の予定を「4.1」で「みどりヘルパーステーション」あてに出力する",
        help: "合成の利用者のひと月の予定を作り、第6表・第7表・利用者補足情報を書く。版は 4.1 か 3.2、介護ソフトに任せるなら「おまかせ」",
        run: |world, arguments| Box::pin(async move { export_slips(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の介護ソフトが届いたファイルを取り込む",
        example: "「みどりヘルパーステーション」の介護ソフトが届いたファイルを取り込む",
        help: "端末が取得したファイルを、そのまま介護ソフトに渡す",
        run: |world, arguments| Box::pin(async move { import(world, arguments.text(0)) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の介護ソフトが{月}の実績を、中止・追加・変更のある月として記録する",
        example: "「みどりヘルパーステーション」の介護ソフトが「2025年4月」の実績を、中止・追加・変更のある月として記録する",
        help: "取り込んだ予定から実績を記録する。中止・追加・時間変更がそれぞれ1件以上ある",
        run: |world, arguments| Box::pin(async move { record(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の介護ソフトが{月}の実績を{版}で{送信先}あてに出力する",
        example: "「みどりヘルパーステーション」の介護ソフトが「2025年4月」の実績を「4.1」で「見本居宅介護支援センター」あてに出力する",
        help: "記録した実績を第6表の実績情報として書く。版は 4.1 か 3.2、介護ソフトに任せるなら「おまかせ」",
        run: |world, arguments| Box::pin(async move { export(world, &arguments, What::Results) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の{月}の予実突合に、{サービス事業所}が記録した違いだけがすべて現れる",
        example: "「見本居宅介護支援センター」の「2025年4月」の予実突合に、「みどりヘルパーステーション」が記録した違いだけがすべて現れる",
        help: "予定と取り込んだ実績を比べ、違いが記録されたものと過不足なく一致することを確かめる",
        run: |world, arguments| Box::pin(async move { reconcile(world, &arguments) }),
    },
];

fn export_slips(world: &mut World, arguments: &Arguments) -> StepResult {
    let office = world.office(arguments.text(0))?;
    let order = PlanOrder {
        month: month(arguments.text(1))?,
        people: PEOPLE,
        seed: world.sandbox()?.seed(),
        cast: cast(world, office.number)?,
    };
    // What is planned already may have been changed since.
    let planned = CareSoftware::open(&office.software).and_then(|own| own.home().plan(order.month));
    if !matches!(planned, Ok(Some(_))) {
        CareSoftware::plan(&office.software, &order).map_err(software)?;
    }
    export(world, arguments, What::Slip)
}

fn export(world: &mut World, arguments: &Arguments, what: What) -> StepResult {
    let [name, month_text, version_text, to] = [0, 1, 2, 3].map(|at| arguments.text(at));
    let order = ExportOrder {
        what,
        month: Some(month(month_text)?),
        version: version(version_text)?.map(str::to_owned),
        sequence: next_sequence(world, name)?,
        to: Some(world.office(to)?.number),
    };
    let office = world.office(name)?;
    let sendings = open(office.number, &office.software)?.export(&order).map_err(software)?;
    keep_export(world, name, &sendings)
}

/// Writes what was exported where the office's terminals find it, and notes it.
pub(super) fn keep_export(world: &mut World, name: &str, sendings: &[Sending]) -> StepResult {
    let exports = world.exported.get(name).map_or(0, Vec::len);
    let folder = world.office(name)?.outgoing.join(format!("{:03}", exports + 1));
    home::write_sendings(&folder, sendings).map_err(software)?;
    let files = |sending: &Sending| -> Vec<PathBuf> {
        let folder = folder.join(sending.to.to_string());
        sending.files.iter().map(|file| folder.join(file.name.to_string())).collect()
    };
    let groups: Vec<Vec<PathBuf>> = sendings.iter().map(files).collect();
    world.written.insert(name.to_owned(), groups.concat());
    world.exported.entry(name.to_owned()).or_default().push(groups);
    Ok(())
}

/// ファイル連番: the time now, or later if the office's software has used that already.
pub(super) fn next_sequence(world: &World, name: &str) -> Result<Sequence, Failure> {
    let now = sequence_at(now_in_japan(&world.sandbox()?.clock()));
    let files = world.exported.get(name).into_iter().flatten().flatten().flatten();
    let used = files.filter_map(|path| {
        FileName::parse(&path.file_name()?.to_string_lossy()).ok().map(|name| name.sequence)
    });
    match used.max() {
        Some(last) if now <= last => after(last).map_err(software),
        _ => Ok(now),
    }
}

/// Hands what an office's terminal fetched last to its software.
pub(super) fn import(world: &World, name: &str) -> StepResult {
    let office = world.office(name)?;
    let fetched = world.fetched.get(name);
    let fetched =
        fetched.ok_or_else(|| Failure::setup("先に受信してデータを取得する手順", name))?;
    let received = home::read_files(fetched).map_err(software)?;
    let imported = home_of(office)?.import(&received).map_err(software)?;
    // What the software says that it took in is what lies where the terminal put it.
    let said: BTreeMap<_, _> =
        imported.files.into_iter().map(|kept| (kept.name, kept.sha256)).collect();
    let there = read(fetched)?.into_iter();
    let there: BTreeMap<_, _> = there.map(|(name, bytes)| (name, redact::sha256(&bytes))).collect();
    match said == there {
        true => Ok(()),
        false => Err(Failure::unlike(format!("{there:?}"), format!("{said:?}"))),
    }
}

fn record(world: &mut World, arguments: &Arguments) -> StepResult {
    let (name, month) = (arguments.text(0), month(arguments.text(1))?);
    let office = world.office(name)?;
    let software_home = open(office.number, &office.software)?;
    let first = world.sandbox()?.seed();
    for seed in first..first.saturating_add(SEEDS_TRIED) {
        let recorded = software_home.record(Some(month), seed, EVENTFUL).map_err(software)?;
        if is_eventful(&recorded) {
            world.recorded.insert(name.to_owned(), recorded);
            return Ok(());
        }
    }
    Err(Failure::ours(format!("中止・追加・変更のそろう月が{SEEDS_TRIED}回のうちに現れない")))
}

pub(super) fn is_eventful(recorded: &RecordedMonth) -> bool {
    let has = |class| recorded.deviations.iter().any(|entry| entry.class == class);
    has(Class::Cancelled) && has(Class::Added) && has(Class::Changed(Change::TIME))
}

fn reconcile(world: &World, arguments: &Arguments) -> StepResult {
    let manager = world.office(arguments.text(0))?;
    let provider = arguments.text(2);
    let recorded = world.recorded.get(provider);
    let recorded = recorded.ok_or_else(|| Failure::setup("先に実績を記録する手順", provider))?;
    let outcome = open(manager.number, &manager.software)?.reconcile(month(arguments.text(1))?);
    let outcome = outcome.map_err(software)?;
    let expected = lines(recorded.deviations.iter());
    let found = lines(outcome.deviations());
    match expected == found {
        true => Ok(()),
        false => Err(Failure::unlike(expected.join("\n"), found.join("\n"))),
    }
}

/// Deviations as lines without names: what, whose number, which day, which service, when.
pub(super) fn lines<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<String> {
    let line = |entry: &Entry| {
        let part = |row: Option<&ServiceRow>| match row {
            None => "なし".to_owned(),
            Some(row) => format!(
                "{} {} {} {}–{} ×{}",
                redact::insured(&row.person.insured),
                row.day,
                row.code,
                row.start,
                row.end,
                row.count
            ),
        };
        let (planned, provided) = (part(entry.planned.as_ref()), part(entry.provided.as_ref()));
        format!("{:?}: 予定 {planned} → 実績 {provided}", entry.class)
    };
    let mut lines: Vec<String> = entries.map(line).collect();
    lines.sort();
    lines
}

/// The cast as the manager's software knows it: the manager and every service office of the stack.
pub(super) fn cast(world: &World, manager: OfficeNumber) -> Result<Cast, Failure> {
    let sandbox = world.sandbox()?;
    let of = |office: &Office| {
        office
            .kinds
            .iter()
            .map(|kind| CastOffice {
                number: office.number,
                kind: *kind,
                name: office.name.clone(),
            })
            .collect::<Vec<_>>()
    };
    let outside = world.outside.iter().flat_map(|spec| {
        spec.kinds.iter().map(|kind| CastOffice {
            number: spec.number,
            kind: *kind,
            name: spec.name.clone(),
        })
    });
    let all: Vec<CastOffice> = sandbox.offices().iter().flat_map(of).chain(outside).collect();
    let plans = |one: &&CastOffice| one.kind.scope() == ServiceScope::Planner;
    let found = all.iter().find(|one| one.number == manager && plans(one)).cloned();
    let manager = found.ok_or_else(|| Failure::setup("居宅介護支援事業所", manager.to_string()))?;
    let services = all.iter().filter(|one| !plans(one)).cloned().collect();
    Ok(Cast { manager, services, ..Cast::default() })
}

/// The software of an office, made if it is not there yet: an office that plans may be sent something
/// before it has planned anything.
pub(super) fn home_of(office: &Office) -> Result<CareSoftware, Failure> {
    let plans = office.kinds.iter().any(|kind| kind.scope() == ServiceScope::Planner);
    match CareSoftware::open(&office.software) {
        Err(_) if plans => {
            CareSoftware::planning_office(&office.software, office.number).map_err(software)
        }
        _ => open(office.number, &office.software),
    }
}

/// The software of an office: the care manager's is there once it has planned.
pub(super) fn open(office: OfficeNumber, folder: &Path) -> Result<CareSoftware, Failure> {
    match CareSoftware::open(folder) {
        Ok(software) => Ok(software),
        Err(_) => CareSoftware::service_office(folder, office).map_err(software),
    }
}

pub(super) fn software(error: SoftwareError) -> Failure {
    Failure::unlike("介護ソフトが応じる", error.to_string())
}

/// `2025年4月`.
pub(super) fn month(text: &str) -> Result<Month, Failure> {
    let parts = text.strip_suffix('月').and_then(|text| text.split_once('年'));
    let month = parts.and_then(|(year, month)| Month::new(year.parse().ok()?, month.parse().ok()?));
    month.ok_or_else(|| Failure::setup("「2025年4月」の形の年月", text))
}

/// The CSVバージョン値 of a version of the standard; none if the software is to choose.
pub(super) fn version(text: &str) -> Result<Option<&'static str>, Failure> {
    match text {
        "4.1" => Ok(Some("202407")),
        "3.2" => Ok(Some("202208")),
        "おまかせ" => Ok(None),
        other => Err(Failure::setup("標準仕様の版 4.1 か 3.2、または「おまかせ」", other)),
    }
}

pub(super) fn now_in_japan(clock: &Clock) -> PrimitiveDateTime {
    let japan = UtcOffset::from_hms(9, 0, 0).unwrap_or(UtcOffset::UTC);
    let now = clock.now().to_offset(japan);
    PrimitiveDateTime::new(now.date(), now.time())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_versions_are_said_as_people_say_them() {
        assert_eq!(month("2025年4月").map(|month| month.to_string()), Ok("202504".to_owned()));
        for wrong in ["2025-04", "2025年13月", "年月"] {
            assert!(month(wrong).is_err(), "{wrong}");
        }
        assert_eq!(version("3.2"), Ok(Some("202208")));
        assert_eq!(version("おまかせ"), Ok(None));
        assert!(version("4.0").is_err());
    }
}
