//! One file holds one CSVバージョン.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// One file holds one CSVバージョン.
pub(crate) static RULE: Rule = Rule {
    id: "version.mixed",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: 1ファイル1CSVバージョン",
    states: Text {
        ja: "1つのファイルのレコードは、すべて同じCSVバージョンです。",
        en: "All records of a file are of one CSVバージョン.",
    },
    text: Text {
        ja: "1つのファイルに2つのCSVバージョンがあります（{wanted} と {found}）。",
        en: "One file holds two CSV versions ({wanted} and {found}).",
    },
    advice: Text {
        ja: "1つのバージョンで出力し直してください。",
        en: "Export again in one version.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[],
        refused: &[Edit::Set(FileKind::Results, 2, "CSVバージョン", "202208")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn one_file_has_one_version() {
        let edits = [
            Edit::Repeat(FileKind::ResultsWithdrawal, 1),
            Edit::Set(FileKind::ResultsWithdrawal, 2, "CSVバージョン", "202208"),
        ];
        assert_eq!(
            found(Base::ResultsWithdrawal, &edits),
            ["name.form-differs", "version.mixed@2.1"]
        );
        assert_eq!(found(Base::ResultsWithdrawal, &edits[..1]), [""; 0]);
    }
}
