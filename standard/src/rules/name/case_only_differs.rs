//! Two files of a sending whose names differ in letter case alone.

use std::collections::HashSet;

use crate::{
    Finding, Place, Rule, Severity, Text, Wanted,
    example::{Base, Edit, Example},
};

/// Two files of a sending whose names differ in letter case alone.
pub(crate) static RULE: Rule = Rule {
    id: "name.case-only-differs",
    severity: Severity::Warning,
    because: Text {
        ja: "標準仕様に定めがないので拒みませんが、Windowsのフォルダーには両方を置けず、受け取った側で片方が消えます。",
        en: "The standard does not state it, so it never refuses; but a folder of Windows cannot hold both, and the receiver loses one.",
    },
    clause: "標準仕様に定めなし（Windowsのファイル名）",
    states: Text {
        ja: "1つの送信のファイル名は、大文字・小文字のほかにも違いがあります。",
        en: "The names of a sending's files differ in more than letter case.",
    },
    text: Text {
        ja: "同じ名前か、大文字・小文字だけが違う名前のファイルがほかにあります。",
        en: "Another file has this name, or one that differs in letter case alone.",
    },
    advice: Text {
        ja: "片方の名前を変えるか、同じ内容なら1つにしてください。",
        en: "Rename one of them, or leave one out if they are the same.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[
            Edit::AddFile("photo1.jpg", b"\xFF\xD8\xFF"),
            Edit::AddFile("photo2.jpg", b"\xFF\xD8\xFF"),
        ],
        refused: &[
            Edit::AddFile("photo.jpg", b"\xFF\xD8\xFF"),
            Edit::AddFile("Photo.JPG", b"\xFF\xD8\xFF"),
        ],
    },
};

/// Of the files of one sending: the second of such names, and any further one.
pub(crate) fn check<'a>(names: impl Iterator<Item = &'a str>) -> impl Iterator<Item = Finding> {
    let mut seen = HashSet::new();
    names.filter(move |name| !seen.insert(name.to_lowercase())).map(|name| Finding {
        rule: &RULE,
        severity: RULE.severity,
        place: Place { file: Some(name.to_owned()), record: None, item: None },
        item_name: None,
        found: name.to_owned(),
        wanted: Wanted::default(),
        more: 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FileKind, example::tests::found};

    #[test]
    fn names_that_a_folder_of_windows_takes_for_one_are_named() {
        let twice = Edit::CopyFile(FileKind::Results, ".CSV", ".csv");
        let found = found(Base::Results, &[twice]);
        assert_eq!(found, ["?name.case-only-differs", "unit.member-twice"]);
    }

    #[test]
    fn letters_of_any_alphabet_have_cases() {
        let names = ["ａ.pdf", "Ａ.pdf", "é.pdf", "É.pdf", "か.pdf", "が.pdf"];
        let found: Vec<_> =
            check(names.into_iter()).filter_map(|finding| finding.place.file).collect();
        assert_eq!(found, ["Ａ.pdf", "É.pdf"]);
    }
}
