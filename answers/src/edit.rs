//! Edits: how correct files become wrong ones, each as something that software or hands do.

use careplan_standard::{FileKind, Version, ms932};

use crate::{
    expected::{Which, item_no},
    file::{AnswerFile, Content},
    sheet::Cell,
};

/// One change to a sending.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    /// A value of one record, or of every one.
    Value { file: Which, record: Option<usize>, item: &'static str, value: &'static str },
    /// A record is missing.
    DropRecord(Which, usize),
    /// Two records change places.
    SwapRecords(Which, usize, usize),
    /// A record stands there twice.
    RepeatRecord(Which, usize),
    /// An item is missing from every record.
    DropItem(Which, &'static str),
    /// The items' names stand on the first line.
    Header(Which),
    /// A file is missing.
    DropFile(Which),
    /// Another file comes along.
    AddFile(&'static str, Vec<u8>),
    /// A part of the name is another; of every file if none is named.
    Rename { file: Option<Which>, from: &'static str, to: &'static str },
    /// Written in another encoding.
    Encode(Which, Encoding),
    /// Free text without quotes.
    Unquote(Which),
    /// Something else for each comma.
    Separator(Which, &'static str),
    /// Opened and saved with a spreadsheet.
    Spreadsheet(Which),
    /// Bytes for bytes, once.
    Bytes { file: Which, from: Vec<u8>, to: Vec<u8> },
    /// Nothing is left in the file.
    Empty(Which),
}

/// What is not MS932.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf8WithMark,
    Utf16,
    EucJp,
    Iso2022Jp,
}

/// A value of one record, from 1.
pub(crate) fn set(
    file: impl Into<Which>,
    record: usize,
    item: &'static str,
    value: &'static str,
) -> Edit {
    Edit::Value { file: file.into(), record: Some(record), item, value }
}

/// A value of every record.
pub(crate) fn set_all(file: impl Into<Which>, item: &'static str, value: &'static str) -> Edit {
    Edit::Value { file: file.into(), record: None, item, value }
}

/// A part of every name.
pub(crate) fn rename_all(from: &'static str, to: &'static str) -> Edit {
    Edit::Rename { file: None, from, to }
}

/// A part of one name.
pub(crate) fn rename(file: impl Into<Which>, from: &'static str, to: &'static str) -> Edit {
    Edit::Rename { file: Some(file.into()), from, to }
}

/// Text for text in the written file.
pub(crate) fn replace(file: impl Into<Which>, from: &str, to: &str) -> Edit {
    let encode = |text| ms932::encode(text).expect("a test writes every text of the book in MS932");
    Edit::Bytes { file: file.into(), from: encode(from), to: encode(to) }
}

impl Edit {
    /// Makes the change, and says what it was, in Japanese.
    pub(crate) fn apply(&self, files: &mut Vec<AnswerFile>, version: &Version) -> String {
        match self {
            Self::Rename { file, from, to } => return rename_files(files, *file, from, to),
            Self::AddFile(name, bytes) => {
                files.push(AnswerFile::of_bytes((*name).to_owned(), bytes.clone()));
                return format!("{name} を加えた");
            }
            _ => {}
        }
        let which = self.file().expect("all other edits name a file");
        let at = which.position(files).expect("an edit names a file of the sending");
        let label = label(&files[at].name);
        if matches!(self, Self::DropFile(_)) {
            files.remove(at);
            return format!("{label}を出力しなかった");
        }
        let what = match self {
            Self::Value { .. } | Self::DropItem(..) | Self::Header(_) => {
                self.change_values(&mut files[at], version)
            }
            Self::DropRecord(..) | Self::RepeatRecord(..) | Self::SwapRecords(..) => {
                self.change_records(files[at].records())
            }
            _ => self.change_bytes(&mut files[at]),
        };
        format!("{label}: {what}")
    }

    fn file(&self) -> Option<Which> {
        match self {
            Self::Value { file, .. } | Self::Bytes { file, .. } => Some(*file),
            Self::DropRecord(file, _)
            | Self::RepeatRecord(file, _)
            | Self::SwapRecords(file, ..)
            | Self::Encode(file, _)
            | Self::DropItem(file, _)
            | Self::Header(file)
            | Self::DropFile(file)
            | Self::Unquote(file)
            | Self::Separator(file, _)
            | Self::Spreadsheet(file)
            | Self::Empty(file) => Some(*file),
            Self::AddFile(..) | Self::Rename { .. } => None,
        }
    }

    fn change_values(&self, file: &mut AnswerFile, version: &Version) -> String {
        let place = |item: &str| usize::from(item_no(&file.name, version, item)) - 1;
        match self {
            Self::Value { record, item, value, .. } => {
                let at = place(item);
                let mut before = None;
                for (number, cells) in file.records().iter_mut().enumerate() {
                    if record.is_none_or(|record| record == number + 1) {
                        let held = std::mem::replace(&mut cells[at].value, (*value).to_owned());
                        before.get_or_insert(held);
                    }
                }
                let before = before.expect("an edit names a record of the file");
                let of = record.map_or("全件".to_owned(), |record| format!("{record}件目"));
                format!("{of}の{item}「{before}」を「{value}」にした")
            }
            Self::DropItem(_, item) => {
                let at = place(item);
                file.records().iter_mut().for_each(|cells| drop(cells.remove(at)));
                format!("{item}の列がない")
            }
            _ => {
                let kind = FileKind::ALL.into_iter().find(|kind| {
                    file.name.strip_prefix(kind.prefix()).is_some_and(|rest| rest.starts_with('_'))
                });
                let layout = kind.and_then(|kind| version.layout(kind));
                let items = layout.map_or(&[][..], |layout| &layout.items);
                let cell = |name: &String| Cell { value: name.clone(), is_text: true };
                let header = items.iter().map(|item| cell(&item.name)).collect();
                file.records().insert(0, header);
                "1行目に項目名の見出しがある".to_owned()
            }
        }
    }

    fn change_records(&self, records: &mut Vec<Vec<Cell>>) -> String {
        match self {
            Self::RepeatRecord(_, record) => {
                records.insert(*record, records[record - 1].clone());
                format!("{record}件目のレコードが2回ある")
            }
            Self::DropRecord(_, record) => {
                records.remove(record - 1);
                format!("{record}件目のレコードがない")
            }
            Self::SwapRecords(_, one, other) => {
                records.swap(one - 1, other - 1);
                format!("{one}件目と{other}件目が入れ替わった")
            }
            _ => String::new(),
        }
    }

    fn change_bytes(&self, file: &mut AnswerFile) -> String {
        let bytes = file.bytes();
        let (bytes, what) = match self {
            Self::Encode(_, encoding) => encoding.write(&bytes),
            Self::Unquote(_) => {
                let bare = bytes.iter().copied().filter(|byte| *byte != b'"').collect();
                (bare, "文字列を引用符で囲まない".to_owned())
            }
            Self::Separator(_, separator) => {
                let text = ms932::decode_lossy(&bytes).replace(',', separator);
                let bytes = ms932::encode(&text).expect("what was MS932 stays so");
                (bytes, format!("カンマの代わりに「{separator}」で区切る"))
            }
            Self::Spreadsheet(_) => {
                let cells = file.records().iter().map(|record| saved(record)).collect::<Vec<_>>();
                let lines = cells.join("\r\n") + "\r\n";
                let bytes = ms932::encode(&lines).expect("what was MS932 stays so");
                (bytes, "表計算ソフトで開いて保存した".to_owned())
            }
            Self::Bytes { from, to, .. } => {
                let at = bytes.windows(from.len()).position(|part| part == &from[..]);
                let at = at.expect("an edit names bytes of the file");
                let changed = [&bytes[..at], to, &bytes[at + from.len()..]].concat();
                let (from, to) = (ms932::decode_lossy(from), shown(to));
                (changed, format!("「{}」を「{to}」にした", shown_text(&from)))
            }
            _ => (vec![], "中身が空".to_owned()),
        };
        file.content = Content::Bytes(bytes);
        what
    }
}

impl Encoding {
    /// The file in this encoding, and what was done.
    fn write(self, ms932: &[u8]) -> (Vec<u8>, String) {
        let text = ms932::decode_lossy(ms932);
        let marked = |mark: &[u8], text: Vec<u8>| [mark, &text].concat();
        let (bytes, name) = match self {
            Self::Utf8 => (text.into_bytes(), "UTF-8"),
            Self::Utf8WithMark => (marked(b"\xEF\xBB\xBF", text.into_bytes()), "BOM付きUTF-8"),
            Self::Utf16 => {
                let units = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
                (marked(b"\xFF\xFE", units), "UTF-16")
            }
            Self::EucJp => (by_rows(ms932, |row, cell| vec![row | 0x80, cell | 0x80]), "EUC-JP"),
            Self::Iso2022Jp => {
                let one = |row, cell| [b"\x1B$B".as_slice(), &[row, cell], b"\x1B(B"].concat();
                // All of it is seven bits; a switch back stands where kanji end, not between two.
                let text =
                    String::from_utf8_lossy(&by_rows(ms932, one)).replace("\x1B(B\x1B$B", "");
                (text.into_bytes(), "JIS（ISO-2022-JP）")
            }
        };
        (bytes, format!("{name}で書いた"))
    }
}

/// Each character of two bytes by its row and cell of JIS X 0208, from 21 hexadecimal.
fn by_rows(ms932: &[u8], write: impl Fn(u8, u8) -> Vec<u8>) -> Vec<u8> {
    let mut out = vec![];
    let mut bytes = ms932.iter().copied();
    while let Some(lead) = bytes.next() {
        if !matches!(lead, 0x81..=0x9F | 0xE0..=0xEF) {
            out.push(lead);
            continue;
        }
        let trail = bytes.next().unwrap_or(0x40);
        let pair = 2 * if lead < 0xE0 { lead - 0x81 } else { lead - 0xC1 };
        let (row, cell) = match trail {
            0x9F.. => (pair + 1, trail - 0x9F),
            0x80.. => (pair, trail - 0x41),
            _ => (pair, trail - 0x40),
        };
        out.extend(write(row + 0x21, cell + 0x21));
    }
    out
}

/// What a spreadsheet makes of a record: numbers without leading zeros, quotes where it must.
fn saved(record: &[Cell]) -> String {
    let value = |cell: &Cell| {
        let value = cell.value.as_str();
        let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && 15 < value.len() {
            // Fifteen digits are kept, the rest becomes zeros: 31 digits become an exponent.
            let first = &value[..1];
            return format!("{first}.{}E+{}", &value[1..6], value.len() - 1);
        }
        if is_number {
            let short = value.trim_start_matches('0');
            return if short.is_empty() { "0".to_owned() } else { short.to_owned() };
        }
        if value.contains(['"', ',', '\n']) {
            return format!("\"{}\"", value.replace('"', "\"\""));
        }
        value.to_owned()
    };
    record.iter().map(value).collect::<Vec<_>>().join(",")
}

fn rename_files(files: &mut [AnswerFile], which: Option<Which>, from: &str, to: &str) -> String {
    let only = which.map(|which| which.position(files).expect("an edit names a file"));
    let mut whose = "すべてのファイル".to_owned();
    for (at, file) in files.iter_mut().enumerate() {
        if only.is_none_or(|only| only == at) {
            if only.is_some() {
                whose = label(&file.name);
            }
            assert!(file.name.contains(from), "{from} stands in {}", file.name);
            file.name = file.name.replacen(from, to, 1);
        }
    }
    format!("{whose}の名前の「{from}」を「{to}」にした")
}

/// The file as people call it.
fn label(name: &str) -> String {
    let of_name = |kind: &FileKind| {
        name.strip_prefix(kind.prefix()).is_some_and(|rest| rest.starts_with('_'))
    };
    // The longest prefix, so that 別表 is not taken for what it belongs to.
    let kind = FileKind::ALL.into_iter().filter(of_name).max_by_key(|kind| kind.prefix().len());
    kind.map_or_else(|| name.to_owned(), |kind| format!("{} {}", kind.prefix(), kind.title()))
}

fn shown(bytes: &[u8]) -> String {
    match ms932::decode(bytes) {
        Ok(text) => shown_text(&text),
        Err(_) => bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" "),
    }
}

fn shown_text(text: &str) -> String {
    text.replace("\r\n", "⏎").replace(['\r', '\n'], "⏎")
}
