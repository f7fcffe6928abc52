//! Pieces of equipment of one person in 第6表 that only 明細判別コード tells apart.

use crate::{
    Layout,
    gist::{Gist, Service},
    report::Report,
    row::{FileRule, ItemSet, Row},
    runs::Person,
    values::fixed,
};

use super::DETAIL_CODE_MISSING;

/// How many rows of one person are compared. Nobody borrows that much.
const LEASES_MAX: usize = 200;

/// The item that tells them apart.
const DETAIL: &str = "明細判別コード";

/// The rows of 福祉用具貸与 (17), person by person.
pub(crate) struct Leases {
    person: [u16; 2],
    service: [u16; 5],
    rest: [u16; 3],
    /// サービスコード as a set, and whether the row before lends something.
    of_code: ItemSet,
    is_lease: bool,
    current: Option<Person>,
    leases: Vec<Lease>,
}

/// One row.
#[derive(Clone, Copy)]
struct Lease {
    record: u32,
    service: Service,
    units: [u8; 6],
    detail: [u8; 2],
    day: [u8; 8],
}

impl Leases {
    /// Version 3.2 has no 明細判別コード, and nothing to look at.
    pub(crate) fn new(layout: &Layout) -> Option<Self> {
        layout.named(DETAIL)?;
        Some(Self {
            person: ["保険者番号", "被保険者番号"].map(|item| layout.no_of(item)),
            service: Service::SLIP_ITEMS.map(|item| layout.no_of(item)),
            rest: ["単位数", DETAIL, "サービス利用日"].map(|item| layout.no_of(item)),
            of_code: ItemSet::of(&[layout.no_of("サービスコード")]),
            is_lease: false,
            current: None,
            leases: vec![],
        })
    }
}

impl FileRule for Leases {
    fn note(&mut self, row: &Row<'_>, report: &mut Report) {
        if row.has_changed(self.of_code) {
            let [_, code, ..] = self.service;
            self.is_lease = row.value(code).starts_with(b"17");
        }
        if !self.is_lease {
            return;
        }
        let [insurer, insured] = self.person.map(|no| row.value(no));
        let person = Person::new(insurer, insured);
        if person != self.current {
            self.leases.clear();
            self.current = person;
        }
        let [units, detail, day] = self.rest.map(|no| row.value(no));
        let lease = Lease {
            record: row.number(),
            service: Service::new(self.service.map(|no| row.value(no))),
            units: fixed(units),
            detail: fixed(detail),
            day: fixed(day),
        };
        if let Some(same) = self.leases.iter().find(|other| lease.cannot_be_told_from(other)) {
            let item = row.layout.named(DETAIL).expect("without the item there is no rule");
            let breach = row.breach(&DETAIL_CODE_MISSING, item, detail);
            report.breach(breach.wanted(same.record.to_string()));
        }
        if self.leases.len() < LEASES_MAX {
            self.leases.push(lease);
        }
    }

    fn finish(&mut self, _: &mut Report, _: &mut Gist) {}
}

impl Lease {
    /// One piece may stand on several days; two on one day, or two pieces, want to be told apart.
    fn cannot_be_told_from(&self, other: &Self) -> bool {
        let shown =
            |lease: &Self| (lease.service.office, lease.service.code, lease.units, lease.detail);
        let is_another = self.service != other.service || self.day == other.day;
        shown(self) == shown(other) && is_another
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    /// Two rows of one service, each with its day, TAISコード and 明細判別コード.
    fn rows(code: &'static str, rows: [[&'static str; 3]; 2]) -> Vec<String> {
        let edits: Vec<_> = rows
            .iter()
            .zip(1..)
            .flat_map(|([day, tais, detail], record)| {
                let set = move |item, value| Edit::Set(FileKind::Results, record, item, value);
                [
                    set("サービスコード", code),
                    set("サービス利用日", day),
                    set("TAISコード", tais),
                    set("明細判別コード", detail),
                ]
            })
            .collect();
        found(Base::Results, &edits)
    }

    #[test]
    fn pieces_of_one_price_are_told_apart() {
        let (rail, other) = ("00001-000010", "00002-000020");
        let missing = ["?slip.detail-code-missing@2.19"];
        assert_eq!(rows("171001", [["20250501", rail, "1"], ["20250501", rail, "2"]]), [""; 0]);
        assert_eq!(rows("171001", [["20250501", rail, ""], ["20250501", rail, ""]]), missing);
        assert_eq!(rows("171001", [["20250501", rail, ""], ["20250502", other, ""]]), missing);
        assert_eq!(rows("171001", [["20250501", rail, "1"], ["20250501", other, "1"]]), missing);
        assert_eq!(rows("171001", [["20250501", rail, ""], ["20250502", rail, ""]]), [""; 0]);
        assert_eq!(rows("671001", [["20250501", rail, ""], ["20250501", rail, ""]]), [""; 0]);
    }
}
