//! Files beside those of the standard (PDF等): which types are carried, and whether the content is
//! of the type that the name says.

use crate::{
    SendingFile,
    report::{Entry, Report},
    rules::attachment::{CONTENT, NOT_OF_THE_STANDARD, TYPE},
};

/// Why an attachment is not carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachmentFault {
    /// Its extension is none of those carried.
    Type,
    /// Its content is not what the extension says.
    Content,
    /// Whatever its name says, it is a document of Word, Excel or PowerPoint, or an archive.
    Document,
}

/// What a type's content must look like.
enum Looks {
    /// It begins with one of these.
    Begins(&'static [&'static [u8]]),
    /// `%PDF-` stands near the beginning, where readers look for it.
    Pdf,
    /// Text has no NUL byte, but in UTF-16, which begins with a mark.
    Text,
}

/// What office documents and archives begin with: ZIP, and the compound files of before 2007.
const DOCUMENTS: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"];

/// What programs begin with, a PDF's first words after it or not.
const PROGRAMS: [&[u8]; 7] = [
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
];

/// How far into a PDF its first words may stand; all others are told by fewer bytes.
const HEAD_BYTES_MAX: usize = 1024;

/// PDF, CSV, JPEG, JPG, PNG, GIF, TXT, as the real system's guide lists them.
const CARRIED: &[(&str, Looks)] = &[
    ("pdf", Looks::Pdf),
    ("csv", Looks::Text),
    ("jpeg", Looks::Begins(&[b"\xff\xd8\xff"])),
    ("jpg", Looks::Begins(&[b"\xff\xd8\xff"])),
    ("png", Looks::Begins(&[b"\x89PNG\r\n\x1a\n"])),
    ("gif", Looks::Begins(&[b"GIF87a", b"GIF89a"])),
    ("txt", Looks::Text),
];

/// Whether a file may travel as an attachment, by its name and its content.
///
/// # Errors
/// What speaks against it.
pub fn check_attachment(file: &SendingFile<'_>) -> Result<(), AttachmentFault> {
    let mut check = AttachmentCheck::new(file.name);
    check.feed(file.bytes);
    check.fault().map_or(Ok(()), Err)
}

/// The check of an attachment whose bytes come in chunks of any size.
pub(crate) struct AttachmentCheck {
    name: String,
    /// As many bytes as decide.
    start: Vec<u8>,
    has_nul: bool,
}

impl AttachmentCheck {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), start: vec![], has_nul: false }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn feed(&mut self, chunk: &[u8]) {
        let missing = HEAD_BYTES_MAX - self.start.len();
        self.start.extend_from_slice(&chunk[..chunk.len().min(missing)]);
        self.has_nul = self.has_nul || chunk.contains(&0);
    }

    pub(crate) fn report(&self, report: &mut Report) {
        match self.fault() {
            Some(AttachmentFault::Type) => report.add(Entry::new(&TYPE, &self.name)),
            Some(AttachmentFault::Content | AttachmentFault::Document) => {
                report.add(Entry::new(&CONTENT, &self.name))
            }
            None if extension(&self.name).as_deref() == Some("csv") => {
                report.add(Entry::new(&NOT_OF_THE_STANDARD, &self.name));
            }
            None => {}
        }
    }

    /// What speaks against it, once all bytes are there.
    pub(crate) fn fault(&self) -> Option<AttachmentFault> {
        let extension = extension(&self.name);
        let carried = CARRIED.iter().find(|(known, _)| extension.as_deref() == Some(*known));
        let Some((_, looks)) = carried else { return Some(AttachmentFault::Type) };
        let begins = |start: &[u8]| self.start.starts_with(start);
        if DOCUMENTS.iter().any(|start| begins(start)) {
            return Some(AttachmentFault::Document);
        }
        let holds = match looks {
            Looks::Begins(starts) => starts.iter().any(|start| begins(start)),
            Looks::Pdf if PROGRAMS.iter().any(|start| begins(start)) => false,
            Looks::Pdf => self.start.windows(5).any(|five| five == b"%PDF-"),
            Looks::Text => begins(b"\xFF\xFE") || begins(b"\xFE\xFF") || !self.has_nul,
        };
        (!holds).then_some(AttachmentFault::Content)
    }
}

fn extension(name: &str) -> Option<String> {
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZIP: &[u8] = b"PK\x03\x04\x14\0";

    fn check(name: &str, bytes: &[u8]) -> Result<(), AttachmentFault> {
        check_attachment(&SendingFile { name, bytes })
    }

    #[test]
    fn each_carried_type_passes_with_its_own_content() {
        for (name, bytes) in [
            ("a.pdf", &b"%PDF-1.7\n"[..]),
            ("a.PDF", b"%PDF-1.4"),
            ("a.jpg", b"\xff\xd8\xff\xe0"),
            ("a.JPEG", b"\xff\xd8\xff\xe1"),
            ("a.png", b"\x89PNG\r\n\x1a\n\0\0"),
            ("a.gif", b"GIF89a\x01\0"),
            ("a.txt", b"\x82\xa0"),
            ("a.csv", b"1,2\r\n"),
            ("a.pdf", b"\xEF\xBB\xBF\r\n%PDF-1.5"),
            ("a.txt", b"\xFF\xFE\x42\x30"),
            ("a.txt", b""),
        ] {
            assert_eq!(check(name, bytes), Ok(()), "{name}");
        }
    }

    #[test]
    fn office_documents_and_programs_are_not_carried() {
        for name in
            ["a.docx", "a.xlsx", "a.pptx", "a.doc", "a.exe", "a.zip", "a.pdf.exe", "pdf", "a"]
        {
            assert_eq!(check(name, ZIP), Err(AttachmentFault::Type), "{name}");
        }
    }

    #[test]
    fn a_document_under_another_name_is_still_one() {
        for name in ["a.pdf", "a.txt", "a.csv", "a.jpg"] {
            assert_eq!(check(name, ZIP), Err(AttachmentFault::Document), "{name}");
        }
        let word = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0%PDF-1.7";
        assert_eq!(check("a.pdf", word), Err(AttachmentFault::Document));
    }

    #[test]
    fn a_content_of_another_type_is_found_out() {
        let cases: [(&str, &[u8]); 7] = [
            ("a.pdf", b"MZ\x90\0"),
            ("a.pdf", b"MZ\x90\0%PDF-1.7"),
            ("a.pdf", b"#!/bin/sh\n%PDF-1.7"),
            ("a.pdf", b""),
            ("a.png", b"\xff\xd8\xff"),
            ("a.txt", b"MZ\x90\0"),
            ("a.csv", b"1\0,\0"),
        ];
        for (name, bytes) in cases {
            assert_eq!(check(name, bytes), Err(AttachmentFault::Content), "{name}");
        }
    }
}
