//! 第6表 サービス利用票: rows of 予定 and 実績, and the month's 予定 made from a plan.

use careplan_standard::{Date, Month, OfficeNumber};
use serde::{Deserialize, Serialize};

use crate::{
    as_text,
    cast::{Cast, Office},
    person::{PersonKey, day_of},
    week::{CarePlan, Charge, Client, Lease, WeeklyService},
};

/// サービス開始時刻 and 終了時刻 of a service that has no time.
pub const NO_TIME: &str = "9999";

/// One row of 第6表: one service on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceRow {
    /// Whose row it is.
    #[serde(flatten)]
    pub person: PersonKey,
    /// 作成年月日.
    #[serde(with = "as_text")]
    pub made_on: Date,
    /// プラン担当業者コード.
    #[serde(with = "as_text::option")]
    pub planner: Option<OfficeNumber>,
    /// プラン担当者名.
    pub planner_name: String,
    /// 単位数, a time.
    pub units: u32,
    /// 前月までの短期入所利用日数, as it was given.
    pub short_stay_days: String,
    /// サービス利用日.
    #[serde(with = "as_text")]
    pub day: Date,
    /// 日割対象日: 31 digits, or empty.
    pub billed_days: String,
    /// サービス開始時刻, HHMM, or [`NO_TIME`].
    pub start: String,
    /// サービス終了時刻.
    pub end: String,
    /// サービス回数, times a day.
    pub count: u32,
    /// サービスコード.
    pub code: String,
    /// TAISコード; V3 rows have none.
    pub tais: String,
    /// 福祉用具届出コード.
    pub equipment_code: String,
    /// 用具名称（機種名）.
    pub equipment: String,
    /// 明細判別コード.
    pub running_number: String,
    /// サービス事業者コード.
    #[serde(with = "as_text")]
    pub office: OfficeNumber,
    /// サービス事業所名.
    pub office_name: String,
    /// サテライト枝番.
    pub satellite: String,
    /// ３０日超区分 is 該当.
    pub is_over_30_days: bool,
}

impl ServiceRow {
    /// サービス種類コード: the first two characters of the code.
    pub fn kind(&self) -> &str {
        self.code.get(..2).unwrap_or_default()
    }

    /// Whether the service has a time of the day.
    pub fn has_time(&self) -> bool {
        self.start != NO_TIME
    }

    /// Whether it is a day of 短期入所: it has no time, and counts the days before.
    pub fn is_stay(&self) -> bool {
        !self.has_time() && !self.short_stay_days.is_empty()
    }

    /// Whether it stands for its own day, as a visit or a day of a stay does, and not for the month.
    pub(crate) fn is_of_a_day(&self) -> bool {
        self.has_time() || self.is_stay()
    }
}

/// The 予定 of one service month, of everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthlyPlan {
    /// サービス提供年月.
    #[serde(with = "as_text")]
    pub month: Month,
    /// Person by person, service by service, day by day.
    pub rows: Vec<ServiceRow>,
}

impl MonthlyPlan {
    /// The month as the plans have it: every weekly service on each of its weekdays, every lease
    /// once, on the first day. Who is entrusted to another office stands in that one's 予定.
    pub fn of(month: Month, clients: &[Client], cast: &Cast) -> Self {
        let own = clients.iter().filter(|client| client.is_planned_by(cast.manager.number));
        let rows = own.flat_map(|client| rows_of(month, client, cast)).collect();
        Self { month, rows }
    }
}

fn rows_of(month: Month, client: &Client, cast: &Cast) -> Vec<ServiceRow> {
    let CarePlan { services, leases, .. } = &client.care_plan;
    let blank = Blank { month, person: &client.person.key, cast };
    let weekly = services.iter().flat_map(|service| blank.service_rows(service));
    weekly.chain(leases.iter().map(|lease| blank.lease_row(lease))).collect()
}

/// What the rows of one person and month have in common.
pub(crate) struct Blank<'a> {
    pub(crate) month: Month,
    pub(crate) person: &'a PersonKey,
    pub(crate) cast: &'a Cast,
}

impl Blank<'_> {
    fn service_rows(&self, service: &WeeklyService) -> Vec<ServiceRow> {
        let days: Vec<Date> = (1..=self.month.days())
            .filter_map(|day| self.month.day(day))
            .filter(|day| service.weekdays.contains(&(day.days_from_monday() + 1)))
            .collect();
        let of_charge = |charge| {
            days.iter().map(move |day| ServiceRow {
                day: *day,
                start: service.start.clone(),
                end: service.end.clone(),
                ..self.row(charge, &service.office)
            })
        };
        service.charges.iter().flat_map(of_charge).collect()
    }

    pub(crate) fn lease_row(&self, lease: &Lease) -> ServiceRow {
        ServiceRow {
            tais: lease.tais.clone(),
            equipment: lease.name.clone(),
            running_number: lease.running_number.map_or_else(String::new, |no| no.to_string()),
            ..self.row(&lease.charge, &lease.office)
        }
    }

    /// A row on the first day, without a time.
    pub(crate) fn row(&self, charge: &Charge, office: &Office) -> ServiceRow {
        ServiceRow {
            person: self.person.clone(),
            made_on: day_of(self.month.previous(), 25),
            planner: Some(self.cast.manager.number),
            planner_name: self.cast.planner.clone(),
            units: charge.units,
            short_stay_days: String::new(),
            day: day_of(self.month, 1),
            billed_days: String::new(),
            start: NO_TIME.to_owned(),
            end: NO_TIME.to_owned(),
            count: 1,
            code: charge.code.clone(),
            tais: String::new(),
            equipment_code: String::new(),
            equipment: String::new(),
            running_number: String::new(),
            office: office.number,
            office_name: office.name.clone(),
            satellite: String::new(),
            is_over_30_days: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(year: u16, month: u8) -> Month {
        Month::new(year, month).expect("the month exists")
    }

    fn plan(of: Month) -> (Vec<Client>, MonthlyPlan) {
        let cast = Cast::default();
        let clients: Vec<_> =
            (0..20).map(|place| Client::invent(1, place, month(2025, 4), &cast)).collect();
        let plan = MonthlyPlan::of(of, &clients, &cast);
        (clients, plan)
    }

    #[test]
    fn each_row_falls_on_a_weekday_of_its_service() {
        let (clients, plan) = plan(month(2025, 4));
        for row in plan.rows.iter().filter(|row| row.has_time()) {
            let client = clients.iter().find(|client| client.person.key == row.person);
            let services = &client.expect("rows are of people").care_plan.services;
            assert!(services.iter().any(|service| {
                service.weekdays.contains(&(row.day.days_from_monday() + 1))
                    && service.start == row.start
                    && service.charges.iter().any(|charge| charge.code == row.code)
            }));
        }
    }

    #[test]
    fn the_next_month_has_the_same_people_on_its_own_days() {
        let (_, april) = plan(month(2025, 4));
        let (_, may) = plan(month(2025, 5));
        assert!(april.rows.iter().all(|row| row.day.month() == april.month));
        assert!(may.rows.iter().all(|row| row.day.month() == may.month));
        assert_eq!(april.rows[0].person, may.rows[0].person);
        assert_eq!(may.rows[0].made_on.to_string(), "20250425");
    }

    #[test]
    fn leases_have_no_time_and_stand_on_the_first() {
        let (_, plan) = plan(month(2024, 2));
        let leases: Vec<_> = plan.rows.iter().filter(|row| row.kind() == "17").collect();
        assert!(!leases.is_empty());
        for row in leases {
            assert_eq!((row.start.as_str(), row.end.as_str()), (NO_TIME, NO_TIME));
            assert_eq!(row.day.day(), 1);
            assert_eq!(row.tais.len(), 12);
        }
    }
}
