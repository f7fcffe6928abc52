//! Where scripts come from: the features that are built in, and files and folders of anybody's.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use careplan_protocol::hub::Profile;
use cucumber::{
    feature::Ext as _,
    gherkin::{Feature, GherkinEnv, Scenario},
};

use crate::{
    ScriptError,
    built_in::{self, BUILT_IN},
    family_of,
    mistakes::{missing, not_gherkin, nothing, unknown_value, unreadable},
};

/// The scenarios to run, in order.
#[derive(Debug, Clone)]
pub struct Script {
    pub(crate) features: Vec<Feature>,
    /// What each file says on top that it rests on; by the file's name.
    pub(crate) grounds: BTreeMap<PathBuf, String>,
}

impl Script {
    /// Reads the scripts at these paths; those built in if there are none.
    ///
    /// A path is a file, a folder (every `.feature` in and under it), or the name of a built-in
    /// feature or folder, with or without `.feature`; `:LINE` after a file picks the scenario that
    /// begins there. `only` picks the scenarios that carry one of these tags, with or without `@`,
    /// or belong to a family of this name; all if there are none.
    ///
    /// # Errors
    /// A path that is not there, not UTF-8 or not Gherkin, or nothing to run.
    pub fn load(paths: &[PathBuf], only: &[String]) -> Result<Self, ScriptError> {
        let mut script = Self { features: Vec::new(), grounds: BTreeMap::new() };
        if paths.is_empty() {
            for (name, text) in BUILT_IN {
                script.add(name, text, None)?;
            }
        }
        for path in paths {
            script.read(path)?;
        }
        if !only.is_empty() {
            let words: Vec<&str> = only.iter().map(|word| word.trim_start_matches('@')).collect();
            script.features.iter_mut().for_each(|feature| keep_only(feature, &words));
        }
        script.features.retain(|feature| feature.count_scenarios() > 0);
        if script.features.is_empty() {
            return Err(nothing(only));
        }
        Ok(script)
    }

    /// Leaves out the scenarios that are tagged with the other profile alone (`@actual`, `@plus`).
    #[must_use]
    pub fn for_profile(mut self, profile: Profile) -> Self {
        let other = match profile {
            Profile::Actual => "plus",
            Profile::Plus => "actual",
        };
        let is_others = |tags: &[String]| tags.iter().any(|tag| tag == other);
        self.features.retain(|feature| !is_others(&feature.tags));
        for feature in &mut self.features {
            feature.rules.retain(|rule| !is_others(&rule.tags));
            retain(feature, |scenario| !is_others(&scenario.tags));
        }
        self
    }

    /// How many scenarios there are.
    pub fn len(&self) -> usize {
        self.features.iter().map(|feature| feature.count_scenarios()).sum()
    }

    /// Whether there is none: every scenario is the other profile's.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn read(&mut self, path: &Path) -> Result<(), ScriptError> {
        let (file, line) = split_line(path);
        let name = file.to_string_lossy().into_owned();
        if file.is_dir() {
            let mut files = Vec::new();
            list(&file, &mut files).map_err(|error| unreadable(&name, &error))?;
            files.sort();
            return files.iter().try_for_each(|file| self.read(file));
        }
        let error = match fs::read(&file) {
            Ok(bytes) => return self.add(&name, utf8(&name, &bytes)?, line),
            Err(error) => error,
        };
        let meant = built_in::named(&name);
        if meant.is_empty() && error.kind() == io::ErrorKind::NotFound {
            return Err(missing(&name));
        } else if meant.is_empty() {
            return Err(unreadable(&name, &error));
        }
        meant.into_iter().try_for_each(|(name, text)| self.add(name, text, line))
    }

    fn add(&mut self, name: &str, text: &str, line: Option<usize>) -> Result<(), ScriptError> {
        self.features.push(parse(name, text, line)?);
        self.grounds.insert(PathBuf::from(name), grounds(text));
        Ok(())
    }
}

/// The text of a file, without the mark that some editors put before it.
fn utf8<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, ScriptError> {
    let text = str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        ScriptError {
            ja: format!(
                "{name} の{line}行目がUTF-8ではありません。文字コードをUTF-8にして保存し直してください"
            ),
            en: format!("{name}, line {line} is not UTF-8; save the file again as UTF-8"),
        }
    })?;
    Ok(text.trim_start_matches('\u{feff}'))
}

/// `a.feature:12` is the scenario at line 12 of `a.feature`, unless a file is called so.
fn split_line(path: &Path) -> (PathBuf, Option<usize>) {
    let text = path.to_string_lossy();
    let split = text.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
    match split {
        Some((file, line)) if !path.exists() => (PathBuf::from(file), Some(line)),
        _ => (path.to_owned(), None),
    }
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "feature") {
            files.push(path);
        }
    }
    Ok(())
}

fn parse(name: &str, text: &str, line: Option<usize>) -> Result<Feature, ScriptError> {
    let mut feature = Feature::parse(text, GherkinEnv::default())
        .map_err(|error| not_gherkin(name, text, &error))?
        .expand_examples()
        .map_err(|error| unknown_value(name, &error))?;
    feature.path = Some(PathBuf::from(name));
    if let Some(line) = line {
        retain(&mut feature, |scenario| scenario.position.line == line);
        if feature.count_scenarios() == 0 {
            return Err(ScriptError {
                ja: format!("{name} の {line} 行目から始まるシナリオはありません"),
                en: format!("no scenario begins at line {line} of {name}"),
            });
        }
    }
    Ok(feature)
}

/// Keeps the scenarios that carry one of these tags, or belong to a family that is called so.
fn keep_only(feature: &mut Feature, words: &[&str]) {
    let file = feature.path.as_deref().unwrap_or_else(|| Path::new("")).to_string_lossy();
    let has = |tags: &[String]| {
        let is_called = |word: &&str| {
            family_of("", tags).is_some_and(|family| family.is_called(word))
                || tags.iter().any(|tag| tag == word)
        };
        words.iter().any(is_called)
    };
    let family = family_of(&file, &feature.tags);
    if has(&feature.tags) || family.is_some_and(|one| words.iter().any(|word| one.is_called(word)))
    {
        return;
    }
    feature.scenarios.retain(|scenario| has(&scenario.tags));
    for rule in &mut feature.rules {
        let rule_has = has(&rule.tags);
        rule.scenarios.retain(|scenario| rule_has || has(&scenario.tags));
    }
}

fn retain(feature: &mut Feature, keep: impl Fn(&Scenario) -> bool) {
    feature.scenarios.retain(&keep);
    feature.rules.iter_mut().for_each(|rule| rule.scenarios.retain(&keep));
}

/// What the comment on top says, behind the line that names the language.
fn grounds(text: &str) -> String {
    let comment = text.lines().skip(1).map_while(|line| line.strip_prefix('#'));
    let mut grounds = String::new();
    for line in comment.map(str::trim) {
        // Japanese goes on without a gap; a word of English does not.
        let meets = |char: Option<char>| char.is_some_and(|char| char.is_ascii_alphanumeric());
        if meets(grounds.chars().next_back()) || (!grounds.is_empty() && meets(line.chars().next()))
        {
            grounds.push(' ');
        }
        grounds.push_str(line);
    }
    grounds
}

#[cfg(test)]
mod tests {
    use std::slice;

    use super::*;
    use crate::FAMILIES;

    const TWO: &str = "# language: ja\n機能: 二つ\n\n  @甲\n  シナリオ: 一\n    前提 何か\n\n  \
                       シナリオアウトライン: 二 <値>\n    前提 <値>がある\n\n    例:\n      | 値 |\n      \
                       | あ |\n      | い |\n";

    fn words(only: &[&str]) -> Vec<String> {
        only.iter().map(|word| (*word).to_owned()).collect()
    }

    fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("二つ.feature");
        fs::write(&path, text).expect("writes");
        (folder, path)
    }

    #[test]
    fn the_built_in_features_are_gherkin() {
        let script = Script::load(&[], &[]).expect("they parse");
        assert_eq!(script.features.len(), BUILT_IN.len());
    }

    #[test]
    fn every_built_in_feature_names_the_fact_it_rests_on() {
        for (name, text) in BUILT_IN {
            let mut lines = text.lines();
            assert_eq!(lines.next(), Some("# language: ja"), "{name}");
            assert!(lines.next().is_some_and(|line| line.starts_with("# よりどころ")), "{name}");
        }
    }

    #[test]
    fn a_folder_stands_for_all_the_features_under_it() {
        let (folder, _) = file(TWO);
        let script = Script::load(&[folder.path().to_owned()], &[]).expect("is there");
        assert_eq!(script.len(), 3, "an example is a scenario");
    }

    #[test]
    fn a_line_or_a_tag_picks_a_scenario() {
        let (_folder, path) = file(TWO);
        let at = |line| PathBuf::from(format!("{}:{line}", path.display()));
        let one = Script::load(&[at(5)], &[]).expect("a scenario begins there");
        assert_eq!(one.features[0].scenarios[0].name, "一");
        let example = Script::load(&[at(14)], &[]).expect("an example stands there");
        assert_eq!(example.features[0].scenarios[0].name, "二 い");
        assert_eq!(
            Script::load(slice::from_ref(&path), &words(&["丙", "@甲"])).expect("tagged").len(),
            1
        );
        assert!(Script::load(&[at(6)], &[]).is_err());
        assert!(Script::load(&[path], &words(&["乙"])).is_err());
    }

    #[test]
    fn a_scenario_of_the_other_profile_is_left_out() {
        let (_folder, path) = file(&TWO.replace("@甲", "@actual"));
        let script = Script::load(&[path], &[]).expect("parses");
        assert_eq!(script.clone().for_profile(Profile::Actual).len(), 3);
        assert_eq!(script.for_profile(Profile::Plus).len(), 2);
    }

    #[test]
    fn a_built_in_feature_is_found_by_its_name_and_a_family_by_its_folder() {
        for name in ["round-trip", "round-trip.feature", "monthly/round-trip"] {
            let script = Script::load(&[PathBuf::from(name)], &[]).expect("is built in");
            let path = PathBuf::from("monthly/round-trip.feature");
            assert_eq!(script.features[0].path, Some(path), "{name}");
        }
        let family = Script::load(&[PathBuf::from("terminals")], &[]).expect("is built in");
        assert!(1 < family.features.len());
    }

    #[test]
    fn an_unknown_name_is_told_the_families() {
        let error = Script::load(&[PathBuf::from("round-tripp")], &[]).expect_err("is not");
        for family in FAMILIES {
            assert!(error.ja.contains(family.id) && error.en.contains(family.id), "{error:?}");
        }
    }

    #[test]
    fn what_a_feature_rests_on_stands_on_top() {
        let text = format!("# language: ja\n# よりどころ: 甲\n# 乙\n{}", &TWO[15..]);
        assert_eq!(grounds(&text), "よりどころ: 甲乙");
        assert_eq!(grounds(TWO), "");
    }

    #[test]
    fn a_family_is_picked_by_its_tag_or_its_id_and_several_together() {
        let count = |only: &[&str]| Script::load(&[], &words(only)).expect("there are").len();
        let (monthly, terminals) = (count(&["@予定実績"]), count(&["端末"]));
        assert_eq!(count(&["monthly"]), monthly);
        assert_eq!(count(&["予定実績", "terminals"]), monthly + terminals);
        let error = Script::load(&[], &words(&["ないタグ"])).expect_err("there is none");
        assert!(error.ja.contains("ないタグ") && error.en.contains("monthly"), "{error:?}");
    }

    /// What is said of a file, which must be one line in either language and name the line.
    fn refused(bytes: impl AsRef<[u8]>, line: usize) -> ScriptError {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mine.feature");
        fs::write(&path, bytes).expect("writes");
        let error = Script::load(&[path], &[]).expect_err("cannot be run");
        assert!(error.ja.contains(&format!("mine.feature の{line}行目")), "{}", error.ja);
        assert!(error.en.contains(&format!("mine.feature, line {line}")), "{}", error.en);
        for said in [&error.ja, &error.en] {
            let internals = ["Error at", "EOF", "expected", "\n"];
            let said = said.replace(&folder.path().display().to_string(), "");
            assert!(!internals.iter().any(|one| said.contains(one)), "{said}");
        }
        error
    }

    #[test]
    fn a_file_that_cannot_be_read_is_told_by_its_line_and_what_to_do() {
        let text = "# language: ja\n機能: 試し\n\n  シナリオ: 一\n    前提 何か\n    まえに 何か\n";
        assert!(refused(text, 6).ja.contains("「まえに 何か」"));
        assert!(refused("# language: ja\nこれは\n", 2).ja.contains("「機能:」"));
        assert!(refused(TWO.replace("<値>がある", "<名>がある"), 9).ja.contains("<名>"));
        let second = "# language: ja\n機能: 試し\n  シナリオ: 一\n    前提 何か\n\n  シナリ: 二\n    前提 何か\n";
        assert!(refused(second, 6).ja.contains("「シナリ: 二」"));
    }

    #[test]
    fn a_missing_language_or_another_encoding_is_told_as_such() {
        assert!(
            refused(TWO.trim_start_matches("# language: ja\n"), 1).ja.contains("# language: ja")
        );
        assert!(refused(TWO.replace(": ja", ": xx"), 1).en.contains("# language: ja"));
        // 機能 in Shift_JIS.
        let mut bytes = b"# language: ja\n".to_vec();
        bytes.extend([0x8b, 0x40, 0x94, 0x5c, b':', b'\n']);
        assert!(refused(bytes, 2).ja.contains("UTF-8"));
    }

    #[test]
    fn a_byte_order_mark_does_no_harm() {
        let (_folder, path) = file(&format!("\u{feff}{TWO}"));
        assert_eq!(Script::load(&[path], &[]).expect("parses").len(), 3);
    }

    #[test]
    fn what_cannot_be_run_is_told_in_one_line() {
        let (folder, path) = file("# language: ja\nこれはシナリオではない\n");
        let empty = folder.path().join("empty");
        fs::create_dir(&empty).expect("makes");
        for path in [path, folder.path().join("nowhere"), empty] {
            let error = Script::load(&[path], &[]).expect_err("nothing to run");
            assert!(!error.ja.contains('\n') && !error.en.contains('\n'), "{error:?}");
        }
    }
}
