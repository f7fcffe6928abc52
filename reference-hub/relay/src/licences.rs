//! The licence of an office number: a year from application, renewed by itself or by hand.
//!
//! Invariant: nothing happens in the background. What is kept are the facts of the application, and
//! the state at any time follows from them by arithmetic.
//!
//! After the operator's public pages: 21,000 yen a year and office number, no cancelling midway; a
//! フリーパス (nothing for one year, once) for applications from June 2025 to May 2026; applications
//! since June 2025 renew by themselves unless stopped. That an expired licence begins anew with its
//! renewal, and one in force goes on from its end, is our reading.

use time::{OffsetDateTime, UtcOffset, macros::datetime, macros::offset};

use crate::{Change, Decision, Office, Refusal};

/// What a licence costs, in yen a year.
pub const LICENCE_YEN: u32 = 21_000;

/// Licences follow the calendar of Japan.
const JAPAN: UtcOffset = offset!(+9);
/// From when a フリーパス can be applied for; later applications renew by themselves.
const FREE_PASS_FROM: OffsetDateTime = datetime!(2025-06-01 00:00 +9);
/// From when no more.
const FREE_PASS_UNTIL: OffsetDateTime = datetime!(2026-06-01 00:00 +9);

/// What is known of an office's licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Licence {
    /// 利用申請日: when it was applied for. None for one that is known by its end alone, and counts as
    /// having always been there.
    pub applied_at: Option<OffsetDateTime>,
    /// The end of what was applied for and renewed by hand. The end itself is no longer licensed.
    pub until: OffsetDateTime,
    /// 自動更新: whether another year follows each that ends.
    pub renews: bool,
    /// When the フリーパス was applied for, if it ever was.
    pub free_pass_at: Option<OffsetDateTime>,
}

/// 料金プラン.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LicencePlan {
    /// 通常.
    Ordinary,
    /// フリーパス.
    FreePass,
}

/// How a licence stands at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LicenceState {
    /// Never applied for, or not yet.
    None,
    /// In force.
    Active {
        /// The end of the present year.
        until: OffsetDateTime,
    },
    /// Ran out.
    Expired {
        /// When.
        since: OffsetDateTime,
    },
}

/// What an office, or whoever sets up a test, wants of a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LicenceRequest {
    /// 利用申請.
    Apply {
        /// 料金プラン.
        plan: LicencePlan,
        /// When; the year begins then.
        at: OffsetDateTime,
        /// Whether it shall renew by itself; by the day of application unless somebody says so.
        renews: Option<bool>,
    },
    /// One more year by hand.
    Renew,
    /// 自動更新 off: the present year is the last.
    Stop,
    /// 自動更新 on again.
    Resume,
    /// Ends it now. No office can do so; tests can.
    Expire,
}

impl Licence {
    /// An ordinary licence that is known by its end alone.
    pub fn until(until: OffsetDateTime) -> Self {
        Self { applied_at: None, until, renews: false, free_pass_at: None }
    }

    /// A year from application.
    pub fn applied(at: OffsetDateTime, plan: LicencePlan) -> Self {
        Self {
            applied_at: Some(at),
            until: years_after(at, 1),
            renews: FREE_PASS_FROM <= at,
            free_pass_at: (plan == LicencePlan::FreePass).then_some(at),
        }
    }

    /// How it stands at `now`.
    pub fn state(&self, now: OffsetDateTime) -> LicenceState {
        if self.applied_at.is_some_and(|at| now < at) {
            return LicenceState::None;
        }
        let until = self.end_seen_from(now);
        if now < until {
            LicenceState::Active { until }
        } else {
            LicenceState::Expired { since: until }
        }
    }

    /// Whether it is in force at `now`.
    pub fn is_active(&self, now: OffsetDateTime) -> bool {
        matches!(self.state(now), LicenceState::Active { .. })
    }

    /// What the year of `now` is paid by.
    pub fn plan(&self, now: OffsetDateTime) -> LicencePlan {
        match self.free_pass_at {
            Some(at) if at <= now && now < years_after(at, 1) => LicencePlan::FreePass,
            _ => LicencePlan::Ordinary,
        }
    }

    fn end_seen_from(&self, now: OffsetDateTime) -> OffsetDateTime {
        if !self.renews || now < self.until {
            return self.until;
        }
        let years = now.to_offset(JAPAN).year() - self.until.to_offset(JAPAN).year();
        let this_year = years_after(self.until, years);
        if now < this_year { this_year } else { years_after(self.until, years + 1) }
    }
}

impl LicencePlan {
    /// What a year costs, in yen.
    pub fn yen(self) -> u32 {
        match self {
            Self::Ordinary => LICENCE_YEN,
            Self::FreePass => 0,
        }
    }
}

/// The state of what may be missing altogether.
pub(crate) fn licence_state(licence: Option<&Licence>, now: OffsetDateTime) -> LicenceState {
    licence.map_or(LicenceState::None, |licence| licence.state(now))
}

/// Changes an office's licence.
///
/// # Errors
/// There is no such office; or an application finds a licence in force, or a フリーパス that was used
/// or cannot be had on that day; or there is no licence, or none in force, to do something with.
pub fn change_licence(
    office: Option<Office>,
    request: LicenceRequest,
    now: OffsetDateTime,
) -> Result<Decision<Office>, Refusal> {
    let office = office.ok_or(Refusal::NotFound)?;
    let licence = changed(office.licence, request, now)?;
    let answer = Office { licence: Some(licence), ..office };
    Ok(Decision { changes: vec![Change::Register(Box::new(answer.clone()))], answer })
}

fn changed(
    licence: Option<Licence>,
    request: LicenceRequest,
    now: OffsetDateTime,
) -> Result<Licence, Refusal> {
    if let LicenceRequest::Apply { plan, at, renews } = request {
        return apply(licence, plan, at, now)
            .map(|new| Licence { renews: renews.unwrap_or(new.renews), ..new });
    }
    let licence = licence.ok_or(Refusal::LicenceMissing)?;
    match (licence.state(now), request) {
        (LicenceState::None, _) => Err(Refusal::LicenceMissing),
        (LicenceState::Expired { .. }, LicenceRequest::Renew) => {
            Ok(Licence { applied_at: Some(now), until: years_after(now, 1), ..licence })
        }
        (LicenceState::Expired { .. }, _) => Err(Refusal::LicenceExpired),
        (LicenceState::Active { until }, LicenceRequest::Stop) => {
            Ok(Licence { until, renews: false, ..licence })
        }
        (LicenceState::Active { until }, LicenceRequest::Resume) => {
            Ok(Licence { until, renews: true, ..licence })
        }
        (LicenceState::Active { until }, LicenceRequest::Renew) => {
            Ok(Licence { until: years_after(until, 1), ..licence })
        }
        (LicenceState::Active { .. }, _) => Ok(Licence { until: now, renews: false, ..licence }),
    }
}

fn apply(
    before: Option<Licence>,
    plan: LicencePlan,
    at: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<Licence, Refusal> {
    // Whoever has a licence today would be without one until an application of later begins.
    for moment in [now, at] {
        if let LicenceState::Active { until } = licence_state(before.as_ref(), moment) {
            return Err(Refusal::LicenceInForce { until });
        }
    }
    let free_pass_at = before.and_then(|licence| licence.free_pass_at);
    if plan == LicencePlan::FreePass {
        if free_pass_at.is_some() {
            return Err(Refusal::FreePassUsed);
        }
        if !(FREE_PASS_FROM..FREE_PASS_UNTIL).contains(&at) {
            return Err(Refusal::FreePassClosed);
        }
    }
    let new = Licence::applied(at, plan);
    Ok(Licence { free_pass_at: new.free_pass_at.or(free_pass_at), ..new })
}

/// The same day and time some years later; after a 29 February, where there is none, on 1 March. At
/// the end of all years, the same again.
fn years_after(start: OffsetDateTime, years: i32) -> OffsetDateTime {
    let Some(local) = start.checked_to_offset(JAPAN) else { return start };
    let year = local.year() + years;
    let there = local.replace_year(year).or_else(|_| {
        local
            .date()
            .next_day()
            .map_or_else(|| Ok(local), |day| local.replace_date(day).replace_year(year))
    });
    there.unwrap_or(local).to_offset(UtcOffset::UTC)
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;

    const APPLIED: OffsetDateTime = datetime!(2025-07-15 10:00 +9);

    fn active(until: OffsetDateTime) -> LicenceState {
        LicenceState::Active { until }
    }

    #[test]
    fn a_licence_by_hand_lasts_a_year_from_application() {
        let applied = datetime!(2025-05-31 23:59:59 +9);
        let licence = Licence::applied(applied, LicencePlan::Ordinary);
        let end = datetime!(2026-05-31 23:59:59 +9);
        assert_eq!(licence.state(applied - Duration::SECOND), LicenceState::None);
        assert_eq!(licence.state(applied), active(end));
        assert_eq!(licence.state(end - Duration::MILLISECOND), active(end));
        assert_eq!(licence.state(end), LicenceState::Expired { since: end });
    }

    #[test]
    fn applications_since_june_2025_renew_by_themselves() {
        let licence = Licence::applied(APPLIED, LicencePlan::Ordinary);
        for (now, until) in [
            (datetime!(2026-07-15 09:59:59 +9), datetime!(2026-07-15 10:00 +9)),
            (datetime!(2026-07-15 10:00 +9), datetime!(2027-07-15 10:00 +9)),
            (datetime!(2031-01-01 00:00 +9), datetime!(2031-07-15 10:00 +9)),
            (datetime!(2031-12-31 00:00 +9), datetime!(2032-07-15 10:00 +9)),
        ] {
            assert_eq!(licence.state(now), active(until), "{now}");
        }
    }

    #[test]
    fn years_are_those_of_japan_and_leap_days_lose_nothing() {
        let leap = datetime!(2028-02-29 01:00 +9);
        assert_eq!(years_after(leap, 1), datetime!(2029-03-01 01:00 +9));
        assert_eq!(years_after(leap, 4), datetime!(2032-02-29 01:00 +9));
        let march_in_japan = datetime!(2028-02-29 15:00 UTC);
        assert_eq!(years_after(march_in_japan, 1), datetime!(2029-02-28 15:00 UTC));
        let last = datetime!(9999-12-31 23:00 UTC);
        assert_eq!(years_after(last, 1), last);
    }

    #[test]
    fn stopping_ends_with_the_year_and_resuming_goes_on() {
        let licence = Licence::applied(APPLIED, LicencePlan::Ordinary);
        let third_year = datetime!(2027-08-01 00:00 +9);
        let end = datetime!(2028-07-15 10:00 +9);
        let stopped = changed(Some(licence), LicenceRequest::Stop, third_year).expect("in force");
        assert_eq!(stopped.state(third_year), active(end), "no cancelling midway");
        assert_eq!(stopped.state(end), LicenceState::Expired { since: end });
        let resumed = changed(Some(stopped), LicenceRequest::Resume, third_year).expect("in force");
        assert_eq!(resumed.state(end), active(datetime!(2029-07-15 10:00 +9)));
        for request in [LicenceRequest::Stop, LicenceRequest::Resume, LicenceRequest::Expire] {
            assert_eq!(changed(Some(stopped), request, end), Err(Refusal::LicenceExpired));
            assert_eq!(changed(None, request, end), Err(Refusal::LicenceMissing));
        }
    }

    #[test]
    fn renewing_by_hand_adds_a_year_or_begins_anew() {
        let licence = Licence::applied(datetime!(2025-04-01 00:00 +9), LicencePlan::Ordinary);
        let in_force = datetime!(2026-03-01 00:00 +9);
        let renewed = changed(Some(licence), LicenceRequest::Renew, in_force).expect("renewed");
        assert_eq!(renewed.until, datetime!(2027-04-01 00:00 +9));
        let late = datetime!(2028-01-10 00:00 +9);
        let anew = changed(Some(renewed), LicenceRequest::Renew, late).expect("renewed");
        assert_eq!(anew.state(late), active(datetime!(2029-01-10 00:00 +9)));
        assert_eq!(changed(None, LicenceRequest::Renew, late), Err(Refusal::LicenceMissing));
    }

    #[test]
    fn a_free_pass_is_had_once_within_its_year_and_costs_nothing() {
        let apply = |plan, at, renews| LicenceRequest::Apply { plan, at, renews };
        let free = |at| apply(LicencePlan::FreePass, at, Some(false));
        let licence = changed(None, free(APPLIED), APPLIED).expect("applied");
        assert_eq!(licence.plan(APPLIED).yen(), 0);
        let over = licence.until;
        assert_eq!(licence.plan(over).yen(), 21_000);
        assert_eq!(changed(Some(licence), free(over), over), Err(Refusal::FreePassUsed));
        let ordinary = apply(LicencePlan::Ordinary, over, None);
        let next = changed(Some(licence), ordinary, over).expect("applied");
        assert!(next.renews && next.free_pass_at == Some(APPLIED), "{next:?}");
        for closed in [FREE_PASS_FROM - Duration::SECOND, FREE_PASS_UNTIL] {
            assert_eq!(changed(None, free(closed), closed), Err(Refusal::FreePassClosed));
        }
        let in_force = Err(Refusal::LicenceInForce { until: licence.until });
        for at in [APPLIED - Duration::WEEK, APPLIED, over] {
            let another = apply(LicencePlan::Ordinary, at, None);
            assert_eq!(changed(Some(licence), another, APPLIED), in_force, "{at}");
        }
    }

    #[test]
    fn a_test_can_end_a_licence() {
        let licence = Licence::applied(APPLIED, LicencePlan::Ordinary);
        let now = APPLIED + Duration::days(3);
        let ended = changed(Some(licence), LicenceRequest::Expire, now).expect("in force");
        assert_eq!(ended.state(now), LicenceState::Expired { since: now });
    }
}
