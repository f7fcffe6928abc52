//! An invented person's month: which services on which days of April 2025.

use std::ops::RangeInclusive;

use super::bank::{EQUIPMENT, OFFICES};
use crate::dice::{Dice, Topic};

/// The days of the month, 30 of them; 1 April 2025 was a Tuesday.
pub(crate) const DAYS: u32 = 30;

/// 区分支給限度基準額 by 要介護状態区分, lowest first.
const LIMITS: [(&str, u32); 5] =
    [("21", 16_765), ("22", 19_705), ("23", 27_048), ("24", 30_938), ("25", 36_217)];

/// A service as it stands in 第6表: code, units, start and end, office (a place in [`OFFICES`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) code: &'static str,
    pub(crate) units: u32,
    pub(crate) times: [&'static str; 2],
    pub(crate) office: usize,
}

const NO_TIME: [&str; 2] = ["9999", "9999"];
const VISITS: [Service; 3] = [
    service("111111", 244, ["0800", "0830"], 0),
    service("111211", 387, ["0800", "0900"], 0),
    service("112111", 307, ["0815", "0900"], 0),
];
const SECOND_VISIT: Service = service("117311", 220, ["1330", "1430"], 0);
const FIRST_TIME: Service = service("114001", 200, NO_TIME, 0);
const DAY_CARE: Service = service("152441", 658, ["0930", "1630"], 1);
const BATHING: Service = service("155301", 40, ["0930", "1630"], 1);
const TRAINING: Service = service("155051", 56, ["0930", "1630"], 1);
const NURSING: Service = service("131111", 471, ["1640", "1710"], 3);
const BATH_AT_HOME: Service = service("121111", 1_266, ["1440", "1530"], 4);
const REHABILITATION: Service = service("162643", 762, ["0930", "1530"], 5);
const SHORT_STAY: Service = service("214111", 603, NO_TIME, 6);
const ROUND_THE_CLOCK: Service = service("761111", 5_446, NO_TIME, 7);

const fn service(
    code: &'static str,
    units: u32,
    times: [&'static str; 2],
    office: usize,
) -> Service {
    Service { code, units, times, office }
}

/// The rows of one service in a person's month.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) service: Service,
    /// Bit `d - 1` for the day `d`.
    pub(crate) days: u32,
    /// The thing that is lent: a place in [`EQUIPMENT`].
    pub(crate) thing: Option<usize>,
    /// 明細判別コード, or 0.
    pub(crate) detail: u32,
    /// Whether 日割対象日 is given.
    pub(crate) is_by_day: bool,
}

/// A person, and what is planned.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) insurer: &'static str,
    /// 被保険者番号.
    pub(crate) number: [u8; 10],
    /// Where names and planners are taken from the bank.
    pub(crate) names: [usize; 3],
    pub(crate) is_woman: bool,
    pub(crate) born: u32,
    /// The destination's first; the lines of one kind of service stand together.
    pub(crate) lines: Vec<Line>,
}

impl Person {
    /// The person at a place of the list that a seed gives. No two places give one number.
    pub(crate) fn new(seed: u64, place: u64) -> Self {
        let mut dice = Dice::new(seed, Topic::Person, place);
        let mut number = *b"0000000000";
        let mut rest = place + 1;
        for digit in number.iter_mut().rev() {
            *digit = b"0123456789"[(rest % 10) as usize];
            rest /= 10;
        }
        // 生保単独: the number begins with an H.
        if dice.happens(2) {
            number[0] = b'H';
        }
        Self {
            insurer: ["271004", "271403", "272124", "281006"][dice.below(4)],
            number,
            names: [dice.below(64), dice.below(64), dice.below(64)],
            is_woman: dice.happens(60),
            born: 19_200_101 + 10_000 * u32::try_from(dice.below(35)).unwrap_or(0),
            lines: lines(&mut dice),
        }
    }

    /// 要介護状態区分 whose limit holds what is planned, and the limit.
    pub(crate) fn level(&self) -> (&'static str, u32) {
        let units = units(&self.lines);
        LIMITS.into_iter().find(|(_, limit)| units <= *limit).unwrap_or(LIMITS[4])
    }
}

impl Line {
    fn plain(service: Service, days: u32) -> Self {
        Self { service, days, thing: None, detail: 0, is_by_day: false }
    }

    /// How often in the month.
    pub(crate) fn count(&self) -> u32 {
        self.days.count_ones()
    }

    /// サービス種類コード.
    pub(crate) fn kind(&self) -> &'static str {
        &self.service.code[..2]
    }

    /// The office's 事業所番号.
    pub(crate) fn office_number(&self) -> &'static str {
        OFFICES[self.service.office].0
    }
}

fn lines(dice: &mut Dice) -> Vec<Line> {
    let away = if dice.happens(8) { last_days(3 + dice.below(4)) } else { 0 };
    let mut lines = vec![];
    let mut add = |service: Service, days: u32| lines.push(Line::plain(service, days & !away));
    let visits = week(dice, 2..=4);
    add(dice.pick(&VISITS), visits);
    if dice.happens(20) {
        add(SECOND_VISIT, week(dice, 1..=2));
    }
    if dice.happens(12) {
        add(FIRST_TIME, visits & visits.wrapping_neg());
    }
    if dice.happens(70) {
        let days = week(dice, 1..=3);
        add(DAY_CARE, days);
        for (extra, percent) in [(BATHING, 60), (TRAINING, 40)] {
            if dice.happens(percent) {
                add(extra, days);
            }
        }
    } else {
        add(REHABILITATION, week(dice, 1..=2));
    }
    for (service, percent) in [(NURSING, 30), (BATH_AT_HOME, 10)] {
        if dice.happens(percent) {
            add(service, week(dice, 1..=1));
        }
    }
    if away != 0 {
        lines.push(Line::plain(SHORT_STAY, away));
    }
    if dice.happens(6) {
        lines.push(Line { is_by_day: true, ..Line::plain(ROUND_THE_CLOCK, 1) });
    }
    if dice.happens(60) {
        lines.extend(lent(dice));
    }
    while LIMITS[4].1 < units(&lines) {
        lines.pop();
    }
    lines
}

/// Things lent for the month; two that are alike carry a 明細判別コード.
fn lent(dice: &mut Dice) -> Vec<Line> {
    let things = 1 + dice.below(3);
    let first = dice.below(EQUIPMENT.len());
    let line = |thing: usize, detail: u32| {
        let (code, units, ..) = EQUIPMENT[thing];
        let service = service(code, units, NO_TIME, 2);
        Line { thing: Some(thing), detail, ..Line::plain(service, 1) }
    };
    if dice.happens(20) {
        return vec![line(first, 1), line(first, 2)];
    }
    (0..things).map(|at| line((first + at) % EQUIPMENT.len(), 0)).collect()
}

/// The days of so many weekdays.
fn week(dice: &mut Dice, count: RangeInclusive<usize>) -> u32 {
    let first = dice.below(7);
    let count = count.start() + dice.below(count.end() + 1 - count.start());
    let weekdays: u32 = (0..count).map(|at| 1 << ((first + 2 * at) % 7)).sum();
    (0..DAYS).filter(|day| weekdays >> ((day + 1) % 7) & 1 == 1).map(|day| 1 << day).sum()
}

fn last_days(count: usize) -> u32 {
    ((1 << count) - 1) << (DAYS as usize - count)
}

fn units(lines: &[Line]) -> u32 {
    lines.iter().map(|line| line.service.units * line.count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_twenty_to_sixty_rows_for_most_people() {
        let rows = |place| -> u32 { Person::new(1, place).lines.iter().map(Line::count).sum() };
        let mut counts: Vec<u32> = (0..500).map(rows).collect();
        counts.sort_unstable();
        assert!(20 <= counts[100] && counts[490] <= 62, "{counts:?}");
    }

    #[test]
    fn nobody_is_over_the_limit_and_no_code_stands_twice() {
        for place in 0..2_000 {
            let person = Person::new(7, place);
            assert!(units(&person.lines) <= person.level().1);
            assert_eq!(person.lines[0].service.office, 0, "the destination comes first");
            let mut codes: Vec<_> =
                person.lines.iter().map(|line| (line.service.code, line.detail)).collect();
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(codes.len(), person.lines.len());
            assert!(person.lines.iter().all(|line| 0 < line.count()));
        }
    }
}
