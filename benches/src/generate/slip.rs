//! 予定 of April 2025: 第6表, its 第7表 and its 補足.

use super::{
    bank::{Bank, EQUIPMENT, at},
    person::{DAYS, Line, Person},
    records::Records,
    sheet::{Ending, PLANNER, VERSION},
};

const CREATED: &str = "20250325";
const MONTH: &str = "202504";
/// In hundredths of a yen.
const UNIT_PRICE: u32 = 1_000;
/// Percent.
const BENEFIT_RATE: u32 = 90;

/// One row a day and service.
pub(crate) fn slip(person: &Person, bank: &Bank, ending: &mut Ending<'_>, out: &mut Records) {
    for line in &person.lines {
        for day in (0..DAYS).filter(|day| line.days >> day & 1 == 1) {
            head(person, out);
            out.code(PLANNER).text(&[at(&bank.planners, person.names[2])]);
            out.number(line.service.units);
            out.code(if line.kind() == "21" { "0" } else { "" });
            out.number(20_250_401 + day);
            out.code(if line.is_by_day { "1111111111111111111111111111110" } else { "" });
            out.code(line.service.times[0]).code(line.service.times[1]);
            out.code("1").code(line.service.code);
            equipment(line, bank, out);
            if line.detail == 0 {
                out.nothing(1)
            } else {
                out.number(line.detail)
            };
            out.code(line.office_number()).text(&[at(&bank.offices, line.service.office)]);
            out.nothing(1).code("0").code(PLANNER).nothing(1);
            ending.end(out);
        }
    }
}

/// Units and money: a line a code, a subtotal where a kind has several, the total.
pub(crate) fn annex(person: &Person, bank: &Bank, ending: &mut Ending<'_>, out: &mut Records) {
    let mut total = Sums::default();
    for lines in person.lines.chunk_by(|one, next| one.kind() == next.kind()) {
        let mut subtotal = Sums::default();
        for line in lines {
            let sums = Sums::of(line);
            subtotal.add(&sums);
            head(person, out);
            out.text(&[at(&bank.offices, line.service.office)]).code(line.office_number());
            out.nothing(1).code(line.service.code);
            equipment(line, bank, out);
            out.number(line.service.units).nothing(2).number(sums.count).number(sums.units);
            sums.write(if line.kind() == "21" { line.count() } else { 0 }, out);
            ending.end(out);
        }
        total.add(&subtotal);
        if let [first, _, ..] = lines {
            head(person, out);
            out.text(&[at(&bank.offices, first.service.office)]).code(first.office_number());
            out.nothing(1).code([first.kind(), "AAAA"].concat());
            subtotal.write_sum(ending, out);
        }
    }
    head(person, out);
    out.nothing(1).code("9999999999").nothing(1).code("999999");
    total.write_sum(ending, out);
}

/// The person, as 補足 has it beside 第6表.
pub(crate) fn supplement(person: &Person, bank: &Bank, ending: &mut Ending<'_>, out: &mut Records) {
    about(person, bank, "00000000", MONTH, out);
    ending.end(out);
}

/// The items of 補足.
pub(crate) fn about(person: &Person, bank: &Bank, plan: &str, month: &str, out: &mut Records) {
    let [surname, given, _] = person.names;
    let (level, limit) = person.level();
    out.code(VERSION).code(person.insurer).code(person.number).code(plan);
    let space: &[u8] = b"\x81\x40";
    let reading =
        [at(&bank.surname_readings, surname), space, at(&bank.given_name_readings, given)];
    out.text(&reading).text(&[at(&bank.surnames, surname), space, at(&bank.given_names, given)]);
    out.code(if person.is_woman { "2" } else { "1" }).number(person.born);
    out.code("599-9999").text(&[&bank.address[0]]).nothing(1).code("000-0000-0000");
    out.code("20250110").code("20250201").code("20270131").code("2").nothing(1);
    out.code(level).number(limit).nothing(40);
    out.code(PLANNER).code(PLANNER).nothing(1).code(month);
}

fn head(person: &Person, out: &mut Records) {
    out.code(VERSION).code(person.insurer).code(person.number).code(CREATED).code(MONTH);
}

/// TAISコード, 福祉用具届出コード, 用具名称.
fn equipment(line: &Line, bank: &Bank, out: &mut Records) {
    let Some(thing) = line.thing else {
        out.nothing(3);
        return;
    };
    let (_, _, code, is_tais, _) = EQUIPMENT[thing];
    if is_tais {
        out.code(code).nothing(1)
    } else {
        out.nothing(1).code(code)
    };
    out.text(&[&bank.equipment[thing]]);
}

/// What a line of 第7表 sums up.
#[derive(Default)]
struct Sums {
    count: u32,
    units: u32,
    cost: u32,
    claim: u32,
}

impl Sums {
    fn of(line: &Line) -> Self {
        let units = line.service.units * line.count();
        let cost = units * UNIT_PRICE / 100;
        Self { count: line.count(), units, cost, claim: cost * BENEFIT_RATE / 100 }
    }

    fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.units += other.units;
        self.cost += other.cost;
        self.claim += other.claim;
    }

    /// A subtotal or the total, from 用具 on, to its end.
    fn write_sum(&self, ending: &mut Ending<'_>, out: &mut Records) {
        out.nothing(3).code("0").nothing(2).number(self.count).nothing(1);
        self.write(0, out);
        ending.end(out);
    }

    /// From 給付管理単位数 to the last item.
    fn write(&self, stayed: u32, out: &mut Records) {
        out.number(self.units).number(0).number(self.units).number(0).number(self.units);
        out.code("10.00").number(self.cost).number(BENEFIT_RATE).number(self.claim).nothing(1);
        out.number(self.cost - self.claim).number(0).number(0).number(stayed).number(stayed);
        out.code("0").code("9999999999").nothing(1).code(PLANNER).nothing(1);
    }
}
