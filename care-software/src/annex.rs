//! 第7表 サービス利用票別表: units and money of one person's month, with subtotals and the total.
//!
//! Invariant: every subtotal and the total are sums of the rows above them, so that whatever the
//! unit price rounds, the columns add up.

use careplan_standard::OfficeNumber;

use crate::{person::Person, slip::ServiceRow};

/// What a line of 第7表 stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineKind {
    /// The rows of one service code (and one leased thing) at one office.
    Service(Box<ServiceRow>),
    /// サービス種類 + `AAAA`: the lines of one kind at one office, where there are several.
    Subtotal {
        /// サービス事業所コード.
        office: OfficeNumber,
        /// サービス事業所名.
        office_name: String,
        /// サービス種類コード.
        kind: String,
    },
    /// 999999.
    Total,
}

/// The sums of one line: units and yen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// 回数／日数.
    pub times: u32,
    /// 給付管理単位数; 0 of days beyond the thirtieth of a stay (30日超).
    pub units: u32,
    /// 区分支給限度基準超単位数.
    pub units_over: u32,
    /// 費用総額, of the units within the limit.
    pub cost: u32,
    /// 保険請求額.
    pub claim: u32,
    /// 利用者負担（全額負担分）: the units over the limit, and days beyond the thirtieth.
    pub own_expense: u32,
}

/// One line of 第7表.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnexLine {
    /// What it stands for.
    pub kind: LineKind,
    /// Its sums.
    pub sums: Sums,
}

impl Sums {
    /// 区分支給限度基準内単位数.
    pub fn units_within(&self) -> u32 {
        self.units - self.units_over
    }

    /// 利用者負担（保険／事業対象分）.
    pub fn share(&self) -> u32 {
        self.cost - self.claim
    }

    fn add(&mut self, other: &Self) {
        self.times += other.times;
        self.units += other.units;
        self.units_over += other.units_over;
        self.cost += other.cost;
        self.claim += other.claim;
        self.own_expense += other.own_expense;
    }
}

/// The lines of one person's month. `unit_price` is in hundredths of a yen.
///
/// The limit of the care level is used up in the order of the rows; what no longer fits stands as
/// units over it, and the person pays for those alone. The limit does not count days beyond the
/// thirtieth of a stay; the person pays for them alone, too.
pub fn annex(person: &Person, rows: &[&ServiceRow], unit_price: u32) -> Vec<AnnexLine> {
    let mut left = person.care_level.limit();
    let services: Vec<AnnexLine> = by_code(rows)
        .into_iter()
        .map(|(row, times)| {
            let units = row.units * times;
            let price = Price { unit: unit_price, benefit: Benefit::of(row.kind(), person) };
            let sums = if row.is_over_30_days {
                Sums { times, own_expense: units * unit_price / 100, ..Sums::default() }
            } else {
                let within = units.min(left);
                left -= within;
                price.sums(times, units, within)
            };
            AnnexLine { sums, kind: LineKind::Service(Box::new(row)) }
        })
        .collect();
    let total = sum(&services);
    let mut lines = with_subtotals(services);
    lines.push(AnnexLine { kind: LineKind::Total, sums: total });
    lines
}

/// What is paid of a line's cost, and what is left to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Benefit {
    /// 給付率, percent.
    Rate(u32),
    /// 定額: the person pays so many yen a time, the rest is paid.
    Share(u32),
}

impl Benefit {
    /// By service kind: for A3, A7 (定率) and A4, A8 (定額) a town sets its own.
    pub(crate) fn of(kind: &str, person: &Person) -> Self {
        match kind {
            "A3" | "A7" => Self::Rate(TOWN_RATE),
            "A4" | "A8" => Self::Share(TOWN_SHARE),
            _ => Self::Rate(person.benefit_rate),
        }
    }

    fn claim(self, cost: u32, times: u32) -> u32 {
        match self {
            Self::Rate(percent) => cost * percent / 100,
            Self::Share(yen) => cost.saturating_sub(yen * times),
        }
    }
}

/// What the invented town pays of a service at its own rate, percent.
const TOWN_RATE: u32 = 80;

/// What the invented town's people pay for a service at a fixed share, yen a time.
const TOWN_SHARE: u32 = 300;

/// What units cost, and who pays.
struct Price {
    unit: u32,
    benefit: Benefit,
}

impl Price {
    fn sums(&self, times: u32, units: u32, within: u32) -> Sums {
        let cost = within * self.unit / 100;
        Sums {
            times,
            units,
            units_over: units - within,
            cost,
            claim: self.benefit.claim(cost, times),
            own_expense: (units - within) * self.unit / 100,
        }
    }
}

/// One row of each code, in the order of their first days, with how often it stands in the month.
fn by_code(rows: &[&ServiceRow]) -> Vec<(ServiceRow, u32)> {
    let mut codes: Vec<(ServiceRow, u32)> = vec![];
    for row in rows {
        let is_same = |known: &ServiceRow| {
            let same_thing = (&known.tais, &known.equipment_code, &known.running_number)
                == (&row.tais, &row.equipment_code, &row.running_number);
            let same_office = (known.office, &known.satellite) == (row.office, &row.satellite);
            let same_charge = (&known.code, known.units, known.is_over_30_days)
                == (&row.code, row.units, row.is_over_30_days);
            same_office && same_thing && same_charge
        };
        match codes.iter_mut().find(|(known, _)| is_same(known)) {
            Some((_, times)) => *times += times_of(row),
            None => codes.push(((*row).clone(), times_of(row))),
        }
    }
    codes
}

/// How often a row is charged: of 日割 the days that are marked.
fn times_of(row: &ServiceRow) -> u32 {
    let marked = row.billed_days.bytes().filter(|mark| *mark == b'1').count();
    if marked == 0 { row.count } else { u32::try_from(marked).unwrap_or(u32::MAX) }
}

/// Puts the lines of one kind at one office side by side, with a subtotal where there are several.
fn with_subtotals(services: Vec<AnnexLine>) -> Vec<AnnexLine> {
    let mut groups: Vec<Vec<AnnexLine>> = vec![];
    for line in services {
        let key = |line: &AnnexLine| match &line.kind {
            LineKind::Service(row) => Some((row.office, row.kind().to_owned())),
            LineKind::Subtotal { .. } | LineKind::Total => None,
        };
        match groups.iter_mut().find(|group| group.first().and_then(key) == key(&line)) {
            Some(group) => group.push(line),
            None => groups.push(vec![line]),
        }
    }
    groups.into_iter().flat_map(close).collect()
}

/// The subtotal is that of the lines within the limit.
fn close(mut group: Vec<AnnexLine>) -> Vec<AnnexLine> {
    let limited: Vec<&AnnexLine> = group.iter().filter(|line| is_limited(line)).collect();
    if let [AnnexLine { kind: LineKind::Service(row), .. }, _, ..] = &limited[..] {
        let kind = LineKind::Subtotal {
            office: row.office,
            office_name: row.office_name.clone(),
            kind: row.kind().to_owned(),
        };
        let sums = sum(limited);
        group.push(AnnexLine { kind, sums });
    }
    group
}

fn is_limited(line: &AnnexLine) -> bool {
    matches!(&line.kind, LineKind::Service(row) if !row.is_over_30_days)
}

fn sum<'a>(lines: impl IntoIterator<Item = &'a AnnexLine>) -> Sums {
    lines.into_iter().fold(Sums::default(), |mut sums, line| {
        sums.add(&line.sums);
        sums
    })
}

#[cfg(test)]
mod tests {
    use careplan_standard::Month;

    use super::*;
    use crate::{cast::Cast, slip::MonthlyPlan, week::Client};

    fn annexes(seed: u64, unit_price: u32) -> Vec<(Client, Vec<ServiceRow>, Vec<AnnexLine>)> {
        let april = Month::new(2025, 4).expect("April exists");
        let cast = Cast::default();
        let people = (0..40).map(|place| Client::invent(seed, place, april, &cast));
        people
            .map(|client| {
                let rows = MonthlyPlan::of(april, std::slice::from_ref(&client), &cast).rows;
                let lines = annex(&client.person, &rows.iter().collect::<Vec<_>>(), unit_price);
                (client, rows, lines)
            })
            .collect()
    }

    #[test]
    fn the_total_is_the_sum_of_the_rows_of_table_6() {
        for (_, rows, lines) in annexes(1, 1000) {
            let total = lines.last().expect("the total is there");
            assert_eq!(total.kind, LineKind::Total);
            assert_eq!(total.sums.times, rows.iter().map(|row| row.count).sum::<u32>());
            let units: u32 = rows.iter().map(|row| row.units * row.count).sum();
            assert_eq!(total.sums.units, units);
        }
    }

    #[test]
    fn subtotals_and_total_add_up_at_a_price_that_rounds() {
        for (_, _, lines) in annexes(2, 1021) {
            let (mut all, mut kind) = (Sums::default(), vec![]);
            for line in &lines {
                match &line.kind {
                    LineKind::Service(row) => {
                        all.add(&line.sums);
                        kind.push((row.kind().to_owned(), line.sums));
                    }
                    LineKind::Subtotal { kind: code, .. } => {
                        let mut sums = Sums::default();
                        let same: Vec<_> = kind.iter().filter(|(of, _)| of == code).collect();
                        assert!(1 < same.len(), "a subtotal of one line says nothing new");
                        same.iter().for_each(|(_, of)| sums.add(of));
                        assert_eq!(line.sums, sums);
                    }
                    LineKind::Total => assert_eq!(line.sums, all),
                }
            }
        }
    }

    #[test]
    fn what_exceeds_the_limit_is_paid_by_the_person_alone() {
        let annexes = annexes(3, 1000);
        let mut people_over = 0;
        for (client, _, lines) in annexes {
            let total = lines.last().expect("the total is there").sums;
            let limit = client.person.care_level.limit();
            assert_eq!(total.units_within(), total.units.min(limit));
            assert_eq!(total.own_expense, total.units_over * 10);
            assert_eq!(total.claim, total.cost * client.person.benefit_rate / 100);
            people_over += u32::from(0 < total.units_over);
        }
        assert!(people_over >= 3, "{people_over} of 40 are over their limit");
    }

    #[test]
    fn leases_that_differ_stand_on_lines_of_their_own_with_a_subtotal() {
        let (_, _, lines) = annexes(4, 1000)
            .into_iter()
            .find(|(client, ..)| 1 < client.care_plan.leases.len())
            .expect("somebody has two handrails");
        let is_lease =
            |line: &&AnnexLine| matches!(&line.kind, LineKind::Service(row) if row.kind() == "17");
        assert_eq!(lines.iter().filter(is_lease).count(), 2);
        let is_subtotal = |line: &AnnexLine| matches!(&line.kind, LineKind::Subtotal { kind, .. } if kind == "17");
        assert!(lines.iter().any(is_subtotal));
    }
}
