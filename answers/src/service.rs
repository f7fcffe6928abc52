//! What is planned for a person in a month, as a planner would say it.

use careplan_standard::{Date, Month};

use crate::cast::{LENDER, Office, Person};

/// サービス開始時刻 and 終了時刻 of a service that has no time.
pub(crate) const NO_TIME: &str = "9999";

/// One service, with its add-ons, on its days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) office: Office,
    pub(crate) code: &'static str,
    /// Units a time, before any discount.
    pub(crate) units: u32,
    pub(crate) days: Days,
    pub(crate) start: &'static str,
    pub(crate) end: &'static str,
    /// サービス回数 a day.
    pub(crate) times: u32,
    /// 日割対象日: the first and the last day.
    pub(crate) billed_days: Option<(u8, u8)>,
    pub(crate) thing: Thing,
    /// 明細判別コード.
    pub(crate) detail: &'static str,
    /// サテライト枝番.
    pub(crate) satellite: &'static str,
    /// ３０日超区分 is 該当.
    pub(crate) is_over_30_days: bool,
    /// 前月までの短期入所利用日数, of a short stay.
    pub(crate) days_before: Option<u32>,
    /// 割引後率, percent.
    pub(crate) discounted: Option<u32>,
    pub(crate) charge: Charge,
    /// Codes and units that share its days and times.
    pub(crate) add_ons: Vec<(&'static str, u32)>,
}

/// On which days of the month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Days {
    On(Vec<u8>),
    /// Days of the week, as their characters: 月火水木金土日.
    Every(&'static str),
}

/// How a service counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charge {
    /// Within the limit of the care level (限度額管理対象).
    Limited,
    /// The limit counts other units than are paid: large-scale day care, reductions of a building.
    LimitedAs(u32),
    /// Beside the limit (限度額管理対象外).
    Outside,
    /// Beside the limit, so many thousandths of the units of its office and kind; 0 in 第6表.
    Share(u32),
    /// The person pays so many yen a time (定額).
    FixedShare(u32),
}

/// 福祉用具.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Thing {
    pub(crate) tais: &'static str,
    /// 福祉用具届出コード.
    pub(crate) notified: &'static str,
    pub(crate) name: &'static str,
}

impl Thing {
    /// Known by its TAISコード.
    pub(crate) const fn tais(tais: &'static str, name: &'static str) -> Self {
        Self { tais, notified: "", name }
    }

    /// Known by its 福祉用具届出コード.
    pub(crate) const fn notified(notified: &'static str, name: &'static str) -> Self {
        Self { tais: "", notified, name }
    }
}

/// A person's month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PersonMonth {
    pub(crate) person: Person,
    pub(crate) services: Vec<Service>,
}

/// What is planned for a person.
pub(crate) fn month_of(person: Person, services: impl Into<Vec<Service>>) -> PersonMonth {
    PersonMonth { person, services: services.into() }
}

/// A service at a time of the day, `1000-1030`, each Tuesday unless another day is given.
pub(crate) fn visit(office: Office, code: &'static str, units: u32, time: &'static str) -> Service {
    let (start, end) = time.split_once('-').unwrap_or((NO_TIME, NO_TIME));
    Service {
        office,
        code,
        units,
        days: Days::Every("火"),
        start,
        end,
        times: 1,
        billed_days: None,
        thing: Thing::default(),
        detail: "",
        satellite: "",
        is_over_30_days: false,
        days_before: None,
        discounted: None,
        charge: Charge::Limited,
        add_ons: vec![],
    }
}

/// A service without a time, once, on the first of the month unless another day is given.
pub(crate) fn monthly(office: Office, code: &'static str, units: u32) -> Service {
    visit(office, code, units, "").on([1])
}

/// A thing on loan for the whole month.
pub(crate) fn lease(code: &'static str, units: u32, thing: Thing) -> Service {
    Service { thing, ..monthly(LENDER, code, units) }
}

impl Service {
    /// On these days of the month.
    pub(crate) fn on(self, days: impl Into<Vec<u8>>) -> Self {
        Self { days: Days::On(days.into()), ..self }
    }

    /// On each of these days from the first to the last.
    pub(crate) fn each_day(self, first: u8, last: u8) -> Self {
        self.on((first..=last).collect::<Vec<_>>())
    }

    /// On these days of the week: 月火水木金土日.
    pub(crate) fn every(self, days: &'static str) -> Self {
        Self { days: Days::Every(days), ..self }
    }

    /// So many times a day.
    pub(crate) fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }

    /// With an add-on (加算) each time, under the base's time.
    pub(crate) fn add_on(mut self, code: &'static str, units: u32) -> Self {
        self.add_ons.push((code, units));
        self
    }

    /// 日割: charged for each day of the span, which is marked in 日割対象日.
    pub(crate) fn by_the_day(self, first: u8, last: u8) -> Self {
        Self { billed_days: Some((first, last)), ..self.on([first]) }
    }

    /// 明細判別コード.
    pub(crate) fn detail(self, detail: &'static str) -> Self {
        Self { detail, ..self }
    }

    /// サテライト枝番.
    pub(crate) fn at_satellite(self, satellite: &'static str) -> Self {
        Self { satellite, ..self }
    }

    /// A day beyond the thirtieth of a stay.
    pub(crate) fn over_30_days(self) -> Self {
        Self { is_over_30_days: true, ..self }
    }

    /// A short stay, with the days used in the months before.
    pub(crate) fn after_days(self, days: u32) -> Self {
        Self { days_before: Some(days), ..self }
    }

    /// At a discount: so many percent of the units are left.
    pub(crate) fn discounted(self, percent: u32) -> Self {
        Self { discounted: Some(percent), ..self }
    }

    /// Counted in another way than within the limit.
    pub(crate) fn counted(self, charge: Charge) -> Self {
        Self { charge, ..self }
    }

    /// サービス種類コード.
    pub(crate) fn kind(&self) -> &'static str {
        self.code.get(..2).unwrap_or_default()
    }

    /// Units a time, after the discount, rounded to the nearest.
    pub(crate) fn units_after(&self) -> u32 {
        self.discounted.map_or(self.units, |percent| (self.units * percent + 50) / 100)
    }

    /// The service itself, then each add-on as a service of its own.
    pub(crate) fn parts(&self) -> Vec<Self> {
        let mut parts = vec![Self { add_ons: vec![], ..self.clone() }];
        let add_on = |(code, units): &(&'static str, u32)| Self {
            code: *code,
            units: *units,
            discounted: None,
            charge: if matches!(self.charge, Charge::Outside) {
                Charge::Outside
            } else {
                Charge::Limited
            },
            add_ons: vec![],
            ..self.clone()
        };
        parts.extend(self.add_ons.iter().map(add_on));
        parts
    }

    /// The days of a month on which it stands.
    pub(crate) fn dates(&self, month: Month) -> Vec<Date> {
        const WEEK: &str = "月火水木金土日";
        let is_on = |date: &Date| match &self.days {
            Days::On(days) => days.contains(&date.day()),
            Days::Every(names) => WEEK
                .chars()
                .nth(usize::from(date.days_from_monday()))
                .is_some_and(|name| names.contains(name)),
        };
        (1..=month.days()).filter_map(|day| month.day(day)).filter(is_on).collect()
    }

    /// 回数／日数 in a month: of 日割 the days that are marked.
    pub(crate) fn count(&self, month: Month) -> u32 {
        match self.billed_days {
            Some((first, last)) => u32::from(last - first) + 1,
            None => u32::try_from(self.dates(month).len()).unwrap_or(u32::MAX) * self.times,
        }
    }

    /// 日割対象日: 31 digits, or empty.
    pub(crate) fn day_map(&self) -> String {
        let Some((first, last)) = self.billed_days else { return String::new() };
        (1..=31).map(|day| if (first..=last).contains(&day) { '1' } else { '0' }).collect()
    }
}
