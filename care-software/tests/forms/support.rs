//! Files for the tests, and what a page says of them.

use std::{fs, path::PathBuf};

use care_software::FormBook;
use careplan_standard::{
    FileName, ItemKind, Lang, RecordWriter, SendingFile, Standard, read_records,
};

use crate::markup::Node;

/// A file in memory.
pub(crate) type File = (String, Vec<u8>);

/// The files of a sample folder.
pub(crate) fn sample(folder: &str) -> Vec<File> {
    let path = samples().join(folder);
    let entries = fs::read_dir(&path).expect("the sample is there");
    let mut files: Vec<File> = entries
        .map(|entry| {
            let entry = entry.expect("readable");
            let name = entry.file_name().into_string().expect("UTF-8");
            (name, fs::read(entry.path()).expect("readable"))
        })
        .collect();
    files.sort();
    files
}

/// The names of the sample folders.
pub(crate) fn sample_folders() -> Vec<String> {
    let entries =
        fs::read_dir(samples()).expect("samples are there").map(|entry| entry.expect("readable"));
    let folders = entries.filter(|entry| entry.path().is_dir());
    folders.map(|entry| entry.file_name().into_string().expect("UTF-8")).collect()
}

fn samples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../samples")
}

/// The forms of these sendings.
pub(crate) fn book(sendings: &[&[File]]) -> FormBook {
    fn sending(files: &[File]) -> Vec<SendingFile<'_>> {
        files.iter().map(|(name, bytes)| SendingFile { name, bytes }).collect()
    }
    FormBook::read(&sendings.iter().map(|files| sending(files)).collect::<Vec<_>>())
}

/// The page of one sending, read back.
pub(crate) fn page(files: &[File]) -> Node {
    Node::read(&book(&[files]).html(Lang::Ja))
}

/// A file with these records; each names the items that are filled in.
pub(crate) fn file(name: &str, records: &[&[(&str, &str)]]) -> File {
    let parsed = FileName::parse(name).expect("a name of the standard");
    let version = Standard::bundled().newest(parsed.has_kinds()).expect("a version");
    let layout = version.layout(parsed.kind).expect("a layout");
    let mut writer = RecordWriter::new();
    for record in records {
        for (item, _) in *record {
            assert!(layout.named(item).is_some(), "{item} is no item of {name}");
        }
        for item in &layout.items {
            let value = record.iter().find(|(of, _)| *of == item.name).map(|(_, value)| *value);
            match (value, item.no) {
                (None, 1) => writer.code(&version.value),
                (None | Some(""), _) => writer.empty(),
                (Some(value), _) if item.kind == ItemKind::Text => {
                    writer.text(value).expect("MS932")
                }
                (Some(value), _) => writer.code(value),
            }
        }
        writer.end();
    }
    (name.to_owned(), writer.finish())
}

/// The records of a file, by No from 1: `record[3]` is 被保険者番号.
pub(crate) fn records(file: &File) -> Vec<Vec<String>> {
    let readable = careplan_standard::readable(&file.1);
    let reading = read_records(&readable.bytes);
    let values = |record: careplan_standard::Record<'_>| {
        let fields = record.fields().map(|field| field.text());
        [String::new()].into_iter().chain(fields).collect()
    };
    reading.records().map(values).collect()
}

/// The sections of the page with this class.
pub(crate) fn sections<'a>(page: &'a Node, class: &str) -> Vec<&'a Node> {
    page.all("section").into_iter().filter(|section| section.is(class)).collect()
}

/// What stands beside a label.
pub(crate) fn beside(section: &Node, label: &str) -> String {
    let all = section.all("dl");
    let found = all.iter().find(|dl| dl.all("dt")[0].text() == label);
    found.unwrap_or_else(|| panic!("no {label}")).all("dd")[0].text()
}

/// The alternatives with a ring beside a label.
pub(crate) fn ringed(section: &Node, label: &str) -> Vec<String> {
    let all = section.all("dl");
    let found = all.iter().find(|dl| dl.all("dt")[0].text() == label).expect("the label");
    found.all("b").iter().map(|ring| ring.text()).collect()
}
