//! A small town: who plans, who serves, who is planned for, and who was entrusted to whom.
//!
//! Invariant: a town is a function of seed, month and scale. How many of everything there are is
//! ours: no town's statistics stand behind it, only what public documents call usual.

use careplan_standard::{Month, OfficeNumber, ServiceKind, Version};

use crate::{
    cast::{Cast, Office},
    dice::{Dice, Topic},
    edition::Edition,
    export::version_for,
    home::People,
    person::{CareLevel, Person, PersonKey, day_of},
    prevention::{Entrusting, Prevention, Writer, weekly},
    record::Rates,
    week::{CarePlan, Client},
};

/// A small town in one month: its offices, its people and their plans.
#[derive(Debug, Clone)]
pub struct Town {
    /// サービス提供年月.
    pub month: Month,
    /// 地域包括支援センター.
    pub centres: Vec<Office>,
    /// 居宅介護支援事業所.
    pub practices: Vec<Practice>,
    /// サービス事業所.
    pub services: Vec<ServiceOffice>,
}

/// 居宅介護支援事業所, with those whom it plans for.
#[derive(Debug, Clone)]
pub struct Practice {
    /// The office, the service offices that it works with, and its people with their plans.
    pub people: People,
    /// The 地域包括支援センター that has entrusted some of them to it.
    pub centre: Office,
}

/// サービス事業所.
#[derive(Debug, Clone)]
pub struct ServiceOffice {
    /// 事業所番号.
    pub number: OfficeNumber,
    /// 事業所名.
    pub name: String,
    /// What it provides under its number.
    pub kinds: Vec<ServiceKind>,
    /// Which versions of the standard its software knows.
    pub edition: Edition,
    /// How many terminals it has.
    pub terminals: u32,
}

/// How large a town may be, as a multiple of the small one.
pub const TOWN_SCALE_MAX: u32 = 20;

/// How often a visit of the town goes otherwise, in a thousand: an absence for illness or a stay in
/// hospital is common, another time less so, a visit more is rare. The figures are ours.
pub const TOWN_RATES: Rates = Rates { cancelled: 60, moved: 30, added: 15 };

/// At scale 1: 1 centre, 4 practices of 75 people (two care managers each), of whom 10 are entrusted, 30
/// service offices, of which 10 know version 3.2 alone and 5 have two terminals.
const PRACTICES: usize = 4;
const PEOPLE: u32 = 75;
const ENTRUSTED: u32 = 10;
const OLD_EDITIONS: usize = 10;
const WITH_TWO_TERMINALS: usize = 5;
const TRADES: [Trade; 3] = [
    Trade {
        kind: "11",
        prevention: Some("A2"),
        title: "ヘルパーステーション",
        offices: 12,
        partners: 7,
    },
    Trade {
        kind: "15", prevention: Some("A6"), title: "デイサービス", offices: 12, partners: 7
    },
    Trade { kind: "17", prevention: None, title: "福祉用具", offices: 6, partners: 4 },
];

/// Service offices of one kind.
struct Trade {
    kind: &'static str,
    /// 総合事業, of those whose software knows the versions that carry it.
    prevention: Option<&'static str>,
    title: &'static str,
    /// How many there are at scale 1.
    offices: usize,
    /// How many of them one practice works with; an office deals with some 10 to 30 in all.
    partners: usize,
}

impl Town {
    /// The town of a seed and month; `scale` is how many times as large as the small one, 1 to
    /// [`TOWN_SCALE_MAX`] (what lies outside is taken for the nearer of the two).
    pub fn of(seed: u64, month: Month, scale: u32) -> Self {
        let scale = scale.clamp(1, TOWN_SCALE_MAX) as usize;
        let mut dice = Dice::new(seed, Topic::Town, [scale as u64, 0]);
        let centre = |no| Office {
            number: number(CENTRE, no),
            kind: kind("46"),
            name: format!("架空町第{no}地域包括支援センター"),
        };
        let centres: Vec<Office> = (1..=scale).map(centre).collect();
        let services = services(scale, &mut dice);
        let practices = (0..PRACTICES * scale).map(|at| {
            let manager = Office {
                number: number(PRACTICE, at + 1),
                kind: kind("43"),
                name: format!("架空町第{}居宅介護支援センター", at + 1),
            };
            let services = partners(&services, at, PRACTICES * scale);
            let cast = Cast { manager, services, ..Cast::default() };
            let centre = &centres[at / PRACTICES];
            let first = u32::try_from(at).unwrap_or(u32::MAX).saturating_mul(PEOPLE);
            let clients = (first..first + PEOPLE).map(|place| {
                if place < first + PEOPLE - ENTRUSTED {
                    Client::invent(seed, place, month, &cast)
                } else {
                    entrusted(seed, place, month, (&cast, centre))
                }
            });
            let clients = clients.collect();
            Practice { people: People { cast, seed, clients }, centre: centre.clone() }
        });
        Self { month, practices: practices.collect(), centres, services }
    }

    /// How many people there are.
    pub fn population(&self) -> usize {
        self.practices.iter().map(|practice| practice.people.clients.len()).sum()
    }

    /// The version that this office is written to in: the newest of the month that it reads. None
    /// if it is no service office of the town.
    pub fn version_for(&self, office: OfficeNumber) -> Option<&'static Version> {
        let office = self.services.iter().find(|one| one.number == office)?;
        version_for(self.month, office.edition.versions())
    }

    /// Whose somebody is, and the how manieth of its people, from 1: tells who is meant without a
    /// name or a number. None if nobody of the town is it.
    pub fn place_of(&self, person: &PersonKey) -> Option<(&Practice, usize)> {
        self.practices.iter().find_map(|practice| {
            let clients = &practice.people.clients;
            let at = clients.iter().position(|client| client.person.key == *person)?;
            Some((practice, at + 1))
        })
    }
}

/// The service offices, trade by trade; which of them have old software, and which two terminals,
/// is by chance.
fn services(scale: usize, dice: &mut Dice) -> Vec<ServiceOffice> {
    let of_trade = |trade: &'static Trade| (1..=trade.offices * scale).map(move |no| (trade, no));
    let named: Vec<_> = TRADES.iter().flat_map(of_trade).collect();
    let places: Vec<usize> = (0..named.len()).collect();
    let old = dice.some(OLD_EDITIONS * scale, &places);
    let double = dice.some(WITH_TWO_TERMINALS * scale, &places);
    let office = |(at, (trade, no)): (usize, (&Trade, usize))| ServiceOffice {
        number: number(SERVICE, at + 1),
        name: format!("架空町第{no}{}", trade.title),
        kinds: trade.kinds(old.contains(&at)),
        edition: if old.contains(&at) { old_edition() } else { Edition::default() },
        terminals: if double.contains(&at) { 2 } else { 1 },
    };
    named.into_iter().enumerate().map(office).collect()
}

/// Whom the practice at this place works with: of each trade those around it, so that neighbours
/// share some and nobody is left out.
fn partners(services: &[ServiceOffice], place: usize, practices: usize) -> Vec<Office> {
    let of_trade = |trade: &Trade| {
        let kind = kind(trade.kind);
        let all: Vec<_> = services.iter().filter(|office| office.kinds[0] == kind).collect();
        let first = place * all.len() / practices;
        let around = (first..first + trade.partners).map(|at| all[at % all.len()]);
        around.flat_map(ServiceOffice::as_providers).collect::<Vec<_>>()
    };
    TRADES.iter().flat_map(of_trade).collect()
}

/// Somebody of 介護予防 whom a centre has entrusted to the practice of this cast, which plans.
fn entrusted(seed: u64, place: u32, month: Month, (cast, centre): (&Cast, &Office)) -> Client {
    let mut dice = Dice::new(seed, Topic::Town, [u64::from(place), 1]);
    let mut person = Person::invent(seed, place, month);
    person.care_level = *dice.pick(&[CareLevel::SupportOne, CareLevel::SupportTwo]);
    let written_on = day_of(person.valid_from.month().previous(), dice.between(10, 25));
    Client {
        care_plan: CarePlan {
            written_on,
            first_written_on: written_on,
            services: weekly(place, cast, &mut dice),
            leases: vec![],
        },
        prevention: Some(Prevention {
            centre: centre.clone(),
            entrusted: Some(Entrusting { to: cast.manager.clone(), writer: Writer::Entrusted }),
            consulted_on: day_of(written_on.month(), 1),
        }),
        person,
    }
}

impl Practice {
    /// Whom the centre has entrusted to it.
    pub fn entrusted(&self) -> impl Iterator<Item = &Client> {
        self.people.clients.iter().filter(|client| client.prevention.is_some())
    }
}

impl ServiceOffice {
    /// The office once for each of its kinds, as plans name it.
    fn as_providers(&self) -> Vec<Office> {
        let of_kind = |kind: &ServiceKind| Office {
            number: self.number,
            kind: *kind,
            name: self.name.clone(),
        };
        self.kinds.iter().map(of_kind).collect()
    }
}

impl Trade {
    fn kinds(&self, is_old: bool) -> Vec<ServiceKind> {
        let prevention = self.prevention.filter(|_| !is_old);
        [Some(self.kind), prevention].into_iter().flatten().map(kind).collect()
    }
}

fn old_edition() -> Edition {
    Edition::up_to("3.2").expect("3.2 is a version of the standard")
}

/// Invented numbers: the first five characters say what an office is.
const CENTRE: &str = "27009";
const PRACTICE: &str = "27791";
const SERVICE: &str = "27792";

fn number(begins: &str, no: usize) -> OfficeNumber {
    format!("{begins}{no:05}").parse().expect("ten digits are a number")
}

fn kind(code: &str) -> ServiceKind {
    code.parse().expect("the code is a service kind")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn june() -> Month {
        Month::new(2025, 6).expect("June exists")
    }

    fn numbers(town: &Town) -> Vec<OfficeNumber> {
        let planners = town.practices.iter().map(|practice| practice.people.cast.manager.number);
        let centres = town.centres.iter().map(|centre| centre.number);
        centres.chain(planners).chain(town.services.iter().map(|office| office.number)).collect()
    }

    #[test]
    fn a_town_is_the_same_each_time_and_another_with_another_seed() {
        let people = |seed| Town::of(seed, june(), 1).practices.remove(0).people;
        assert_eq!(people(3), people(3));
        assert_ne!(people(3), people(4));
    }

    #[test]
    fn the_small_town_has_the_size_that_its_story_tells() {
        let town = Town::of(1, june(), 1);
        assert_eq!((town.centres.len(), town.practices.len(), town.services.len()), (1, 4, 30));
        assert_eq!(town.population(), 300);
        assert_eq!(town.services.iter().filter(|office| office.terminals == 2).count(), 5);
        let old = town.services.iter().filter(|office| office.edition != Edition::default());
        assert_eq!(old.count(), 10);
        let entrusted = town.practices.iter().map(|practice| practice.entrusted().count());
        assert_eq!(entrusted.sum::<usize>(), 40);
    }

    #[test]
    fn a_larger_town_has_so_many_times_as_many_of_everything_and_no_number_twice() {
        let town = Town::of(1, june(), 4);
        assert_eq!((town.centres.len(), town.practices.len(), town.services.len()), (4, 16, 120));
        assert_eq!(town.population(), 1200);
        let offices: BTreeSet<_> = numbers(&town).into_iter().collect();
        assert_eq!(offices.len(), 140);
        let people = town.practices.iter().flat_map(|practice| &practice.people.clients);
        let people: BTreeSet<_> = people.map(|client| &client.person.key).collect();
        assert_eq!(people.len(), 1200);
        assert_eq!(Town::of(1, june(), u32::MAX).centres.len(), TOWN_SCALE_MAX as usize);
    }

    #[test]
    fn every_service_office_is_some_practices_partner_and_has_some_of_its_people() {
        for seed in 1..5 {
            let town = Town::of(seed, june(), 1);
            let people = town.practices.iter().flat_map(|practice| &practice.people.clients);
            let used: BTreeSet<_> = people
                .flat_map(|client| client.care_plan.offices())
                .map(|office| office.number)
                .collect();
            assert_eq!(used.len(), town.services.len(), "seed {seed}");
        }
    }

    #[test]
    fn a_place_is_found_by_the_person_and_a_stranger_has_none() {
        let town = Town::of(1, june(), 1);
        let key = &town.practices[2].people.clients[7].person.key;
        let (practice, place) = town.place_of(key).expect("is of the town");
        assert_eq!(
            (&practice.people.cast.manager.name, place),
            (&"架空町第3居宅介護支援センター".to_owned(), 8)
        );
        let stranger = PersonKey { insurer: key.insurer.clone(), insured: "0".repeat(10) };
        assert!(town.place_of(&stranger).is_none());
    }
}
