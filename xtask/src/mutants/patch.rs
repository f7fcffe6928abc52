//! A fault to put into the code: a unified diff, with a head that says what it breaks and who has to
//! miss it.
//!
//! ```text
//! Breaks: a second terminal is given what the first one holds
//! Caught-by: terminals/first-come.feature
//! Profile: actual
//!
//! diff --git a/… b/…
//! ```

use std::{fs, path::Path, process::Command};

/// Where the patches lie, below the root.
pub(crate) const FOLDER: &str = "scenarios/mutants";

/// A patch, with what its head says.
#[derive(Debug, Clone)]
pub(crate) struct Patch {
    /// Its file's name without number and extension, in words.
    pub(crate) name: String,
    /// Its file, from the root.
    pub(crate) file: String,
    /// What an office would suffer.
    pub(crate) breaks: String,
    /// The features that have to miss it.
    pub(crate) caught_by: Vec<String>,
    /// The profile in which they do.
    pub(crate) profile: String,
}

/// Every patch, in the order of their numbers.
///
/// # Errors
/// A file that cannot be read, or whose head lacks something.
pub(crate) fn all(root: &Path) -> Result<Vec<Patch>, String> {
    let lacking = |error| format!("cannot read {FOLDER}: {error}");
    let entries = fs::read_dir(root.join(FOLDER)).map_err(lacking)?;
    let names: Result<Vec<_>, _> = entries.map(|entry| Ok(entry?.file_name())).collect();
    let mut names = names.map_err(lacking)?;
    names.sort();
    let files = names.iter().map(|name| name.to_string_lossy());
    files.filter(|name| name.ends_with(".patch")).map(|name| read(root, &name)).collect()
}

impl Patch {
    /// Applies the patch to a copy of the tree, which lies below the root; or takes it out again.
    ///
    /// # Errors
    /// It does not apply: the code has changed since it was made.
    pub(crate) fn apply(&self, root: &Path, copy: &str, back: bool) -> Result<(), String> {
        let mut options = vec![format!("--directory={copy}")];
        if back {
            options.push("--reverse".to_owned());
        }
        self.git_apply(root, &options)
    }

    /// Whether the patch applies to the tree as it is.
    ///
    /// # Errors
    /// It does not.
    #[cfg(test)]
    pub(crate) fn check(&self, root: &Path) -> Result<(), String> {
        self.git_apply(root, &["--check".to_owned()])
    }

    fn git_apply(&self, root: &Path, options: &[String]) -> Result<(), String> {
        let output = Command::new("git")
            .arg("apply")
            .args(options)
            .arg(&self.file)
            .current_dir(root)
            .output()
            .map_err(|error| format!("cannot start git: {error}"))?;
        if output.status.success() {
            return Ok(());
        }
        let why = String::from_utf8_lossy(&output.stderr);
        Err(format!("{} does not apply: make it anew\n{}", self.file, why.trim()))
    }
}

fn read(root: &Path, name: &str) -> Result<Patch, String> {
    let file = format!("{FOLDER}/{name}");
    let text = fs::read_to_string(root.join(&file));
    let text = text.map_err(|error| format!("cannot read {file}: {error}"))?;
    parse(&file, &text)
}

fn parse(file: &str, text: &str) -> Result<Patch, String> {
    let (head, _) =
        text.split_once("\ndiff --git ").ok_or_else(|| format!("{file} holds no diff"))?;
    let said = |word: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(word)?.strip_prefix(": "));
        line.map(str::trim).ok_or_else(|| format!("{file} does not say `{word}:` on top"))
    };
    let name = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".patch");
    let name = name.trim_start_matches(|char: char| char.is_ascii_digit() || char == '-');
    let profile = said("Profile")?;
    if !["actual", "plus"].contains(&profile) {
        return Err(format!("{file}: a profile is actual or plus, not {profile}"));
    }
    Ok(Patch {
        name: name.replace('-', " "),
        file: file.to_owned(),
        breaks: said("Breaks")?.to_owned(),
        caught_by: said("Caught-by")?.split(", ").map(str::to_owned).collect(),
        profile: profile.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Breaks: nothing\nCaught-by: hub/faults.feature, monthly/plan.feature\n\
                        Profile: plus\n\ndiff --git a/x b/x\n";

    #[test]
    fn a_head_says_what_breaks_and_who_misses_it() {
        let patch = parse("scenarios/mutants/07-claims-not-exclusive.patch", TEXT).expect("reads");
        assert_eq!(patch.name, "claims not exclusive");
        assert_eq!((patch.breaks.as_str(), patch.profile.as_str()), ("nothing", "plus"));
        assert_eq!(patch.caught_by, ["hub/faults.feature", "monthly/plan.feature"]);
    }

    #[test]
    fn a_head_that_lacks_something_is_told() {
        for line in ["Breaks", "Caught-by", "Profile"] {
            let text = TEXT.replace(line, "Says");
            let lacking = parse("01-x.patch", &text).expect_err("lacks a line");
            assert!(lacking.contains(line), "{lacking}");
        }
        assert!(parse("01-x.patch", "Breaks: nothing\n").is_err());
        assert!(parse("01-x.patch", &TEXT.replace("plus", "both")).is_err());
    }

    #[test]
    fn every_patch_applies_and_names_features_that_there_are() {
        let root = crate::root();
        let patches = all(root).expect("they can be read");
        assert!(20 <= patches.len(), "{}", patches.len());
        for patch in &patches {
            patch.check(root).expect("it applies");
            for feature in &patch.caught_by {
                let path = root.join("scenarios/features").join(feature);
                assert!(path.is_file(), "{}: there is no {feature}", patch.file);
            }
        }
    }
}
