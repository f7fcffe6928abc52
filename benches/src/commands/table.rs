//! `table`: every method over the same two files, in turn, in one run and one thread.

use std::{collections::BTreeMap, hint::black_box, io, time::Duration};

use careplan_benches::{
    generate::{Order, Sheet},
    methods::Method,
};

use super::{MEASURED, line, machine, median, note, rate, size, size_text, time};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// 第6表の大きさ / size of the 第6表
    #[arg(long, value_parser = size, default_value = "256M")]
    slip: u64,
    /// 第2表の大きさ / size of the 第2表
    #[arg(long, value_parser = size, default_value = "64M")]
    plan2: u64,
    /// 何巡するか / how many rounds
    #[arg(long, default_value = "7")]
    rounds: u32,
}

/// A small office's file.
const SMALL: u64 = 30_000;
/// How often the small file is checked.
const SMALL_RUNS: usize = 3_000;

pub(crate) fn run(args: &Args) -> io::Result<()> {
    line(&format!("Measured on {}.\n", machine()))?;
    let sizes = [args.slip, args.plan2];
    let columns: Vec<Rates> = MEASURED
        .iter()
        .zip(sizes)
        .map(|((sheet, name), bytes)| {
            note(&format!("{name}, {}, {} rounds", size_text(bytes), args.rounds));
            Rates::measure(*sheet, bytes, args.rounds)
        })
        .collect();
    let titles = MEASURED
        .iter()
        .zip(sizes)
        .map(|((_, name), bytes)| format!(" {name} {} | best | × csv |", size_text(bytes)));
    line(&format!("| MB/s, one thread |{}", titles.collect::<String>()))?;
    line(&format!("|---|{}", "--:|--:|--:|".repeat(columns.len())))?;
    for method in Method::ALL {
        let cells: String = columns.iter().map(|rates| rates.cells(method)).collect();
        line(&format!("| {} |{cells}", method.title()))?;
    }
    line("\nMedian of the rounds, the best of them, and the median as a multiple of `csv`'s.\n")?;
    small_files()
}

/// MB/s of each method on one file: median and best.
struct Rates(BTreeMap<Method, (f64, f64)>);

impl Rates {
    fn measure(sheet: Sheet, bytes: u64, rounds: u32) -> Self {
        let file = Order::clean(bytes).bytes(sheet);
        let mut times: BTreeMap<Method, Vec<Duration>> = BTreeMap::new();
        for round in 0..=rounds {
            for method in Method::ALL {
                let (seen, time) = time(|| method.run(sheet, black_box(&file)));
                black_box(seen);
                // The first round warms caches and clock up.
                if 0 < round {
                    times.entry(method).or_default().push(time);
                }
            }
        }
        let length = file.len() as u64;
        let rates = |times: Vec<Duration>| {
            let best = times.iter().min().copied().unwrap_or_default();
            (rate(length, median(times)), rate(length, best))
        };
        Self(times.into_iter().map(|(method, times)| (method, rates(times))).collect())
    }

    fn cells(&self, method: Method) -> String {
        let (csv, _) = self.0[&Method::Csv];
        let (median, best) = self.0[&method];
        format!(" {} | {} | {:.2} |", whole(median), whole(best), median / csv)
    }
}

/// `1,234`.
fn whole(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if 0 < at && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn small_files() -> io::Result<()> {
    line(&format!("| µs for a file of {} | median | best |", size_text(SMALL)))?;
    line("|---|--:|--:|")?;
    for (sheet, name) in MEASURED {
        let file = Order::clean(SMALL).bytes(sheet);
        let mut times: Vec<Duration> = (0..SMALL_RUNS)
            .map(|_| time(|| black_box(Method::Check.run(sheet, black_box(&file)))).1)
            .collect();
        times.drain(..SMALL_RUNS / 10);
        let best = times.iter().min().copied().unwrap_or_default();
        let micros = |time: Duration| time.as_secs_f64() * 1e6;
        line(&format!("| {name} | {:.1} | {:.1} |", micros(median(times)), micros(best)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_marked() {
        for (number, text) in [(1.4, "1"), (999.6, "1,000"), (32_348.0, "32,348")] {
            assert_eq!(whole(number), text);
        }
    }

    #[test]
    fn every_method_has_its_cells() {
        let rates = Rates::measure(Sheet::Slip, 20_000, 1);
        for method in Method::ALL {
            assert_eq!(rates.cells(method).matches('|').count(), 3);
        }
        assert!(rates.cells(Method::Csv).ends_with(" 1.00 |"));
    }
}
