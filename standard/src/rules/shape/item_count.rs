//! A record has the items of its layout, no more and no fewer.

use crate::{
    FileKind, Layout, Record, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::Breach,
    rules::because::STATED,
};

/// A record has the items of its layout, no more and no fewer.
pub(crate) static RULE: Rule = Rule {
    id: "record.item-count",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 各レイアウトの項目定義: 項目数",
    states: Text {
        ja: "1つのレコードの項目の数は、そのバージョンのレイアウトの項目の数です。空の項目もカンマで区切ります。",
        en: "A record has as many items as its layout in that version. Empty items have their commas, too.",
    },
    text: Text {
        ja: "項目の数が{found}個です。正しくは{wanted}個です。",
        en: "The record has {found} items where {wanted} belong.",
    },
    advice: Text {
        ja: "CSVバージョンとファイルの種類を確かめ、出力し直してください。",
        en: "Check the CSV version and the kind of file, and export again.",
    },
    example: Example {
        of: Base::ResultsWithdrawal,
        accepted: &[],
        refused: &[Edit::Content(
            FileKind::ResultsWithdrawal,
            b"202407,271004,0000209001,202505,2770200036\r\n",
        )],
    },
};

pub(crate) fn check(layout: &Layout, record: &Record<'_>) -> Option<Breach> {
    let (found, wanted) = (record.len(), layout.items.len());
    let breach = || Breach::new(&RULE).at(record.number());
    (found != wanted).then(|| breach().found(&found.to_string()).wanted(wanted.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn a_record_has_the_items_of_its_layout() {
        for content in [
            &b"202407,271004,0000209001,202505,2770200036"[..],
            b"202407,271004,0000209001,202505,2770200036,11,",
            b"202407",
            b"202407,271004,0000209001,202505,2770200036,11,,,,,,,,,,,",
        ] {
            let edit = Edit::Content(FileKind::ResultsWithdrawal, content);
            assert_eq!(found(Base::ResultsWithdrawal, &[edit]), ["record.item-count@1"]);
        }
    }

    #[test]
    fn the_layouts_of_two_versions_differ() {
        let version = Edit::Replace(FileKind::Results, "202407,", "202208,");
        let found = found(Base::Results, &[version]);
        assert_eq!(found, ["name.form-differs", "record.item-count@1", "record.item-count@2"]);
    }
}
