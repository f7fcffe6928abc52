//! `cargo xtask mutants scenarios`: what if the hub, the client or the care software had this fault?
//!
//! Into a copy of the tree one patch of `scenarios/mutants` after the other is put; `careplan` is built
//! there and runs the scenarios. A fault that one of the features named in its head does not miss fails
//! the command, whoever else misses it: some other scenario may fail for a reason of its own. The copy
//! lies in the build folder; the code that ships has no switch for any of this.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    copy_folder,
    patch::{self, Patch},
};
use crate::{Outcome, say};

/// Where the copy lies, below the root.
const COPY: &str = "target/mutants-scenarios";
/// What is not copied: what was built, the history, and reports.
const LEFT: [&str; 4] = ["target", ".git", "report", "fuzz"];
/// Where a run of all faults writes what it found.
const PAGE: &str = "docs/mutants.md";
/// How long one run of the scenarios may take. A fault that keeps it from ending is missed, too.
const RUN_MAX: Duration = Duration::from_secs(600);
/// Stands in the place of scenarios if the run had to be ended.
const ENDLESS: &str = "(the run does not end)";
const PAUSE: Duration = Duration::from_millis(200);
/// How many scenarios a line of the page names.
const NAMED_MAX: usize = 3;

/// What is wanted of the command.
struct Wanted<'a> {
    /// Parts of the names of patches; all if there are none.
    names: Vec<&'a str>,
    /// Only the features that a patch names.
    quick: bool,
}

/// What the scenarios said of one patch.
struct Verdict {
    patch: Patch,
    missed_by: Vec<String>,
}

/// Puts in one fault after the other, and says who misses what it broke.
pub(crate) fn run(root: &Path, arguments: &[&str]) -> Outcome {
    let wanted = wanted(arguments)?;
    let is_wanted = |patch: &Patch| {
        wanted.names.is_empty() || wanted.names.iter().any(|name| patch.file.contains(name))
    };
    let patches: Vec<Patch> = patch::all(root)?.into_iter().filter(is_wanted).collect();
    if patches.is_empty() {
        return Err(format!("no patch in {} is called so", patch::FOLDER));
    }
    let copy = root.join(COPY);
    lay_out(root, &copy).map_err(|error| format!("cannot write {COPY}: {error}"))?;
    say(&format!("mutants: building careplan once; then {} faults", patches.len()));
    build(&copy)?;
    if !is_sound(&copy, &patches, wanted.quick)? {
        return Ok(false);
    }
    let (mut verdicts, mut is_whole) = (Vec::new(), true);
    for patch in patches {
        match missed_by(root, &patch, wanted.quick) {
            Ok(missed_by) => {
                let verdict = Verdict { patch, missed_by };
                say(&verdict.line());
                verdicts.push(verdict);
            }
            Err(why) => {
                say(&format!("mutants: {}: {why}", patch.file));
                is_whole = false;
            }
        }
    }
    if is_whole && wanted.names.is_empty() {
        fs::write(root.join(PAGE), page(&verdicts, wanted.quick))
            .map_err(|error| format!("cannot write {PAGE}: {error}"))?;
        say(&format!("mutants: wrote {PAGE}"));
    }
    for verdict in &verdicts {
        for feature in verdict.blind() {
            is_whole = false;
            say(&format!("mutants: {feature} does not miss what {} breaks", verdict.patch.file));
        }
    }
    Ok(is_whole)
}

fn wanted<'a>(arguments: &[&'a str]) -> Result<Wanted<'a>, String> {
    let (options, names): (Vec<&str>, Vec<&str>) =
        arguments.iter().partition(|argument| argument.starts_with("--"));
    match options.as_slice() {
        [] => Ok(Wanted { names, quick: false }),
        ["--quick"] => Ok(Wanted { names, quick: true }),
        _ => Err("cargo xtask mutants scenarios [NAME …] [--quick]".to_owned()),
    }
}

/// Writes the copy anew. What was built of it before stays, for what has not changed.
fn lay_out(root: &Path, copy: &Path) -> std::io::Result<()> {
    fs::create_dir_all(copy)?;
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        if LEFT.iter().any(|left| entry.file_name() == *left) {
            continue;
        }
        let to = copy.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            if to.exists() {
                fs::remove_dir_all(&to)?;
            }
            copy_folder(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    // The laws are a member of the workspace.
    copy_folder(&root.join("fuzz/laws"), &copy.join("fuzz/laws"))
}

fn build(copy: &Path) -> Result<(), String> {
    let output = Command::new("cargo")
        .args(["build", "--quiet", "--package", "careplan", "--bin", "careplan"])
        .env_remove("CARGO_TARGET_DIR")
        .current_dir(copy)
        .output()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("it does not build:\n{}", String::from_utf8_lossy(&output.stderr))),
    }
}

/// Whether every scenario passes with no fault put in.
fn is_sound(copy: &Path, patches: &[Patch], quick: bool) -> Outcome {
    for profile in ["actual", "plus"] {
        let mut features = Vec::new();
        for patch in patches.iter().filter(|patch| patch.profile == profile) {
            features.extend(patch.caught_by.iter().map(String::as_str));
        }
        features.sort_unstable();
        features.dedup();
        if features.is_empty() {
            continue;
        }
        let failed = failed(copy, profile, if quick { &features } else { &[] })?;
        if !failed.is_empty() {
            let names = failed.join("\n  ");
            say(&format!("mutants: with no fault put in, these fail ({profile}):\n  {names}"));
            return Ok(false);
        }
    }
    Ok(true)
}

/// Puts a fault in, asks who misses what it breaks, and takes it out again.
fn missed_by(root: &Path, patch: &Patch, quick: bool) -> Result<Vec<String>, String> {
    let copy = root.join(COPY);
    let features: Vec<&str> = patch.caught_by.iter().map(String::as_str).collect();
    patch.apply(root, COPY, false)?;
    let missed_by = build(&copy)
        .and_then(|()| failed(&copy, &patch.profile, if quick { &features } else { &[] }));
    patch.apply(root, COPY, true)?;
    missed_by
}

/// The scenarios that do not pass, as file and title; of these features, or of all.
fn failed(copy: &Path, profile: &str, features: &[&str]) -> Result<Vec<String>, String> {
    let report = copy.join("target/mutant-report");
    let _ = fs::remove_dir_all(&report);
    let program =
        copy.join("target/debug").join(format!("careplan{}", std::env::consts::EXE_SUFFIX));
    let mut child = Command::new(&program)
        .args(["run", "--profile", profile, "--report"])
        .arg(&report)
        .args(features)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .current_dir(copy.join("target"))
        .spawn()
        .map_err(|error| format!("cannot start {}: {error}", program.display()))?;
    let began = Instant::now();
    while child.try_wait().map_err(|error| error.to_string())?.is_none() {
        if RUN_MAX < began.elapsed() {
            let _ = child.kill();
            let _ = child.wait();
            return Ok(vec![ENDLESS.to_owned()]);
        }
        thread::sleep(PAUSE);
    }
    let report = read_report(&report.join("report.json"))?;
    let scenarios = report["scenarios"].as_array().cloned().unwrap_or_default();
    let bad = |one: &&Value| !["pass", "unsupported"].iter().any(|good| one["verdict"] == *good);
    let told = |one: &Value| {
        let part = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
        format!("{} {}", part("file"), part("name"))
    };
    Ok(scenarios.iter().filter(bad).map(told).collect())
}

fn read_report(path: &PathBuf) -> Result<Value, String> {
    let lacking =
        |error: &dyn std::fmt::Display| format!("no report in {}: {error}", path.display());
    let text = fs::read(path).map_err(|error| lacking(&error))?;
    serde_json::from_slice(&text).map_err(|error| lacking(&error))
}

impl Verdict {
    /// The features that have to miss it and do not. A run that does not end leaves no report, and is
    /// missed by whoever hangs.
    fn blind(&self) -> Vec<&str> {
        let misses = |feature: &String| {
            self.missed_by.iter().any(|told| told.starts_with(feature.as_str()) || told == ENDLESS)
        };
        self.patch.caught_by.iter().filter(|it| !misses(it)).map(String::as_str).collect()
    }

    fn line(&self) -> String {
        let Self { patch, missed_by } = self;
        let first = missed_by.first().map_or("nobody", String::as_str);
        format!("{:<44}{:<8}{:>4}  {first}", patch.name, patch.profile, missed_by.len())
    }
}

/// What a run of all faults found, as a page of the documentation.
fn page(verdicts: &[Verdict], quick: bool) -> String {
    let (option, asked) = match quick {
        true => (" --quick", "the features that its head names"),
        false => ("", "every scenario"),
    };
    let mut page = format!(
        "# Mutants / シナリオが見つける誤り\n\n\
         `cargo xtask mutants scenarios{option}` wrote this page. It puts one fault after the other \
         (`scenarios/mutants`) into a copy of the tree, builds `careplan` and runs {asked}; a \
         fault that the features named in its head do not miss fails the command.\n\n\
         | fault | what an office would suffer | profile | missed by | among them |\n|---|---|---|--:|---|\n",
    );
    for Verdict { patch, missed_by } in verdicts {
        let expected = |told: &&String| patch.caught_by.iter().any(|file| told.starts_with(file));
        let (first, others): (Vec<_>, Vec<_>) = missed_by.iter().partition(expected);
        let named: Vec<_> = first.into_iter().chain(others).take(NAMED_MAX).cloned().collect();
        let named = named.join("<br>").replace('|', "\\|");
        let Patch { name, breaks, profile, .. } = patch;
        page.push_str(&format!(
            "| {name} | {breaks} | {profile} | {} | {named} |\n",
            missed_by.len()
        ));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_the_quick_option_are_understood() {
        let all = wanted(&[]).expect("nothing");
        assert!(all.names.is_empty() && !all.quick);
        let some = wanted(&["07", "--quick"]).expect("a name and an option");
        assert_eq!((some.names, some.quick), (vec!["07"], true));
        assert!(wanted(&["--slow"]).is_err());
    }

    fn verdict(caught_by: &[&str], missed_by: &[&str]) -> Verdict {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let patch = Patch {
            name: "claims not exclusive".to_owned(),
            file: "01.patch".to_owned(),
            breaks: "two terminals hold one delivery".to_owned(),
            caught_by: owned(caught_by),
            profile: "actual".to_owned(),
        };
        Verdict { patch, missed_by: owned(missed_by) }
    }

    #[test]
    fn a_fault_is_caught_by_every_feature_that_its_head_names_and_by_no_other() {
        let named = ["terminals/a.feature", "terminals/b.feature"];
        for (missed_by, blind) in [
            (&["terminals/a.feature 一", "terminals/b.feature 二"][..], &[][..]),
            (&["terminals/b.feature 二", "hub/c.feature 三"], &["terminals/a.feature"]),
            (&["hub/c.feature 三"], &named),
            (&[], &named),
            (&[ENDLESS], &[]),
        ] {
            assert_eq!(verdict(&named, missed_by).blind(), blind, "{missed_by:?}");
        }
    }

    #[test]
    fn the_page_names_first_who_had_to_miss_it() {
        let missed_by = [
            "hub/a.feature 一",
            "hub/a.feature 二",
            "hub/a.feature 三",
            "terminals/first-come.feature 四",
        ];
        let page = page(&[verdict(&["terminals/first-come.feature"], &missed_by)], false);
        let line = "| actual | 4 | terminals/first-come.feature 四<br>hub/a.feature 一<br>hub/a.feature 二 |";
        assert!(page.contains(line), "{page}");
    }
}
