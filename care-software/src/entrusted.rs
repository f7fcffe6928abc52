//! 委託: what a 委託先居宅 does for a 地域包括支援センター. It takes the people on, plans their months,
//! and sends 実績 with the 予定 attached back to the centre.

use std::collections::{BTreeMap, BTreeSet};

use careplan_standard::{Date, FileKind, Month, NameMonth, OfficeNumber, Party, Sequence};

use crate::{
    cast::{Cast, Office},
    dice::{Dice, Topic},
    error::SoftwareError,
    export::{Pack, RowsOf, Sending, next_sequence, version_for},
    home::{Owner, People, Role},
    ledger::Held,
    papers::{Paper, PaperKind, Papers},
    person::{CareLevel, Person, PersonKey, Sex, day_of, last_day, months_after},
    prevention::{Entrusting, Prevention, Writer, weekly, weekly_service},
    slip::{MonthlyPlan, ServiceRow},
    slip_sheets,
    software::{CareSoftware, version},
    week::{CarePlan, Client, WeeklyService},
};

/// Whom a 委託先居宅 is to take on.
#[derive(Debug, Clone)]
pub struct TakeOn {
    /// The 地域包括支援センター that entrusts them.
    pub centre: Office,
    /// サービス提供年月 of the first 予定.
    pub month: Month,
    /// What is left to chance, such as the day of the week.
    pub seed: u64,
    /// Who takes part; its manager is the 委託先居宅. A folder that has people keeps its cast.
    pub cast: Cast,
}

/// 実績 of a month with its 予定, for the centre.
#[derive(Debug, Clone)]
pub struct EntrustedMonth {
    /// 地域包括支援センター.
    pub centre: OfficeNumber,
    /// サービス提供年月.
    pub month: Month,
    /// CSVバージョン値; the newest that applies if none.
    pub version: Option<String>,
    /// ファイル連番 of the 予定; the 実績 take the next second's.
    pub sequence: Sequence,
}

/// What came past the 委託先居宅: the centre leaves it aside until that one sends it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Astray {
    /// Who sent it.
    pub from: OfficeNumber,
    /// Whose 予定 or 実績 it is.
    pub person: PersonKey,
    /// 委託先居宅, who should have sent it.
    pub expected: OfficeNumber,
}

impl CareSoftware {
    /// Takes on the people whose 利用者基本情報 a centre has sent as entrusted, and makes their 予定:
    /// by the 支援計画書 where the centre wrote one, else by a plan of the office's own. Who is there
    /// already is planned anew, by what the centre has sent since; the month of everybody else stays
    /// as it is.
    ///
    /// # Errors
    /// The folder of a service office, or of another than the cast's manager; nobody is entrusted by
    /// this centre; a paper with a value that cannot be read.
    pub fn take_on(&self, order: &TakeOn) -> Result<MonthlyPlan, SoftwareError> {
        let Owner { office: own, role } = self.home().owner();
        if role != Role::CareManager {
            return Err(SoftwareError::NotAManager);
        }
        let invented = || People { cast: order.cast.clone(), seed: order.seed, clients: vec![] };
        let mut people = self.home().people()?.unwrap_or_else(invented);
        if people.cast.manager.number != own {
            return Err(SoftwareError::OtherOffice { home: own });
        }
        let papers = self.papers()?;
        let centre = order.centre.number;
        let mut taken = BTreeSet::new();
        for (record, place) in papers.entrusted_by(centre).zip(0..) {
            let client =
                Intake { order, cast: &people.cast, papers: &papers }.client(record, place)?;
            people.clients.retain(|known| known.person.key != record.person);
            people.clients.push(client);
            taken.insert(&record.person);
        }
        if !people.clients.iter().any(|client| is_of_centre(client, centre)) {
            return Err(SoftwareError::NotEntrusted { centre });
        }
        let mut plan = MonthlyPlan::of(order.month, &people.clients, &people.cast);
        if let Some(kept) = self.home().plan(order.month)? {
            plan.rows.retain(|row| taken.contains(&row.person));
            let others = kept.rows.into_iter().filter(|row| !taken.contains(&row.person));
            plan.rows.splice(0..0, others);
        }
        self.home().save_people(&people)?;
        self.home().save_plan(&plan)?;
        Ok(plan)
    }

    /// Writes 予定 and 実績 of the people whom a centre has entrusted: two 送信単位 of one sending.
    /// The rows of 実績 stay the service offices'. Who has 実績 and no 予定 stands in the 実績 alone.
    ///
    /// # Errors
    /// Nobody is entrusted by the centre, a month without 予定 of theirs or without any 実績.
    pub fn export_entrusted(&self, order: &EntrustedMonth) -> Result<Sending, SoftwareError> {
        let EntrustedMonth { centre, month, sequence, .. } = *order;
        let people = self.home().people()?.ok_or(SoftwareError::NotEntrusted { centre })?;
        let theirs = people.clients.iter().filter(|client| is_of_centre(client, centre));
        let clients: Vec<&Client> = theirs.collect();
        let first = clients.first().and_then(|client| client.prevention.as_ref());
        let to = &first.ok_or(SoftwareError::NotEntrusted { centre })?.centre;
        let no_plan = || SoftwareError::NoPlan { month: Some(month) };
        let plan = self.home().plan(month)?.ok_or_else(no_plan)?;
        let mut planned: RowsOf<'_> = BTreeMap::new();
        for row in &plan.rows {
            planned.entry(&row.person).or_default().push(row);
        }
        let has_rows = |client: &&Client| planned.contains_key(&client.person.key);
        let with_rows: Vec<&Client> = clients.iter().copied().filter(has_rows).collect();
        if with_rows.is_empty() {
            return Err(no_plan());
        }
        let ledger = self.ledger()?;
        let is_theirs = |row: &&ServiceRow| {
            let is_of_month = row.day.month() == month;
            is_of_month && clients.iter().any(|client| client.person.key == row.person)
        };
        let provided: Vec<&ServiceRow> =
            ledger.provided.iter().map(|held| &held.row).filter(is_theirs).collect();
        if provided.is_empty() {
            return Err(SoftwareError::NothingProvided { month });
        }
        let edition = self.home().edition()?;
        let version = match &order.version {
            Some(value) => version(value, edition)?,
            None => version_for(month, edition.versions()).ok_or_else(no_plan)?,
        };
        let pack = Pack::between(&people.cast.manager, to, sequence, version);
        let mut files = pack.slip(&with_rows, &planned, month, &people.cast)?;
        let line = |row: &&ServiceRow| slip_sheets::slip_line(version, row, row.office);
        let lines = provided.iter().map(line).collect();
        let pack = Pack { sequence: next_sequence(sequence)?, ..pack };
        files.extend(pack.files(vec![(FileKind::Results, Some(NameMonth::Of(month)), lines)])?);
        Ok(Sending { to: pack.to, files })
    }

    /// What came past a 委託先居宅, each sender and person once.
    ///
    /// # Errors
    /// A kept file is gone or damaged.
    pub fn astray(&self) -> Result<Vec<Astray>, SoftwareError> {
        let people = self.home().people()?;
        let ledger = self.ledger()?;
        let held = ledger.planned.iter().chain(&ledger.provided);
        let astray = held.filter_map(|Held { from, row, .. }| {
            let expected = expected_sender(from.office, &row.person, people.as_ref()?)?;
            Some(Astray { from: from.office, person: row.person.clone(), expected })
        });
        let mut found: Vec<Astray> = astray.collect();
        found.sort();
        found.dedup();
        Ok(found)
    }
}

/// Whether what is about a person came from somebody else than the person's 委託先居宅.
pub(crate) fn is_astray(from: &Party, person: &PersonKey, people: Option<&People>) -> bool {
    people.is_some_and(|people| expected_sender(from.office, person, people).is_some())
}

/// Who should have sent it, if somebody else did.
fn expected_sender(
    from: OfficeNumber,
    person: &PersonKey,
    people: &People,
) -> Option<OfficeNumber> {
    let client = people.clients.iter().find(|client| client.person.key == *person)?;
    let planner = client.prevention.as_ref()?.planner().number;
    (planner != people.cast.manager.number && planner != from).then_some(planner)
}

/// 委託の有無.
const ENTRUSTED: &str = "2";

impl Papers {
    /// 利用者基本情報 of those whom a centre has entrusted, of each person the one in force.
    fn entrusted_by(&self, centre: OfficeNumber) -> impl Iterator<Item = &Paper> {
        let kind = PaperKind::PersonRecord;
        self.of(kind).filter(move |paper| {
            let latest = self.latest(kind, &paper.person, centre);
            paper.from.office == centre
                && paper.text("委託の有無") == ENTRUSTED
                && latest.is_some_and(|latest| latest.day == paper.day)
        })
    }
}

fn is_of_centre(client: &Client, centre: OfficeNumber) -> bool {
    client.prevention.as_ref().is_some_and(|prevention| prevention.centre.number == centre)
}

/// How a person comes from the centre's papers into the software.
struct Intake<'a> {
    order: &'a TakeOn,
    cast: &'a Cast,
    papers: &'a Papers,
}

impl Intake<'_> {
    /// The person of a 利用者基本情報; `place` counts those who are taken on, from 0.
    fn client(&self, record: &Paper, place: u32) -> Result<Client, SoftwareError> {
        let centre = &self.order.centre;
        let plan = self.papers.latest(PaperKind::PreventionPlan, &record.person, centre.number);
        let consulted_on: Date = value(record, "相談日")?;
        let number = record.person.insured.bytes();
        let number = number.fold(0_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
        // Whoever is planned anew by the same papers has the same week.
        let mut dice = Dice::new(self.order.seed, Topic::Prevention, [number, 1]);
        let services = match plan {
            Some(plan) => self.services(plan, &mut dice),
            None => weekly(place, self.cast, &mut dice),
        };
        let written_on = match plan {
            Some(plan) => value(plan, "計画作成(変更)日")?,
            None => day_of(consulted_on.month(), 25),
        };
        let writer = if plan.is_some() { Writer::Centre } else { Writer::Entrusted };
        let entrusting = Entrusting { to: self.cast.manager.clone(), writer };
        Ok(Client {
            person: person(record, plan, consulted_on)?,
            care_plan: CarePlan {
                written_on,
                first_written_on: written_on,
                services,
                leases: vec![],
            },
            prevention: Some(Prevention {
                centre: centre.clone(),
                entrusted: Some(entrusting),
                consulted_on,
            }),
        })
    }

    /// The services that a 支援計画書 names by kind and office, of the offices that are known here.
    fn services(&self, plan: &Paper, dice: &mut Dice) -> Vec<WeeklyService> {
        let rows = plan.rows_of(FileKind::PreventionPlanAnnex);
        let offices = rows.filter_map(|row| {
            let kind = row.text("【利用サービス】サービス種別");
            let name = row.text("【利用サービス】事業所(利用先)");
            let is_meant =
                |office: &&Office| office.name == name && office.kind.name() == Some(kind);
            self.cast.services.iter().find(is_meant)
        });
        offices.filter_map(|office| weekly_service(office, dice)).collect()
    }
}

/// The person of a 利用者基本情報. What it does not say is taken as it mostly is.
fn person(
    record: &Paper,
    plan: Option<&Paper>,
    consulted_on: Date,
) -> Result<Person, SoftwareError> {
    let text = |item: &str| record.text(item).to_owned();
    let begins = day_of(consulted_on.month().next(), 1);
    let valid_from = value(record, "認定有効期限開始日").unwrap_or(begins);
    let ends = last_day(months_after(valid_from.month(), 23));
    Ok(Person {
        key: record.person.clone(),
        name: text("利用者氏名"),
        kana: text("利用者氏名ﾌﾘｶﾞﾅ"),
        sex: if record.text("利用者性別") == Sex::Male.code() {
            Sex::Male
        } else {
            Sex::Female
        },
        birthday: value(record, "利用者生年月日")?,
        postal: String::new(),
        address: text("利用者住所"),
        phone: text("利用者電話番号"),
        // 非該当 with 利用者基本情報 is 事業対象者.
        care_level: CareLevel::from_code(record.text("要介護状態区分"))
            .unwrap_or(CareLevel::Eligible),
        certified_on: plan.and_then(|plan| value(plan, "認定年月日").ok()).unwrap_or(consulted_on),
        valid_from,
        valid_to: value(record, "認定有効期間終了日").unwrap_or(ends),
        benefit_rate: 90,
    })
}

fn value(paper: &Paper, item: &'static str) -> Result<Date, SoftwareError> {
    let unreadable = || SoftwareError::Unreadable { name: paper.file_name(), record: 1, item };
    paper.text(item).parse().map_err(|_| unreadable())
}
