//! Which fault fires: a pure function of what is armed, what came by so far, and the facts.

use careplan_protocol::{
    OfficeNumber, TerminalId,
    faults::{Arming, FaultArmed, FaultOperation, FaultSchedule, FaultService},
};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng as _, SeedableRng as _},
};

/// What is known of a request when a fault might act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts<'a> {
    /// Who is asked.
    pub service: FaultService,
    /// What for.
    pub operation: FaultOperation,
    /// The office that asks, once its certificate is known.
    pub office: Option<OfficeNumber>,
    /// The terminal that asks, once its session is known.
    pub terminal: Option<TerminalId>,
    /// The name of the file that is fetched.
    pub file: Option<&'a str>,
}

/// A fault that fires now.
#[derive(Debug, Clone, PartialEq)]
pub struct Shot {
    /// The number that it was armed under.
    pub number: u64,
    /// What was armed.
    pub arming: Arming,
    /// What is left to chance in it, by its seed.
    pub dice: u64,
}

/// What is armed, with its counters.
#[derive(Debug, Clone, Default)]
pub struct Arsenal {
    armed: Vec<FaultArmed>,
    last_number: u64,
}

impl Arsenal {
    /// Arms one more, and says its number. It is the caller's to have checked it.
    pub fn arm(&mut self, arming: Arming) -> u64 {
        self.last_number += 1;
        self.armed.push(FaultArmed { number: self.last_number, arming, seen: 0, fired: 0 });
        self.last_number
    }

    /// Disarms one; whether there was one of this number.
    pub fn disarm(&mut self, number: u64) -> bool {
        let before = self.armed.len();
        self.armed.retain(|armed| armed.number != number);
        self.armed.len() < before
    }

    /// Disarms all. Numbers are not used again.
    pub fn disarm_all(&mut self) {
        self.armed.clear();
    }

    /// Puts what was armed at another moment, with its counters, in the place of all.
    pub fn rearm(&mut self, armed: Vec<FaultArmed>) {
        let last = armed.iter().map(|armed| armed.number).max();
        self.last_number = self.last_number.max(last.unwrap_or(0));
        self.armed = armed;
    }

    /// What is armed, in the order of arming.
    pub fn armed(&self) -> &[FaultArmed] {
        &self.armed
    }

    /// The fault that fires: the first in the order of arming that touches this and is due. Every
    /// fault that touches it counts it, so that none hangs on another's luck.
    pub fn decide(&mut self, facts: &Facts<'_>) -> Option<Shot> {
        let mut shot = None;
        for armed in self.armed.iter_mut().filter(|armed| touches(&armed.arming, facts)) {
            let nth = armed.seen;
            armed.seen += 1;
            if shot.is_none() && is_due(armed, nth) {
                armed.fired += 1;
                let FaultArmed { number, arming, .. } = armed.clone();
                let dice = dice(arming.seed, nth).1;
                shot = Some(Shot { number, arming, dice });
            }
        }
        if shot.is_some() {
            self.armed.retain(|armed| !is_spent(armed));
        }
        shot
    }
}

fn touches(arming: &Arming, facts: &Facts<'_>) -> bool {
    let Arming { fault, scope, .. } = arming;
    let is_of_kind = |wanted: &str| {
        let ending = facts.file.and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
        ending.is_some_and(|ending| ending.eq_ignore_ascii_case(wanted))
    };
    fault.service() == facts.service
        && facts.operation.is_reached_by(*fault)
        && scope.operation.is_none_or(|wanted| wanted == facts.operation)
        && scope.office.is_none_or(|wanted| facts.office == Some(wanted))
        && (scope.terminal.is_none() || scope.terminal == facts.terminal)
        && scope.file.as_deref().is_none_or(is_of_kind)
}

/// Whether it fires at the `nth` that it sees, from 0.
fn is_due(armed: &FaultArmed, nth: u64) -> bool {
    match armed.arming.schedule {
        FaultSchedule::Always => true,
        FaultSchedule::Next(times) => armed.fired < u64::from(times),
        FaultSchedule::Every(times) => times != 0 && (nth + 1).is_multiple_of(u64::from(times)),
        FaultSchedule::Chance(chance) => dice(armed.arming.seed, nth).0 < chance,
    }
}

fn is_spent(armed: &FaultArmed) -> bool {
    matches!(armed.arming.schedule, FaultSchedule::Next(times) if u64::from(times) <= armed.fired)
}

/// What chance says at the `nth`: a number from 0 to below 1, and one of 64 bits.
fn dice(seed: u64, nth: u64) -> (f64, u64) {
    let mut stream = ChaCha8Rng::seed_from_u64(seed);
    stream.set_stream(nth);
    let share = (stream.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    (share, stream.next_u64())
}

#[cfg(test)]
mod tests {
    use careplan_protocol::faults::{FaultKind, FaultScope};

    use super::*;

    fn facts(operation: FaultOperation) -> Facts<'static> {
        let office = "2770200036".parse().ok();
        Facts { service: FaultService::Hub, operation, office, terminal: None, file: None }
    }

    /// At which of so many submissions a schedule fires, from 1.
    fn fires(schedule: FaultSchedule, seed: u64, times: u64) -> Vec<u64> {
        let mut arsenal = Arsenal::default();
        arsenal.arm(Arming { seed, ..Arming::new(FaultKind::AnswerLost).with_schedule(schedule) });
        let mut submit = |_: &u64| arsenal.decide(&facts(FaultOperation::Submit)).is_some();
        (1..=times).filter(&mut submit).collect()
    }

    #[test]
    fn schedules_fire_when_they_say() {
        assert_eq!(fires(FaultSchedule::Always, 0, 3), [1, 2, 3]);
        assert_eq!(fires(FaultSchedule::Next(2), 0, 5), [1, 2]);
        assert_eq!(fires(FaultSchedule::Every(3), 0, 7), [3, 6]);
    }

    #[test]
    fn chance_is_the_same_for_a_seed_another_for_another_and_about_as_often_as_it_says() {
        let tenth = |seed| fires(FaultSchedule::Chance(0.1), seed, 1000);
        assert_eq!(tenth(7), tenth(7));
        assert_ne!(tenth(7), tenth(8));
        assert!((60..=140).contains(&tenth(7).len()), "{}", tenth(7).len());
    }

    #[test]
    fn what_is_outside_a_scope_is_neither_touched_nor_counted() {
        let mut arsenal = Arsenal::default();
        let scope = FaultScope {
            office: "2770300042".parse().ok(),
            operation: Some(FaultOperation::Submit),
            ..FaultScope::default()
        };
        let schedule = FaultSchedule::Every(2);
        arsenal.arm(Arming { scope, schedule, ..Arming::new(FaultKind::AnswerLost) });
        let own = || Facts { office: "2770300042".parse().ok(), ..facts(FaultOperation::Submit) };
        let claim = || Facts { operation: FaultOperation::Claim, ..own() };
        let others = [facts(FaultOperation::Submit), claim()];
        let fired = [own(), others[0].clone(), others[1].clone(), own()]
            .map(|facts| arsenal.decide(&facts).is_some());
        assert_eq!(fired, [false, false, false, true]);
    }

    #[test]
    fn a_kind_of_file_is_known_by_its_ending() {
        let mut arsenal = Arsenal::default();
        let scope = FaultScope { file: Some("csv".to_owned()), ..FaultScope::default() };
        arsenal.arm(Arming { scope, ..Arming::new(FaultKind::DownloadCorrupt) });
        let fetch = |file| Facts { file: Some(file), ..facts(FaultOperation::Fetch) };
        assert!(arsenal.decide(&fetch("a.CSV")).is_some());
        assert!(arsenal.decide(&fetch("a.csv.pdf")).is_none());
    }

    #[test]
    fn one_fault_acts_and_the_others_count() {
        let mut arsenal = Arsenal::default();
        let first =
            arsenal.arm(Arming::new(FaultKind::AnswerLost).with_schedule(FaultSchedule::Next(1)));
        let second =
            arsenal.arm(Arming::new(FaultKind::AnswerLate).with_schedule(FaultSchedule::Next(1)));
        let mut next = || arsenal.decide(&facts(FaultOperation::Submit)).map(|shot| shot.number);
        assert_eq!([next(), next(), next()], [Some(first), Some(second), None]);
        assert!(arsenal.armed().is_empty(), "what is spent is gone");
    }

    #[test]
    fn a_service_fires_its_own_faults_only() {
        let mut arsenal = Arsenal::default();
        arsenal.arm(Arming::new(FaultKind::CaDrop));
        let other = facts(FaultOperation::Other);
        assert_eq!(arsenal.decide(&other), None);
        let ca = Facts { service: FaultService::Ca, office: None, ..other };
        assert!(arsenal.decide(&ca).is_some());
    }
}
