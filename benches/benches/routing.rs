//! 振分け alone, on one core: names of files and the table of offices in, sender and recipient out.

use std::{collections::BTreeMap, hint::black_box, time::Duration};

use careplan_standard::{FileName, OfficeNumber};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use hub_relay::{Licence, Office, route};
use time::{OffsetDateTime, macros::datetime};

const NOW: OffsetDateTime = datetime!(2025-04-28 17:15:02 UTC);
const FILES: [usize; 3] = [1, 10, 100];
const OFFICES: [u32; 4] = [1_000, 10_000, 100_000, 200_000];

type Offices = BTreeMap<OfficeNumber, Office>;

fn number(place: u32) -> String {
    format!("27{place:08}")
}

fn offices(count: u32) -> Offices {
    let office = |place| {
        let number: OfficeNumber = number(place).parse().expect("an office number");
        let office = Office {
            number,
            name: "見本事業所".to_owned(),
            kinds: vec!["11".parse().expect("a kind"), "43".parse().expect("a kind")],
            prefecture: None,
            versions: vec![],
            licence: Some(Licence::until(datetime!(2026-04-01 0:00 UTC))),
        };
        (number, office)
    };
    (0..count).map(office).collect()
}

/// The names of a sending's files, between offices that lie anywhere in the table.
fn sending(place: u32, files: usize, offices: u32) -> Vec<String> {
    let from = number(place.wrapping_mul(7_919) % offices);
    let to = number((place.wrapping_mul(104_729) + 1) % offices);
    let name = |file| {
        let month = 1 + file % 12;
        format!("UPPLAN_2025{month:02}_{from}_43_{to}_11_20250428171502.CSV")
    };
    (0..files).map(name).collect()
}

/// Whether the sending has where to go.
fn is_routed(names: &[String], offices: &Offices) -> bool {
    let names: Vec<_> = names.iter().map(|name| FileName::parse(name).ok()).collect();
    let Some(own) = names.iter().flatten().next().map(|name| name.from.office) else {
        return false;
    };
    let Ok((from, to)) = route(own, None, &names) else { return false };
    let is_licensed = |number| {
        let licence = offices.get(number).and_then(|office| office.licence.as_ref());
        licence.is_some_and(|licence| licence.is_active(NOW))
    };
    let takes = |office: &Office| to.kind.is_none_or(|kind| office.kinds.contains(&kind));
    is_licensed(&from.office)
        && is_licensed(&to.office)
        && offices.get(&to.office).is_some_and(takes)
}

fn routing(criterion: &mut Criterion) {
    for count in OFFICES {
        let table = offices(count);
        let mut group = criterion.benchmark_group(format!("振分け, {count} offices"));
        for files in FILES {
            let sendings: Vec<_> = (0..1_000).map(|place| sending(place, files, count)).collect();
            let right = sendings.iter().filter(|names| is_routed(names, &table)).count();
            assert!(990 < right, "{right} of 1,000 go from one office to another");
            group.throughput(Throughput::Elements(1));
            group.bench_function(BenchmarkId::new("files", files), |bencher| {
                let mut sendings = sendings.iter().cycle();
                bencher.iter(|| sendings.next().map(|names| is_routed(black_box(names), &table)));
            });
        }
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = routing
}
criterion_main!(benches);
