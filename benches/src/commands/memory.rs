//! `memory`: how much memory `careplan check` takes for a file of any size.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use careplan_benches::generate::Order;

use super::{MEASURED, line, machine, note, program, rate, size, size_text, time};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// ファイルの大きさ（複数可） / sizes of the files
    #[arg(long, value_parser = size, value_delimiter = ',', default_value = "4M,256M,4G")]
    bytes: Vec<u64>,
    /// 一時ファイルを置くフォルダ / where the temporary files go
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// How often the program is looked at while it runs.
const LOOK_EVERY: Duration = Duration::from_millis(2);

pub(crate) fn run(args: &Args) -> io::Result<()> {
    let program = program()?;
    line(&format!("Measured on {}.\n", machine()))?;
    line("| `careplan check` of one file | size | time | MB/s | most memory |")?;
    line("|---|--:|--:|--:|--:|")?;
    for (sheet, name) in MEASURED {
        for bytes in &args.bytes {
            let folder = match &args.folder {
                Some(folder) => tempfile::tempdir_in(folder)?,
                None => tempfile::tempdir()?,
            };
            note(&format!("{name}, {}", size_text(*bytes)));
            let path = folder.path().join(sheet.file_name(0));
            let mut file = BufWriter::new(File::create(&path)?);
            let written = Order::clean(*bytes).write(sheet, &mut file)?.bytes;
            file.flush()?;
            let (peak, took) = time(|| peak_memory(&program, &path));
            let peak = peak?.map_or_else(
                || "not measured here".to_owned(),
                |kib| format!("{:.1} MB", kib as f64 * 1024.0 / 1e6),
            );
            let (size, seconds) = (size_text(*bytes), took.as_secs_f64());
            let rate = rate(written, took);
            line(&format!("| {name} | {size} | {seconds:.2} s | {rate:.0} | {peak} |"))?;
        }
    }
    Ok(())
}

/// Runs the check, and says the most memory that the program held, in KiB, where the system tells.
fn peak_memory(program: &Path, file: &Path) -> io::Result<Option<u64>> {
    let mut child = Command::new(program)
        .args(["--format", "json", "check"])
        .arg(file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let mut peak = None;
    loop {
        peak = high_water(&child).max(peak);
        if let Some(status) = child.try_wait()? {
            // A file without the rest of its 送信単位 is refused: 1 is what is expected.
            return match status.code() {
                Some(0 | 1) => Ok(peak),
                _ => Err(io::Error::other(format!("careplan check: {status}"))),
            };
        }
        thread::sleep(LOOK_EVERY);
    }
}

/// What Linux keeps as the most that a process has held.
fn high_water(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
