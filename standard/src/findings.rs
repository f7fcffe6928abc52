//! What is wrong with a file, where, and what to do about it.

use crate::{Lang, Text, example::Example};

/// How much a finding weighs. `Error` refuses a sending; the others never do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// For knowing only.
    Info,
    /// Somebody should look; the sending goes through.
    Warning,
    /// The standard forbids it; the sending is refused.
    Error,
}

/// One rule of the standard: its identity and its words.
///
/// In the texts `{item}`, `{found}` and `{wanted}` stand for the item's No and name, the value that
/// was found, and what should have stood there.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable identifier, of words: `item.code-not-listed`. Never given a second meaning.
    pub id: &'static str,
    /// What a breach weighs, unless its place is uncertain in the published text.
    pub severity: Severity,
    /// Why it weighs that much.
    pub because: Text,
    /// Where the standard says so.
    pub clause: &'static str,
    /// What the standard says, in our words; or, of a rule of our own, what is usual.
    pub states: Text,
    /// What is wrong.
    pub text: Text,
    /// What to do next.
    pub advice: Text,
    /// What it lets pass, and what it does not.
    pub example: Example,
}

/// Where the reader's eye should go.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file's name, as it was given; none when the sending as a whole is meant.
    pub file: Option<String>,
    /// The record, from 1.
    pub record: Option<u32>,
    /// The item's No in its layout, from 1.
    pub item: Option<u16>,
}

/// A breach of a rule at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The rule's severity, or `Warning` where the published text is uncertain.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// The item's name, where an item is meant.
    pub item_name: Option<String>,
    /// What was found, for showing to the file's owner; may be personal, so never for a log.
    pub found: String,
    /// What should have stood there.
    pub wanted: Wanted,
    /// How many more there are of the same rule, file and item, beyond those that are listed.
    pub more: u32,
}

/// What should have stood there, in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// 日本語.
    pub ja: String,
    /// English.
    pub en: String,
}

impl Wanted {
    /// The same words in both languages: codes and numbers.
    pub fn same(words: impl Into<String>) -> Self {
        let ja = words.into();
        Self { en: ja.clone(), ja }
    }
}

impl Finding {
    /// Says what is wrong, in one sentence.
    pub fn what(&self, lang: Lang) -> String {
        self.fill(self.rule.text.get(lang), lang)
    }

    /// Says what to do next, in one sentence.
    pub fn advice(&self, lang: Lang) -> String {
        self.fill(self.rule.advice.get(lang), lang)
    }

    /// What is wrong and what to do next, in one line.
    pub fn message(&self, lang: Lang) -> String {
        let gap = match lang {
            Lang::Ja => "",
            Lang::En => " ",
        };
        let more = match (self.more, lang) {
            (0, _) => String::new(),
            (more, Lang::Ja) => format!("（同じ指摘がほかに{more}件）"),
            (more, Lang::En) => format!(" (and {more} more of the same)"),
        };
        format!("{}{gap}{}{more}", self.what(lang), self.advice(lang))
    }

    fn fill(&self, text: &str, lang: Lang) -> String {
        let wanted = match lang {
            Lang::Ja => &self.wanted.ja,
            Lang::En => &self.wanted.en,
        };
        let item = match (self.place.item, &self.item_name, lang) {
            (Some(no), Some(name), Lang::Ja) => format!("項目{no} {name}"),
            (Some(no), Some(name), Lang::En) => format!("item {no} {name}"),
            (Some(no), None, Lang::Ja) => format!("項目{no}"),
            (Some(no), None, Lang::En) => format!("item {no}"),
            (None, ..) => String::new(),
        };
        // One pass, so that a value that looks like a placeholder stays what it is.
        let mut out = String::with_capacity(text.len() + self.found.len());
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let known = [("{item}", &item), ("{found}", &self.found), ("{wanted}", wanted)];
            match known.iter().find(|(name, _)| rest.starts_with(name)) {
                Some((name, value)) => {
                    out.push_str(value);
                    rest = &rest[name.len()..];
                }
                None => {
                    out.push('{');
                    rest = &rest[1..];
                }
            }
        }
        out.push_str(rest);
        out
    }
}
