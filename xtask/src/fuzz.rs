//! `cargo xtask fuzz`: every fuzz target for so many seconds, and what came of it.
//!
//! Fuzzing needs the nightly toolchain, which nothing else here does. Where it is missing, that is
//! said; `--or-skip` then leaves it at that, for machines that only build.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{Outcome, say};

/// How long each target runs, unless told otherwise: what CI gives it.
const SECONDS: u32 = 10;

/// How much memory a target may take: a check takes little, whatever the file.
const LIMIT_MIB: u32 = 1024;

/// Inputs of more bytes find nothing that shorter ones do not, and slowly.
const INPUT_BYTES_MAX: u32 = 4096;

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Order {
    seconds: u32,
    or_skip: bool,
    only: Option<String>,
}

/// Runs every target, or the one that is named.
pub(crate) fn run(root: &Path, arguments: &[&str]) -> Outcome {
    let order = Order::read(arguments)?;
    if let Err(lacking) = tools(root) {
        if !order.or_skip {
            return Err(lacking);
        }
        say(&format!("{lacking}\nfuzz: skipped"));
        return Ok(true);
    }
    let manifest = fs::read_to_string(root.join("fuzz/Cargo.toml"))
        .map_err(|error| format!("cannot read fuzz/Cargo.toml: {error}"))?;
    let all = targets(&manifest);
    let is_wanted = |target: &&str| order.only.as_deref().is_none_or(|only| only == *target);
    let wanted: Vec<&str> = all.iter().copied().filter(is_wanted).collect();
    if wanted.is_empty() {
        return Err(format!("no target is called so; there are {}", all.join(", ")));
    }
    if !succeeds(cargo(root, &["+nightly", "fuzz", "build"]))? {
        return Ok(false);
    }
    let mut good = true;
    say(&format!("{:<10} {:>12} {:>10} {:>8} {:>8}", "target", "runs", "per s", "cover", "corpus"));
    for target in wanted {
        seed(root, target)?;
        good &= fuzz(root, target, order.seconds)?;
    }
    Ok(good)
}

impl Order {
    fn read(arguments: &[&str]) -> Result<Self, String> {
        let mut order = Self { seconds: SECONDS, or_skip: false, only: None };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match *argument {
                "--or-skip" => order.or_skip = true,
                "--seconds" => {
                    let seconds = rest.next().and_then(|seconds| seconds.parse().ok());
                    order.seconds = seconds.ok_or("--seconds wants a number, as --seconds 10")?;
                }
                target if !target.starts_with('-') => order.only = Some(target.to_owned()),
                other => return Err(format!("fuzz does not know {other}")),
            }
        }
        Ok(order)
    }
}

/// The version of cargo-fuzz that is fetched.
const CARGO_FUZZ: &str = "0.13.2";

/// Nightly has to be there; cargo-fuzz is fetched if it is not.
fn tools(root: &Path) -> Result<(), String> {
    if !is_there(cargo(root, &["+nightly", "--version"])) {
        return Err(
            "fuzz: there is no nightly toolchain; `rustup toolchain install nightly`".into()
        );
    }
    if is_there(cargo(root, &["fuzz", "--version"])) {
        return Ok(());
    }
    say(&format!("fuzz: cargo-fuzz is not there; fetching version {CARGO_FUZZ}"));
    match succeeds(cargo(
        root,
        &["install", "cargo-fuzz", "--version", CARGO_FUZZ, "--locked", "--quiet"],
    )) {
        Ok(true) => Ok(()),
        _ => Err("fuzz: cargo-fuzz could not be installed".to_owned()),
    }
}

/// The targets, in the order of the manifest.
fn targets(manifest: &str) -> Vec<&str> {
    manifest.split("[[bin]]").skip(1).filter_map(|target| target.split('"').nth(1)).collect()
}

/// Puts every sample into the target's corpus: names for the one that reads names.
fn seed(root: &Path, target: &str) -> Result<(), String> {
    let corpus = root.join("fuzz/corpus").join(target);
    let unwritable = |error| format!("cannot write {}: {error}", corpus.display());
    fs::create_dir_all(&corpus).map_err(unwritable)?;
    for (at, path) in files(&root.join("samples"))?.iter().enumerate() {
        let seed = corpus.join(format!("sample-{at:03}"));
        if target == "names" {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            fs::write(seed, name).map_err(unwritable)?;
        } else {
            fs::copy(path, seed).map_err(unwritable)?;
        }
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let unreadable = |error| format!("cannot read {}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Runs a target, and prints its counts or how it failed.
fn fuzz(root: &Path, target: &str, seconds: u32) -> Outcome {
    let options = [
        format!("-max_total_time={seconds}"),
        format!("-rss_limit_mb={LIMIT_MIB}"),
        format!("-max_len={INPUT_BYTES_MAX}"),
        "-print_final_stats=1".to_owned(),
    ];
    let output = cargo(root, &["+nightly", "fuzz", "run", target, "--"])
        .args(&options)
        .output()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    let told = String::from_utf8_lossy(&output.stderr);
    let Counts { runs, per_second, cover, corpus } = Counts::read(&told);
    say(&format!("{target:<10} {runs:>12} {per_second:>10} {cover:>8} {corpus:>8}"));
    if !output.status.success() {
        let lines: Vec<&str> = told.lines().collect();
        let tail = lines[lines.len().saturating_sub(40)..].join("\n");
        say(&format!(
            "{tail}\nfuzz: {target} failed; mend it, and keep the input in fuzz/laws/crashes/{target}"
        ));
    }
    Ok(output.status.success())
}

/// What libFuzzer says at the end.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    runs: u64,
    per_second: u64,
    cover: u64,
    corpus: u64,
}

impl Counts {
    fn read(told: &str) -> Self {
        let after = |name: &str| {
            let rest = told.rsplit_once(name)?.1.trim_start();
            let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
            digits.parse().ok()
        };
        let count = |name| after(name).unwrap_or(0);
        Self {
            runs: count("stat::number_of_executed_units:"),
            per_second: count("stat::average_exec_per_sec:"),
            cover: count(" cov:"),
            corpus: count(" corp:"),
        }
    }
}

fn cargo(root: &Path, arguments: &[&str]) -> Command {
    // The proxy of rustup chooses the toolchain; the cargo that runs this one would not.
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(root).env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN");
    command
}

fn is_there(mut command: Command) -> bool {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

fn succeeds(mut command: Command) -> Outcome {
    command
        .status()
        .map(|status| status.success())
        .map_err(|error| format!("cannot start cargo: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read() {
        let order = |seconds, or_skip, only: Option<&str>| {
            Ok(Order { seconds, or_skip, only: only.map(str::to_owned) })
        };
        assert_eq!(Order::read(&[]), order(SECONDS, false, None));
        assert_eq!(Order::read(&["--seconds", "1200"]), order(1200, false, None));
        assert_eq!(Order::read(&["names", "--or-skip"]), order(SECONDS, true, Some("names")));
        assert!(Order::read(&["--seconds"]).is_err() && Order::read(&["--fast"]).is_err());
    }

    #[test]
    fn the_targets_are_those_of_the_manifest() {
        let manifest = fs::read_to_string(crate::root().join("fuzz/Cargo.toml")).expect("there");
        let targets = targets(&manifest);
        assert!(
            ["names", "ms932", "records", "units", "convert"].iter().all(|t| targets.contains(t))
        );
    }

    #[test]
    fn the_counts_are_the_last_that_were_told() {
        let told = "#2 INITED cov: 12 ft: 13 corp: 1/1b\n#99 DONE   cov: 210 ft: 400 corp: 31/2Kb\n\
                    stat::number_of_executed_units: 99\nstat::average_exec_per_sec:     9\n";
        let counts = Counts { runs: 99, per_second: 9, cover: 210, corpus: 31 };
        assert_eq!(Counts::read(told), counts);
        assert_eq!(Counts::read("error: no such target"), Counts::default());
    }
}
