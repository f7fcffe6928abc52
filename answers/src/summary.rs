//! A situation as JSON: what `answer.json` holds, for programs that test themselves with the book.

use serde::Serialize;

use crate::{
    expected::Expectation,
    file::AnswerFile,
    situation::{Edition, Situation, WrongEdition},
};

/// A situation, with the folders that its files are exported to.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Stable identifier, of words.
    pub id: &'static str,
    /// What it is called. 日本語.
    pub title: &'static str,
    /// What it is called. English.
    pub title_en: &'static str,
    /// What happens in the office.
    pub happens: &'static str,
    /// Why it is hard.
    pub hard: &'static str,
    /// What the standard says, and where.
    pub standard: &'static str,
    /// Whether service codes and units are made up.
    pub illustrative: bool,
    /// Why it does not exist in every version.
    pub only: Option<&'static str>,
    /// The correct sending in each version that has it.
    pub correct: Vec<SendingSummary>,
    /// The wrong sendings.
    pub wrong: Vec<SendingSummary>,
}

/// A correct or a wrong sending.
#[derive(Debug, Clone, Serialize)]
pub struct SendingSummary {
    /// The folder below the situation's.
    pub folder: String,
    /// What went wrong. 日本語; empty of a correct one.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub title: &'static str,
    /// What went wrong. English.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub title_en: &'static str,
    /// CSVバージョン値.
    pub version: String,
    /// The files' names.
    pub files: Vec<String>,
    /// What differs from the correct files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
    /// Everything that the check finds.
    pub findings: Vec<FindingSummary>,
}

/// A finding: rule and place.
#[derive(Debug, Clone, Serialize)]
pub struct FindingSummary {
    /// The rule's identifier.
    pub rule: &'static str,
    /// The file's name; none where the sending as a whole is meant.
    pub file: Option<String>,
    /// The record, from 1.
    pub record: Option<u32>,
    /// The item's No.
    pub item: Option<u16>,
    /// Why the files are correct all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_because: Option<&'static str>,
}

impl Summary {
    /// The situation as JSON has it.
    pub fn of(situation: &Situation) -> Self {
        Self {
            id: situation.id,
            title: situation.title.ja,
            title_en: situation.title.en,
            happens: situation.happens,
            hard: situation.hard,
            standard: situation.says,
            illustrative: situation.is_illustrative,
            only: situation.only,
            correct: situation.editions().iter().map(of_edition).collect(),
            wrong: situation.wrong_editions().iter().map(of_wrong).collect(),
        }
    }
}

impl Edition {
    /// The folder that it is exported to, below the situation's.
    pub fn folder(&self) -> String {
        format!("correct-{}", self.version.label)
    }
}

impl WrongEdition {
    /// The folder that it is exported to, below the situation's.
    pub fn folder(&self) -> String {
        format!("wrong-{}", self.id)
    }
}

fn of_edition(edition: &Edition) -> SendingSummary {
    SendingSummary {
        folder: edition.folder(),
        title: "",
        title_en: "",
        version: edition.version.value.clone(),
        files: names(&edition.files),
        changes: vec![],
        findings: edition.accepted.iter().map(|(at, why)| finding(at, Some(why))).collect(),
    }
}

fn of_wrong(wrong: &WrongEdition) -> SendingSummary {
    SendingSummary {
        folder: wrong.folder(),
        title: wrong.title.ja,
        title_en: wrong.title.en,
        version: wrong.version.value.clone(),
        files: names(&wrong.files),
        changes: wrong.changes.clone(),
        findings: wrong.expected.iter().map(|at| finding(at, None)).collect(),
    }
}

fn names(files: &[AnswerFile]) -> Vec<String> {
    files.iter().map(|file| file.name.clone()).collect()
}

fn finding(at: &Expectation, accepted_because: Option<&'static str>) -> FindingSummary {
    let Expectation { rule, file, record, item } = at.clone();
    FindingSummary { rule, file, record, item, accepted_because }
}
