//! Mends for files that were written wrongly in a way that has one right answer.
//!
//! Only what loses nothing and is certain is mended: the encoding, the byte order mark, quotes around
//! free text, line ends, blank lines, the letter case of the H of a 被保険者番号, and the extension. A
//! value is never guessed; whatever is left is for the check to say.

use std::{borrow::Cow, collections::HashMap};

use crate::{
    Field, FileKind, FileName, Item, ItemKind, Layout, NameFault, Record, SendingFile, ShapeKind,
    Standard, Text,
    encodings::{MARK, mistaken_text},
    ms932::{self, Unencodable},
    read_records,
};

/// What was mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MendKind {
    /// Another encoding was turned into MS932.
    Encoding,
    /// A byte order mark was taken away.
    ByteOrderMark,
    /// Free text was put into quotes.
    Quotes,
    /// Records end in CR LF.
    LineEnds,
    /// Lines with nothing on them were taken away.
    BlankLines,
    /// The H of a 被保険者番号 is a capital.
    LetterCase,
    /// The name ends as the standard has it.
    Extension,
}

/// One kind of mend, with how many places it was made at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mend {
    /// What was mended.
    pub kind: MendKind,
    /// At how many places; 1 for what concerns the file as a whole.
    pub places: u32,
}

/// A file as it should be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedFile {
    /// Its name: the one given, but for the extension.
    pub name: String,
    /// Its bytes: those given, where nothing was mended.
    pub bytes: Vec<u8>,
    /// What was mended, each kind once.
    pub mends: Vec<Mend>,
    /// The character that kept the file from being written in MS932, if one did.
    pub unencodable: Option<Unencodable>,
}

impl MendKind {
    /// What was done, as a sentence.
    pub const fn text(self) -> Text {
        let (ja, en) = match self {
            Self::Encoding => ("文字コードをMS932に直しました。", "Written again in MS932."),
            Self::ByteOrderMark => ("先頭のBOMを取りました。", "Took the byte order mark away."),
            Self::Quotes => ("文字列を引用符（\"）で囲みました。", "Put free text into quotes."),
            Self::LineEnds => {
                ("レコードの終わりをCRLFにそろえました。", "Ended each record with CR LF.")
            }
            Self::BlankLines => ("何もない行を取りました。", "Took blank lines away."),
            Self::LetterCase => (
                "被保険者番号の h を大文字の H にしました。",
                "Wrote the h of a 被保険者番号 as a capital.",
            ),
            Self::Extension => ("拡張子を標準仕様のものにしました。", "Mended the extension."),
        };
        Text { ja, en }
    }

    /// The word that stands for it in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Encoding => "encoding",
            Self::ByteOrderMark => "byte-order-mark",
            Self::Quotes => "quotes",
            Self::LineEnds => "line-ends",
            Self::BlankLines => "blank-lines",
            Self::LetterCase => "letter-case",
            Self::Extension => "extension",
        }
    }
}

/// Mends the files of a sending; those that need nothing come back as they are.
///
/// A name is left alone where two files would then have one, whatever their letter case.
pub fn fix_sending(standard: &Standard, files: &[SendingFile<'_>]) -> Vec<FixedFile> {
    let renames = renames(files);
    files.iter().map(|file| fix(standard, file, &renames)).collect()
}

/// The names that are mended, by what they were.
type Renames<'a> = HashMap<&'a str, String>;

fn renames<'a>(files: &[SendingFile<'a>]) -> Renames<'a> {
    let mended = |file: &SendingFile<'a>| Some((file.name, right_name(file.name)?));
    let mended: Vec<_> = files.iter().filter_map(mended).collect();
    let mut counts: HashMap<String, u32> = HashMap::new();
    let afterwards = mended.iter().map(|(_, name)| name.as_str());
    for name in files.iter().map(|file| file.name).chain(afterwards) {
        *counts.entry(name.to_ascii_lowercase()).or_default() += 1;
    }
    let is_alone = |name: &str| counts.get(&name.to_ascii_lowercase()) == Some(&1);
    mended.into_iter().filter(|(_, name)| is_alone(name)).collect()
}

fn fix(standard: &Standard, file: &SendingFile<'_>, renames: &Renames<'_>) -> FixedFile {
    let mut mends = Mends::default();
    let mut name = file.name.to_owned();
    if let Some(mended) = renames.get(file.name) {
        mends.add(MendKind::Extension);
        name.clone_from(mended);
    }
    let mut fixed =
        FixedFile { name, bytes: file.bytes.to_vec(), mends: vec![], unencodable: None };
    if let Ok(parsed) = FileName::parse(&fixed.name)
        && !parsed.kind.is_image()
    {
        let records = Records { standard, name: &parsed, renames };
        let mut inside = Mends::default();
        match encoded(file.bytes, &mut inside) {
            Ok(Some(bytes)) => {
                let bytes = records.written(&bytes, &mut inside).unwrap_or(bytes);
                // Where another mistake shows once the first is mended, neither was certain.
                if !bytes.starts_with(MARK) && mistaken_text(&bytes).is_none() {
                    fixed.bytes = bytes;
                    mends.0.append(&mut inside.0);
                }
            }
            Ok(None) => {}
            Err(unencodable) => fixed.unencodable = Some(unencodable),
        }
    }
    fixed.mends = mends.0;
    fixed
}

#[derive(Default)]
struct Mends(Vec<Mend>);

impl Mends {
    fn add(&mut self, kind: MendKind) {
        match self.0.iter_mut().find(|mend| mend.kind == kind) {
            Some(mend) => mend.places = mend.places.saturating_add(1),
            None => self.0.push(Mend { kind, places: 1 }),
        }
    }
}

/// The name with the extension that the standard gives it, where nothing else is wrong with it.
fn right_name(name: &str) -> Option<String> {
    if FileName::parse(name) != Err(NameFault::Extension) {
        return None;
    }
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let is_image = name.starts_with(FileKind::PersonRecordImage.prefix());
    // A type that is another is no slip of the pen: the content is then not what the name says.
    let (is_slip, right) = match is_image {
        true => (["jpeg", ""].iter().any(|end| extension.eq_ignore_ascii_case(end)), ".jpg"),
        false => (["txt", ""].iter().any(|end| extension.eq_ignore_ascii_case(end)), ".CSV"),
    };
    let mended = format!("{stem}{right}");
    (is_slip && FileName::parse(&mended).is_ok()).then_some(mended)
}

/// The bytes in MS932 and without a mark; none where they cannot be read in any encoding.
fn encoded(bytes: &[u8], mends: &mut Mends) -> Result<Option<Vec<u8>>, Unencodable> {
    let unmarked = bytes.strip_prefix(MARK);
    let bytes = match mistaken_text(unmarked.unwrap_or(bytes)) {
        None => unmarked.unwrap_or(bytes).to_vec(),
        Some(None) => return Ok(None),
        Some(Some(text)) => {
            let encoded = ms932::encode(&text)?;
            mends.add(MendKind::Encoding);
            encoded
        }
    };
    if unmarked.is_some() {
        mends.add(MendKind::ByteOrderMark);
    }
    Ok(Some(bytes))
}

/// The records of a file, written again with what is certain mended.
struct Records<'a> {
    standard: &'a Standard,
    name: &'a FileName,
    renames: &'a Renames<'a>,
}

impl Records<'_> {
    /// The file's bytes; none where its shape leaves open what was meant.
    fn written(&self, bytes: &[u8], mends: &mut Mends) -> Option<Vec<u8>> {
        let reading = read_records(bytes);
        let is_open = |record: Record<'_>| {
            let is_quote = |kind| matches!(kind, ShapeKind::StrayQuote | ShapeKind::UnclosedQuote);
            record.fields().count() < record.len()
                || record.faults().iter().any(|fault| is_quote(fault.kind))
        };
        if reading.records().any(is_open) {
            return None;
        }
        let mut out = Vec::with_capacity(bytes.len());
        let mut count = 0;
        for record in reading.records() {
            let layout = self.layout(&record);
            for (at, field) in record.fields().enumerate() {
                if 0 < at {
                    out.push(b',');
                }
                let item = layout.and_then(|layout| layout.items.get(at));
                self.write(item, &field, &mut out, mends);
            }
            count += 1;
            out.extend_from_slice(b"\r\n");
        }
        compare_ends(bytes, count, mends);
        Some(out)
    }

    fn layout(&self, record: &Record<'_>) -> Option<&Layout> {
        let version = record.field(1).and_then(|field| self.standard.version(&field.text()));
        let version = version.or_else(|| self.standard.newest(self.name.has_kinds()))?;
        // A record of another length may be of another layout: its items are nobody's.
        version.layout(self.name.kind).filter(|layout| layout.items.len() == record.len())
    }

    fn write(&self, item: Option<&Item>, field: &Field<'_>, out: &mut Vec<u8>, mends: &mut Mends) {
        let kind = item.map(|item| item.kind);
        let mut value = Cow::Borrowed(field.raw());
        let mut is_quoted = field.is_quoted();
        if kind == Some(ItemKind::Insured) && is_small_h(&value) {
            mends.add(MendKind::LetterCase);
            value.to_mut()[0] = b'H';
        }
        // A picture is named by its record, which follows the file's name where that was mended.
        if kind == Some(ItemKind::ImageName)
            && let Some(mended) =
                std::str::from_utf8(&value).ok().and_then(|name| self.renames.get(name))
        {
            mends.add(MendKind::Extension);
            value = Cow::Owned(mended.clone().into_bytes());
        }
        if kind == Some(ItemKind::Text) && !is_quoted && !value.is_empty() {
            mends.add(MendKind::Quotes);
            is_quoted = true;
        }
        let quote: &[u8] = if is_quoted { b"\"" } else { b"" };
        out.extend([quote, &value, quote].concat());
    }
}

/// Notes what the line ends were.
fn compare_ends(bytes: &[u8], records: u32, mends: &mut Mends) {
    let mut is_inside = false;
    let (mut ends, mut odd) = (0_u32, 0_u32);
    let mut before = 0;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => is_inside = !is_inside,
            b'\n' if !is_inside && before == b'\r' => {}
            b'\n' if !is_inside => (ends, odd) = (ends + 1, odd + 1),
            b'\r' if !is_inside => {
                let is_alone = bytes.get(at + 1) != Some(&b'\n');
                (ends, odd) = (ends + 1, odd + u32::from(is_alone));
            }
            _ => {}
        }
        before = *byte;
    }
    let is_open = bytes.last().is_some_and(|byte| !matches!(byte, b'\r' | b'\n'));
    if 0 < odd || is_open {
        mends.0.push(Mend { kind: MendKind::LineEnds, places: odd + u32::from(is_open) });
    }
    // The last record may be without an end of its own.
    let blank = (ends + u32::from(is_open)).saturating_sub(records);
    if 0 < blank {
        mends.0.push(Mend { kind: MendKind::BlankLines, places: blank });
    }
}

/// `h` and nine digits.
fn is_small_h(value: &[u8]) -> bool {
    let number = value.strip_prefix(b"h");
    number.is_some_and(|number| number.len() == 9 && number.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Verdict, check_sending,
        example::{Base, Edit, Encoding, ExampleFile},
    };

    fn fixed(files: &[ExampleFile]) -> Vec<FixedFile> {
        let files: Vec<_> = files.iter().map(|(name, bytes)| SendingFile { name, bytes }).collect();
        fix_sending(Standard::bundled(), &files)
    }

    fn verdict(files: &[FixedFile]) -> Verdict {
        let files: Vec<_> =
            files.iter().map(|file| SendingFile { name: &file.name, bytes: &file.bytes }).collect();
        check_sending(Standard::bundled(), &files).verdict()
    }

    /// The edits are undone to the byte, by these mends and no others.
    #[track_caller]
    fn mends_back(edits: &[Edit], want: &[MendKind]) {
        let right = Base::Slip.files();
        let fixed = fixed(&Base::Slip.with(edits));
        let bytes: Vec<_> = fixed.iter().map(|f| (f.name.clone(), f.bytes.clone())).collect();
        assert_eq!(bytes, right, "{edits:?}");
        let mut kinds: Vec<_> =
            fixed.iter().flat_map(|file| file.mends.iter().map(|mend| mend.kind)).collect();
        kinds.sort();
        kinds.dedup();
        assert_eq!(kinds, want, "{edits:?}");
        assert_eq!(verdict(&fixed), Verdict::Pass, "{edits:?}");
    }

    #[test]
    fn what_has_one_right_answer_is_mended_to_the_byte() {
        use MendKind as Did;
        let slip = FileKind::Slip;
        mends_back(&[], &[]);
        mends_back(&[Edit::Recode(slip, Encoding::Utf8)], &[Did::Encoding]);
        let spreadsheet = Edit::Recode(slip, Encoding::Utf8WithMark);
        mends_back(&[spreadsheet], &[Did::Encoding, Did::ByteOrderMark]);
        mends_back(&[Edit::Recode(slip, Encoding::EucJp)], &[Did::Encoding]);
        mends_back(&[Edit::Replace(slip, "\"", "")], &[Did::Quotes]);
        mends_back(&[Edit::Replace(slip, "\r\n", "\n")], &[Did::LineEnds]);
        mends_back(&[Edit::Replace(slip, "\r\n", "\r\n\r\n")], &[Did::BlankLines]);
        mends_back(&[Edit::Rename(slip, ".CSV", ".txt")], &[Did::Extension]);
    }

    #[test]
    fn the_h_of_public_assistance_alone_is_a_capital() {
        let small = Edit::Replace(FileKind::Slip, "0000209001", "h000209001");
        let fixed = fixed(&Base::Slip.with(&[small]));
        let (_, want) =
            Base::Slip.with(&[Edit::Replace(FileKind::Slip, "0000209001", "H000209001")]).remove(1);
        assert_eq!(fixed[1].bytes, want);
        assert_eq!(fixed[1].mends, [Mend { kind: MendKind::LetterCase, places: 3 }]);
    }

    #[test]
    fn a_picture_and_the_record_that_names_it_are_mended_together() {
        let edits = [
            Edit::Replace(FileKind::PersonRecord, ".jpg", ".jpeg"),
            Edit::Rename(FileKind::PersonRecordImage, ".jpg", ".jpeg"),
        ];
        let fixed = fixed(&Base::PersonRecord.with(&edits));
        let bytes: Vec<_> = fixed.iter().map(|f| (f.name.clone(), f.bytes.clone())).collect();
        assert_eq!(bytes, Base::PersonRecord.files());
    }

    #[test]
    fn what_is_not_certain_is_left_as_it_is() {
        let leaves = |edits: &[Edit]| {
            let files = Base::Slip.with(edits);
            let fixed = fixed(&files);
            let bytes: Vec<_> = fixed.iter().map(|f| (f.name.clone(), f.bytes.clone())).collect();
            assert_eq!(bytes, files, "{edits:?}");
            fixed
        };
        leaves(&[Edit::SetBytes(FileKind::Slip, 1, "プラン担当者名", b"\"a\"b\"")]);
        leaves(&[Edit::SetBytes(FileKind::Slip, 1, "プラン担当者名", b"\"a")]);
        leaves(&[Edit::Replace(FileKind::Slip, "0000209001", "209001")]);
        leaves(&[Edit::Rename(FileKind::Slip, ".CSV", ".pdf")]);
        leaves(&[Edit::Rename(FileKind::Slip, ".CSV", " (1).CSV")]);
        let text = "UTF-8のファイルの𠮷".as_bytes();
        let left = leaves(&[Edit::Content(FileKind::Slip, text)]);
        assert_eq!(left[1].unencodable.map(|fault| fault.character), Some('𠮷'));
    }

    #[test]
    fn a_name_that_another_file_has_is_not_given_twice() {
        let copy = Edit::CopyFile(FileKind::Slip, ".CSV", ".txt");
        let fixed = fixed(&Base::Slip.with(&[copy]));
        assert!(fixed.iter().all(|file| file.mends.is_empty()));
    }

    #[test]
    fn two_files_do_not_get_one_name() {
        let (name, bytes) = Base::Slip.files().remove(1);
        let stem = name.trim_end_matches(".CSV");
        for pair in [[".txt", ".TXT"], [".txt", ".txt"], ["", "."]] {
            let files = pair.map(|end| (format!("{stem}{end}"), bytes.clone()));
            let names: Vec<_> = fixed(&files).into_iter().map(|file| file.name).collect();
            assert_eq!(names, files.map(|(name, _)| name), "nobody knows which is the right one");
        }
    }

    #[test]
    fn a_record_keeps_the_name_of_a_picture_that_keeps_it_or_is_not_there() {
        let named = Edit::Replace(FileKind::PersonRecord, ".jpg", ".jpeg");
        let not_there = Edit::DropFile(FileKind::PersonRecordImage);
        let taken = [
            Edit::CopyFile(FileKind::PersonRecordImage, ".jpg", ".jpeg"),
            Edit::Replace(FileKind::PersonRecord, ".jpg", ".jpeg"),
        ];
        for edits in [&[named, not_there][..], &taken] {
            let files = Base::PersonRecord.with(edits);
            let fixed = fixed(&files).into_iter().map(|file| (file.name, file.bytes));
            assert_eq!(fixed.collect::<Vec<_>>(), files);
        }
    }

    proptest! {
        #[test]
        fn mending_never_panics_and_what_is_mended_needs_nothing_more(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let (name, _) = Base::Slip.files().remove(1);
            let once = fixed(&[(name, bytes)]);
            let again = fixed(&[(once[0].name.clone(), once[0].bytes.clone())]);
            prop_assert_eq!(&once[0].bytes, &again[0].bytes);
        }
    }
}
