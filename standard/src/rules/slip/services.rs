//! The services of each person in 第6表 (予定): whom they concern, and how much of each there is.

use std::collections::HashMap;

use crate::{
    FileName, Layout, OfficeNumber, Party, Wanted,
    gist::{Amount, Gist, Service, Tally},
    report::Report,
    row::{Breach, FileRule, ItemSet, Row},
    runs::{Fact, Facts, Person, Runs},
    values::number,
};

use super::{not_for_destination, not_for_destination_kind, not_for_destination_plain};

/// How many services of a person are looked through one by one. Hardly anybody has more.
const SCANNED_MAX: usize = 32;

/// What the rows of each person add up to.
pub(crate) struct Services {
    name: FileName,
    person: [u16; 2],
    service: [u16; 5],
    amount: [u16; 3],
    /// The same as a set, and what they say in the row before.
    of_amount: ItemSet,
    now: Amount,
    is_number: bool,
    tallies: Runs<Tally>,
    /// Person and service.
    same: ItemSet,
    /// Where the row before was added, in the current person's tallies.
    last: Option<usize>,
    /// Where the current person's services are, once they are many.
    places: HashMap<Service, usize>,
    /// Whom the services let go concern.
    concerns: Facts<Person, Concern>,
    /// Whether all rows are still there to be compared with 第7表.
    are_whole: bool,
}

impl Services {
    pub(crate) fn new(name: &FileName, layout: &Layout) -> Self {
        let person = ["保険者番号", "被保険者番号"].map(|item| layout.no_of(item));
        let service = Service::SLIP_ITEMS.map(|item| layout.no_of(item));
        let amount = ["サービス回数", "単位数", "日割対象日"].map(|item| layout.no_of(item));
        Self {
            name: *name,
            person,
            service,
            amount,
            of_amount: ItemSet::of(&amount),
            now: Amount::new(0, 0, false),
            is_number: true,
            tallies: Runs::default(),
            same: ItemSet::of(&[person.as_slice(), &service].concat()),
            last: None,
            places: HashMap::new(),
            concerns: Facts::default(),
            are_whole: true,
        }
    }

    /// Times, units, and whether days are billed. A number that is none is a finding of its own.
    fn amount(&mut self, row: &Row<'_>) -> Amount {
        if row.has_changed(self.of_amount) {
            let [times, units, days] = self.amount;
            let [times, units] = [row.value(times), row.value(units)].map(number);
            self.is_number = times.is_some() && units.is_some();
            let is_by_the_day = !row.value(days).is_empty();
            self.now =
                Amount::new(times.unwrap_or_default(), units.unwrap_or_default(), is_by_the_day);
        }
        self.are_whole &= self.is_number;
        self.now
    }

    /// Where the service is among the current person's. Rows come by service or by day: what comes
    /// next is where the last one was, or after it.
    fn find(&mut self, service: &Service) -> Option<usize> {
        let known = self.tallies.current();
        let near = self.last.map_or(0..0, |last| last..known.len().min(last + 2));
        if let Some(at) = near.into_iter().find(|at| known[*at].service == *service) {
            return Some(at);
        }
        if known.len() <= SCANNED_MAX {
            return known.iter().position(|tally| tally.service == *service);
        }
        let new = known.iter().map(|tally| tally.service).zip(0..).skip(self.places.len());
        self.places.extend(new);
        self.places.get(service).copied()
    }

    /// Keeps of the services only whom they concern.
    fn let_go(&mut self, tallies: &Runs<Tally>) {
        for (person, tallies) in tallies.iter() {
            for tally in tallies {
                self.concerns.add(person, Concern::new(self.name.to, tally));
            }
        }
    }
}

impl FileRule for Services {
    fn note(&mut self, row: &Row<'_>, _: &mut Report) {
        let amount = self.amount(row);
        if let Some(last) = self.last.filter(|_| !row.has_changed(self.same)) {
            self.tallies.current()[last].amount.add(amount);
            return;
        }
        let [insurer, insured] = self.person.map(|no| row.value(no));
        let Some(person) = Person::new(insurer, insured) else {
            (self.are_whole, self.last) = (false, None);
            return;
        };
        let service = Service::new(self.service.map(|no| row.value(no)));
        if self.tallies.turn_to(person) {
            (self.last, self.places) = (None, HashMap::new());
        }
        self.last = self.find(&service);
        if let Some(at) = self.last {
            self.tallies.current()[at].amount.add(amount);
            return;
        }
        self.are_whole &= service.has_sound_office();
        self.last = Some(self.tallies.current().len());
        self.tallies.push(Tally { service, record: row.number(), amount });
        if let Some(done) = self.tallies.overflow() {
            (self.are_whole, self.last) = (false, None);
            self.let_go(&done);
        }
    }

    fn finish(&mut self, report: &mut Report, gist: &mut Gist) {
        let tallies = std::mem::take(&mut self.tallies);
        self.let_go(&tallies);
        let to = self.name.to;
        let mut breaches: Vec<_> =
            self.concerns.sorted().iter().filter_map(|(_, concern)| concern.breach(to)).collect();
        breaches.sort_by_key(|breach| breach.record);
        breaches.into_iter().for_each(|breach| report.breach(breach));
        gist.services = self.are_whole.then_some(tallies);
    }
}

/// Whether a person's services concern the destination.
#[derive(Debug, Clone, Copy)]
struct Concern {
    /// The person's first record.
    record: u32,
    is_destination: bool,
    is_kind: bool,
}

impl Concern {
    fn new(to: Party, tally: &Tally) -> Self {
        // A number that is none is a finding of its own, and may be meant for anybody.
        let is_destination = OfficeNumber::from_bytes(&tally.service.office)
            .map_or(true, |office| office == to.office);
        let is_kind =
            to.kind.is_none_or(|kind| tally.service.code.starts_with(kind.as_str().as_bytes()));
        Self { record: tally.record, is_destination, is_kind: is_destination && is_kind }
    }

    /// 第6表 goes to offices that somebody in it has a service of.
    fn breach(&self, to: Party) -> Option<Breach> {
        if to.kind.is_some_and(|kind| !kind.scope().is_carried()) {
            return None;
        }
        let (rule, wanted) = match to.kind {
            Some(_) if !self.is_destination => (&not_for_destination::RULE, to.office.to_string()),
            None if !self.is_destination => {
                (&not_for_destination_plain::RULE, to.office.to_string())
            }
            Some(kind) if !self.is_kind => (&not_for_destination_kind::RULE, kind.to_string()),
            _ => return None,
        };
        Some(Breach { wanted: Wanted::same(wanted), ..Breach::new(rule).at(self.record) })
    }
}

impl Fact for Concern {
    fn join(&mut self, other: &Self) {
        self.record = self.record.min(other.record);
        self.is_destination |= other.is_destination;
        self.is_kind |= other.is_kind;
    }
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

    use super::*;

    /// A row for each person and service office.
    fn rows(of: impl Iterator<Item = (usize, &'static str)>) -> String {
        let row = line_of(Base::Slip, FileKind::Slip, 1);
        of.map(|(person, office)| {
            let person = format!("{person:010}");
            row.replace("0000209001", &person).replace("2770200036", office)
        })
        .collect()
    }

    #[test]
    fn rows_by_day_are_judged_whole_however_many_there_are() {
        let (own, other) = ("2770200036", "2770300042");
        let persons_without = |served: usize| {
            let office = move |at| if at < served { own } else { other };
            let of = (0..2 * THINGS_MAX).map(|at| (at % 100, office(at)));
            checked_alone(Base::Slip, FileKind::Slip, &rows(of)).findings
        };
        assert_eq!(persons_without(100), []);
        let found = persons_without(98);
        let at: Vec<_> = found.iter().map(|f| (f.rule.id, f.place.record)).collect();
        let rule = not_for_destination::RULE.id;
        assert_eq!(at, [(rule, Some(99)), (rule, Some(100))]);
    }

    #[test]
    fn each_of_many_services_is_tallied_once() {
        let row = line_of(Base::Slip, FileKind::Slip, 1);
        let of = |order: &mut dyn Iterator<Item = usize>| -> String {
            order.map(|at| row.replace("111111", &format!("11{:04}", 1000 + at))).collect()
        };
        let many = 3 * SCANNED_MAX;
        let text = [of(&mut (0..many)), of(&mut (0..many).rev()), of(&mut (0..many))].concat();
        let services = checked_alone(Base::Slip, FileKind::Slip, &text).gist.services;
        let services = services.expect("they can be compared");
        let tallies: Vec<_> = services.iter().flat_map(|(_, tallies)| tallies).collect();
        assert_eq!(tallies.len(), many);
        assert!(tallies.iter().all(|tally| tally.amount.times == 3));
    }
}
