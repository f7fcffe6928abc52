//! What is wrong with a script: one line in either language, with what to mend.

use std::io;

use cucumber::{feature::ExpandExamplesError, gherkin::ParseError};

use crate::{
    FAMILIES,
    built_in::{BUILT_IN, bare},
};

/// Why there is nothing to run. One line in either language, with what to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptError {
    /// 日本語.
    pub ja: String,
    /// English.
    pub en: String,
}

/// A file that cannot be read.
pub(crate) fn unreadable(name: &str, error: &io::Error) -> ScriptError {
    ScriptError {
        ja: format!("{name} を読めません（{error}）。場所を確かめてください"),
        en: format!("cannot read {name} ({error}); check where it is"),
    }
}

/// A name that is neither a file nor built in.
pub(crate) fn missing(name: &str) -> ScriptError {
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
pub(crate) fn not_gherkin(name: &str, text: &str, error: &ParseError) -> ScriptError {
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

/// A value of an outline that its table has not.
pub(crate) fn unknown_value(name: &str, error: &ExpandExamplesError) -> ScriptError {
    let (line, value) = (error.pos.line, &error.name);
    ScriptError {
        ja: format!(
            "{name} の{line}行目の <{value}> が「例:」の表にありません。見出しを確かめてください"
        ),
        en: format!("{name}, line {line}: <{value}> is no heading of the examples; check them"),
    }
}

/// Nothing to run, or nothing with these tags.
pub(crate) fn nothing(only: &[String]) -> ScriptError {
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
