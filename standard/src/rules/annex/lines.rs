//! The lines of each person in 第7表: services, subtotals and the total.

use crate::{
    Layout, LineKind, Rule,
    gist::{Amount, Gist, Service, Tally},
    report::Report,
    row::{Breach, FileRule, Row},
    runs::{Facts, Person, Runs},
    values::number,
};

use super::{
    facts::{self, Seen, Whose},
    subtotal_missing, sum_differs, total_missing,
};

/// The sums that a line carries, in the order of the layout.
pub(super) const SUMS: [&str; 9] = [
    "給付管理単位数",
    "種類支給限度基準超単位数",
    "種類支給限度基準内単位数",
    "区分支給限度基準超単位数",
    "区分支給限度基準内単位数",
    "費用総額保険／事業対象分",
    "保険／事業費請求額",
    "利用者負担保険／事業対象分",
    "利用者負担（全額負担分）",
];

/// Of [`SUMS`], those before this one are units, those from it on yen, which are rounded.
pub(super) const FIRST_OF_YEN: usize = 5;

/// A line of 第7表.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) tally: Tally,
    pub(super) kind: LineKind,
    pub(super) sums: [Option<u32>; SUMS.len()],
    pub(super) is_over_30_days: bool,
}

impl Line {
    /// The service kind: the first two characters of the code.
    pub(super) fn service_kind(&self) -> [u8; 2] {
        [self.tally.service.code[0], self.tally.service.code[1]]
    }

    /// The subtotal that a service belongs to. Software writes services outside the limit without
    /// 給付管理単位数, as the standard has it, or with 0.
    pub(super) fn group(&self) -> LineKind {
        let is_limited = self.sums[0].is_some_and(|units| 0 < units);
        match self.kind {
            LineKind::Service if self.is_over_30_days => LineKind::Over30Days,
            LineKind::Service if is_limited => LineKind::Limited,
            LineKind::Service => LineKind::Outside,
            other => other,
        }
    }

    /// The breach of a rule at this line.
    pub(super) fn breach(&self, rule: &'static Rule, found: &str) -> Breach {
        Breach::new(rule).at(self.tally.record).found(found)
    }
}

/// The lines of 第7表, by person.
pub(crate) struct Lines {
    person: [u16; 2],
    service: [u16; 5],
    amount: [u16; 4],
    sums: [u16; SUMS.len()],
    /// No and name of each of [`SUMS`], for findings.
    names: Vec<(u16, String)>,
    lines: Runs<Line>,
    /// Of the lines let go.
    facts: Facts<Whose, Seen>,
    /// Whether all lines can be compared with 第6表.
    are_whole: bool,
}

impl Lines {
    pub(crate) fn new(layout: &Layout) -> Self {
        let sums = SUMS.map(|item| layout.no_of(item));
        Self {
            person: ["保険者番号", "被保険者番号"].map(|item| layout.no_of(item)),
            service: Service::ANNEX_ITEMS.map(|item| layout.no_of(item)),
            amount: ["回数／日数", "単位数", "割引後単位数", "３０日超区分"]
                .map(|item| layout.no_of(item)),
            sums,
            names: sums.iter().zip(SUMS).map(|(no, name)| (*no, name.to_owned())).collect(),
            lines: Runs::default(),
            facts: Facts::default(),
            are_whole: true,
        }
    }

    fn line(&mut self, row: &Row<'_>) -> Line {
        let [times, units, discounted, over_30_days] = self.amount.map(|no| row.value(no));
        let [times, units] =
            [times, if discounted.is_empty() { units } else { discounted }].map(number);
        self.are_whole &= times.is_some() && units.is_some();
        let service = Service::new(self.service.map(|no| row.value(no)));
        self.are_whole &= service.has_sound_office();
        let (times, units) = (times.unwrap_or_default(), units.unwrap_or_default());
        Line {
            kind: LineKind::of(&service.code),
            tally: Tally {
                service,
                record: row.number(),
                amount: Amount::new(times, units, false),
            },
            sums: self.sums.map(|no| number(row.value(no))),
            is_over_30_days: over_30_days == b"1",
        }
    }

    /// Keeps of the lines only what errors hang on.
    fn let_go(&mut self, lines: &Runs<Line>) {
        for (person, lines) in lines.iter() {
            for line in lines {
                let (whose, seen) = facts::of_line(person, line);
                self.facts.add(whose, seen);
            }
        }
    }
}

impl FileRule for Lines {
    fn note(&mut self, row: &Row<'_>, _: &mut Report) {
        let [insurer, insured] = self.person.map(|no| row.value(no));
        let Some(person) = Person::new(insurer, insured) else {
            self.are_whole = false;
            return;
        };
        let line = self.line(row);
        self.lines.turn_to(person);
        self.lines.push(line);
        if let Some(done) = self.lines.overflow() {
            self.are_whole = false;
            self.let_go(&done);
        }
    }

    fn finish(&mut self, report: &mut Report, gist: &mut Gist) {
        let lines = std::mem::take(&mut self.lines);
        // Sums of which lines were let go cannot be told.
        if self.facts.is_empty() {
            for (_, lines) in lines.persons() {
                sum_differs::check(&lines, &self.names, report);
            }
        }
        self.let_go(&lines);
        for person in facts::persons(&mut self.facts) {
            subtotal_missing::check(&person, report);
            total_missing::check(&person).into_iter().for_each(|breach| report.breach(breach));
        }
        let services = |line: &Line| (line.kind == LineKind::Service).then_some(line.tally);
        gist.services = self.are_whole.then(|| lines.filter_map(services));
    }
}

/// The words for a service kind in a finding.
pub(super) fn shown(kind: [u8; 2]) -> String {
    String::from_utf8_lossy(&kind).into_owned()
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{
            Base,
            tests::{checked_alone, line_of},
        },
        runs::THINGS_MAX,
    };

    /// The lines of this record of the base, for each of the persons.
    fn lines(record: usize, persons: impl Iterator<Item = usize>) -> String {
        let line = line_of(Base::Slip, FileKind::SlipAnnex, record);
        persons.map(|person| line.replace("0000209001", &format!("{person:010}"))).collect()
    }

    fn found(lines: &[String]) -> Vec<(&'static str, Option<u32>)> {
        let findings = checked_alone(Base::Slip, FileKind::SlipAnnex, &lines.concat()).findings;
        findings.iter().map(|found| (found.rule.id, found.place.record)).collect()
    }

    #[test]
    fn totals_at_the_end_of_a_long_file_are_not_missed() {
        let persons = THINGS_MAX;
        let services = lines(1, 0..persons);
        assert_eq!(found(&[services.clone(), lines(4, 0..persons)]), []);
        let missing = [("annex.total-missing", Some(2)), ("annex.total-missing", Some(4))];
        assert_eq!(
            found(&[services, lines(4, (0..persons).filter(|p| ![1, 3].contains(p)))]),
            missing
        );
    }

    #[test]
    fn somebody_with_more_lines_than_are_kept_is_judged() {
        let many = || lines(1, std::iter::repeat_n(7, THINGS_MAX));
        let one = |record| lines(record, [7].into_iter());
        assert_eq!(found(&[one(3), many(), one(2), one(4)]), []);
        assert_eq!(found(&[many(), one(2), one(4)]), [("annex.subtotal-missing", Some(1))]);
        assert_eq!(found(&[one(3), one(4), many(), one(2)]), []);
    }
}
