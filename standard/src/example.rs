//! The examples of the rule book: a small sending that is right, and a change that a rule accepts or
//! refuses.
//!
//! Examples are data, so that a test can hold every rule against its own, and the book can print them.

mod words;

use crate::{FileKind, Item, ItemKind, Standard, ms932, read_records};

/// What a rule lets pass, and what it does not: changes to a sending that is right.
#[derive(Debug, PartialEq, Eq)]
pub struct Example {
    /// The sending that both begin with.
    pub of: Base,
    /// Changes that the rule lets pass; none where the sending as it is shows it best.
    pub accepted: &'static [Edit],
    /// Changes that the rule reports.
    pub refused: &'static [Edit],
}

/// A sending of one 送信単位 without any fault; `…Plain` are those of version 3.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// 第1表–第3表 with 補足.
    Plan,
    /// 第1表, 第2表 and 補足 in 3.2.
    PlanPlain,
    /// 第6表, 第7表 and 補足.
    Slip,
    /// 第6表, 第7表 and 補足 in 3.2.
    SlipPlain,
    /// 実績.
    Results,
    /// 実績 in 3.2.
    ResultsPlain,
    /// 利用者基本情報 with its 別表 and a picture.
    PersonRecord,
    /// 介護予防サービス・支援計画書 with its 別表.
    PreventionPlan,
    /// 第1表_削除.
    PlanWithdrawal,
    /// 第6表_削除 (計画).
    SlipWithdrawal,
    /// 第6表_削除 (実績).
    ResultsWithdrawal,
    /// 利用者基本情報_削除.
    PersonRecordWithdrawal,
    /// 介護予防サービス・支援計画書_削除.
    PreventionPlanWithdrawal,
}

/// One change to a sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// Another value in an item, quoted where the item is free text. Records count from 1.
    Set(FileKind, u32, &'static str, &'static str),
    /// Other bytes in an item, as they are, quotes and all.
    SetBytes(FileKind, u32, &'static str, &'static [u8]),
    /// One more record, a copy of the one named, after it.
    Repeat(FileKind, u32),
    /// One record less.
    DropRecord(FileKind, u32),
    /// The file's bytes, all of them, replaced.
    Content(FileKind, &'static [u8]),
    /// A part of the file's text replaced, wherever it stands.
    Replace(FileKind, &'static str, &'static str),
    /// The file in another encoding.
    Recode(FileKind, Encoding),
    /// A part of the file's name replaced.
    Rename(FileKind, &'static str, &'static str),
    /// One file less.
    DropFile(FileKind),
    /// A copy of the file, with a part of its name replaced.
    CopyFile(FileKind, &'static str, &'static str),
    /// One more file.
    AddFile(&'static str, &'static [u8]),
}

/// An encoding that files come in by mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 with a byte order mark, as spreadsheets write it.
    Utf8WithMark,
    /// UTF-16, little end first, with its mark.
    Utf16,
    /// EUC-JP.
    EucJp,
    /// ISO-2022-JP.
    Iso2022Jp,
}

/// A file of an example: its name and its bytes.
pub type ExampleFile = (String, Vec<u8>);

/// The bytes that stand for a picture in the texts of the sendings.
const PICTURE: (&str, &[u8]) = ("<jpeg>", b"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\xFF\xD9");

impl Example {
    /// The sending that the rule accepts.
    pub fn accepted(&self) -> Vec<ExampleFile> {
        self.of.with(self.accepted)
    }

    /// The sending that the rule refuses.
    pub fn refused(&self) -> Vec<ExampleFile> {
        self.of.with(self.refused)
    }
}

impl Base {
    /// Every sending that examples begin with.
    pub const ALL: [Self; 13] = [
        Self::Plan,
        Self::PlanPlain,
        Self::Slip,
        Self::SlipPlain,
        Self::Results,
        Self::ResultsPlain,
        Self::PersonRecord,
        Self::PreventionPlan,
        Self::PlanWithdrawal,
        Self::SlipWithdrawal,
        Self::ResultsWithdrawal,
        Self::PersonRecordWithdrawal,
        Self::PreventionPlanWithdrawal,
    ];

    /// Its files, with the changes made one after the other.
    pub fn with(self, edits: &[Edit]) -> Vec<ExampleFile> {
        let mut files = self.files();
        for edit in edits {
            edit.apply(&mut files);
        }
        files
    }

    /// Its files as they are.
    pub fn files(self) -> Vec<ExampleFile> {
        let mut files: Vec<ExampleFile> = vec![];
        for line in self.text().lines() {
            if let Some(name) = line.strip_prefix("== ") {
                files.push((name.to_owned(), vec![]));
            } else if let Some((_, bytes)) = files.last_mut() {
                if line == PICTURE.0 {
                    bytes.extend_from_slice(PICTURE.1);
                } else {
                    bytes.extend(ms932::encode_lossy(line));
                    bytes.extend_from_slice(b"\r\n");
                }
            }
        }
        files
    }

    /// File names after `==`, and below each its records.
    const fn text(self) -> &'static str {
        match self {
            Self::Plan => include_str!("example/bases/plan.txt"),
            Self::PlanPlain => include_str!("example/bases/plan-plain.txt"),
            Self::Slip => include_str!("example/bases/slip.txt"),
            Self::SlipPlain => include_str!("example/bases/slip-plain.txt"),
            Self::Results => include_str!("example/bases/results.txt"),
            Self::ResultsPlain => include_str!("example/bases/results-plain.txt"),
            Self::PersonRecord => include_str!("example/bases/person-record.txt"),
            Self::PreventionPlan => include_str!("example/bases/prevention-plan.txt"),
            Self::PlanWithdrawal => include_str!("example/bases/plan-withdrawal.txt"),
            Self::SlipWithdrawal => include_str!("example/bases/slip-withdrawal.txt"),
            Self::ResultsWithdrawal => include_str!("example/bases/results-withdrawal.txt"),
            Self::PersonRecordWithdrawal => {
                include_str!("example/bases/person-record-withdrawal.txt")
            }
            Self::PreventionPlanWithdrawal => {
                include_str!("example/bases/prevention-plan-withdrawal.txt")
            }
        }
    }
}

impl Edit {
    fn apply(self, files: &mut Vec<ExampleFile>) {
        match self {
            Self::Set(kind, record, item, value) => {
                let (bytes, item) = item_of(files, kind, item);
                let value = ms932::encode_lossy(value);
                let is_text = item.kind == ItemKind::Text || item.kind == ItemKind::ImageName;
                let value = if is_text && !value.is_empty() { quoted(&value) } else { value };
                set(bytes, record, item.no, &value);
            }
            Self::SetBytes(kind, record, item, value) => {
                let (bytes, item) = item_of(files, kind, item);
                set(bytes, record, item.no, value);
            }
            Self::Repeat(kind, record) => {
                let bytes = bytes_of(files, kind);
                let (from, to) = lines(bytes)[record as usize - 1];
                let copy = bytes[from..to].to_vec();
                bytes.splice(to..to, copy);
            }
            Self::DropRecord(kind, record) => {
                let bytes = bytes_of(files, kind);
                let (from, to) = lines(bytes)[record as usize - 1];
                bytes.drain(from..to);
            }
            Self::Content(kind, content) => *bytes_of(files, kind) = content.to_vec(),
            Self::Replace(kind, from, to) => {
                let bytes = bytes_of(files, kind);
                *bytes = ms932::encode_lossy(&ms932::decode_lossy(bytes).replace(from, to));
            }
            Self::Recode(kind, encoding) => {
                let bytes = bytes_of(files, kind);
                *bytes = encoding.encode(&ms932::decode_lossy(bytes));
            }
            Self::Rename(kind, from, to) => {
                let file = file_of(files, kind);
                file.0 = file.0.replace(from, to);
            }
            Self::DropFile(kind) => files.retain(|(name, _)| !is_of(kind, name)),
            Self::CopyFile(kind, from, to) => {
                let (name, bytes) = file_of(files, kind).clone();
                files.push((name.replace(from, to), bytes));
            }
            Self::AddFile(name, bytes) => files.push((name.to_owned(), bytes.to_vec())),
        }
    }
}

impl Encoding {
    fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf8WithMark => ["\u{FEFF}", text].concat().into_bytes(),
            Self::Utf16 => {
                ["\u{FEFF}", text].concat().encode_utf16().flat_map(u16::to_le_bytes).collect()
            }
            Self::EucJp => encoding_rs::EUC_JP.encode(text).0.into_owned(),
            Self::Iso2022Jp => encoding_rs::ISO_2022_JP.encode(text).0.into_owned(),
        }
    }
}

/// By the prefix alone, since the rest of the name may be at fault.
fn is_of(kind: FileKind, name: &str) -> bool {
    let prefix = kind.prefix();
    let rest = name.strip_prefix(prefix);
    let is_longer =
        |other: &FileKind| prefix.len() < other.prefix().len() && name.starts_with(other.prefix());
    rest.is_some_and(|rest| rest.starts_with('_')) && !FileKind::ALL.iter().any(is_longer)
}

fn file_of(files: &mut [ExampleFile], kind: FileKind) -> &mut ExampleFile {
    files.iter_mut().find(|(name, _)| is_of(kind, name)).expect("an example names a file it has")
}

fn bytes_of(files: &mut [ExampleFile], kind: FileKind) -> &mut Vec<u8> {
    &mut file_of(files, kind).1
}

/// The file's bytes, and the item of this name in the layout of its version.
fn item_of<'f>(
    files: &'f mut [ExampleFile],
    kind: FileKind,
    name: &str,
) -> (&'f mut Vec<u8>, &'static Item) {
    let bytes = bytes_of(files, kind);
    let standard = Standard::bundled();
    let version = read_records(bytes).records().next().and_then(|record| record.field(1));
    let version = version.and_then(|field| standard.version(&field.text()));
    let version = version.or_else(|| standard.newest(true)).expect("there are versions");
    let item = version.layout(kind).and_then(|layout| layout.named(name));
    (bytes, item.expect("an example names an item of its layout"))
}

/// Where each record's line begins and ends; a line end within quotes ends none.
fn lines(bytes: &[u8]) -> Vec<(usize, usize)> {
    let (mut lines, mut from, mut is_inside) = (vec![], 0, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => is_inside = !is_inside,
            b'\n' if !is_inside => {
                lines.push((from, at + 1));
                from = at + 1;
            }
            _ => {}
        }
    }
    lines
}

fn set(bytes: &mut Vec<u8>, record: u32, no: u16, value: &[u8]) {
    let (from, to) = lines(bytes)[record as usize - 1];
    let (mut at, mut commas, mut is_inside) = (from, vec![from], false);
    while at < to {
        match bytes[at] {
            b'"' => is_inside = !is_inside,
            b',' if !is_inside => commas.push(at + 1),
            _ => {}
        }
        at += 1;
    }
    let begin = commas[usize::from(no) - 1];
    let end = commas.get(usize::from(no)).map_or(to - 2, |next| next - 1);
    bytes.splice(begin..end, value.iter().copied());
}

fn quoted(value: &[u8]) -> Vec<u8> {
    let mut out = vec![b'"'];
    for byte in value {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
    out
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{CheckedFile, FileChecker, Finding, SendingFile, Severity, check_sending};

    /// What the check finds in a sending with these changes: `rule@record.item`, with `?` in front of
    /// a warning and `~` in front of a note.
    pub(crate) fn found(of: Base, edits: &[Edit]) -> Vec<String> {
        let files = of.with(edits);
        let files: Vec<_> = files.iter().map(|(name, bytes)| SendingFile { name, bytes }).collect();
        let words = |finding: &Finding| {
            let mark = match finding.severity {
                Severity::Error => "",
                Severity::Warning => "?",
                Severity::Info => "~",
            };
            let record = finding.place.record.map(|record| format!("@{record}"));
            let item = finding.place.item.map(|item| format!(".{item}"));
            [mark, finding.rule.id, &record.unwrap_or_default(), &item.unwrap_or_default()].concat()
        };
        check_sending(Standard::bundled(), &files).findings.iter().map(words).collect()
    }

    /// A line of a base's file, as text.
    pub(crate) fn line_of(of: Base, kind: FileKind, record: usize) -> String {
        let mut files = of.with(&[]);
        let bytes = bytes_of(&mut files, kind);
        let (from, to) = lines(bytes)[record - 1];
        ms932::decode_lossy(&bytes[from..to])
    }

    /// What is learned of a base's file alone, if this is what stands in it.
    pub(crate) fn checked_alone(of: Base, kind: FileKind, text: &str) -> CheckedFile {
        let mut files = of.with(&[]);
        let mut checker = FileChecker::new(Standard::bundled(), &file_of(&mut files, kind).0);
        checker.feed(&ms932::encode_lossy(text));
        checker.finish()
    }

    #[test]
    fn nothing_is_wrong_with_any_sending_that_examples_begin_with() {
        for base in Base::ALL {
            let files = base.files();
            let files: Vec<_> =
                files.iter().map(|(name, bytes)| SendingFile { name, bytes }).collect();
            let check = check_sending(Standard::bundled(), &files);
            // What 介護予防 wants filled in is wanted, not required.
            let found: Vec<_> =
                check.findings.iter().map(|finding| (finding.rule.id, &finding.place)).collect();
            assert!(found.is_empty(), "{base:?}: {found:?}");
        }
    }

    #[test]
    fn an_edit_changes_what_it_names_and_nothing_else() {
        let slip = |edit| {
            let files = Base::Slip.with(&[edit]);
            let (_, bytes) = files.iter().find(|(name, _)| name.starts_with("UPPLAN")).expect("it");
            ms932::decode_lossy(bytes)
        };
        let before = Base::Slip.with(&[]);
        let (_, before) = before.iter().find(|(name, _)| name.starts_with("UPPLAN")).expect("it");
        let before = ms932::decode_lossy(before);
        let lines: Vec<_> = before.lines().collect();
        assert_eq!(
            slip(Edit::Set(FileKind::Slip, 2, "サービス利用日", "20250520")),
            before.replacen("20250513,,1000", "20250520,,1000", 1),
        );
        assert_eq!(
            slip(Edit::Set(FileKind::Slip, 1, "識別子", "9")).lines().next().map(str::to_owned),
            Some(format!("{}9", lines[0])),
        );
        assert_eq!(slip(Edit::DropRecord(FileKind::Slip, 1)).lines().count(), lines.len() - 1);
        assert_eq!(slip(Edit::Repeat(FileKind::Slip, 2)).lines().nth(2), Some(lines[1]));
    }
}
