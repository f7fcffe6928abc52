//! 区分支給限度基準額: how many units a month a person may have, and who has more.

use std::collections::BTreeSet;

use crate::{
    Date, Month, OfficeNumber,
    reconcile::{AnnexLine, PersonKey, SlipRow, Supplement},
};

/// 要介護状態区分, its name, and its 区分支給限度基準額 in units a month, the lightest first.
const LIMITS: [(&str, &str, u32); 8] = [
    ("06", "事業対象者", 5_032),
    ("12", "要支援１", 5_032),
    ("13", "要支援２", 10_531),
    ("21", "要介護１", 16_765),
    ("22", "要介護２", 19_705),
    ("23", "要介護３", 27_048),
    ("24", "要介護４", 30_938),
    ("25", "要介護５", 36_217),
];

/// A person's 区分支給限度基準額.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Units a month.
    pub units: u32,
    /// Where it is from.
    pub source: LimitSource,
    /// What the table of limits has for the person's care level, where the level is known.
    pub of_level: Option<u32>,
}

/// Where a limit is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitSource {
    /// 補足's 区分支給限度基準額, which outranks the table.
    Stated,
    /// The table of limits, by 要介護状態区分.
    Level,
    /// The table, by the heavier of two levels: the level changed within the month.
    HeavierLevel,
}

/// Units of one person and month, against the limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonUnits {
    /// Who.
    pub person: PersonKey,
    /// サービス提供年月.
    pub month: Month,
    /// 利用者氏名, where 補足 has it.
    pub name: String,
    /// 要介護状態区分, as a code.
    pub level: String,
    /// The limit; none where 補足 says neither it nor the level.
    pub limit: Option<Limit>,
    /// 給付管理単位数 of 第7表: of its total, else of its lines.
    pub planned: Option<u32>,
    /// 区分支給限度基準超単位数 of 第7表.
    pub stated_over: Option<u32>,
    /// What was provided: `planned` of the offices that have answered, with the units of what was
    /// cancelled, added or changed.
    pub provided: Option<u32>,
    /// `planned` of the offices that have not answered yet (実績待ち).
    pub waiting: u32,
    /// By how many units more was provided than planned of services that 第7表 does not list:
    /// whether the limit concerns them cannot be told, and `provided` leaves them out.
    pub unlisted: i64,
}

/// The units of a 区分支給限度基準額 by care level, and what the level is called.
pub fn limit_of(level: &str) -> Option<(u32, &'static str)> {
    LIMITS.iter().find(|(code, ..)| *code == level).map(|(_, name, units)| (*units, *name))
}

impl PersonUnits {
    /// By how much the plan exceeds the limit, in units.
    pub fn planned_over(&self) -> u32 {
        self.over(self.planned)
    }

    /// By how much what was provided and what is still waited for exceed the limit, in units.
    pub fn expected_over(&self) -> u32 {
        self.over(self.provided.map(|units| units.saturating_add(self.waiting)))
    }

    fn over(&self, units: Option<u32>) -> u32 {
        let limit = self.limit.map(|limit| limit.units);
        units.zip(limit).map_or(0, |(units, limit)| units.saturating_sub(limit))
    }
}

/// What there is about one person and month.
pub(super) struct Facts<'a> {
    pub(super) person: &'a PersonKey,
    pub(super) month: Month,
    pub(super) supplement: Option<&'a Supplement>,
    pub(super) annex: &'a [&'a AnnexLine],
    /// The rows of the offices that have answered: planned ones with -1, provided ones with 1.
    pub(super) rows: &'a [(i64, &'a SlipRow)],
    /// The offices that have not, each with a サービス種類コード.
    pub(super) waiting: &'a BTreeSet<(OfficeNumber, &'a str)>,
}

pub(super) fn units(facts: &Facts<'_>) -> PersonUnits {
    let total = facts.annex.iter().find(|line| line.is_total());
    let lines = || facts.annex.iter().filter(|line| line.is_service());
    let sum = |of: fn(&AnnexLine) -> Option<u32>| {
        let stated = total.and_then(|line| of(line));
        stated.or_else(|| lines().filter_map(|line| of(line)).reduce(u32::saturating_add))
    };
    let planned = sum(|line| line.units);
    let (listed, unlisted) = difference(facts);
    let is_waiting = |line: &&&AnnexLine| {
        line.code.get(..2).is_some_and(|kind| facts.waiting.contains(&(line.office, kind)))
    };
    let waiting = lines().filter(is_waiting).filter_map(|line| line.units);
    let waiting = waiting.fold(0, u32::saturating_add);
    let provided = |units| {
        let units = i64::from(units) - i64::from(waiting) + listed;
        u32::try_from(units.max(0)).unwrap_or(u32::MAX)
    };
    PersonUnits {
        person: facts.person.clone(),
        month: facts.month,
        name: facts.supplement.map(|known| known.name.clone()).unwrap_or_default(),
        level: facts.supplement.map(|known| known.level.clone()).unwrap_or_default(),
        limit: facts.supplement.and_then(|known| limit(known, facts.month)),
        planned,
        stated_over: sum(|line| line.units_over),
        provided: planned.map(provided),
        waiting,
        unlisted,
    }
}

/// What 補足 states outranks the table. Where the level changed within the month, the limit of the
/// heavier one is that of the whole month.
fn limit(known: &Supplement, month: Month) -> Option<Limit> {
    let now = limit_of(&known.level).map(|(units, _)| units);
    // A level that begins with the month is the month's only one.
    let within = |day: Date| day.month() == month && day.day() != 1;
    let changed_within = known.changed_on.is_some_and(within);
    let before = limit_of(&known.level_before).filter(|_| changed_within);
    let heavier = before.map(|(units, _)| units).filter(|before| now < Some(*before));
    let of_level = heavier.or(now);
    match (known.limit, of_level) {
        (Some(units), _) => Some(Limit { units, source: LimitSource::Stated, of_level }),
        (None, Some(units)) if heavier.is_some() => {
            Some(Limit { units, source: LimitSource::HeavierLevel, of_level })
        }
        (None, Some(units)) => Some(Limit { units, source: LimitSource::Level, of_level }),
        (None, None) => None,
    }
}

/// How many units more were provided than planned: of services that 第7表 counts towards the limit,
/// and of those that it does not list.
fn difference(facts: &Facts<'_>) -> (i64, i64) {
    let (mut listed, mut unlisted) = (0, 0);
    for (sign, row) in facts.rows {
        let units = sign * i64::from(row.units_of_day());
        let is_line = |line: &&&AnnexLine| line.office == row.office && line.code == row.code;
        let mut lines = facts.annex.iter().filter(is_line).peekable();
        // Software writes lines outside the limit as empty, as the standard has it, or as 0.
        if lines.peek().is_none() {
            unlisted += units;
        } else if lines.any(|line| line.units.is_some_and(|units| 0 < units)) {
            listed += units;
        }
    }
    (listed, unlisted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn supplement(level: &str, before: &str, changed_on: &str, limit: Option<u32>) -> Supplement {
        Supplement {
            name: String::new(),
            level: level.to_owned(),
            level_before: before.to_owned(),
            changed_on: changed_on.parse().ok(),
            limit,
        }
    }

    /// The limit in April 2025, in units, and where it is from.
    fn found(known: &Supplement) -> Option<(u32, LimitSource)> {
        let april = Month::new(2025, 4).expect("April exists");
        limit(known, april).map(|limit| (limit.units, limit.source))
    }

    #[test]
    fn each_level_has_its_limit() {
        let limits = ["06", "12", "13", "21", "22", "23", "24", "25", "11", ""]
            .map(|level| limit_of(level).map(|(units, _)| units));
        let known = [5_032, 5_032, 10_531, 16_765, 19_705, 27_048, 30_938, 36_217].map(Some);
        assert_eq!(limits[..8], known);
        assert_eq!(limits[8..], [None, None]);
    }

    #[test]
    fn what_is_stated_outranks_the_table() {
        let known = supplement("22", "", "", Some(20_000));
        assert_eq!(found(&known), Some((20_000, LimitSource::Stated)));
        let april = Month::new(2025, 4).expect("April exists");
        assert_eq!(limit(&known, april).and_then(|limit| limit.of_level), Some(19_705));
        assert_eq!(found(&supplement("22", "", "", None)), Some((19_705, LimitSource::Level)));
        assert_eq!(found(&supplement("", "", "", None)), None);
    }

    #[test]
    fn within_the_month_the_heavier_level_counts_whichever_came_first() {
        let changed = |level, before, on| found(&supplement(level, before, on, None));
        let heavier = LimitSource::HeavierLevel;
        assert_eq!(changed("22", "24", "20250416"), Some((30_938, heavier)));
        assert_eq!(changed("24", "22", "20250416"), Some((30_938, LimitSource::Level)));
        for on in ["20250401", "20250316", "20250501", ""] {
            assert_eq!(changed("22", "24", on), Some((19_705, LimitSource::Level)), "{on}");
        }
    }

    fn line(code: &str, units: Option<u32>, over: Option<u32>) -> AnnexLine {
        let office = "2770200036".parse().expect("an office");
        AnnexLine { office, code: code.to_owned(), units, units_over: over }
    }

    fn row(code: &str, units: u32, count: u32) -> SlipRow {
        SlipRow {
            person: someone(),
            day: "20250401".parse().expect("a day"),
            start: "1000".to_owned(),
            end: "1030".to_owned(),
            count,
            units,
            code: code.to_owned(),
            running_number: String::new(),
            office: "2770200036".parse().expect("an office"),
            office_name: String::new(),
            satellite: String::new(),
        }
    }

    fn someone() -> PersonKey {
        PersonKey { insurer: "271004".to_owned(), insured: "0000201001".to_owned() }
    }

    /// With a limit of 1,000 units.
    fn units_of(annex: &[AnnexLine], rows: &[(i64, SlipRow)]) -> PersonUnits {
        let annex: Vec<&AnnexLine> = annex.iter().collect();
        let rows: Vec<(i64, &SlipRow)> = rows.iter().map(|(sign, row)| (*sign, row)).collect();
        units(&Facts {
            person: &someone(),
            month: Month::new(2025, 4).expect("April exists"),
            supplement: Some(&supplement("22", "", "", Some(1_000))),
            annex: &annex,
            rows: &rows,
            waiting: &BTreeSet::new(),
        })
    }

    #[test]
    fn units_are_those_of_the_total_and_without_one_those_of_the_lines() {
        let mut annex = vec![
            line("111111", Some(700), Some(0)),
            line("112111", Some(500), Some(200)),
            line("11AAAA", Some(1_200), Some(200)),
            line("116275", None, None),
        ];
        let seen = units_of(&annex, &[]);
        assert_eq!(
            (seen.planned, seen.stated_over, seen.planned_over()),
            (Some(1_200), Some(200), 200)
        );
        annex.push(line("999999", Some(1_300), Some(300)));
        let seen = units_of(&annex, &[]);
        assert_eq!(
            (seen.planned, seen.stated_over, seen.planned_over()),
            (Some(1_300), Some(300), 300)
        );
        let seen = units_of(&[], &[]);
        assert_eq!((seen.planned, seen.provided, seen.planned_over()), (None, None, 0));
    }

    #[test]
    fn what_was_provided_is_what_was_planned_and_the_difference() {
        let annex = [
            line("111111", Some(976), None),
            line("116275", Some(0), None),
            line("116276", None, None),
        ];
        let cases = [
            // As planned, once more, twice instead of once, not at all.
            (vec![(-1, row("111111", 244, 1)), (1, row("111111", 244, 1))], 976, 0),
            (vec![(1, row("111111", 244, 1))], 1_220, 220),
            (vec![(-1, row("111111", 244, 1)), (1, row("111111", 244, 2))], 1_220, 220),
            (vec![(-1, row("111111", 244, 4))], 0, 0),
            // More was cancelled than 第7表 has: nothing is left, and not less.
            (vec![(-1, row("111111", 244, 9))], 0, 0),
            // Outside the limit, written as 0 or left empty.
            (vec![(1, row("116275", 500, 1)), (1, row("116276", 500, 1))], 976, 0),
        ];
        for (rows, provided, over) in cases {
            let seen = units_of(&annex, &rows);
            assert_eq!((seen.provided, seen.expected_over()), (Some(provided), over), "{rows:?}");
            assert_eq!(seen.unlisted, 0);
        }
    }

    #[test]
    fn services_that_the_annex_does_not_list_are_counted_apart() {
        let annex = [line("111111", Some(976), None)];
        let elsewhere =
            SlipRow { office: "2770300042".parse().expect("an office"), ..row("111111", 244, 1) };
        let rows = [(-1, row("112111", 100, 1)), (1, row("111211", 387, 2)), (1, elsewhere)];
        let seen = units_of(&annex, &rows);
        assert_eq!((seen.provided, seen.unlisted), (Some(976), 387 * 2 + 244 - 100));
    }
}
