//! The pictures that records of 利用者基本情報 name, and those that are there.

use crate::{
    FileName, Finding, Layout,
    gist::Gist,
    report::Report,
    row::{Breach, FileRule, Row},
};

use super::{MISSING, NAME_DIFFERS, NOT_NAMED, UNUSUAL_BRANCH};

/// The item that names a picture.
const ITEM: &str = "家族構成 画像ファイル名";

/// How many names are kept to be compared with the files.
const NAMES_MAX: usize = 10_000;

/// The names of pictures in one file of 利用者基本情報.
pub(crate) struct Named {
    name: FileName,
    no: u16,
    pictures: Vec<(u32, FileName)>,
}

impl Named {
    pub(crate) fn new(name: &FileName, layout: &Layout) -> Self {
        Self { name: *name, no: layout.no_of(ITEM), pictures: vec![] }
    }
}

impl FileRule for Named {
    fn note(&mut self, row: &Row<'_>, report: &mut Report) {
        // A name that is none is a finding of its own.
        let name = std::str::from_utf8(row.value(self.no)).unwrap_or_default();
        let Ok(picture) = FileName::parse(name) else { return };
        if !picture.kind.is_image() {
            return;
        }
        if is_beside(&picture, &self.name) {
            if self.pictures.len() < NAMES_MAX {
                self.pictures.push((row.number(), picture));
            }
        } else if let Some((item, value)) = row.named(ITEM) {
            let wanted = FileName { kind: picture.kind, branch: picture.branch, ..self.name };
            report.breach(row.breach(&NAME_DIFFERS, item, value).wanted(wanted.to_string()));
        }
    }

    fn finish(&mut self, _: &mut Report, gist: &mut Gist) {
        gist.pictures = std::mem::take(&mut self.pictures);
    }
}

/// Compares the pictures that are named in `records` with those that are there.
pub(crate) fn compare_names(
    records: &Gist,
    pictures: &[(&str, &FileName)],
    of_records: &mut Report,
) -> Vec<Finding> {
    let is_same = |a: &FileName, b: &FileName| is_beside(a, b) && a.branch == b.branch;
    for (record, named) in &records.pictures {
        if !pictures.iter().any(|(_, there)| is_same(there, named)) {
            of_records.breach(Breach::new(&MISSING).at(*record).found(&named.to_string()));
        }
    }
    let mut findings = vec![];
    for (file, there) in pictures {
        let mut report = Report::new(file);
        let is_named = records.pictures.iter().any(|(_, named)| is_same(there, named));
        if !is_named && records.pictures.len() < NAMES_MAX {
            report.breach(Breach::new(&NOT_NAMED).found(file));
        }
        if there.branch == Some(0) {
            report.breach(Breach::new(&UNUSUAL_BRANCH).found(file));
        }
        findings.extend(report.finish());
    }
    findings
}

/// Whether two names have the same sides and 連番. The `000000` of an example of the published text
/// stands in some names and not in others.
fn is_beside(a: &FileName, b: &FileName) -> bool {
    (a.from, a.to, a.sequence) == (b.from, b.to, b.sequence)
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    #[test]
    fn names_and_files_are_the_same_pictures() {
        let name = |value| {
            found(
                Base::PersonRecord,
                &[Edit::Set(FileKind::PersonRecord, 1, "家族構成 画像ファイル名", value)],
            )
        };
        assert_eq!(name(""), ["?picture.not-named"]);
        let other = "UPKIHON_IMAGE_2700100021_46_2770100012_43_20250501120000_0002.jpg";
        assert_eq!(name(other), ["?picture.missing@1", "?picture.not-named"]);
        let later = "UPKIHON_IMAGE_2700100021_46_2770100012_43_20250501120001_0001.jpg";
        assert_eq!(name(later), ["picture.name-differs@1.62", "?picture.not-named"]);
        let printed = "UPKIHON_IMAGE_000000_2700100021_46_2770100012_43_20250501120000_0001.jpg";
        assert_eq!(name(printed), [""; 0]);
    }
}
