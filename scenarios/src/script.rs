//! Where scripts come from: the features that are built in, and files and folders of anybody's.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use careplan_protocol::hub::Profile;
use cucumber::{
    feature::{ExpandExamplesError, Ext as _},
    gherkin::{Feature, GherkinEnv, ParseError, Scenario},
};

use crate::{
    FAMILIES,
    built_in::{self, BUILT_IN, bare},
    family_of,
};

/// The scenarios to run, in order.
#[derive(Debug, Clone)]
pub struct Script {
    pub(crate) features: Vec<Feature>,
}

/// Why there is nothing to run. One line in either language, with what to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptError {
    /// 日本語.
    pub ja: String,
    /// English.
    pub en: String,
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
        let mut features = Vec::new();
        if paths.is_empty() {
            for (name, text) in BUILT_IN {
                features.push(parse(name, text, None)?);
            }
        }
        for path in paths {
            read(path, &mut features)?;
        }
        if !only.is_empty() {
            let words: Vec<&str> = only.iter().map(|word| word.trim_start_matches('@')).collect();
            features.iter_mut().for_each(|feature| keep_only(feature, &words));
        }
        features.retain(|feature| feature.count_scenarios() > 0);
        if features.is_empty() {
            return Err(nothing(only));
        }
        Ok(Self { features })
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
}

fn read(path: &Path, features: &mut Vec<Feature>) -> Result<(), ScriptError> {
    let (file, line) = split_line(path);
    let name = file.to_string_lossy().into_owned();
    if file.is_dir() {
        let mut files = Vec::new();
        list(&file, &mut files).map_err(|error| unreadable(&name, &error))?;
        files.sort();
        for file in files {
            read(&file, features)?;
        }
        return Ok(());
    }
    let error = match fs::read(&file) {
        Ok(bytes) => {
            features.push(parse(&name, utf8(&name, &bytes)?, line)?);
            return Ok(());
        }
        Err(error) => error,
    };
    let meant = built_in::named(&name);
    if meant.is_empty() && error.kind() == io::ErrorKind::NotFound {
        return Err(missing(&name));
    } else if meant.is_empty() {
        return Err(unreadable(&name, &error));
    }
    for (name, text) in meant {
        features.push(parse(name, text, line)?);
    }
    Ok(())
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

fn unreadable(name: &str, error: &io::Error) -> ScriptError {
    ScriptError {
        ja: format!("{name} を読めません（{error}）。場所を確かめてください"),
        en: format!("cannot read {name} ({error}); check where it is"),
    }
}

fn missing(name: &str) -> ScriptError {
    let folders: Vec<_> = FAMILIES.iter().map(|family| family.id).collect();
    let (example, _) = BUILT_IN[0];
    let example = bare(example);
    ScriptError {
        ja: format!(
            "{name} がありません。場所を確かめるか、組込みのまとまり（{}）か、その一つ（{example} など）を使ってください",
            folders.join("、")
        ),
        en: format!(
            "there is no {name}; check where it is, or name a built-in family ({}) or one of its features (such as {example})",
            folders.join(", ")
        ),
    }
}

/// What is wrong with a text that did not parse, without the parser's own words.
fn not_gherkin(name: &str, text: &str, error: &ParseError) -> ScriptError {
    match language(text) {
        Some((_, "ja")) => {}
        Some((line, other)) => return wrong_language(name, line, &format!("「{other}」")),
        None => return wrong_language(name, 1, ""),
    }
    let line = error_line(text, error).unwrap_or(1);
    let found = text.lines().nth(line - 1).unwrap_or_default().trim();
    let (found_ja, found_en) = match found {
        "" => (String::new(), String::new()),
        found => (format!("「{found}」"), format!(" ({found})")),
    };
    ScriptError {
        ja: format!(
            "{name} の{line}行目{found_ja}が読めません。\
             「機能:」「シナリオ:」の行、「前提」「もし」「ならば」「かつ」で始まる手順、表の列の数を確かめてください"
        ),
        en: format!(
            "{name}, line {line}{found_en} cannot be read; check the lines 「機能:」 and 「シナリオ:」, \
             steps that begin with 「前提」「もし」「ならば」「かつ」, and the columns of tables"
        ),
    }
}

fn wrong_language(name: &str, line: usize, found: &str) -> ScriptError {
    ScriptError {
        ja: format!(
            "{name} の{line}行目に言葉の指定がないか、違います{found}。1行目に「# language: ja」と書いてください"
        ),
        en: format!(
            "{name}, line {line}: the language is missing or another{found}; write `# language: ja` on line 1"
        ),
    }
}

/// The language that the text names, with its line from 1: it stands before everything else.
fn language(text: &str) -> Option<(usize, &str)> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let (at, first) = lines.next()?;
    let word = first.trim().strip_prefix('#')?.trim().strip_prefix("language")?.trim();
    Some((at + 1, word.strip_prefix(':')?.trim()))
}

/// The line, from 1, that the parser stumbles over.
///
/// The place is told in its message alone, `Error at LINE:COLUMN: …`, and lies behind as many
/// characters as its longest keyword has, often in a later line: the line that is meant begins
/// within those.
fn error_line(text: &str, error: &ParseError) -> Option<usize> {
    const KEYWORD_MAX: usize = 10;
    let said = error.to_string();
    let mut place = said.strip_prefix("Error at ")?.split(':').map(str::parse);
    let (line, column): (usize, usize) = (place.next()?.ok()?, place.next()?.ok()?);
    let read: Vec<char> = text
        .split_inclusive('\n')
        .take(line.checked_sub(1)?)
        .flat_map(str::chars)
        .chain(text.lines().nth(line - 1).unwrap_or_default().chars().take(column.checked_sub(1)?))
        .collect();
    let ahead = read.len().saturating_sub(KEYWORD_MAX);
    let begins = |at: &usize| {
        let before = read[..*at].iter().rev().take_while(|char| **char != '\n');
        !read[*at].is_whitespace() && before.copied().all(char::is_whitespace)
    };
    let start = (ahead..read.len()).find(begins).unwrap_or(read.len());
    Some(1 + read[..start].iter().filter(|char| **char == '\n').count())
}

fn unknown_value(name: &str, error: &ExpandExamplesError) -> ScriptError {
    let (line, value) = (error.pos.line, &error.name);
    ScriptError {
        ja: format!(
            "{name} の{line}行目の <{value}> が「例:」の表にありません。見出しを確かめてください"
        ),
        en: format!("{name}, line {line}: <{value}> is no heading of the examples; check them"),
    }
}

fn nothing(only: &[String]) -> ScriptError {
    if only.is_empty() {
        return ScriptError {
            ja: "実行するシナリオがありません（.feature ファイルを指定してください）".to_owned(),
            en: "there is no scenario to run; name a .feature file".to_owned(),
        };
    }
    let families: Vec<_> =
        FAMILIES.iter().map(|family| format!("{} ({})", family.tag, family.id)).collect();
    let families = families.join(", ");
    ScriptError {
        ja: format!(
            "タグ {} の付いたシナリオがありません。タグの綴りを確かめてください。まとまりのタグは {families} です",
            only.join("、")
        ),
        en: format!(
            "no scenario carries the tag {}; check its spelling; the families' tags are {families}",
            only.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::slice;

    use super::*;

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
