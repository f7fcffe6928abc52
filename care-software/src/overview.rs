//! 月の一覧: what the software shows of a month, at either end of the line.

use std::collections::BTreeMap;

use careplan_standard::{Lang, Month, Party, reconcile::limit_of};
use serde::Serialize;

use crate::{
    annex::annex,
    as_text,
    dependents::Base,
    entrusted::is_astray,
    error::SoftwareError,
    home::{People, Role},
    ledger::Ledger,
    person::{Person, PersonKey},
    slip::{MonthlyPlan, ServiceRow},
    software::CareSoftware,
};

/// A month: who has services in it, and what they come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthOverview {
    /// サービス提供年月.
    #[serde(with = "as_text")]
    pub month: Month,
    /// By 保険者番号 and 被保険者番号.
    pub people: Vec<PersonMonth>,
}

/// One person's month. A care manager's software reckons the sums of those whom it plans for, and has
/// those of others from the files of whom they are entrusted to; what came past that one counts
/// nowhere. A service office's has everything from the files, and nothing but the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonMonth {
    /// 保険者番号 and 被保険者番号.
    #[serde(flatten)]
    pub person: PersonKey,
    /// 利用者氏名, where it is known.
    pub name: String,
    /// 要介護状態区分 as a code, where it is known.
    pub level: String,
    /// 区分支給限度基準額 in units, where it is known.
    pub limit: Option<u32>,
    /// What 第7表 comes to, where there is one.
    pub sums: MonthSums,
    /// 予定, every office's: at a centre those that a 委託先居宅 attached, too.
    pub planned: Vec<ServiceRow>,
    /// 実績: at a care manager's what came in, at a service office's its own.
    pub provided: Vec<ServiceRow>,
}

/// The total of a 第7表.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct MonthSums {
    /// 回数／日数.
    pub times: u32,
    /// 給付管理単位数.
    pub units: u32,
    /// 区分支給限度基準超単位数.
    pub units_over: u32,
    /// 利用者負担（全額負担分）, in yen.
    pub own_expense: u32,
}

/// Somebody who is over the 区分支給限度基準額.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LimitNotice {
    /// Who.
    #[serde(flatten)]
    pub person: PersonKey,
    /// 利用者氏名, where it is known.
    pub name: String,
    /// 区分支給限度基準額 in units, where it is known.
    pub limit: Option<u32>,
    /// By how many units.
    pub over: u32,
}

impl CareSoftware {
    /// What the software shows of a month. A month of which nothing is there has no people.
    ///
    /// # Errors
    /// A file of the folder cannot be read.
    pub fn overview(&self, month: Month) -> Result<MonthOverview, SoftwareError> {
        let known = self.home().people()?;
        let mut ledger = self.ledger()?;
        leave_astray_aside(&mut ledger, known.as_ref());
        let mut people = planned_elsewhere(month, &ledger);
        if let Some(plan) = self.home().plan(month)? {
            planned_here(plan, known.as_ref(), &mut people);
        }
        for row in self.provided(month, ledger)? {
            let person = row.person.clone();
            people.entry(person).or_default().provided.push(row);
        }
        for client in known.iter().flat_map(|known| &known.clients) {
            if let Some(seen) = people.get_mut(&client.person.key) {
                seen.is_of(&client.person);
            }
        }
        let people = people.into_iter().map(|(person, seen)| seen.of(person));
        Ok(MonthOverview { month, people: people.collect() })
    }

    fn provided(&self, month: Month, ledger: Ledger) -> Result<Vec<ServiceRow>, SoftwareError> {
        if self.home().owner().role == Role::CareManager {
            let rows = ledger.provided.into_iter().map(|held| held.row);
            return Ok(rows.filter(|row| row.day.month() == month).collect());
        }
        let recorded = self.home().recorded(month)?;
        Ok(recorded.map_or(vec![], |recorded| {
            recorded.answers.into_iter().flat_map(|answer| answer.rows).collect()
        }))
    }
}

impl MonthOverview {
    /// Who is over the 区分支給限度基準額, by what 第7表 says or by its units and the limit.
    pub fn limit_notices(&self) -> Vec<LimitNotice> {
        let notice = |one: &PersonMonth| {
            let over = one.over_limit();
            let PersonMonth { person, name, limit, .. } = one.clone();
            (0 < over).then_some(LimitNotice { person, name, limit, over })
        };
        self.people.iter().filter_map(notice).collect()
    }
}

impl PersonMonth {
    /// By how many units the month is over the 区分支給限度基準額.
    pub fn over_limit(&self) -> u32 {
        let reckoned = self.limit.map_or(0, |limit| self.sums.units.saturating_sub(limit));
        self.sums.units_over.max(reckoned)
    }
}

impl LimitNotice {
    /// What happened and what an office in this part does next, in one line.
    pub fn line(&self, role: Role, lang: Lang) -> String {
        let Self { person, name, limit, over } = self;
        let limit = limit.map_or_else(String::new, |units| format!(" {units}単位"));
        let (next_ja, next_en) = match role {
            Role::CareManager => (
                "利用者に説明するか、予定を見直してください",
                "tell the person, or change the plan",
            ),
            Role::ServiceOffice => ("居宅介護支援事業所に確かめてください", "ask the care manager"),
        };
        match lang {
            Lang::Ja => format!(
                "{name}（被保険者番号 {}）は区分支給限度基準額{limit}を{over}単位超えています。超えた分は全額が利用者の負担です。{next_ja}",
                person.insured
            ),
            Lang::En => format!(
                "{} is {over} units over the monthly limit, and pays for those alone; {next_en}",
                person.insured
            ),
        }
    }
}

type Months = BTreeMap<PersonKey, Seen>;

/// A person's month without the person.
#[derive(Default)]
struct Seen {
    name: String,
    level: String,
    limit: Option<u32>,
    sums: MonthSums,
    planned: Vec<ServiceRow>,
    provided: Vec<ServiceRow>,
}

impl Seen {
    /// What the files do not say of a person whom the office knows.
    fn is_of(&mut self, person: &Person) {
        if self.name.is_empty() {
            self.name.clone_from(&person.name);
            self.level = person.care_level.code().to_owned();
            self.limit = Some(person.care_level.limit());
        }
    }

    fn of(self, person: PersonKey) -> PersonMonth {
        let Self { name, level, limit, sums, planned, provided } = self;
        PersonMonth { person, name, level, limit, sums, planned, provided }
    }
}

/// What came past a 委託先居宅 counts nowhere.
fn leave_astray_aside(ledger: &mut Ledger, known: Option<&People>) {
    let is_in_place = |from: &Party, person: &PersonKey| !is_astray(from, person, known);
    ledger.planned.retain(|held| is_in_place(&held.from, &held.row.person));
    ledger.provided.retain(|held| is_in_place(&held.from, &held.row.person));
    ledger.annexes.retain(|held| is_in_place(&held.from, &held.person));
    ledger.supplements.retain(|held| is_in_place(&held.from, &held.person));
}

/// What the office has planned itself, with the sums that it reckons.
fn planned_here(plan: MonthlyPlan, known: Option<&People>, people: &mut Months) {
    for row in plan.rows {
        people.entry(row.person.clone()).or_default().planned.push(row);
    }
    let Some(People { cast, clients, .. }) = known else { return };
    for client in clients.iter().filter(|client| client.is_planned_by(cast.manager.number)) {
        let Some(seen) = people.get_mut(&client.person.key) else { continue };
        let rows: Vec<&ServiceRow> = seen.planned.iter().collect();
        let total = annex(&client.person, &rows, cast.unit_price).pop();
        let sums = total.map(|line| line.sums).unwrap_or_default();
        seen.sums = MonthSums {
            times: sums.times,
            units: sums.units,
            units_over: sums.units_over,
            own_expense: sums.own_expense,
        };
    }
}

/// What the files say. A 第7表 or 補足 whose 第6表 is gone still shows: nothing hides what is left.
fn planned_elsewhere(month: Month, ledger: &Ledger) -> Months {
    let mut people = Months::new();
    let rows = ledger.planned.iter().map(|held| &held.row);
    for row in rows.filter(|row| row.day.month() == month) {
        people.entry(row.person.clone()).or_default().planned.push(row.clone());
    }
    for held in ledger.annexes.iter().filter(|held| held.month == month) {
        people.entry(held.person.clone()).or_default().sums = MonthSums {
            times: held.times,
            units: held.units,
            units_over: held.units_over,
            own_expense: held.own_expense,
        };
    }
    for held in ledger.supplements.iter().filter(|held| held.base == Base::Slip(month)) {
        let seen = people.entry(held.person.clone()).or_default();
        seen.name.clone_from(&held.name);
        seen.level.clone_from(&held.level);
        seen.limit = held.limit.or_else(|| limit_of(&held.level).map(|(units, _)| units));
    }
    people
}
