//! `.CSV` (or `.csv`) for records, `.jpg` for pictures.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// `.CSV` (or `.csv`) for records, `.jpg` for pictures.
pub(crate) static RULE: Rule = Rule {
    id: "name.extension",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: ファイル名（拡張子）",
    states: Text {
        ja: "CSVのファイル名は .CSV、利用者基本情報の画像は .jpg で終わります。大文字・小文字は問いません。",
        en: "Names of CSV files end in .CSV, those of 利用者基本情報's pictures in .jpg, in either letter case.",
    },
    text: Text {
        ja: "ファイル名の拡張子が「{wanted}」ではありません。",
        en: "The name does not end in {wanted}.",
    },
    advice: Text { ja: "拡張子を確かめてください。", en: "Check the extension." },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::Rename(FileKind::Slip, ".CSV", ".csv")],
        refused: &[Edit::Rename(FileKind::Slip, ".CSV", ".txt")],
    },
};

/// How a name of the standard with this beginning ends.
pub(super) fn wanted(name: &str) -> &'static str {
    if name.starts_with(FileKind::PersonRecordImage.prefix()) { ".jpg" } else { ".CSV" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn either_letter_case_is_taken() {
        for to in [".csv", ".CSV", ".Csv"] {
            let edit = Edit::Rename(FileKind::ResultsWithdrawal, ".CSV", to);
            assert_eq!(found(Base::ResultsWithdrawal, &[edit]), [""; 0], "{to}");
        }
        let edit = Edit::Rename(FileKind::PersonRecordImage, ".jpg", ".JPG");
        assert_eq!(found(Base::PersonRecord, &[edit]), [""; 0]);
    }

    #[test]
    fn another_extension_is_refused() {
        for to in [".txt", ".CSV.txt", ".CS", "", ".xlsx"] {
            let edit = Edit::Rename(FileKind::ResultsWithdrawal, ".CSV", to);
            assert_eq!(found(Base::ResultsWithdrawal, &[edit]), ["name.extension"], "{to}");
        }
        for to in [".jpeg", ".png", ".CSV"] {
            let edit = Edit::Rename(FileKind::PersonRecordImage, ".jpg", to);
            let found = found(Base::PersonRecord, &[edit]);
            assert!(found.contains(&"name.extension".to_owned()), "{to}: {found:?}");
        }
    }
}
