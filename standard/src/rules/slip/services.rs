//! The services of each person in 第6表 (予定): whom they concern, and how much of each there is.

use crate::{
    FileName, Layout, OfficeNumber, Wanted,
    gist::{Amount, Gist, Service, Tally},
    report::Report,
    row::{Breach, FileRule, ItemSet, Row},
    runs::{Person, Runs},
    values::number,
};

use super::{not_for_destination, not_for_destination_kind, not_for_destination_plain};

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
        let from = self.last.filter(|last| *last < known.len()).unwrap_or(0);
        (from..known.len()).chain(0..from).find(|at| known[*at].service == *service)
    }

    fn judge(&self, tallies: &Runs<Tally>, report: &mut Report) {
        for (_, tallies) in tallies.persons() {
            if let Some(breach) = not_for_destination(&self.name, &tallies) {
                report.breach(breach);
            }
        }
    }
}

impl FileRule for Services {
    fn note(&mut self, row: &Row<'_>, report: &mut Report) {
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
        self.tallies.turn_to(person);
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
            self.judge(&done, report);
        }
    }

    fn finish(&mut self, report: &mut Report, gist: &mut Gist) {
        self.judge(&self.tallies, report);
        gist.services = self.are_whole.then(|| std::mem::take(&mut self.tallies));
    }
}

/// 第6表 goes to offices that somebody in it has a service of.
fn not_for_destination(name: &FileName, tallies: &[&Tally]) -> Option<Breach> {
    let to = name.to;
    if to.kind.is_some_and(|kind| !kind.scope().is_carried()) {
        return None;
    }
    // A number that is none is a finding of its own, and may be meant for anybody.
    let is_destination = |tally: &&&Tally| {
        OfficeNumber::from_bytes(&tally.service.office).map_or(true, |office| office == to.office)
    };
    let is_kind = |tally: &&Tally| {
        to.kind.is_none_or(|kind| tally.service.code.starts_with(kind.as_str().as_bytes()))
    };
    let own: Vec<_> = tallies.iter().filter(is_destination).collect();
    let (rule, wanted) = match to.kind {
        Some(_) if own.is_empty() => (&not_for_destination::RULE, to.office.to_string()),
        None if own.is_empty() => (&not_for_destination_plain::RULE, to.office.to_string()),
        Some(kind) if !own.iter().any(|tally| is_kind(tally)) => {
            (&not_for_destination_kind::RULE, kind.to_string())
        }
        _ => return None,
    };
    let first = tallies.iter().map(|tally| tally.record).min()?;
    Some(Breach { wanted: Wanted::same(wanted), ..Breach::new(rule).at(first) })
}
