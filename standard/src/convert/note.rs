//! What a conversion has to say: one vocabulary for losses, assumptions, needs and refusals.

use crate::{Lang, Place, Text, convert::place};

/// One thing that a conversion says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it says.
    pub kind: NoteKind,
    /// Where: in the sending that was given, by the layout of its version.
    pub place: Place,
    /// The item's name, where an item is meant.
    pub item_name: Option<String>,
    /// The value that it is about, for showing to the file's owner; may be personal, so never for
    /// a log.
    pub value: String,
}

/// What a note is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteClass {
    /// The other version has no place for it.
    Lost,
    /// Taken from somewhere, or from what the caller said.
    Assumed,
    /// The same said in another form.
    Rewritten,
    /// The other version wants it, and the sending does not have it.
    Needed,
    /// Why nothing was converted.
    Refused,
}

/// What a note says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteKind {
    /// A value of an item that the other version does not have.
    ValueLost,
    /// The service kinds of a name.
    KindsLost,
    /// A whole file, of a kind that the other version does not have.
    FileLost,
    /// A service kind of the names, given by the caller.
    KindGiven,
    /// A service kind of the names, taken from the rows of the file.
    KindFromRows,
    /// 第3表 without services, added on request.
    Table3Added,
    /// Leading zeros, left out of a number that is shorter in the other version.
    ZerosDropped,
    /// The name of a picture, as it is called now.
    PictureRenamed,
    /// Line ends, blank lines or the version's value were not as the standard writes them.
    Tidied,
    /// A row of 福祉用具貸与 without TAISコード or 福祉用具届出コード.
    EquipmentCodeNeeded,
    /// 第3表, which the other version wants beside 第1表 and 第2表.
    Table3Needed,
    /// A file that cannot be read as records.
    Unreadable,
    /// 送信元サービス種類コード is not known.
    FromKindNeeded,
    /// 送信先サービス種類コード is not known.
    ToKindNeeded,
    /// A value that is too long for, or not listed in, the other version.
    DoesNotFit,
    /// Two files would have one name.
    NameTaken,
    /// No file that the other version has.
    NothingLeft,
}

impl NoteKind {
    /// Every kind, class by class.
    pub fn all() -> impl Iterator<Item = Self> {
        ENTRIES.iter().map(|entry| entry.kind)
    }

    /// What the note is for.
    pub fn class(self) -> NoteClass {
        self.entry().class
    }

    /// The word that stands for it in reports.
    pub fn word(self) -> &'static str {
        self.entry().word
    }

    /// What it says, and what to do where there is something to do. The place and the value stand
    /// beside it.
    pub fn text(self) -> Text {
        self.entry().text
    }

    fn entry(self) -> &'static Entry {
        // The table is in the order of the kinds; a test compares them.
        &ENTRIES[self as usize]
    }
}

impl Note {
    /// What it says, in one line, without its place.
    pub fn message(&self, lang: Lang) -> &'static str {
        self.kind.text().get(lang)
    }

    /// About a file.
    pub(super) fn file(kind: NoteKind, file: &str, value: impl Into<String>) -> Self {
        Self { kind, place: place(file, None, None), item_name: None, value: value.into() }
    }

    /// About the sending as a whole.
    pub(super) fn sending(kind: NoteKind, value: &str) -> Self {
        Self { kind, place: Place::default(), item_name: None, value: value.to_owned() }
    }
}

/// A line of the table of notes.
struct Entry {
    kind: NoteKind,
    class: NoteClass,
    word: &'static str,
    text: Text,
}

static ENTRIES: [Entry; 17] = [
    Entry {
        kind: NoteKind::ValueLost,
        class: NoteClass::Lost,
        word: "value-lost",
        text: Text {
            ja: "変換先の版にない項目です。値は失われます。",
            en: "The other version has no such item; the value is lost.",
        },
    },
    Entry {
        kind: NoteKind::KindsLost,
        class: NoteClass::Lost,
        word: "kinds-lost",
        text: Text {
            ja: "変換先の版のファイル名にはサービス種類コードがありません。",
            en: "Names of the other version carry no service kinds.",
        },
    },
    Entry {
        kind: NoteKind::FileLost,
        class: NoteClass::Lost,
        word: "file-lost",
        text: Text {
            ja: "変換先の版にない種類のファイルです。変換していません。PDFなどで渡してください。",
            en: "The other version has no such file; it is left out. Hand it over as a PDF.",
        },
    },
    Entry {
        kind: NoteKind::KindGiven,
        class: NoteClass::Assumed,
        word: "kind-given",
        text: Text {
            ja: "ファイル名のサービス種類コードは、指定された値です。",
            en: "The service kind in the names is the one that was given.",
        },
    },
    Entry {
        kind: NoteKind::KindFromRows,
        class: NoteClass::Assumed,
        word: "kind-from-rows",
        text: Text {
            ja: "ファイル名のサービス種類コードを、明細のサービスコードから決めました。",
            en: "The service kind in the names was taken from the rows' service codes.",
        },
    },
    Entry {
        kind: NoteKind::Table3Added,
        class: NoteClass::Assumed,
        word: "table3-added",
        text: Text {
            ja: "指定により、サービスのない第3表を作りました。作成年月日は計画作成日と仮定しています。",
            en: "As asked, a 第3表 without services was added; its date is assumed to be the plan's.",
        },
    },
    Entry {
        kind: NoteKind::ZerosDropped,
        class: NoteClass::Rewritten,
        word: "zeros-dropped",
        text: Text {
            ja: "桁数に合わせて、先頭の0を省きました。",
            en: "Leading zeros were left out, for the shorter item.",
        },
    },
    Entry {
        kind: NoteKind::PictureRenamed,
        class: NoteClass::Rewritten,
        word: "picture-renamed",
        text: Text {
            ja: "画像のファイル名を、新しい名前に書き換えました。",
            en: "The picture is referred to by its new name.",
        },
    },
    Entry {
        kind: NoteKind::Tidied,
        class: NoteClass::Rewritten,
        word: "tidied",
        text: Text {
            ja: "改行・空行・CSVバージョンの書き方を、標準仕様の形にそろえました。値は変えていません。",
            en: "Line ends, blank lines or the version's value were put in the standard's form.",
        },
    },
    Entry {
        kind: NoteKind::EquipmentCodeNeeded,
        class: NoteClass::Needed,
        word: "equipment-code-needed",
        text: Text {
            ja: "TAISコードか福祉用具届出コードが必要です。元の版にはないため、空欄です。",
            en: "A TAISコード or 福祉用具届出コード is needed; the source has none, so it is empty.",
        },
    },
    Entry {
        kind: NoteKind::Table3Needed,
        class: NoteClass::Needed,
        word: "table3-needed",
        text: Text {
            ja: "変換先の版では第3表も必要です。介護ソフトで作って加えてください。",
            en: "The other version wants 第3表 too; make it in the care software and add it.",
        },
    },
    Entry {
        kind: NoteKind::Unreadable,
        class: NoteClass::Refused,
        word: "unreadable",
        text: Text {
            ja: "レコードとして読めないファイルです。指摘を直してから変換してください。",
            en: "The file cannot be read as records; mend what was found, then convert.",
        },
    },
    Entry {
        kind: NoteKind::FromKindNeeded,
        class: NoteClass::Refused,
        word: "from-kind-needed",
        text: Text {
            ja: "送信元のサービス種類コードが分かりません。指定してください（例: 43）。",
            en: "The sender's service kind is not known; give it, for instance 43.",
        },
    },
    Entry {
        kind: NoteKind::ToKindNeeded,
        class: NoteClass::Refused,
        word: "to-kind-needed",
        text: Text {
            ja: "送信先のサービス種類コードが分かりません。指定してください（例: 11）。",
            en: "The receiver's service kind is not known; give it, for instance 11.",
        },
    },
    Entry {
        kind: NoteKind::DoesNotFit,
        class: NoteClass::Refused,
        word: "does-not-fit",
        text: Text {
            ja: "変換先の版の桁数または値の一覧に収まりません。介護ソフトで直してください。",
            en: "It is too long for, or not listed in, the other version; mend it in the software.",
        },
    },
    Entry {
        kind: NoteKind::NameTaken,
        class: NoteClass::Refused,
        word: "name-taken",
        text: Text {
            ja: "変換すると同じ名前のファイルが2つできます。1件ずつ変換してください。",
            en: "Two files would have this name; convert the sendings one by one.",
        },
    },
    Entry {
        kind: NoteKind::NothingLeft,
        class: NoteClass::Refused,
        word: "nothing-left",
        text: Text {
            ja: "変換先の版で送れるファイルがありません。",
            en: "There is no file that can be sent in the other version.",
        },
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_kinds_class_by_class() {
        assert!(NoteKind::all().enumerate().all(|(at, kind)| kind as usize == at));
        assert!(ENTRIES.is_sorted_by_key(|entry| entry.class));
    }

    #[test]
    fn every_kind_of_note_has_a_word_of_its_own_and_speaks_both_languages() {
        let words: BTreeSet<_> = NoteKind::all().map(NoteKind::word).collect();
        assert_eq!(words.len(), ENTRIES.len());
        for Entry { kind, text, .. } in &ENTRIES {
            assert!(text.ja.ends_with('。') && text.en.ends_with('.'), "{kind:?}");
        }
    }
}
