//! 第6表 and 第7表 of one unit: the same services, as often, of as many units.

use std::collections::BTreeMap;

use crate::{
    Rule,
    gist::{Service, Tally},
    report::Report,
    row::Breach,
    runs::Runs,
};

use super::{SERVICE_NOT_IN_ANNEX, SERVICE_NOT_IN_SLIP, TIMES_DIFFER, UNITS_DIFFER};

/// Compares the services of each person whom both files have, and says so at the lines of 第7表; at
/// the rows of 第6表 where they have no line.
pub(crate) fn compare(
    [slip, annex]: [&Runs<Tally>; 2],
    of_slip: &mut Report,
    of_annex: &mut Report,
) {
    let on_annex: BTreeMap<_, _> = annex.persons().into_iter().collect();
    for (person, planned) in slip.persons() {
        // Somebody whom one file lacks is a finding about the keys.
        let Some(billed) = on_annex.get(&person) else { continue };
        let (planned, billed) = (by_service(&planned), by_service(billed));
        let lacks = |other: &BTreeMap<Service, Tally>, service| !other.contains_key(service);
        let unbilled = planned.iter().filter(|(service, _)| lacks(&billed, service));
        let unplanned = billed.iter().filter(|(service, _)| lacks(&planned, service));
        let mut strays = 0;
        for (_, planned) in unbilled {
            of_slip.breach(breach(&SERVICE_NOT_IN_ANNEX, planned));
            strays += 1;
        }
        for (_, billed) in unplanned {
            of_annex.breach(breach(&SERVICE_NOT_IN_SLIP, billed));
            strays += 1;
        }
        // A row under another service makes those of its own too few: one cause, said once.
        if strays == 0 {
            let pairs = billed.iter().filter_map(|(service, b)| Some((planned.get(service)?, b)));
            let differences = pairs.filter_map(|(planned, billed)| difference(planned, billed));
            differences.for_each(|breach| of_annex.breach(breach));
        }
    }
}

fn by_service(tallies: &[&Tally]) -> BTreeMap<Service, Tally> {
    let mut services: BTreeMap<Service, Tally> = BTreeMap::new();
    for tally in tallies {
        services
            .entry(tally.service)
            .and_modify(|sum| sum.amount.add(tally.amount))
            .or_insert(**tally);
    }
    services
}

/// Where days are billed, 第6表 has one row and 第7表 their number.
fn difference(planned: &Tally, billed: &Tally) -> Option<Breach> {
    if planned.amount.is_by_the_day {
        return None;
    }
    let differ = |rule, [planned, billed]: [u32; 2], at: &Tally| {
        breach(rule, at).wanted(format!("第6表 {planned}, 第7表 {billed}"))
    };
    let times = [planned, billed].map(|tally| tally.amount.times);
    if times[0] != times[1] {
        return Some(differ(&TIMES_DIFFER, times, billed));
    }
    let units = [planned.amount.units?, billed.amount.units?];
    (units[0] != units[1]).then(|| differ(&UNITS_DIFFER, units, billed))
}

fn breach(rule: &'static Rule, tally: &Tally) -> Breach {
    Breach::new(rule).at(tally.record).found(&String::from_utf8_lossy(&tally.service.code))
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    #[test]
    fn rows_count_in_any_order_and_once_a_person() {
        let moved = [
            Edit::Set(FileKind::Slip, 1, "サービス回数", "2"),
            Edit::DropRecord(FileKind::Slip, 2),
        ];
        assert_eq!(found(Base::Slip, &moved), [""; 0]);
        let twice = [Edit::Set(FileKind::Slip, 1, "サービス回数", "2")];
        assert_eq!(found(Base::Slip, &twice), ["?unit.times-differ@1"]);
        assert_eq!(found(Base::SlipPlain, &twice), ["?unit.times-differ@1"]);
        let dearer = [Edit::Set(FileKind::Slip, 1, "単位数", "245")];
        assert_eq!(found(Base::Slip, &dearer), ["?unit.units-differ@1"]);
        let unknown = [Edit::Set(FileKind::Slip, 1, "単位数", "0")];
        assert_eq!(found(Base::Slip, &unknown), [""; 0], "rate-based");
    }

    #[test]
    fn a_satellite_is_another_place() {
        let branch = |kind, record| Edit::Set(kind, record, "サテライト枝番", "01");
        let on_slip = branch(FileKind::Slip, 3);
        assert_eq!(
            found(Base::Slip, &[on_slip]),
            ["?unit.service-not-in-annex@3", "?unit.service-not-in-slip@2"]
        );
        assert_eq!(found(Base::Slip, &[on_slip, branch(FileKind::SlipAnnex, 2)]), [""; 0]);
    }
}
