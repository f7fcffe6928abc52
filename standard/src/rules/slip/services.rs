//! The services of each person in 第6表 (予定): whom they concern, and how much of each there is.

use crate::{
    FileName, Layout, OfficeNumber, Wanted,
    gist::{Gist, Service, Tally},
    report::Report,
    row::{Breach, FileRule, Row},
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
    tallies: Runs<Tally>,
    /// Where the row before was added, in the current person's tallies.
    last: usize,
    /// Whether all rows are still there to be compared with 第7表.
    are_whole: bool,
}

impl Services {
    pub(crate) fn new(name: &FileName, layout: &Layout) -> Self {
        Self {
            name: *name,
            person: ["保険者番号", "被保険者番号"].map(|item| layout.no_of(item)),
            service: [
                "サービス事業者コード",
                "サービスコード",
                "サテライト枝番",
                "TAISコード",
                "福祉用具届出コード",
            ]
            .map(|item| layout.no_of(item)),
            amount: ["サービス回数", "単位数", "日割対象日"].map(|item| layout.no_of(item)),
            tallies: Runs::default(),
            last: 0,
            are_whole: true,
        }
    }

    /// A row whose numbers are none of their kind is a finding of its own, and not added.
    fn tally(&self, row: &Row<'_>) -> Option<Tally> {
        let [times, units, days] = self.amount.map(|no| row.value(no));
        let service = Service::new(self.service.map(|no| row.value(no)));
        let tally = Tally::new(service, row.number(), number(times)?, number(units)?);
        Some(Tally { is_by_the_day: !days.is_empty(), ..tally })
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
        let [insurer, insured] = self.person.map(|no| row.value(no));
        let (Some(person), Some(tally)) = (Person::new(insurer, insured), self.tally(row)) else {
            self.are_whole = false;
            return;
        };
        self.are_whole &= tally.service.has_sound_office();
        self.tallies.turn_to(person);
        let known = self.tallies.current();
        // Rows come by service or by day: what comes next is where the last one was, or after it.
        let from_last = (self.last..known.len()).chain(0..self.last.min(known.len()));
        match from_last.into_iter().find(|at| known[*at].service == tally.service) {
            Some(at) => {
                known[at].add(&tally);
                self.last = at;
            }
            None => {
                self.last = known.len();
                self.tallies.push(tally);
            }
        }
        if let Some(done) = self.tallies.overflow() {
            self.are_whole = false;
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
