//! The check of one file: its name, and its content as it comes.

use crate::{
    FileFacts, FileName, FileRole, Finding, NameFault, SendingFile, Standard, Version,
    attachments::AttachmentCheck,
    gist::Gist,
    keys::Keys,
    records_check::{Learned, RecordsCheck},
    report::{self, Entry, Report},
    roles,
    rules::{name as names, shape, version as versions},
};

/// The check of one file whose bytes come in chunks of any size.
///
/// It holds a record at a time and what it knows of each person, whatever the file's size. How the
/// bytes are cut changes nothing in what it finds.
pub struct FileChecker<'s> {
    name: String,
    content: Content<'s>,
}

/// What is looked at.
enum Content<'s> {
    Records(FileName, Box<RecordsCheck<'s>>),
    /// Its first bytes, and the version that names of its form are of.
    Picture(FileName, Vec<u8>, Option<&'s Version>),
    /// The name is none of the standard's, and this is what speaks against it.
    Other(NameFault, AttachmentCheck),
}

/// How many bytes of a picture are looked at.
const PICTURE_BYTES_MAX: usize = 16;

/// What was learned of one file: all that the check of its 送信単位 needs.
#[derive(Debug)]
pub struct CheckedFile {
    pub(crate) name: String,
    pub(crate) facts: FileFacts,
    pub(crate) findings: Vec<Finding>,
    pub(crate) keys: Keys,
    pub(crate) gist: Gist,
}

impl<'s> FileChecker<'s> {
    /// Begins with the name, without a folder.
    pub fn new(standard: &'s Standard, name: &str) -> Self {
        let content = match FileName::parse(name) {
            Ok(parsed) if parsed.kind.is_image() => {
                Content::Picture(parsed, vec![], standard.newest(parsed.has_kinds()))
            }
            Ok(parsed) => {
                let records = RecordsCheck::new(standard, &parsed, Report::new(name));
                Content::Records(parsed, Box::new(records))
            }
            Err(fault) => Content::Other(fault, AttachmentCheck::new(name)),
        };
        Self { name: name.to_owned(), content }
    }

    /// Has every record judged by the rules themselves, also those that are sure to be good: it takes
    /// longer, and finds the same. A measure and a test of the shortcut.
    pub fn by_rules_alone(mut self) -> Self {
        if let Content::Records(_, records) = &mut self.content {
            records.by_rules_alone();
        }
        self
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, chunk: &[u8]) {
        match &mut self.content {
            Content::Records(_, records) => records.feed(chunk),
            Content::Picture(_, start, _) => {
                let missing = PICTURE_BYTES_MAX - start.len();
                start.extend_from_slice(&chunk[..chunk.len().min(missing)]);
            }
            Content::Other(_, attachment) => attachment.feed(chunk),
        }
    }

    /// Says what was learned, once all bytes are there.
    pub fn finish(self) -> CheckedFile {
        let mut report = Report::new(&self.name);
        let role = self.content.role();
        if let FileRole::Member(name) = &role {
            check_name(name, &mut report);
        }
        let mut learned = Learned::default();
        match self.content {
            Content::Records(_, records) => learned = records.finish(&mut report),
            Content::Picture(name, start, version) => {
                if let Some(breach) = version.and_then(|version| versions::lacks(version, &name)) {
                    report.breach(breach);
                }
                if !shape::image_not_jpeg::is_jpeg(&start) {
                    report.add(Entry::new(&shape::IMAGE_NOT_JPEG, ""));
                }
            }
            Content::Other(fault, attachment) => match names::misread(&attachment, fault) {
                Some(breach) => report.breach(breach),
                None => attachment.report(&mut report),
            },
        }
        let Learned { version, records, keys, gist, findings } = learned;
        let facts = FileFacts { role, version, records };
        let mut findings: Vec<_> = report.finish().into_iter().chain(findings).collect();
        report::sort(&mut findings);
        CheckedFile { name: self.name, facts, findings, keys, gist }
    }
}

impl Content<'_> {
    fn role(&self) -> FileRole {
        match self {
            Self::Records(name, _) | Self::Picture(name, ..) => FileRole::Member(*name),
            Self::Other(fault, attachment) if names::misread(attachment, *fault).is_some() => {
                FileRole::Misnamed
            }
            Self::Other(..) => FileRole::Attachment,
        }
    }
}

impl CheckedFile {
    /// Its name, as it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is.
    pub fn facts(&self) -> &FileFacts {
        &self.facts
    }

    /// What is wrong with it alone.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// Checks one file that is there as a whole.
pub(crate) fn check(standard: &Standard, file: &SendingFile<'_>) -> CheckedFile {
    let mut checker = FileChecker::new(standard, file.name);
    checker.feed(file.bytes);
    checker.finish()
}

/// What is wrong with a name of the standard.
fn check_name(name: &FileName, report: &mut Report) {
    names::check(name).into_iter().for_each(|breach| report.breach(breach));
    for breach in roles::check(name) {
        report.add(Entry { wanted: breach.wanted, ..Entry::new(breach.rule, &breach.found) });
    }
}
