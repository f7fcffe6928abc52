//! `growth`: how the cost of a check grows with the size of a file, the number of files and the
//! share of faulty records. Writes plots, and prints their numbers.

use std::{
    fs,
    hint::black_box,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use careplan_benches::{
    generate::{Order, Sheet, Size},
    methods::Method,
};
use careplan_standard::{FileChecker, Standard, check_together};

use super::{
    MEASURED, line, machine, median, note,
    plot::{Axis, Line, Plot},
    program, rate, size, size_text, time,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// 図（SVG）を書き込むフォルダ / the folder for the plots
    #[arg(long, default_value = "docs/performance")]
    folder: PathBuf,
    /// 最大のファイル / the largest file
    #[arg(long, value_parser = size, default_value = "4G")]
    bytes: u64,
    /// 最大のファイル数 / the most files
    #[arg(long, default_value = "10000")]
    files: u64,
}

const SMALLEST: u64 = 1_000;
/// The size of one of many files, and of the files with faults.
const ONE_OF_MANY: u64 = 30_000;
const FAULTY: u64 = 16_000_000;
const SHARES: [u8; 9] = [0, 1, 2, 5, 10, 25, 50, 75, 100];
/// Larger files are handed over in pieces.
const IN_MEMORY_MAX: u64 = 300_000_000;
const PIECE: usize = 1 << 20;
/// A measurement is repeated for so long, or done once if it takes longer.
const REPEAT_FOR: Duration = Duration::from_millis(300);

pub(crate) fn run(args: &Args) -> io::Result<()> {
    fs::create_dir_all(&args.folder)?;
    line(&format!("Measured on {}.\n", machine()))?;
    write(&args.folder, "size.svg", &by_size(args.bytes, REPEAT_FOR)?)?;
    write(&args.folder, "files.svg", &by_files(args.files)?)?;
    write(&args.folder, "faults.svg", &by_faults()?)
}

fn write(folder: &Path, name: &str, plot: &Plot) -> io::Result<()> {
    let path = folder.join(name);
    fs::write(&path, plot.svg())?;
    note(&format!("{}", path.display()));
    Ok(())
}

fn by_size(most: u64, repeat_for: Duration) -> io::Result<Plot> {
    line("| size | 第6表 | MB/s | 第2表 | MB/s |\n|--:|--:|--:|--:|--:|")?;
    let mut lines = MEASURED.map(|(_, name)| Line { name: name.to_owned(), points: vec![] });
    for size in steps(SMALLEST, 4, most) {
        note(&size_text(size));
        let mut row = format!("| {} |", size_text(size));
        for ((sheet, _), line) in MEASURED.into_iter().zip(&mut lines) {
            let order = Order::clean(size);
            let took = match size {
                0..=IN_MEMORY_MAX => took(sheet, order, repeat_for),
                _ => took_in_pieces(sheet, order)?,
            };
            line.points.push((size as f64, took.as_secs_f64()));
            row.push_str(&format!(" {} | {:.0} |", time_text(took), rate(size, took)));
        }
        line(&row)?;
    }
    line("")?;
    // A mark too near the last one would be written over it.
    let is_apart = |size: &u64| *size == most || size * 3 < most;
    let marks = steps(SMALLEST, 10, most).filter(is_apart);
    let marks = marks.map(|size| (size as f64, size_text(size))).collect();
    let longest = lines.iter().flat_map(|line| &line.points).map(|(_, y)| *y).fold(1e-5, f64::max);
    let powers = (-6..).map(|power| 10_f64.powi(power));
    let mut times: Vec<f64> = powers.clone().take_while(|time| *time < longest).collect();
    times.extend(powers.clone().find(|time| longest <= *time));
    let times = times.into_iter().map(|time| (time, time_text(Duration::from_secs_f64(time))));
    Ok(Plot {
        title: [
            "検査にかかる時間とファイルの大きさ",
            "time of a check by the size of the file, one thread",
        ],
        x: Axis { label: "ファイルの大きさ / size of the file", is_log: true, marks },
        y: Axis { label: "時間 / time", is_log: true, marks: times.collect() },
        lines: lines.into(),
    })
}

/// From the first on by a factor, and the last.
fn steps(first: u64, factor: u64, last: u64) -> impl Iterator<Item = u64> {
    let steps = std::iter::successors(Some(first), move |step| Some(step * factor));
    steps.take_while(move |step| *step < last).chain([last])
}

fn by_files(most: u64) -> io::Result<Plot> {
    let program = program()?;
    let folder = tempfile::tempdir()?;
    let file = Order::clean(ONE_OF_MANY).bytes(Sheet::Slip);
    line("| files of 30 KB, `careplan check` of their folder | time | MB/s |\n|--:|--:|--:|")?;
    let mut points = vec![];
    let mut written = 0_u64;
    for count in steps(1, 10, most) {
        note(&format!("{count} files"));
        for sequence in written..count {
            fs::write(
                folder.path().join(Sheet::Slip.file_name(u32::try_from(sequence).unwrap_or(0))),
                &file,
            )?;
        }
        written = count;
        let times = (0..3).map(|_| check_folder(&program, folder.path()));
        let took = median(times.collect::<io::Result<_>>()?);
        points.push((count as f64, took.as_secs_f64() * 1e3));
        let rate = rate(count * file.len() as u64, took);
        line(&format!("| {count} | {} | {rate:.0} |", time_text(took)))?;
    }
    line("")?;
    let marks = |most: f64| {
        let tens = std::iter::successors(Some(1.0), |at| Some(at * 10.0));
        tens.take_while(move |at| *at < most * 10.0).map(|at: f64| (at, format!("{at}"))).collect()
    };
    let longest = points.iter().map(|(_, y)| *y).fold(10.0, f64::max);
    Ok(Plot {
        title: [
            "検査にかかる時間とファイル数（1つ30 KB、全コア）",
            "time of `careplan check` by the number of files of 30 KB, all cores",
        ],
        x: Axis { label: "ファイル数 / files", is_log: true, marks: marks(most as f64) },
        y: Axis { label: "ミリ秒 / ms", is_log: true, marks: marks(longest) },
        lines: vec![Line { name: "第6表".to_owned(), points }],
    })
}

fn check_folder(program: &Path, folder: &Path) -> io::Result<Duration> {
    let mut command = Command::new(program);
    command.args(["--format", "json", "check"]).arg(folder);
    let (status, took) = time(|| command.stdout(Stdio::null()).stderr(Stdio::null()).status());
    match status?.code() {
        // A file without the rest of its 送信単位 is refused.
        Some(0 | 1) => Ok(took),
        code => Err(io::Error::other(format!("careplan check ended with {code:?}"))),
    }
}

fn by_faults() -> io::Result<Plot> {
    line("| faulty records | 第6表 MB/s | 第2表 MB/s |\n|--:|--:|--:|")?;
    let mut lines = MEASURED.map(|(_, name)| Line { name: name.to_owned(), points: vec![] });
    for share in SHARES {
        note(&format!("{share} % faulty"));
        let mut row = format!("| {share} % |");
        for ((sheet, _), line) in MEASURED.into_iter().zip(&mut lines) {
            let order = Order { seed: 1, size: Size::Bytes(FAULTY), faulty_percent: share };
            let rate = rate(FAULTY, took(sheet, order, REPEAT_FOR));
            line.points.push((f64::from(share), rate));
            row.push_str(&format!(" {rate:.0} |"));
        }
        line(&row)?;
    }
    line("")?;
    let fastest = lines.iter().flat_map(|line| &line.points).map(|(_, y)| *y).fold(1.0, f64::max);
    Ok(Plot {
        title: [
            "検査の速さと誤りのあるレコードの割合",
            "speed of a check by the share of faulty records, one thread, 16 MB",
        ],
        x: Axis::up_to("誤りのあるレコード % / faulty records, %", 100.0),
        y: Axis::up_to("MB/s", fastest),
        lines: lines.into(),
    })
}

/// The time that a check takes whose file is too large for the memory: only the check's own time
/// counts, and the generator hands it the next piece in between.
fn took_in_pieces(sheet: Sheet, order: Order) -> io::Result<Duration> {
    let name = sheet.file_name(0);
    let (checker, started) = time(|| FileChecker::new(Standard::bundled(), &name));
    let mut pieces = BufWriter::with_capacity(PIECE, Timed { checker, spent: started });
    order.write(sheet, &mut pieces)?;
    let Timed { checker, spent } = pieces.into_inner().map_err(io::IntoInnerError::into_error)?;
    let (check, ended) = time(|| check_together(Standard::bundled(), vec![checker.finish()]));
    black_box(check);
    Ok(spent + ended)
}

/// A check that is fed by who writes to it.
struct Timed {
    checker: FileChecker<'static>,
    spent: Duration,
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let ((), took) = time(|| self.checker.feed(bytes));
        self.spent += took;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The median of as many checks as fit into a while, and of one at least.
fn took(sheet: Sheet, order: Order, repeat_for: Duration) -> Duration {
    let file = order.bytes(sheet);
    let mut times = vec![];
    let mut spent = Duration::ZERO;
    while times.is_empty() || spent < repeat_for {
        let (seen, took) = time(|| Method::Check.run(sheet, black_box(&file)));
        black_box(seen);
        spent += took;
        times.push(took);
    }
    median(times)
}

fn time_text(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let three = |number: f64| match number {
        100.0.. => format!("{number:.0}"),
        10.0.. => format!("{number:.1}").trim_end_matches(".0").to_owned(),
        _ => format!("{number:.2}").trim_end_matches('0').trim_end_matches('.').to_owned(),
    };
    match seconds {
        1.0.. => format!("{} s", three(seconds)),
        1e-3.. => format!("{} ms", three(seconds * 1e3)),
        _ => format!("{} µs", three(seconds * 1e6)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_with_three_digits() {
        for (micros, text) in
            [(12, "12 µs"), (1_234, "1.23 ms"), (45_600, "45.6 ms"), (2_000_000, "2 s")]
        {
            assert_eq!(time_text(Duration::from_micros(micros)), text);
        }
    }

    #[test]
    fn a_file_in_pieces_is_checked_to_its_end() {
        let took = took_in_pieces(Sheet::Plan2, Order::clean(3_000_000));
        assert!(took.is_ok_and(|took| Duration::ZERO < took));
    }

    #[test]
    fn a_small_growth_is_plotted() {
        let plot = by_size(70_000, Duration::ZERO).expect("standard output is there");
        assert_eq!(plot.lines[0].points.len(), 5);
        assert_eq!(plot.lines[0].points.last().map(|(x, _)| *x), Some(70_000.0));
    }
}
