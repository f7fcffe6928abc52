//! The check of a whole sending: every file, every 送信単位, and how they go together.

use crate::{
    CheckedFile, FileName, Finding, Severity, Standard, Unit, file_check,
    report::Listed,
    rules::{name, sending},
    units,
};

/// A file as it lies before the checker.
#[derive(Debug, Clone, Copy)]
pub struct SendingFile<'a> {
    /// Its name, without a folder.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

/// Whether a sending may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// No error.
    Pass,
    /// An error: the standard forbids it.
    Fail,
}

/// What a file is in its sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileRole {
    /// A file of the standard.
    Member(FileName),
    /// A CSV, or a picture of the standard, whose name cannot be read.
    Misnamed,
    /// Anything else: travels along, the standard says nothing of its content.
    Attachment,
}

/// What was learned of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// What it is in the sending.
    pub role: FileRole,
    /// CSVバージョン値, where all records agree on one that is known.
    pub version: Option<String>,
    /// How many records it holds.
    pub records: u32,
}

/// All that was learned of a sending, with all that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What is wrong, by file, record and item; then what is wrong between files, and with the
    /// units. Of one rule, file and item so many places are listed, and fewer once there are very
    /// many; the first says [how many more](Finding::more) there are.
    pub findings: Vec<Finding>,
    /// One entry a file, in the order given.
    pub files: Vec<FileFacts>,
    /// The 送信単位, in ascending order of ファイル連番.
    pub units: Vec<Unit>,
}

impl Check {
    /// `Fail` if anything at all is an error.
    pub fn verdict(&self) -> Verdict {
        verdict_of(&self.findings)
    }
}

/// `Fail` if any of these is an error.
pub(crate) fn verdict_of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Verdict {
    let is_error = |finding: &Finding| finding.severity == Severity::Error;
    if findings.into_iter().any(is_error) { Verdict::Fail } else { Verdict::Pass }
}

/// Checks the files of one sending against the standard.
pub fn check_sending(standard: &Standard, files: &[SendingFile<'_>]) -> Check {
    let mut listed = Listed::default();
    let checked = files.iter().map(|file| {
        let mut checked = file_check::check(standard, file);
        listed.take(&mut checked.findings);
        checked
    });
    check_together(standard, checked.collect())
}

/// Checks how the files of one sending go together, each of which was
/// [checked alone](crate::FileChecker). In the order given.
pub fn check_together(standard: &Standard, mut files: Vec<CheckedFile>) -> Check {
    let mut listed = Listed::default();
    files.iter_mut().for_each(|file| listed.take(&mut file.findings));
    let mut units = units::group(&files);
    let mut of_units = vec![];
    for unit in &mut units {
        let mut found = units::check(standard, unit, &files);
        let is_sound = |at: &usize| verdict_of(&files[*at].findings) == Verdict::Pass;
        if verdict_of(&found) == Verdict::Fail || !unit.files.iter().all(is_sound) {
            unit.verdict = Verdict::Fail;
        }
        listed.take(&mut found);
        of_units.extend(found);
    }
    of_units.extend(sending::check(&units, &files));
    let of_names: Vec<Finding> = name::check_cases(files.iter().map(CheckedFile::name)).collect();
    let mut findings: Vec<Finding> =
        files.iter_mut().flat_map(|file| std::mem::take(&mut file.findings)).collect();
    findings.extend(of_names);
    findings.extend(of_units);
    Check { findings, files: files.into_iter().map(|file| file.facts).collect(), units }
}
