//! A situation of care practice: what happens, the correct files of each version, and wrong ones.

use careplan_standard::{FileKind, Standard, Text, Version};

use crate::{
    edit::Edit,
    expected::{Expectation, Expected},
    file::AnswerFile,
    unit::Unit,
};

/// ファイル連番 of the first 送信単位 of a sending; the next ones follow by the second.
const FIRST_SEQUENCE: u64 = 20_250_428_171_502;
/// CSVバージョン値 that wrong files are made from, unless one says otherwise.
const NEWEST: &str = "202407";

/// A situation of care practice.
#[derive(Debug, Clone)]
pub struct Situation {
    /// Stable identifier, of words: `equipment.two-handrails-one-price`. The first is its chapter.
    pub id: &'static str,
    /// What it is called.
    pub title: Text,
    /// What happens in the office. 日本語.
    pub happens: &'static str,
    /// Why it is hard. 日本語.
    pub hard: &'static str,
    /// What the standard says, and where. 日本語.
    pub says: &'static str,
    /// Whether service codes and units are made up; else they are those of the 2024 revision.
    pub is_illustrative: bool,
    /// Why it does not exist in every version, where it does not. 日本語.
    pub only: Option<&'static str>,
    /// The items that tell the situation apart, by kind of file.
    pub looks: Vec<(FileKind, Vec<&'static str>)>,
    units: Vec<Unit>,
    attachments: Vec<AnswerFile>,
    versions: Option<&'static str>,
    accepted: Vec<Accepted>,
    wrongs: Vec<Wrong>,
}

/// The correct files in one version.
#[derive(Debug, Clone)]
pub struct Edition {
    /// The version.
    pub version: &'static Version,
    /// The files of the one sending.
    pub files: Vec<AnswerFile>,
    /// Warnings and hints that the check gives all the same, each with why that is right. 日本語.
    pub accepted: Vec<(Expectation, &'static str)>,
}

/// Wrong files, as a vendor's software might write them.
#[derive(Debug, Clone)]
pub struct WrongEdition {
    /// Identifier within the situation, of words.
    pub id: &'static str,
    /// What went wrong.
    pub title: Text,
    /// The version.
    pub version: &'static Version,
    /// The files of the one sending.
    pub files: Vec<AnswerFile>,
    /// What differs from the correct files.
    pub changes: Vec<String>,
    /// What the check has to find, all of it.
    pub expected: Vec<Expectation>,
}

/// A finding that correct files have all the same.
#[derive(Debug, Clone)]
struct Accepted {
    finding: Expected,
    why: &'static str,
    /// In this version alone.
    version: Option<&'static str>,
}

/// How a correct sending is spoilt.
#[derive(Debug, Clone)]
pub(crate) struct Wrong {
    id: &'static str,
    title: Text,
    version: &'static str,
    /// Another sending to begin with.
    units: Option<Vec<Unit>>,
    edits: Vec<Edit>,
    expected: Vec<Expected>,
}

/// A situation with its identifier and its titles.
pub(crate) fn situation(id: &'static str, ja: &'static str, en: &'static str) -> Situation {
    Situation {
        id,
        title: Text { ja, en },
        happens: "",
        hard: "",
        says: "",
        is_illustrative: false,
        only: None,
        looks: vec![],
        units: vec![],
        attachments: vec![],
        versions: None,
        accepted: vec![],
        wrongs: vec![],
    }
}

/// A wrong sending with its identifier and its titles.
pub(crate) fn wrong(id: &'static str, ja: &'static str, en: &'static str) -> Wrong {
    let (edits, expected) = (vec![], vec![]);
    Wrong { id, title: Text { ja, en }, version: NEWEST, units: None, edits, expected }
}

impl Situation {
    /// Its chapter: the first word of its identifier.
    pub fn chapter(&self) -> &'static str {
        self.id.split('.').next().unwrap_or_default()
    }

    /// The correct files, newest version first, in each version that has the situation.
    pub fn editions(&self) -> Vec<Edition> {
        let versions = Standard::bundled().versions().iter().rev();
        versions.filter(|version| self.exists_in(version)).map(|v| self.edition(v)).collect()
    }

    /// The wrong files.
    pub fn wrong_editions(&self) -> Vec<WrongEdition> {
        self.wrongs.iter().map(|wrong| self.spoilt(wrong)).collect()
    }

    fn exists_in(&self, version: &Version) -> bool {
        let is_chosen = self.versions.is_none_or(|chosen| chosen == version.value);
        is_chosen && self.units.iter().all(|unit| unit.exists_in(version))
    }

    fn edition(&self, version: &'static Version) -> Edition {
        let mut files = files_of(&self.units, version);
        files.extend(self.attachments.iter().cloned());
        let accept = |accepted: &Accepted| {
            let is_of = accepted.version.is_none_or(|value| value == version.value);
            let finding = accepted.finding.resolve(&files, version).filter(|_| is_of)?;
            Some((finding, accepted.why))
        };
        let accepted = self.accepted.iter().filter_map(accept).collect();
        Edition { version, accepted, files }
    }

    fn spoilt(&self, wrong: &Wrong) -> WrongEdition {
        let standard = Standard::bundled();
        let version = standard.version(wrong.version).expect("the book's versions are bundled");
        let mut files = files_of(wrong.units.as_ref().unwrap_or(&self.units), version);
        files.extend(self.attachments.iter().cloned());
        let changes = wrong.edits.iter().map(|edit| edit.apply(&mut files, version)).collect();
        let resolve = |expected: &Expected| {
            expected.resolve(&files, version).expect("an expected finding lies in a wrong file")
        };
        let expected = wrong.expected.iter().map(resolve).collect();
        let Wrong { id, title, .. } = *wrong;
        WrongEdition { id, title, version, files, changes, expected }
    }
}

fn files_of(units: &[Unit], version: &Version) -> Vec<AnswerFile> {
    let numbered = units.iter().zip(FIRST_SEQUENCE..);
    numbered.flat_map(|(unit, sequence)| unit.files(version, &sequence.to_string())).collect()
}

/// How an entry of the book is written.
impl Situation {
    /// What happens in the office, why it is hard, and what the standard says and where.
    pub(crate) fn story(
        self,
        happens: &'static str,
        hard: &'static str,
        says: &'static str,
    ) -> Self {
        Self { happens, hard, says, ..self }
    }

    /// Codes and units are made up.
    pub(crate) fn illustrative(self) -> Self {
        Self { is_illustrative: true, ..self }
    }

    /// Why older versions lack it.
    pub(crate) fn only_newest(self, why: &'static str) -> Self {
        Self { only: Some(why), versions: Some(NEWEST), ..self }
    }

    /// Why the newest version lacks it.
    pub(crate) fn only_in(self, version: &'static str, why: &'static str) -> Self {
        Self { only: Some(why), versions: Some(version), ..self }
    }

    /// The items to look at.
    pub(crate) fn look(mut self, kind: FileKind, items: &[&'static str]) -> Self {
        self.looks.push((kind, items.to_vec()));
        self
    }

    /// The correct sending.
    pub(crate) fn correct(self, units: impl Into<Vec<Unit>>) -> Self {
        Self { units: units.into(), ..self }
    }

    /// A file beside those of the standard.
    pub(crate) fn attach(mut self, name: &str, bytes: &[u8]) -> Self {
        self.attachments.push(AnswerFile::of_bytes(name.to_owned(), bytes.to_owned()));
        self
    }

    /// A warning or a hint that the check gives for the correct files too.
    pub(crate) fn accept(mut self, finding: Expected, why: &'static str) -> Self {
        self.accepted.push(Accepted { finding, why, version: None });
        self
    }

    /// The same, in one version alone.
    pub(crate) fn accept_in(
        mut self,
        version: &'static str,
        finding: Expected,
        why: &'static str,
    ) -> Self {
        self.accepted.push(Accepted { finding, why, version: Some(version) });
        self
    }

    /// A wrong sending.
    pub(crate) fn wrong(mut self, wrong: Wrong) -> Self {
        self.wrongs.push(wrong);
        self
    }
}

impl Wrong {
    /// In another version than the newest.
    pub(crate) fn in_version(self, version: &'static str) -> Self {
        Self { version, ..self }
    }

    /// From another sending than the correct one.
    pub(crate) fn instead(self, units: impl Into<Vec<Unit>>) -> Self {
        Self { units: Some(units.into()), ..self }
    }

    /// With a change.
    pub(crate) fn edit(mut self, edit: Edit) -> Self {
        self.edits.push(edit);
        self
    }

    /// What the check has to find, all of it.
    pub(crate) fn finds(self, expected: impl Into<Vec<Expected>>) -> Self {
        Self { expected: expected.into(), ..self }
    }
}
