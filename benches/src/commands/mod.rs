//! The commands, and what they share: sizes as people write them, the program, the machine.

pub(crate) mod generate;
pub(crate) mod growth;
pub(crate) mod load;
pub(crate) mod memory;
pub(crate) mod plot;
pub(crate) mod store;
pub(crate) mod table;

use std::{
    env, fs,
    io::{self, Write},
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use careplan_benches::generate::Sheet;

/// Sheets whose check is measured: many short records, and long texts.
pub(crate) const MEASURED: [(Sheet, &str); 2] = [(Sheet::Slip, "第6表"), (Sheet::Plan2, "第2表")];

/// A kind of file, as an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum SheetName {
    /// 第6表 UPPLAN
    Slip,
    /// 第2表 UP2KYO
    Plan2,
}

impl SheetName {
    pub(crate) fn sheet(self) -> Sheet {
        match self {
            Self::Slip => Sheet::Slip,
            Self::Plan2 => Sheet::Plan2,
        }
    }
}

/// Reads `30K`, `256M`, `4G`: powers of ten, as MB/s are.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "K" | "KB" => 1_000,
        "M" | "MB" => 1_000_000,
        "G" | "GB" => 1_000_000_000,
        _ => return Err("K, M or G may follow the number".to_owned()),
    };
    let number: u64 = digits.parse().map_err(|_| "a number is wanted, as 256M".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "too large".to_owned())
}

/// The other way round: `256 MB`.
pub(crate) fn size_text(bytes: u64) -> String {
    match bytes {
        1_000_000_000.. => format!("{} GB", bytes / 1_000_000_000),
        1_000_000.. => format!("{} MB", bytes / 1_000_000),
        _ => format!("{} KB", bytes / 1_000),
    }
}

/// How long a piece of work took.
pub(crate) fn time<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// Bytes and time to MB/s.
pub(crate) fn rate(bytes: u64, time: Duration) -> f64 {
    bytes as f64 / 1e6 / time.as_secs_f64()
}

/// The middle one of several.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// The program beside this one, which `cargo build --release` makes.
pub(crate) fn program() -> io::Result<PathBuf> {
    let own = env::current_exe()?;
    let program = own.with_file_name(format!("careplan{}", env::consts::EXE_SUFFIX));
    if program.exists() {
        return Ok(program);
    }
    let program = program.display();
    let lacking = format!("{program} がありません / is not there; run `cargo build --release`");
    Err(io::Error::new(io::ErrorKind::NotFound, lacking))
}

/// The kind of processor and how many cores, and nothing that names the machine.
pub(crate) fn machine() -> String {
    let model = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let wide: Vec<&str> = wide_instructions();
    let model = model.unwrap_or_else(|| env::consts::ARCH.to_owned());
    format!("{model}, {cores} cores, {}", wide.join(" "))
}

#[cfg(target_arch = "x86_64")]
fn wide_instructions() -> Vec<&'static str> {
    let known = [
        ("AVX2", is_x86_feature_detected!("avx2")),
        ("AVX-512", is_x86_feature_detected!("avx512bw")),
    ];
    known.into_iter().filter(|(_, has)| *has).map(|(name, _)| name).collect()
}

#[cfg(not(target_arch = "x86_64"))]
fn wide_instructions() -> Vec<&'static str> {
    vec![env::consts::ARCH]
}

/// A line of a result.
pub(crate) fn line(text: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{text}")
}

/// A word on how far it is.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_written_as_people_do() {
        for (text, bytes) in [("30K", 30_000), ("256MB", 256_000_000), ("4g", 4_000_000_000)] {
            assert_eq!(size(text), Ok(bytes));
        }
        assert_eq!(size_text(30_000), "30 KB");
        assert_eq!(size_text(4_000_000_000), "4 GB");
        assert!(size("4T").is_err() && size("M").is_err() && size("99999999999G").is_err());
    }

    #[test]
    fn the_middle_one_is_taken() {
        let times = [3, 1, 9, 2, 4].map(Duration::from_millis);
        assert_eq!(median(times.to_vec()), Duration::from_millis(3));
    }
}
