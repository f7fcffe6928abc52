//! No header line.

use crate::{
    FileKind, Rule, Severity, Standard, Text, Version,
    example::{Base, Edit, Example},
    rules::because::STATED,
    rules::version,
};

/// No header line.
pub(crate) static RULE: Rule = Rule {
    id: "csv.header-line",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: CSV形式（見出し行なし）",
    states: Text { ja: "1行目からレコードを書き、見出しの行を置きません。", en: "The first line is a record: there is no header line." },
    text: Text {
        ja: "1行目が見出しになっています。", en: "The first line is a header."
    },
    advice: Text {
        ja: "見出しのない形で出力し直してください。",
        en: "Export again without a header line.",
    },
    example: Example { of: Base::ResultsWithdrawal, accepted: &[], refused: &[Edit::Content(FileKind::ResultsWithdrawal, b"version,insurer,person,month,office,kind\r\n202407,271004,0000209001,202505,2770200036,11\r\n")] },
};

/// Whether a file begins with a header, by the first items of its first two records: an item's name,
/// or any words at all above a record that begins as records do.
pub(crate) fn is_header(
    standard: &Standard,
    kind: FileKind,
    first: &str,
    second: Option<&str>,
) -> bool {
    let is_item_name = |version: &Version| {
        let layout = version.layout(kind);
        layout.and_then(|layout| layout.item(1)).is_some_and(|item| item.name == first.trim())
    };
    let has_no_digit = !first.is_empty() && !first.bytes().any(|byte| byte.is_ascii_digit());
    let is_above_a_record =
        has_no_digit && second.is_some_and(|value| version::known(standard, value).is_some());
    is_above_a_record || standard.versions().iter().any(is_item_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn a_header_is_one_finding_and_the_records_below_are_checked() {
        let header = Edit::Replace(
            FileKind::Results,
            "202407,271004,0000209001,20250425,202505,2770100012,\"見本　計子\",244,,20250506",
            "CSVバージョン,保険者番号\r\n202407,271004,0000209001,20250425,202505,2770100012,\"見本　計子\",244,,20250506",
        );
        assert_eq!(found(Base::Results, &[header]), ["csv.header-line@1"]);
        let stray = Edit::Replace(FileKind::Results, "20250513,,1000", "20250532,,1000");
        assert_eq!(
            found(Base::Results, &[header, stray]),
            ["csv.header-line@1", "item.date-not-real@3.10"]
        );
    }

    #[test]
    fn words_are_a_header_only_above_a_record() {
        let is_header =
            |first, second| is_header(Standard::bundled(), FileKind::Slip, first, second);
        assert!(is_header("CSVバージョン", None));
        assert!(is_header("version", Some("202407")));
        assert!(!is_header("version", Some("version")));
        assert!(!is_header("", Some("202407")));
        assert!(!is_header("202410", Some("202407")));
    }
}
