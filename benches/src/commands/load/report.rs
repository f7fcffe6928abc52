//! The figures: medians of the rounds, with the least and the most.

use std::{io, time::Duration};

use serde_json::json;

use super::{Args, Kind, Sample, Work};
use crate::commands::line;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// 表（Markdown） / a table
    Human,
    /// JSON
    Json,
}

/// A kind of work at a peer, round by round.
pub(super) struct Row {
    pub(super) work: Work,
    pub(super) kind: Kind,
    pub(super) samples: Vec<Sample>,
}

/// What a sample says.
struct Figures {
    a_second: f64,
    /// p50, p90, p99 and the longest, in milliseconds.
    times: [f64; 4],
    /// Microseconds of the peer and of whom measures, for each piece of work.
    cpu: [f64; 2],
}

impl Figures {
    fn of(sample: &Sample, seconds: u64) -> Self {
        let mut times = sample.times.clone();
        times.sort_unstable();
        let at = |share: f64| {
            let place = (times.len() as f64 * share) as usize;
            let time = times.get(place.min(times.len().saturating_sub(1)));
            time.map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
        };
        let count = times.len() as f64;
        let each =
            |cpu: Option<Duration>| cpu.map_or(f64::NAN, |cpu| cpu.as_secs_f64() * 1e6 / count);
        Self {
            a_second: count / seconds as f64,
            times: [at(0.5), at(0.9), at(0.99), at(1.0)],
            cpu: sample.cpu.map(each),
        }
    }
}

impl Row {
    /// One run in a line.
    pub(super) fn words(&self, sample: &Sample, seconds: u64) -> String {
        let Figures { a_second, times: [p50, _, p99, _], cpu: [peer, own] } =
            Figures::of(sample, seconds);
        let errors = match &sample.first_error {
            Some(first) => format!(", {} errors: {first}", sample.errors),
            None => String::new(),
        };
        let (work, peer_name) = (self.work.title(), self.kind.title());
        format!(
            "{work}, {peer_name}: {a_second:.0}/s, p50 {p50:.2} ms, p99 {p99:.2} ms, \
             {peer:.0} + {own:.0} µs{errors}"
        )
    }

    fn figures(&self, seconds: u64) -> Vec<Figures> {
        self.samples.iter().map(|sample| Figures::of(sample, seconds)).collect()
    }

    fn errors(&self) -> u64 {
        self.samples.iter().map(|sample| sample.errors).sum()
    }
}

/// Least, median and most.
fn spread(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    let at = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
    [at(0), at(values.len() / 2), at(values.len().saturating_sub(1))]
}

pub(super) fn print(rows: &[Row], args: &Args, machine: &str) -> io::Result<()> {
    match args.format {
        Format::Human => table(rows, args, machine),
        Format::Json => {
            let rows: Vec<_> = rows.iter().map(|row| object(row, args.seconds)).collect();
            line(
                &json!({"machine": machine, "connections": args.connections, "rows": rows})
                    .to_string(),
            )
        }
    }
}

fn table(rows: &[Row], args: &Args, machine: &str) -> io::Result<()> {
    let Args { connections, rounds, seconds, offices, .. } = args;
    line(&format!(
        "Measured on {machine}; {connections} connections, {rounds} rounds of {seconds} s, {offices} offices.\n"
    ))?;
    line(
        "| work | peer | a second | least – most | p50 ms | p90 ms | p99 ms | longest ms | errors | CPU µs, peer | CPU µs, generator |",
    )?;
    line("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")?;
    for row in rows {
        let figures = row.figures(args.seconds);
        let [least, median, most] = spread(figures.iter().map(|one| one.a_second));
        let middle = |of: &dyn Fn(&Figures) -> f64| spread(figures.iter().map(of))[1];
        let times: String =
            (0..4).map(|at| format!(" {:.2} |", middle(&|one| one.times[at]))).collect();
        let cpu: String =
            (0..2).map(|at| format!(" {:.0} |", middle(&|one| one.cpu[at]))).collect();
        line(&format!(
            "| {} | {} | {median:.0} | {least:.0} – {most:.0} |{times} {} |{cpu}",
            row.work.title(),
            row.kind.title(),
            row.errors(),
        ))?;
    }
    Ok(())
}

fn object(row: &Row, seconds: u64) -> serde_json::Value {
    let rounds = row.figures(seconds);
    let rounds = rounds.iter().map(|one| {
        let [p50, p90, p99, longest] = one.times;
        json!({
            "a_second": one.a_second,
            "p50_ms": p50, "p90_ms": p90, "p99_ms": p99, "longest_ms": longest,
            "peer_cpu_us": one.cpu[0], "generator_cpu_us": one.cpu[1],
        })
    });
    json!({
        "work": row.work.title(),
        "peer": row.kind.title(),
        "errors": row.errors(),
        "rounds": rounds.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_summed_up() {
        let times = (1..=100).map(Duration::from_millis).collect();
        let cpu = [Some(Duration::from_millis(10)), None];
        let figures = Figures::of(&Sample { times, cpu, ..Sample::default() }, 2);
        assert_eq!(figures.a_second, 50.0);
        assert_eq!(figures.times, [51.0, 91.0, 100.0, 100.0]);
        assert_eq!(figures.cpu[0], 100.0);
        assert!(figures.cpu[1].is_nan());
    }

    #[test]
    fn least_median_and_most_stand_in_order() {
        assert_eq!(spread([3.0, 1.0, 9.0, 2.0, 4.0].into_iter()), [1.0, 3.0, 9.0]);
    }
}
