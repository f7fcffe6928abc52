//! What a reader looks at: the items that tell a situation apart, record by record.

use careplan_standard::{
    FileKind, FileName, Finding, SendingFile, Standard, Version, check_sending, read_records,
    readable,
};

use crate::{expected::item_no, file::AnswerFile, situation::Situation};

/// The telling items of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// The file's name.
    pub file: String,
    /// What the file is.
    pub kind: FileKind,
    /// No and name of each item that is shown.
    pub columns: Vec<(u16, String)>,
    /// The record's number, from 1, and its values.
    pub rows: Vec<(u32, Vec<String>)>,
}

/// The telling items of the files in one version, for those files that have some.
pub fn telling(situation: &Situation, files: &[AnswerFile], version: &Version) -> Vec<Telling> {
    let mut tellings = vec![];
    for file in files {
        let Ok(name) = FileName::parse(&file.name) else { continue };
        let Some((_, items)) = situation.looks.iter().find(|(kind, _)| *kind == name.kind) else {
            continue;
        };
        let Some(layout) = version.layout(name.kind) else { continue };
        let known = crate::sheet::item_names(layout);
        let has = |item: &&&str| known.iter().any(|name| name == **item);
        let columns: Vec<(u16, String)> = items
            .iter()
            .filter(has)
            .map(|item| (item_no(&file.name, version, item), (*item).to_owned()))
            .collect();
        let bytes = file.bytes();
        let rows = rows(&bytes, &columns);
        tellings.push(Telling { file: file.name.clone(), kind: name.kind, columns, rows });
    }
    tellings
}

/// What the check finds in the files.
pub fn findings(files: &[AnswerFile]) -> Vec<Finding> {
    let bytes: Vec<Vec<u8>> = files.iter().map(AnswerFile::bytes).collect();
    let pairs = files.iter().zip(&bytes);
    let sending: Vec<SendingFile<'_>> =
        pairs.map(|(file, bytes)| SendingFile { name: &file.name, bytes }).collect();
    check_sending(Standard::bundled(), &sending).findings
}

fn rows(bytes: &[u8], columns: &[(u16, String)]) -> Vec<(u32, Vec<String>)> {
    let readable = readable(bytes);
    let reading = read_records(&readable.bytes);
    reading
        .records()
        .map(|record| {
            let value = |(no, _): &(u16, String)| {
                record.field(*no).map_or_else(String::new, |field| field.text())
            };
            (record.number(), columns.iter().map(value).collect())
        })
        .collect()
}
