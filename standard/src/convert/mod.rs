//! A whole sending in another version: 4.1 → 3.2, 3.2 → 4.1, and any two versions that are data.
//!
//! It promises that nothing is lost in silence and nothing is invented. Every value, name part or
//! file that the other version has no place for is a [`Note`], and so is every assumption. What
//! cannot be read, named or written refuses the whole sending: nothing comes out half converted.
//! A value that is carried over is carried over byte for byte.

mod names;
mod note;
mod rows;
mod table3;

use crate::{
    Check, FileName, FileRole, Finding, Place, SendingFile, ServiceKind, Severity, Standard,
    Verdict, Version, check_sending, ms932, read_records,
};

pub use note::{Note, NoteClass, NoteKind};

/// What a sending is to become.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The version to write.
    pub to: &'a Version,
    /// 送信元サービス種類コード for names that lack it; outranks what the rows say.
    pub from_kind: Option<ServiceKind>,
    /// 送信先サービス種類コード for names that lack it; outranks what the rows say.
    pub to_kind: Option<ServiceKind>,
    /// Whether to add a 第3表 without services, where the version wants one and the sending has
    /// none. Never done unasked.
    pub adds_table3: bool,
}

/// A file in the other version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConvertedFile {
    /// Its place in the sending that was given; none for a file that was added.
    pub source: Option<usize>,
    /// Its name.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A sending in the other version, and all that there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    /// The files, in the order of the sending that was given; added ones come last.
    pub files: Vec<ConvertedFile>,
    /// What was lost, assumed, written otherwise, and what is needed still.
    pub notes: Vec<Note>,
    /// The check of the files as they are now.
    pub check: Check,
}

/// Why nothing was converted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Every reason, by file and record.
    pub notes: Vec<Note>,
    /// The errors of files that cannot be read.
    pub findings: Vec<Finding>,
}

impl Conversion {
    /// Whether the files may go out as they are: the standard's check passes, and nothing is needed
    /// that the other version did not carry.
    pub fn is_complete(&self) -> bool {
        let is_needed = |note: &Note| note.kind.class() == NoteClass::Needed;
        self.check.verdict() == Verdict::Pass && !self.notes.iter().any(is_needed)
    }

    /// How many notes are of a class.
    pub fn count(&self, class: NoteClass) -> usize {
        self.notes.iter().filter(|note| note.kind.class() == class).count()
    }
}

/// Converts the files of one sending.
///
/// Files of the version that is asked for, and attachments, come out as they went in.
///
/// # Errors
/// Every reason why the sending cannot be converted; nothing of it is converted then.
pub fn convert(
    standard: &Standard,
    files: &[SendingFile<'_>],
    order: &Order<'_>,
) -> Result<Conversion, Refused> {
    let check = check_sending(standard, files);
    let members = readable_members(standard, files, &check)?;
    let mut notes = vec![];
    let members: Vec<Member<'_>> = members
        .into_iter()
        .filter(|member| {
            let kind = member.name.kind;
            let is_carried =
                order.to.has(kind) && (kind.is_image() || order.to.layout(kind).is_some());
            if !is_carried {
                notes.push(Note::file(NoteKind::FileLost, member.file.name, kind.title()));
            }
            is_carried
        })
        .collect();
    let mut named = names::rename(&members, order);
    notes.append(&mut named.notes);
    let mut converted: Vec<ConvertedFile> = attachments(files, &check);
    for (member, name) in members.iter().zip(&named.names) {
        let bytes = rows::convert(member, order.to, &named.pictures, &mut notes);
        converted.push(ConvertedFile { source: Some(member.at), name: name.clone(), bytes });
    }
    converted.sort_by_key(|file| file.source);
    converted.extend(table3::missing(&members, &named.names, order, &mut notes));
    if members.is_empty() {
        notes.push(Note::sending(NoteKind::NothingLeft, &order.to.label));
    }
    notes.extend(names::taken_twice(&converted));
    if notes.iter().any(|note| note.kind.class() == NoteClass::Refused) {
        notes.retain(|note| note.kind.class() == NoteClass::Refused);
        return Err(Refused { notes, findings: vec![] });
    }
    let result: Vec<SendingFile<'_>> =
        converted.iter().map(|file| SendingFile { name: &file.name, bytes: &file.bytes }).collect();
    let check = check_sending(standard, &result);
    Ok(Conversion { files: converted, notes, check })
}

/// A file of the standard that can be read.
struct Member<'a> {
    /// Its place in the sending.
    at: usize,
    file: SendingFile<'a>,
    name: FileName,
    /// The version that it is in; pictures are in that of the records beside them.
    version: &'a Version,
}

/// The files of the standard, or every reason why they cannot be read.
fn readable_members<'a>(
    standard: &'a Standard,
    files: &[SendingFile<'a>],
    check: &Check,
) -> Result<Vec<Member<'a>>, Refused> {
    let mut members = vec![];
    let mut refused = Refused { notes: vec![], findings: vec![] };
    for (at, (file, facts)) in files.iter().zip(&check.files).enumerate() {
        let name = match &facts.role {
            FileRole::Attachment => continue,
            FileRole::Misnamed => None,
            FileRole::Member(name) => Some(*name),
        };
        let version = facts.version.as_deref().and_then(|value| standard.version(value));
        let version = version.or_else(|| version_beside(standard, check, name.as_ref()?));
        match (name, version) {
            (Some(name), Some(version)) if is_readable(file, &name, version, check) => {
                members.push(Member { at, file: *file, name, version });
            }
            _ => {
                refused.notes.push(Note::file(NoteKind::Unreadable, file.name, ""));
                let errors = check.findings.iter().filter(|found| is_error_of(found, file.name));
                refused.findings.extend(errors.cloned());
            }
        }
    }
    if refused.notes.is_empty() { Ok(members) } else { Err(refused) }
}

/// The version of a picture's unit.
fn version_beside<'a>(
    standard: &'a Standard,
    check: &Check,
    picture: &FileName,
) -> Option<&'a Version> {
    let unit = check.units.iter().find(|unit| unit.sequence == picture.sequence)?;
    picture.kind.is_image().then_some(())?;
    standard.version(unit.version.as_deref()?)
}

fn is_error_of(finding: &Finding, file: &str) -> bool {
    finding.severity == Severity::Error && finding.place.file.as_deref() == Some(file)
}

/// Whether each record can be taken apart and has the items of its layout. What stands in the items
/// is another matter: a value that the standard forbids is carried over as it is.
fn is_readable(file: &SendingFile<'_>, name: &FileName, version: &Version, check: &Check) -> bool {
    /// Rules whose breach leaves it open where a value begins and ends, or what it says.
    const OF_THE_SHAPE: [&str; 3] = ["encoding.", "csv.", "version."];
    if name.kind.is_image() {
        return true;
    }
    let is_of_the_shape =
        |found: &Finding| OF_THE_SHAPE.iter().any(|prefix| found.rule.id.starts_with(prefix));
    let breaks = |found: &&Finding| is_error_of(found, file.name) && is_of_the_shape(found);
    let Some(layout) = version.layout(name.kind) else { return false };
    check.findings.iter().find(breaks).is_none()
        && ms932::fault(file.bytes).is_none()
        && read_records(file.bytes).records().all(|record| record.len() == layout.items.len())
}

/// What travels along.
fn attachments(files: &[SendingFile<'_>], check: &Check) -> Vec<ConvertedFile> {
    let is_attachment = |(at, _): &(usize, &SendingFile<'_>)| {
        check.files.get(*at).is_some_and(|facts| facts.role == FileRole::Attachment)
    };
    files
        .iter()
        .enumerate()
        .filter(is_attachment)
        .map(|(at, file)| ConvertedFile {
            source: Some(at),
            name: file.name.to_owned(),
            bytes: file.bytes.to_owned(),
        })
        .collect()
}

/// A place in a file.
fn place(file: &str, record: Option<u32>, item: Option<u16>) -> Place {
    Place { file: Some(file.to_owned()), record, item }
}
