//! The pieces of a check, each small enough to be measured in a second.

use std::{hint::black_box, time::Duration};

use careplan_benches::{
    generate::{Order, Sheet, Size},
    methods::Method,
};
use careplan_standard::{FileName, SendingFile, Standard, check_sending, ms932};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// A small office's file, and one that no longer fits the fast caches.
const SIZES: [u64; 2] = [30_000, 3_000_000];

fn checks(criterion: &mut Criterion) {
    for (sheet, name) in [(Sheet::Slip, "UPPLAN"), (Sheet::Plan2, "UP2KYO")] {
        for size in SIZES {
            let file = Order::clean(size).bytes(sheet);
            let mut group = criterion.benchmark_group(format!("{name} {} KB", size / 1_000));
            group.throughput(Throughput::Bytes(file.len() as u64));
            for method in [Method::Check, Method::Csv] {
                group.bench_function(method.title(), |bencher| {
                    bencher.iter(|| method.run(sheet, black_box(&file)));
                });
            }
            group.finish();
        }
    }
}

/// 第6表, 第7表 and 補足 of a few people, as a hub gets them: small files, of which what is the same for
/// any size is a large part.
fn sendings(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a sending of three files");
    for people in [1, 5, 25] {
        let order = Order { seed: 1, size: Size::People(people), faulty_percent: 0 };
        let file = |sheet: Sheet| (sheet.file_name(0), order.bytes(sheet));
        let files = Sheet::SLIP_UNIT.map(file);
        let files = files.each_ref().map(|(name, bytes)| SendingFile { name, bytes });
        let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(format!("{people} people, {} KB", bytes / 1000), |bencher| {
            bencher.iter(|| check_sending(Standard::bundled(), black_box(&files)));
        });
    }
    group.finish();
}

fn pieces(criterion: &mut Criterion) {
    let name = Sheet::Slip.file_name(0);
    criterion.bench_function("FileName::parse", |bencher| {
        bencher.iter(|| FileName::parse(black_box(&name)));
    });
    let text = Order::clean(30_000).bytes(Sheet::Plan2);
    let mut group = criterion.benchmark_group("MS932 30 KB");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("ms932::fault", |bencher| {
        bencher.iter(|| ms932::fault(black_box(&text)));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = checks, sendings, pieces
}
criterion_main!(benches);
