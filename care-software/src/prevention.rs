//! 介護予防: people whom a 地域包括支援センター is responsible for, and what they use every week.

use careplan_standard::{Date, Month};
use serde::{Deserialize, Serialize};

use crate::{
    as_text,
    cast::{Cast, Office},
    dice::{Dice, Topic},
    person::{CareLevel, PEOPLE_MAX, Person, day_of, months_before},
    week::{CarePlan, Charge, Client, WeeklyService, clock},
};

/// Who is responsible for a person of 介護予防, and who plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prevention {
    /// 担当地域包括支援センター.
    pub centre: Office,
    /// 委託; none where the centre plans itself.
    pub entrusted: Option<Entrusting>,
    /// 相談日 of 利用者基本情報.
    #[serde(with = "as_text")]
    pub consulted_on: Date,
}

/// 委託: whom a person is handed to, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrusting {
    /// 委託先居宅介護支援事業所.
    pub to: Office,
    /// Who writes 介護予防サービス・支援計画書.
    pub writer: Writer,
}

/// Who writes 介護予防サービス・支援計画書.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Writer {
    /// 地域包括支援センター, which hands it to the 委託先居宅.
    Centre,
    /// 委託先居宅.
    Entrusted,
}

impl Prevention {
    /// Who makes the 予定 and gets the 実績 from the service offices.
    pub fn planner(&self) -> &Office {
        self.entrusted.as_ref().map_or(&self.centre, |entrusting| &entrusting.to)
    }

    /// Who writes 介護予防サービス・支援計画書.
    pub fn writer(&self) -> &Office {
        match &self.entrusted {
            Some(Entrusting { to, writer: Writer::Entrusted }) => to,
            _ => &self.centre,
        }
    }
}

/// Where the people of 介護予防 begin in a seed's list, behind those of a 居宅介護支援事業所.
const FIRST_PLACE: u32 = PEOPLE_MAX / 2;

/// How many people of 介護予防 one centre can have.
pub(crate) const PREVENTION_MAX: u32 = PEOPLE_MAX - FIRST_PLACE;

impl Client {
    /// The person of 介護予防 at one place in the list of a seed and centre. Who writes the 支援計画書
    /// knows which services there are; to everybody else the week is empty.
    pub(crate) fn invent_prevention(
        seed: u64,
        place: u32,
        month: Month,
        (cast, entrusted): (&Cast, Option<&Entrusting>),
    ) -> Self {
        // Centres of one seed have other people each.
        let own = u64::from_str_radix(cast.manager.number.as_str(), 36).unwrap_or(0);
        let mut person = Person::invent(seed ^ own, FIRST_PLACE + place, month);
        let mut dice = Dice::new(seed ^ own, Topic::Prevention, [u64::from(place), 0]);
        person.care_level = *dice.pick(&CareLevel::PREVENTION);
        if person.key.insured.starts_with('H') {
            // 事業対象者 are insured: people on assistance alone are none.
            person.care_level = person.care_level.max(CareLevel::SupportOne);
        }
        let consulted_on = day_of(person.valid_from.month().previous(), dice.between(1, 9));
        let written_on = day_of(person.valid_from.month().previous(), dice.between(10, 25));
        let prevention = Prevention {
            centre: cast.manager.clone(),
            entrusted: entrusted.cloned(),
            consulted_on,
        };
        let is_writer = prevention.writer().number == cast.manager.number;
        let services = if is_writer { weekly(place, cast, &mut dice) } else { vec![] };
        let first_written_on = day_of(months_before(written_on.month(), dice.between(0, 12)), 1);
        let care_plan = CarePlan { written_on, first_written_on, services, leases: vec![] };
        Self { person, care_plan, prevention: Some(prevention) }
    }
}

/// One visit and one outing a week, as far as the cast has offices; who stands first has both.
pub(crate) fn weekly(place: u32, cast: &Cast, dice: &mut Dice) -> Vec<WeeklyService> {
    let (goes_out, is_visited) = (dice.happens(600), dice.happens(600));
    let chosen = |is_outing: bool, dice: &mut Dice| {
        let known = |office: &&Office| work(office).is_some_and(|work| work.is_outing == is_outing);
        let offices: Vec<&Office> = cast.services.iter().filter(known).collect();
        if offices.is_empty() { None } else { Some(*dice.pick(&offices)) }
    };
    let (visit, outing) = (chosen(false, dice), chosen(true, dice));
    let both = place == 0 || goes_out == is_visited;
    let wanted = match (visit, outing) {
        (Some(visit), Some(_)) if !both && is_visited => vec![visit],
        (Some(_), Some(outing)) if !both => vec![outing],
        (visit, outing) => visit.into_iter().chain(outing).collect(),
    };
    wanted.into_iter().filter_map(|office| weekly_service(office, dice)).collect()
}

/// One service of this office, on a day of the week by chance; none for a kind that nothing is
/// known of here.
pub(crate) fn weekly_service(office: &Office, dice: &mut Dice) -> Option<WeeklyService> {
    let Work { code, units, minutes, is_outing, .. } = *work(office)?;
    // Visits lie behind outings, so that a day can have both.
    let start = if is_outing { *dice.pick(&[570, 600]) } else { *dice.pick(&[870, 900, 930]) };
    Some(WeeklyService {
        office: office.clone(),
        content: office.kind.name().unwrap_or_default().to_owned(),
        weekdays: dice.some(1, &[1, 2, 3, 4, 5]),
        start: clock(start),
        end: clock(start + minutes),
        charges: vec![Charge { code: format!("{}{code}", office.kind), units }],
    })
}

fn work(office: &Office) -> Option<&'static Work> {
    WORK.iter().find(|work| work.kind == office.kind.as_str())
}

struct Work {
    kind: &'static str,
    /// What follows the kind in the service code.
    code: &'static str,
    units: u32,
    minutes: u32,
    is_outing: bool,
}

impl Work {
    const fn visit(kind: &'static str) -> Self {
        Self { kind, code: "2411", units: 287, minutes: 60, is_outing: false }
    }

    const fn outing(kind: &'static str) -> Self {
        Self { kind, code: "1113", units: 436, minutes: 180, is_outing: true }
    }
}

const WORK: [Work; 9] = [
    Work::visit("A1"),
    Work::visit("A2"),
    Work::visit("A3"),
    Work::visit("A4"),
    Work::outing("A5"),
    Work::outing("A6"),
    Work::outing("A7"),
    Work::outing("A8"),
    Work { kind: "63", code: "1211", units: 451, minutes: 30, is_outing: false },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slip::MonthlyPlan;

    fn office(number: &str, kind: &str, name: &str) -> Office {
        Office {
            number: number.parse().expect("an office number"),
            kind: kind.parse().expect("a kind"),
            name: name.to_owned(),
        }
    }

    fn cast() -> Cast {
        Cast {
            manager: office("2700100021", "46", "北部地域包括支援センター"),
            services: vec![
                office("27A0200036", "A2", "見本町訪問型サービス"),
                office("27A0300042", "A6", "見本町通所型サービス"),
            ],
            ..Cast::default()
        }
    }

    fn april() -> Month {
        Month::new(2025, 4).expect("April exists")
    }

    #[test]
    fn everybody_has_a_light_level_a_service_and_stays_within_the_limit() {
        let cast = cast();
        for place in 0..100 {
            let client = Client::invent_prevention(1, place, april(), (&cast, None));
            assert!(client.person.care_level <= CareLevel::SupportTwo);
            assert!(!client.care_plan.services.is_empty());
            let rows = MonthlyPlan::of(april(), std::slice::from_ref(&client), &cast).rows;
            let units: u32 = rows.iter().map(|row| row.units * row.count).sum();
            assert!(units <= client.person.care_level.limit(), "{place}: {units}");
            assert!(
                client.prevention.is_some_and(|it| it.consulted_on < client.care_plan.written_on)
            );
        }
    }

    #[test]
    fn centres_of_one_seed_have_other_people() {
        let north = cast();
        let south = Cast { manager: office("2700100039", "46", "南部"), ..cast() };
        let key = |cast: &Cast| Client::invent_prevention(1, 0, april(), (cast, None)).person.key;
        assert_ne!(key(&north), key(&south));
    }

    #[test]
    fn who_writes_the_plan_knows_the_week_and_the_centre_plans_no_month_of_the_entrusted() {
        let cast = cast();
        let to = office("2770100012", "43", "見本居宅介護支援センター");
        for writer in [Writer::Centre, Writer::Entrusted] {
            let entrusting = Entrusting { to: to.clone(), writer };
            let client = Client::invent_prevention(1, 0, april(), (&cast, Some(&entrusting)));
            assert_eq!(client.care_plan.services.is_empty(), writer == Writer::Entrusted);
            assert!(MonthlyPlan::of(april(), &[client], &cast).rows.is_empty());
        }
    }
}
