//! 予定の変更: what a care manager changes in one person's month that is planned already.

use careplan_standard::{Date, Month, OfficeNumber};

use crate::{
    annex::annex,
    cast::{Cast, Office},
    error::SoftwareError,
    person::{CareLevel, Person, PersonKey},
    slip::{Blank, MonthlyPlan, ServiceRow},
    software::CareSoftware,
    week::{Charge, clock, handrails},
};

/// A change to one person's month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amendment {
    /// 追加: one more visit of this office, like its first of the month, on a day of the month.
    Add {
        /// Who comes.
        office: OfficeNumber,
        /// On which day, from 1.
        day: u8,
    },
    /// 追加 day after day, until the person is over the 区分支給限度基準額.
    AddBeyondLimit {
        /// Who comes.
        office: OfficeNumber,
    },
    /// 中止: no visit and no day of a stay from this day on, as in hospital.
    StopFrom {
        /// The first day without, from 1.
        day: u8,
    },
    /// Nothing of this office any more.
    Drop {
        /// Whose services go.
        office: OfficeNumber,
    },
    /// Everything of this office is done by its satellite.
    Satellite {
        /// Whose satellite.
        office: OfficeNumber,
        /// サテライト枝番.
        branch: String,
    },
    /// 短期入所生活介護 from one day to another, both counted; a stay may begin in an earlier month.
    /// Days after the thirtieth are 30日超, and nobody visits meanwhile.
    Stay {
        /// Where.
        office: Office,
        /// The day of arrival.
        first: Date,
        /// The day of departure.
        last: Date,
    },
    /// 小規模多機能型居宅介護 from this day on, in the place of what comes to the home. A month that
    /// is not whole is charged by the day (日割).
    ByTheMonth {
        /// Who.
        office: Office,
        /// The first day.
        first: Date,
    },
    /// Two handrails are leased, which 明細判別コード tells apart.
    Handrails {
        /// Who leases them out.
        office: Office,
    },
}

impl CareSoftware {
    /// Changes one person's 予定 of a month, and keeps the month. What was exported before is not
    /// recalled: the month is to be exported again, or withdrawn.
    ///
    /// # Errors
    /// The folder of a service office; a month without 予定, an unknown person, a change that
    /// cannot be made: to a service of 要介護 for somebody of 介護予防, or to an office that has no
    /// such service or is not of the cast.
    pub fn amend(
        &self,
        month: Month,
        person: &PersonKey,
        amendment: &Amendment,
    ) -> Result<MonthlyPlan, SoftwareError> {
        let missing = || SoftwareError::NoPlan { month: Some(month) };
        let people = self.home().people()?.ok_or(SoftwareError::NotAManager)?;
        let mut plan = self.home().plan(month)?.ok_or_else(missing)?;
        let client = people.clients.iter().find(|client| client.person.key == *person);
        let person = &client.ok_or_else(|| SoftwareError::UnknownPerson(person.clone()))?.person;
        let at = plan.rows.iter().position(|row| row.person == person.key);
        let (own, others): (Vec<_>, Vec<_>) =
            plan.rows.into_iter().partition(|row| row.person == person.key);
        let own = Sheet { month, person, cast: &people.cast, rows: own }.amended(amendment)?;
        plan.rows = others;
        let at = at.unwrap_or(plan.rows.len());
        plan.rows.splice(at..at, own);
        self.home().save_plan(&plan)?;
        Ok(plan)
    }
}

/// One person's month.
struct Sheet<'a> {
    month: Month,
    person: &'a Person,
    cast: &'a Cast,
    rows: Vec<ServiceRow>,
}

impl Sheet<'_> {
    fn amended(mut self, amendment: &Amendment) -> Result<Vec<ServiceRow>, SoftwareError> {
        match amendment {
            Amendment::Add { office, day } => {
                let day = self.month.day(*day).ok_or(NO_SUCH_DAY)?;
                self.add(*office, day)?;
            }
            Amendment::AddBeyondLimit { office } => self.add_beyond_limit(*office)?,
            Amendment::StopFrom { day } => {
                self.rows.retain(|row| !row.is_of_a_day() || row.day.day() < *day);
            }
            Amendment::Drop { office } => self.rows.retain(|row| row.office != *office),
            Amendment::Satellite { office, branch } => {
                let own = self.rows.iter_mut().filter(|row| row.office == *office);
                own.for_each(|row| row.satellite.clone_from(branch));
            }
            Amendment::Stay { office, first, last } => self.stay(office, *first, *last)?,
            Amendment::ByTheMonth { office, first } => self.by_the_month(office, *first)?,
            Amendment::Handrails { office } => {
                self.admits(office, "17")?;
                let leases = handrails(office);
                let rows: Vec<_> =
                    leases.iter().map(|lease| self.blank().lease_row(lease)).collect();
                self.rows.extend(rows);
            }
        }
        Ok(self.rows)
    }

    fn blank(&self) -> Blank<'_> {
        Blank { month: self.month, person: &self.person.key, cast: self.cast }
    }

    /// The office's first visit once more, add-ons and all, at its time or at the next free hour.
    fn add(&mut self, office: OfficeNumber, day: Date) -> Result<(), SoftwareError> {
        let timed = self.rows.iter().filter(|row| row.office == office && row.has_time());
        let first = timed.min_by_key(|row| (row.day, row.start.clone()));
        let first = first.ok_or(NO_VISIT)?.clone();
        let same = |row: &&ServiceRow| {
            (row.office, row.day, &row.start, row.kind())
                == (office, first.day, &first.start, first.kind())
        };
        let visit: Vec<ServiceRow> = self.rows.iter().filter(same).cloned().collect();
        let minutes = minutes(&first.end).saturating_sub(minutes(&first.start));
        let start = self.free_start(day, &first.start, minutes).ok_or(NO_TIME_LEFT)?;
        let at = |row: ServiceRow| ServiceRow {
            day,
            start: clock(start),
            end: clock(start + minutes),
            ..row
        };
        self.rows.extend(visit.into_iter().map(at));
        Ok(())
    }

    /// When a visit of so many minutes can begin on a day: as wished, or at a full hour. Nobody
    /// visits somebody who is away.
    fn free_start(&self, day: Date, wish: &str, length: u32) -> Option<u32> {
        if self.is_away(day) {
            return None;
        }
        let is_free = |start: &u32| {
            let on_day = self.rows.iter().filter(|row| row.day == day && row.has_time());
            let meets = |row: &ServiceRow| {
                *start < minutes(&row.end) && minutes(&row.start) < start + length
            };
            !on_day.into_iter().any(meets)
        };
        let hours = (6..=21).map(|hour| hour * 60);
        std::iter::once(minutes(wish)).chain(hours).find(is_free)
    }

    fn is_away(&self, day: Date) -> bool {
        self.rows.iter().any(|row| row.day == day && row.is_stay())
    }

    fn add_beyond_limit(&mut self, office: OfficeNumber) -> Result<(), SoftwareError> {
        let mut days = days_of(self.month, 1, self.month.days());
        days.retain(|day| !self.is_away(*day));
        if days.is_empty() {
            return Err(NO_TIME_LEFT);
        }
        for day in days.into_iter().cycle() {
            if 0 < self.units_over() {
                break;
            }
            self.add(office, day)?;
        }
        Ok(())
    }

    fn units_over(&self) -> u32 {
        let rows: Vec<&ServiceRow> = self.rows.iter().collect();
        let lines = annex(self.person, &rows, self.cast.unit_price);
        lines.last().map_or(0, |total| total.sums.units_over)
    }

    /// Whether the person can have what offices of this kind provide, and this office provides it.
    fn admits(&self, office: &Office, kind: &str) -> Result<(), SoftwareError> {
        let is_known = |known: &Office| (known.number, known.kind) == (office.number, office.kind);
        if self.person.care_level <= CareLevel::SupportTwo {
            Err(NOT_OF_PREVENTION)
        } else if office.kind.as_str() != kind {
            Err(OTHER_KIND)
        } else if !self.cast.services.iter().any(is_known) {
            Err(NOT_OF_THE_CAST)
        } else {
            Ok(())
        }
    }

    fn stay(&mut self, office: &Office, first: Date, last: Date) -> Result<(), SoftwareError> {
        self.admits(office, "21")?;
        let days_before = days_until(first, self.month);
        let begins = if first.month() < self.month { 1 } else { first.day() };
        let ends = if self.month < last.month() { self.month.days() } else { last.day() };
        let days = days_of(self.month, begins, ends);
        if days.is_empty() || last < first || last.month() < self.month {
            return Err(NO_SUCH_DAY);
        }
        self.rows.retain(|row| !row.is_of_a_day() || !days.contains(&row.day));
        let level = self.person.care_level.care_place();
        let charge = Charge { code: format!("21112{}", level + 1), units: STAY_UNITS[level] };
        let row = |(day, nth): (&Date, u32)| ServiceRow {
            day: *day,
            short_stay_days: days_before.to_string(),
            is_over_30_days: STAY_DAYS_MAX < days_before + nth,
            ..self.blank().row(&charge, office)
        };
        let rows: Vec<_> = days.iter().zip(1..).map(row).collect();
        self.rows.extend(rows);
        Ok(())
    }

    fn by_the_month(&mut self, office: &Office, first: Date) -> Result<(), SoftwareError> {
        self.admits(office, "73")?;
        let begins = if first.month() < self.month { 1 } else { first.day() };
        if self.month < first.month() {
            return Err(NO_SUCH_DAY);
        }
        self.rows.retain(|row| !row.is_of_a_day() || row.day.day() < begins);
        let level = self.person.care_level.care_place();
        let is_whole = begins == 1;
        let (middle, units) = if is_whole { (1, MONTH_UNITS) } else { (2, DAY_UNITS) };
        let charge = Charge { code: format!("7311{middle}{}", level + 1), units: units[level] };
        let marks = |day: u8| (begins..=self.month.days()).contains(&day);
        let map = (1..=31).map(|day| if marks(day) { '1' } else { '0' }).collect();
        let row = ServiceRow {
            day: self.month.day(begins).ok_or(NO_SUCH_DAY)?,
            billed_days: if is_whole { String::new() } else { map },
            ..self.blank().row(&charge, office)
        };
        self.rows.push(row);
        Ok(())
    }
}

/// 短期入所: the days in a row that the insurance pays for.
const STAY_DAYS_MAX: u32 = 30;

/// 短期入所生活介護 a day, by care level.
const STAY_UNITS: [u32; 5] = [603, 672, 745, 815, 884];

/// 小規模多機能型居宅介護 a month, by care level.
const MONTH_UNITS: [u32; 5] = [10_458, 15_370, 22_359, 24_677, 27_209];

/// The same a day (日割).
const DAY_UNITS: [u32; 5] = [344, 505, 735, 811, 895];

const NO_SUCH_DAY: SoftwareError = SoftwareError::BadChange(
    "その日はこの月にありません。日を確かめてください / the month has no such day; check the day",
);

const NO_TIME_LEFT: SoftwareError = SoftwareError::BadChange(
    "その日には空いた時間がありません。別の日にしてください / that day has no time left; take another",
);

const NO_VISIT: SoftwareError = SoftwareError::BadChange(
    "この事業所の時刻のある利用がこの月にありません。事業所を確かめてください / the office has no visit in the month; check the office",
);

const NOT_OF_PREVENTION: SoftwareError = SoftwareError::BadChange(
    "要介護の人のサービスで、要支援・事業対象者には入れられません。利用者を確かめてください / the service is for 要介護 alone; check the person",
);

const OTHER_KIND: SoftwareError = SoftwareError::BadChange(
    "事業所のサービス種類が違います。事業所を確かめてください / the office is of another kind; check the office",
);

const NOT_OF_THE_CAST: SoftwareError = SoftwareError::BadChange(
    "この居宅の事業所の一覧（cast）にない事業所です。事業所を確かめてください / the office is not of the cast; check the office",
);

fn days_of(month: Month, first: u8, last: u8) -> Vec<Date> {
    (first..=last).filter_map(|day| month.day(day)).collect()
}

/// How many days there are from a day on until a month begins.
fn days_until(first: Date, month: Month) -> u32 {
    let mut of = first.month();
    let mut days = 0;
    while of < month {
        let gone = if of == first.month() { first.day() - 1 } else { 0 };
        days += u32::from(of.days() - gone);
        of = of.next();
    }
    days
}

/// HHMM as minutes since midnight.
fn minutes(time: &str) -> u32 {
    let part = |at: std::ops::Range<usize>| time.get(at).and_then(|part| part.parse::<u32>().ok());
    part(0..2).zip(part(2..4)).map_or(0, |(hours, minutes)| hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::week::Client;

    fn april() -> Month {
        Month::new(2025, 4).expect("April exists")
    }

    fn date(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn office(kind: &str) -> Office {
        let number = "2790100017".parse().expect("a number");
        Office { number, kind: kind.parse().expect("a kind"), name: "見本の里".to_owned() }
    }

    type Changed = (Client, Result<Vec<ServiceRow>, SoftwareError>);

    /// The month of the first person, who has both a helper and a day service, after changes.
    fn changed(amendments: &[Amendment]) -> Changed {
        changed_at(CareLevel::Two, amendments)
    }

    fn changed_at(level: CareLevel, amendments: &[Amendment]) -> Changed {
        let mut cast = Cast::default();
        let mut client = Client::invent(1, 0, april(), &cast);
        client.person.care_level = level;
        cast.services.extend(["17", "21", "73"].map(office));
        let rows = MonthlyPlan::of(april(), std::slice::from_ref(&client), &cast).rows;
        let rows = amendments.iter().try_fold(rows, |rows, amendment| {
            Sheet { month: april(), person: &client.person, cast: &cast, rows }.amended(amendment)
        });
        (client, rows)
    }

    fn stay(first: &str, last: &str) -> Amendment {
        Amendment::Stay { office: office("21"), first: date(first), last: date(last) }
    }

    fn helper() -> OfficeNumber {
        "2770200036".parse().expect("a number")
    }

    #[test]
    fn an_added_visit_meets_no_other() {
        let before = changed(&[]).1.expect("as it is");
        let (_, rows) = changed(&[Amendment::Add { office: helper(), day: 30 }]);
        let rows = rows.expect("there is time");
        assert!(before.len() < rows.len());
        let mut times: Vec<_> = rows
            .iter()
            .filter(|row| row.has_time())
            .map(|row| (row.day, &row.start, &row.end))
            .collect();
        times.sort();
        times.dedup();
        assert!(
            times.windows(2).all(|two| two[0].0 != two[1].0 || two[0].2 <= two[1].1),
            "{times:?}"
        );
        let other = Amendment::Add { office: office("21").number, day: 3 };
        assert!(matches!(changed(&[other]).1, Err(SoftwareError::BadChange(_))));
        assert!(changed(&[Amendment::Add { office: helper(), day: 31 }]).1.is_err());
    }

    #[test]
    fn visits_are_added_until_the_limit_is_passed_and_no_further() {
        let (client, rows) = changed(&[Amendment::AddBeyondLimit { office: helper() }]);
        let rows = rows.expect("April has room");
        let units = |rows: &[ServiceRow]| rows.iter().map(|row| row.units * row.count).sum::<u32>();
        let limit = client.person.care_level.limit();
        assert!(limit < units(&rows));
        assert!(units(&rows[..rows.len() - 1]) <= limit);
    }

    #[test]
    fn what_stops_leaves_what_came_before_and_what_has_no_time() {
        let lease = Amendment::Handrails { office: office("17") };
        let (_, rows) = changed(&[lease, Amendment::StopFrom { day: 16 }]);
        let rows = rows.expect("it stops");
        assert!(rows.iter().all(|row| row.day.day() < 16));
        let numbers: Vec<_> = rows.iter().map(|row| row.running_number.as_str()).collect();
        assert!(numbers.ends_with(&["1", "2"]), "{numbers:?}");
    }

    #[test]
    fn a_satellite_is_named_on_each_row_of_its_office_and_a_dropped_office_has_none() {
        let branch = "01".to_owned();
        let (_, rows) = changed(&[Amendment::Satellite { office: helper(), branch }]);
        for row in rows.expect("it changes") {
            assert_eq!(row.satellite == "01", row.office == helper());
        }
        let (_, rows) = changed(&[Amendment::Drop { office: helper() }]);
        assert!(rows.expect("others stay").iter().all(|row| row.office != helper()));
    }

    #[test]
    fn the_thirty_first_day_of_a_stay_is_beyond_thirty_days_whatever_the_month() {
        let stayed = |first: &str, last: &str| {
            let (_, rows) = changed(&[stay(first, last)]);
            let rows = rows.expect("it fits");
            let days: Vec<_> = rows.into_iter().filter(|row| row.kind() == "21").collect();
            let over: Vec<_> =
                days.iter().filter(|row| row.is_over_30_days).map(|row| row.day.day()).collect();
            (days.len(), days[0].short_stay_days.clone(), over)
        };
        assert_eq!(stayed("20250328", "20250428"), (28, "4".to_owned(), vec![27, 28]));
        assert_eq!(stayed("20250411", "20250414"), (4, "0".to_owned(), vec![]));
        assert_eq!(stayed("20250211", "20250502").2.len(), 30, "the whole of April");
        assert!(changed(&[stay("20250301", "20250331")]).1.is_err());
    }

    #[test]
    fn nobody_visits_somebody_who_is_away() {
        let rows_of =
            |more: &[Amendment]| changed(&[&[stay("20250410", "20250420")], more].concat()).1;
        let over = Amendment::AddBeyondLimit { office: helper() };
        let away = |row: &&ServiceRow| (10..=20).contains(&row.day.day());
        for more in [&[][..], std::slice::from_ref(&over)] {
            let rows = rows_of(more).expect("other days have room");
            assert!(rows.iter().filter(away).all(|row| row.kind() == "21"), "{more:?}");
        }
        assert!(rows_of(&[Amendment::Add { office: helper(), day: 12 }]).is_err());
        assert!(changed(&[stay("20250401", "20250430"), over]).1.is_err(), "away all the month");
    }

    #[test]
    fn a_stay_ends_with_what_stops_or_takes_its_place() {
        let days = |amendment: Amendment| -> Vec<u8> {
            let rows = changed(&[stay("20250410", "20250420"), amendment]).1.expect("it changes");
            rows.iter().filter(|row| row.kind() == "21").map(|row| row.day.day()).collect()
        };
        let first = date("20250415");
        assert!(days(Amendment::StopFrom { day: 15 }).into_iter().eq(10..15));
        assert!(days(Amendment::ByTheMonth { office: office("73"), first }).into_iter().eq(10..15));
        assert!(days(stay("20250418", "20250422")).into_iter().eq(10..23), "each day once");
    }

    #[test]
    fn only_an_office_of_the_cast_takes_somebody_of_care_in_and_only_for_what_it_provides() {
        let (first, last) = (date("20250410"), date("20250420"));
        let elsewhere = |kind: &str| Office { number: helper(), ..office(kind) };
        let changes = |of: fn(&str) -> Office| {
            [
                Amendment::Stay { office: of("21"), first, last },
                Amendment::ByTheMonth { office: of("73"), first },
                Amendment::Handrails { office: of("17") },
            ]
        };
        let refused = changes(office).map(|change| changed_at(CareLevel::SupportTwo, &[change]));
        let wrong = changes(elsewhere).into_iter().chain(changes(|_| office("15")));
        for (_, rows) in refused.into_iter().chain(wrong.map(|change| changed(&[change]))) {
            assert!(matches!(rows, Err(SoftwareError::BadChange(_))), "{rows:?}");
        }
    }

    #[test]
    fn a_month_begun_in_its_middle_is_charged_by_the_day() {
        let begun = |day: &str| {
            let first = date(day);
            let (_, rows) = changed(&[Amendment::ByTheMonth { office: office("73"), first }]);
            rows.expect("it fits")
        };
        let rows = begun("20250416");
        let row = rows.last().expect("a row");
        assert_eq!((row.code.as_str(), row.units, row.day.day()), ("731122", 505, 16));
        assert_eq!(row.billed_days, "0000000000000001111111111111110");
        assert!(rows.iter().filter(|row| row.has_time()).all(|row| row.day.day() < 16));
        let whole = begun("20250301");
        assert_eq!(whole.len(), 1, "nobody else comes");
        assert_eq!((whole[0].code.as_str(), whole[0].billed_days.as_str()), ("731112", ""));
    }
}
