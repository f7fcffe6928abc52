//! A person's plan as it stands from week to week: which services on which days, what is leased.

use careplan_standard::{Date, Month, OfficeNumber};
use serde::{Deserialize, Serialize};

use crate::{
    as_text,
    cast::{Cast, Office},
    dice::{Dice, Topic},
    person::{CareLevel, Person, day_of, months_before},
    prevention::Prevention,
};

/// サービスコード with its units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// サービスコード, 6 characters.
    pub code: String,
    /// Units a time.
    pub units: u32,
}

/// A service that comes back every week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeeklyService {
    /// Who provides it.
    pub office: Office,
    /// What is done, in words.
    pub content: String,
    /// On which days: 1 is Monday, 7 is Sunday; ascending.
    pub weekdays: Vec<u8>,
    /// HHMM.
    pub start: String,
    /// HHMM.
    pub end: String,
    /// What is charged each time: the base first, then its add-ons (加算).
    pub charges: Vec<Charge>,
}

/// 福祉用具貸与: one thing that is leased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Who leases it out.
    pub office: Office,
    /// What is charged a month.
    pub charge: Charge,
    /// TAISコード, `00001-000010`.
    pub tais: String,
    /// 用具名称（機種名）.
    pub name: String,
    /// 明細判別コード, where code and units are those of another lease; else none.
    pub running_number: Option<u8>,
}

/// 居宅サービス計画, as far as months are made from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarePlan {
    /// 居宅サービス計画作成（変更）日.
    #[serde(with = "as_text")]
    pub written_on: Date,
    /// 初回居宅サービス計画作成日.
    #[serde(with = "as_text")]
    pub first_written_on: Date,
    /// What comes back every week.
    pub services: Vec<WeeklyService>,
    /// What is leased.
    pub leases: Vec<Lease>,
}

/// 利用者 with their plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// The person.
    pub person: Person,
    /// Their plan.
    pub care_plan: CarePlan,
    /// Who is responsible, for people of 介護予防; none for the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prevention: Option<Prevention>,
}

impl Client {
    /// The person at one place in the list of a seed, with a plan by the cast's offices.
    pub fn invent(seed: u64, place: u32, reference: Month, cast: &Cast) -> Self {
        let person = Person::invent(seed, place, reference);
        let care_plan = CarePlan::invent(seed, place, &person, cast);
        Self { person, care_plan, prevention: None }
    }

    /// Whether this office makes the person's 予定. Those whom a 地域包括支援センター has entrusted
    /// are planned by the office that they are entrusted to.
    pub fn is_planned_by(&self, office: OfficeNumber) -> bool {
        self.prevention.as_ref().is_none_or(|prevention| prevention.planner().number == office)
    }
}

impl CarePlan {
    fn invent(seed: u64, place: u32, person: &Person, cast: &Cast) -> Self {
        let mut dice = Dice::new(seed, Topic::Week, [u64::from(place), 0]);
        let need = Need::of(place, person.care_level, &mut dice);
        let mut services = day_care(&need, cast, &mut dice);
        services.extend(visits(&need, cast, &mut dice));
        services.extend(on_sundays(place, cast, &mut dice));
        Self {
            written_on: day_of(person.valid_from.month().previous(), dice.between(10, 25)),
            first_written_on: day_of(
                months_before(person.valid_from.month(), dice.between(2, 36)),
                dice.between(1, 28),
            ),
            services,
            leases: leases(&need, cast, &mut dice),
        }
    }

    /// Every office of the plan, each once, in the order of the plan.
    pub fn offices(&self) -> Vec<&Office> {
        let mut offices: Vec<&Office> = vec![];
        let services = self.services.iter().map(|service| &service.office);
        for office in services.chain(self.leases.iter().map(|lease| &lease.office)) {
            if !offices.contains(&office) {
                offices.push(office);
            }
        }
        offices
    }
}

/// How much somebody needs.
struct Need {
    level: CareLevel,
    /// Days a week at a day service; none if the person does not go.
    day_care_days: usize,
    /// Days a week with a helper.
    visit_days: usize,
    /// A second visit in the evening.
    has_evening_visit: bool,
    has_leases: bool,
    /// More than the limit of any care level pays for.
    is_over_limit: bool,
}

impl Need {
    fn of(place: u32, level: CareLevel, dice: &mut Dice) -> Self {
        let upto = |dice: &mut Dice, most: u32| dice.between(1, most) as usize;
        // Each list has somebody over the limit, and somebody with both services.
        let is_over_limit = place % 11 == 2;
        let goes_out = place == 0 || is_over_limit || dice.happens(750);
        let day_care_days = if goes_out { upto(dice, 1 + level.number().div_ceil(2)) } else { 0 };
        let is_visited = place == 0 || !goes_out || dice.happens(700);
        let visit_days = if is_visited { upto(dice, 1 + level.number()) } else { 0 };
        Self {
            level,
            day_care_days: if is_over_limit { 5 } else { day_care_days },
            visit_days: if is_over_limit { 7 } else { visit_days },
            has_evening_visit: !is_over_limit && 4 <= level.number() && dice.happens(400),
            has_leases: CareLevel::Two <= level && dice.happens(600),
            is_over_limit,
        }
    }
}

/// 通所介護 of seven to eight hours, 9:30 to 16:30 or so; Sundays are closed.
fn day_care(need: &Need, cast: &Cast, dice: &mut Dice) -> Vec<WeeklyService> {
    let Some(office) = choose(cast, "15", dice).filter(|_| 0 < need.day_care_days) else {
        return vec![];
    };
    let days: &[u8] = if need.is_over_limit { &[1, 2, 3, 4, 5] } else { &[1, 2, 3, 4, 5, 6] };
    let level = need.level.care_place();
    let mut charges = vec![Charge {
        code: format!("15244{}", level + 1),
        units: [658, 777, 900, 1023, 1148][level],
    }];
    if dice.happens(500) {
        charges.push(charge("155301", 40));
    }
    let (start, end) = *dice.pick(&[("0930", "1630"), ("0900", "1610"), ("0945", "1650")]);
    vec![WeeklyService {
        office,
        content: "通所介護".to_owned(),
        weekdays: dice.some(need.day_care_days, days),
        start: start.to_owned(),
        end: end.to_owned(),
        charges,
    }]
}

/// 訪問介護, before a day service's car comes, or after it has brought the person home.
fn visits(need: &Need, cast: &Cast, dice: &mut Dice) -> Vec<WeeklyService> {
    let Some(office) = choose(cast, "11", dice).filter(|_| 0 < need.visit_days) else {
        return vec![];
    };
    let weekdays = dice.some(need.visit_days, &[1, 2, 3, 4, 5, 6, 7]);
    let work = if need.is_over_limit { &WORK[1] } else { dice.pick(&WORK) };
    let visit = |start: u32, work: &Work| WeeklyService {
        office: office.clone(),
        content: work.content.to_owned(),
        weekdays: weekdays.clone(),
        start: clock(start),
        end: clock(start + work.minutes),
        charges: vec![charge(work.code, work.units)],
    };
    let morning = *dice.pick(&[7 * 60, 7 * 60 + 30, 8 * 60]);
    let evening = *dice.pick(&[17 * 60, 17 * 60 + 30, 18 * 60]);
    if need.has_evening_visit {
        vec![visit(morning, &WORK[0]), visit(evening, &WORK[0])]
    } else if dice.happens(500) {
        vec![visit(morning, work)]
    } else {
        vec![visit(evening, work)]
    }
}

/// 訪問入浴介護 and 訪問看護, where the cast has offices for them: once a week, when no day service is
/// open and no helper comes.
fn on_sundays(place: u32, cast: &Cast, dice: &mut Dice) -> Vec<WeeklyService> {
    let mut services = vec![];
    for Sunday { kind, start, work } in &SUNDAYS {
        let Some(office) = choose(cast, kind, dice) else { continue };
        // Each list has somebody with both.
        if place == 0 || dice.happens(500) {
            services.push(WeeklyService {
                office,
                content: work.content.to_owned(),
                weekdays: vec![7],
                start: clock(*start),
                end: clock(start + work.minutes),
                charges: vec![charge(work.code, work.units)],
            });
        }
    }
    services
}

/// 福祉用具貸与; two handrails are the case that needs a 明細判別コード.
fn leases(need: &Need, cast: &Cast, dice: &mut Dice) -> Vec<Lease> {
    let Some(office) = choose(cast, "17", dice).filter(|_| need.has_leases) else {
        return vec![];
    };
    if dice.happens(350) {
        handrails(&office)
    } else {
        vec![lease(&office, dice.pick(&THINGS), None)]
    }
}

/// Two handrails, which only 明細判別コード tells apart.
pub(crate) fn handrails(office: &Office) -> Vec<Lease> {
    let numbered = HANDRAILS.iter().zip(1..);
    numbered.map(|(thing, number)| lease(office, thing, Some(number))).collect()
}

fn lease(office: &Office, thing: &Thing, running_number: Option<u8>) -> Lease {
    Lease {
        office: office.clone(),
        charge: charge(thing.code, thing.units),
        tais: thing.tais.to_owned(),
        name: thing.name.to_owned(),
        running_number,
    }
}

/// One office of a kind; which one is by chance where the cast has several.
fn choose(cast: &Cast, kind: &str, dice: &mut Dice) -> Option<Office> {
    let offices = cast.offices_of(kind);
    if offices.is_empty() { None } else { Some((*dice.pick(&offices)).clone()) }
}

fn charge(code: &str, units: u32) -> Charge {
    Charge { code: code.to_owned(), units }
}

/// Minutes since midnight as HHMM.
pub(crate) fn clock(minutes: u32) -> String {
    format!("{:02}{:02}", minutes / 60, minutes % 60)
}

struct Work {
    code: &'static str,
    units: u32,
    minutes: u32,
    content: &'static str,
}

const WORK: [Work; 4] = [
    Work { code: "111111", units: 244, minutes: 30, content: "身体介護" },
    Work { code: "111211", units: 387, minutes: 60, content: "身体介護" },
    Work { code: "117211", units: 179, minutes: 45, content: "生活援助" },
    Work { code: "117311", units: 220, minutes: 60, content: "生活援助" },
];

struct Sunday {
    kind: &'static str,
    /// Minutes since midnight.
    start: u32,
    work: Work,
}

const SUNDAYS: [Sunday; 2] = [
    Sunday {
        kind: "12",
        start: 10 * 60,
        work: Work { code: "121111", units: 1266, minutes: 50, content: "訪問入浴介護" },
    },
    Sunday {
        kind: "13",
        start: 11 * 60,
        work: Work { code: "131111", units: 471, minutes: 29, content: "訪問看護" },
    },
];

struct Thing {
    code: &'static str,
    units: u32,
    tais: &'static str,
    name: &'static str,
}

const THINGS: [Thing; 3] = [
    Thing { code: "171001", units: 600, tais: "99001-000010", name: "車いす　見本AB-1" },
    Thing { code: "171003", units: 1000, tais: "99002-000020", name: "特殊寝台　見本CD-2" },
    Thing { code: "171009", units: 250, tais: "99004-000040", name: "歩行器　見本GH-4" },
];

const HANDRAILS: [Thing; 2] = [
    Thing { code: "171007", units: 300, tais: "99003-000031", name: "手すり　見本EF-①" },
    Thing { code: "171007", units: 300, tais: "99003-000032", name: "手すり　見本EF-②" },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn people(seed: u64, count: u32) -> Vec<Client> {
        let april = Month::new(2025, 4).expect("April exists");
        (0..count).map(|place| Client::invent(seed, place, april, &Cast::default())).collect()
    }

    #[test]
    fn everybody_has_a_service_and_the_first_person_has_both() {
        for seed in 0..20 {
            let people = people(seed, 30);
            assert!(people.iter().all(|client| !client.care_plan.services.is_empty()));
            let kinds: Vec<_> =
                people[0].care_plan.offices().iter().map(|o| o.kind.to_string()).collect();
            assert!(kinds.contains(&"11".to_owned()) && kinds.contains(&"15".to_owned()));
        }
    }

    #[test]
    fn visits_never_overlap_the_day_service() {
        for client in people(3, 200) {
            let services = &client.care_plan.services;
            for day in 1..=7 {
                let mut times: Vec<_> = services
                    .iter()
                    .filter(|service| service.weekdays.contains(&day))
                    .map(|service| (&service.start, &service.end))
                    .collect();
                times.sort();
                assert!(times.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{times:?}");
            }
        }
    }

    #[test]
    fn a_cast_without_an_office_of_a_kind_is_planned_without_it() {
        let mut cast = Cast::default();
        cast.services.retain(|office| office.kind.as_str() == "11");
        let april = Month::new(2025, 4).expect("April exists");
        for place in 0..40 {
            let client = Client::invent(1, place, april, &cast);
            let offices = client.care_plan.offices();
            assert!(offices.iter().all(|office| office.kind.as_str() == "11"));
        }
    }

    /// One office number with 訪問入浴介護 and 訪問看護.
    fn cast_with_two_services() -> Cast {
        let mut cast = Cast::default();
        for kind in ["12", "13"] {
            cast.services.push(Office {
                number: "2799900011".parse().expect("ten digits"),
                kind: kind.parse().expect("two digits"),
                name: "ひかりの里".to_owned(),
            });
        }
        cast
    }

    #[test]
    fn bathing_and_nursing_come_where_somebody_offers_them_beside_the_other_services() {
        let (april, with) = (Month::new(2025, 4).expect("April exists"), cast_with_two_services());
        let is_new = |office: &Office| ["12", "13"].contains(&office.kind.as_str());
        let mut counts = [0; 3];
        for place in 0..40 {
            let mut client = Client::invent(3, place, april, &with);
            let services = &mut client.care_plan.services;
            let before = services.len();
            services.retain(|service| !is_new(&service.office));
            let now = services.len();
            counts[before - now] += 1;
            let without = Client::invent(3, place, april, &Cast::default());
            assert_eq!(services, &without.care_plan.services);
            assert!(place != 0 || before == now + 2, "the first person has both");
        }
        assert!(counts.iter().all(|count| 0 < *count), "none, one or both: {counts:?}");
    }

    #[test]
    fn equal_leases_are_told_apart_by_a_running_number() {
        let people = people(4, 60);
        let leases = people.iter().map(|client| &client.care_plan.leases);
        let several: Vec<_> = leases.filter(|leases| 1 < leases.len()).collect();
        assert!(!several.is_empty());
        for leases in several {
            let numbers: Vec<_> = leases.iter().map(|lease| lease.running_number).collect();
            assert_eq!(numbers, [Some(1), Some(2)]);
        }
    }
}
