//! A town's month, act by act.

use std::{path::PathBuf, sync::Arc};

use careplan_protocol::Clock;
use careplan_sandbox::{
    HubMode, OfficeSpec,
    care_software::{
        CareSoftware, Ledger, RecordedMonth, SoftwareError, TOWN_RATES, Town, sequence_at,
    },
};
use careplan_standard::{Month, OfficeNumber, Sequence};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use time::{
    Date, PrimitiveDateTime, Time, UtcOffset,
    macros::{offset, time},
};

use super::{
    super::{
        Arguments, StepResult,
        software::{month, now_in_japan, open, software as unwilling},
    },
    TownDays,
    desks::{AT_ONCE, Parcel, aside, at_every_desk},
    judge::{self, Of},
    outgoing::{onward, results, slips},
};
use crate::{Failure, world::World};

/// Japan's time.
const JAPAN: UtcOffset = offset!(+9);

/// When the month before ends for an office: the 予定 go out. And when its month is over.
const EVENING_OF_THE_28TH: (u8, Time) = (28, time!(17:15:02));
const MORNING_OF_THE_2ND: (u8, Time) = (2, time!(9:30:00));

/// Starts the town's offices, each with its terminals, and the practices' software with their people
/// and 予定.
pub(super) async fn begin(world: &mut World, arguments: Arguments) -> StepResult {
    let month = month(arguments.text(0))?;
    let settings = world.settings()?;
    let town = Arc::new(Town::of(settings.seed, month, settings.scale.get()));
    set(&world.clock, month.previous(), EVENING_OF_THE_28TH)?;
    world.start(specs(&town), HubMode::InProcess).await?;
    for office in town.services.iter().filter(|office| 1 < office.terminals) {
        for terminal in 2..=office.terminals {
            let name = format!("pc-{terminal}");
            let added = world.sandbox_mut()?.add_terminal(office.number, &name).await;
            added.map_err(|error| Failure::ours(error.to_string()))?;
        }
    }
    let mut rows = 0;
    for practice in &town.practices {
        let folder = software_of(world, practice.people.cast.manager.number)?;
        let (_, plan) =
            CareSoftware::plan_for(&folder, &practice.people, month).map_err(unwilling)?;
        rows += plan.rows.len();
    }
    let Town { centres, practices, services, .. } = &*town;
    world.tell(format!(
        "地域包括支援センター{}、居宅{}、サービス事業所{}、利用者{}人（うち委託{}人）、予定{rows}行",
        centres.len(),
        practices.len(),
        services.len(),
        town.population(),
        practices.iter().map(|practice| practice.entrusted().count()).sum::<usize>(),
    ));
    world.town = Some(TownDays { town, sent: Vec::new(), arrived: Vec::new() });
    Ok(())
}

pub(super) async fn send_slips(world: &mut World) -> StepResult {
    let (town, sequence) = (town(world)?, now(world)?);
    let sent = at_every_desk(world, practices(&town), |mut desk| {
        let (town, software) = (Arc::clone(&town), desk.software.clone());
        async move {
            let slips = aside(move || slips(&town, &software, sequence)).await?;
            desk.send(&slips).await
        }
    });
    let sent = sent.await?;
    note_sent(world, sent)
}

pub(super) async fn services_receive(world: &mut World) -> StepResult {
    let offices = services(&*town(world)?);
    receive(world, offices).await
}

pub(super) async fn practices_receive(world: &mut World) -> StepResult {
    let offices = practices(&*town(world)?);
    receive(world, offices).await
}

pub(super) async fn centres_receive(world: &mut World) -> StepResult {
    let offices = centres(&*town(world)?);
    receive(world, offices).await
}

pub(super) async fn record(world: &mut World) -> StepResult {
    let (town, seed) = (town(world)?, world.sandbox()?.seed());
    let month = town.month;
    let recorded = in_every_software(world, services(&town), move |software| {
        software.record(Some(month), seed, TOWN_RATES)
    });
    let recorded = recorded.await?;
    let deviations = || recorded.values().flat_map(|month| &month.deviations);
    let rows = recorded.values().flat_map(|month| &month.answers).map(|answer| answer.rows.len());
    let cancelled = deviations().filter(|entry| entry.provided.is_none()).count();
    let added = deviations().filter(|entry| entry.planned.is_none()).count();
    world.tell(format!(
        "実績{}行。中止{cancelled}行、変更{}行、追加{added}行",
        rows.sum::<usize>(),
        deviations().count() - cancelled - added,
    ));
    Ok(())
}

pub(super) async fn send_results(world: &mut World) -> StepResult {
    let town = town(world)?;
    set(&world.sandbox()?.clock(), town.month.next(), MORNING_OF_THE_2ND)?;
    let (month, sequence) = (town.month, now(world)?);
    let sent = at_every_desk(world, services(&town), |mut desk| {
        let software = desk.software.clone();
        async move {
            let results = aside(move || results(month, &software, sequence)).await?;
            desk.send(&results).await
        }
    });
    let sent = sent.await?;
    note_sent(world, sent)
}

pub(super) async fn send_on(world: &mut World) -> StepResult {
    let (town, sequence) = (town(world)?, now(world)?);
    let sent = at_every_desk(world, practices(&town), |mut desk| {
        let (town, software) = (Arc::clone(&town), desk.software.clone());
        async move {
            let onward = aside(move || onward(&town, desk.office, &software, sequence)).await?;
            desk.send(&[onward]).await
        }
    });
    let sent = sent.await?;
    note_sent(world, sent)
}

pub(super) async fn is_all_through(world: &mut World) -> StepResult {
    let troubles = world.sandbox()?.fired_faults().await;
    let troubles = troubles.map_err(|error| Failure::ours(error.to_string()))?.len();
    let TownDays { sent, arrived, .. } = world.days()?;
    let (lost, surplus) = (judge::without(sent, arrived), judge::without(arrived, sent));
    let lost = lost.iter().map(|parcel| format!("届いていない: {parcel}"));
    let surplus = surplus.iter().map(|parcel| format!("送られていないか、二重: {parcel}"));
    judge::verdict("送られたものだけが1回ずつ届いている", lost.chain(surplus).collect())?;
    let told = format!("{}件すべてが届いている。記録にある不具合は{troubles}回", sent.len());
    world.tell(told);
    Ok(())
}

pub(super) async fn deviations_agree(world: &mut World) -> StepResult {
    let town = town(world)?;
    let month = town.month;
    let recorded = recorded(world, &town).await?;
    let shown = in_every_software(world, practices(&town), move |software| {
        Ok(software.reconcile(month)?.deviations().cloned().collect::<Vec<_>>())
    });
    let count = judge::deviations(&town, &recorded, &shown.await?)?;
    world.tell(format!("違い{count}行が一致"));
    Ok(())
}

pub(super) async fn results_agree(world: &mut World) -> StepResult {
    let town = town(world)?;
    let recorded = recorded(world, &town).await?;
    let shown = ledgers(world, practices(&town)).await?;
    let shown = shown.into_iter().map(|(office, ledger)| (office, ledger.provided)).collect();
    let rows = judge::results(&town, &recorded, &shown)?;
    world.tell(format!("利用者{}人、実績{rows}行が一致", town.population()));
    Ok(())
}

pub(super) async fn centres_agree(world: &mut World) -> StepResult {
    let town = town(world)?;
    let month = town.month;
    let recorded = recorded(world, &town).await?;
    let planned = in_every_software(world, practices(&town), move |software| {
        Ok(software.home().plan(month)?.map_or_else(Vec::new, |plan| plan.rows))
    });
    let planned = planned.await?;
    let shown = ledgers(world, centres(&town)).await?;
    let rows = judge::centres(&town, &planned, &recorded, &shown)?;
    world.tell(format!("委託した利用者の予定と実績{rows}行が一致"));
    Ok(())
}

async fn receive(world: &mut World, offices: Vec<OfficeNumber>) -> StepResult {
    let count = offices.len();
    let arrived = at_every_desk(world, offices, |mut desk| async move { desk.receive().await });
    let arrived: Vec<Parcel> = arrived.await?.into_iter().flatten().collect();
    let files: usize = arrived.iter().map(Parcel::files).sum();
    world.tell(format!("{count}事業所で{}件、ファイル{files}個を受信", arrived.len()));
    world.days()?.arrived.extend(arrived);
    Ok(())
}

fn note_sent(world: &mut World, sent: Vec<Vec<Parcel>>) -> StepResult {
    let offices = sent.len();
    let sent: Vec<Parcel> = sent.into_iter().flatten().collect();
    let files: usize = sent.iter().map(Parcel::files).sum();
    world.tell(format!("{offices}事業所が{}件、ファイル{files}個を送信", sent.len()));
    world.days()?.sent.extend(sent);
    Ok(())
}

/// Has the care software of each of these offices do something; what came of it, by office.
async fn in_every_software<T: Send + 'static>(
    world: &World,
    offices: Vec<OfficeNumber>,
    work: impl Fn(&CareSoftware) -> Result<T, SoftwareError> + Clone + Send + 'static,
) -> Result<Of<T>, Failure> {
    let at_work = |office: OfficeNumber| {
        let (folder, work) = (software_of(world, office), work.clone());
        aside(move || {
            let done = work(&open(office, &folder?)?).map_err(unwilling)?;
            Ok((office, done))
        })
    };
    stream::iter(offices).map(at_work).buffered(AT_ONCE).try_collect().await
}

async fn ledgers(world: &World, offices: Vec<OfficeNumber>) -> Result<Of<Ledger>, Failure> {
    in_every_software(world, offices, CareSoftware::ledger).await
}

/// What the service offices recorded, from their own software.
async fn recorded(world: &World, town: &Town) -> Result<Of<RecordedMonth>, Failure> {
    let month = town.month;
    let recorded = in_every_software(world, services(town), move |software| {
        let recorded = software.home().recorded(month)?;
        recorded.ok_or(SoftwareError::NotRecorded { month: Some(month) })
    });
    recorded.await
}

fn software_of(world: &World, number: OfficeNumber) -> Result<PathBuf, Failure> {
    let office = world.sandbox()?.offices().iter().find(|one| one.number == number);
    let office = office.ok_or_else(|| Failure::ours(format!("{number}がない")))?;
    Ok(office.software.clone())
}

fn town(world: &mut World) -> Result<Arc<Town>, Failure> {
    world.days().map(|days| Arc::clone(&days.town))
}

fn practices(town: &Town) -> Vec<OfficeNumber> {
    town.practices.iter().map(|practice| practice.people.cast.manager.number).collect()
}

fn services(town: &Town) -> Vec<OfficeNumber> {
    town.services.iter().map(|office| office.number).collect()
}

fn centres(town: &Town) -> Vec<OfficeNumber> {
    town.centres.iter().map(|office| office.number).collect()
}

fn specs(town: &Town) -> Vec<OfficeSpec> {
    let practices = town.practices.iter().map(|practice| &practice.people.cast.manager);
    let planners = town.centres.iter().chain(practices).map(|office| OfficeSpec {
        number: office.number,
        name: office.name.clone(),
        kinds: vec![office.kind],
        edition: None,
    });
    let services = town.services.iter().map(|office| OfficeSpec {
        number: office.number,
        name: office.name.clone(),
        kinds: office.kinds.clone(),
        edition: Some(office.edition),
    });
    planners.chain(services).collect()
}

/// Sets the clock to a day and time of Japan.
fn set(clock: &Clock, month: Month, (day, time): (u8, Time)) -> StepResult {
    let date = time::Month::try_from(month.month())
        .ok()
        .and_then(|of_year| Date::from_calendar_date(i32::from(month.year()), of_year, day).ok());
    let date = date.ok_or_else(|| Failure::setup("暦にある年月", month.to_string()))?;
    clock.set(PrimitiveDateTime::new(date, time).assume_offset(JAPAN));
    Ok(())
}

/// The ファイル連番 of this moment.
fn now(world: &World) -> Result<Sequence, Failure> {
    Ok(sequence_at(now_in_japan(&world.sandbox()?.clock())))
}
