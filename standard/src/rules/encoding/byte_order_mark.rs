//! A byte order mark never stands in MS932.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// A byte order mark never stands in MS932.
pub(crate) static RULE: Rule = Rule {
    id: "encoding.byte-order-mark",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: 文字コード（Shift-JIS、MS932）",
    states: Text {
        ja: "MS932のファイルの先頭に、BOM（UTF-8の印）はありません。",
        en: "A file in MS932 does not begin with a byte order mark.",
    },
    text: Text {
        ja: "ファイルの先頭にBOM（UTF-8の印）があります。",
        en: "The file begins with a byte order mark.",
    },
    advice: Text {
        ja: "表計算ソフトなどで保存し直さず、介護ソフトが出力したファイルをそのまま送ってください。",
        en: "Send the file as the care software wrote it, not as a spreadsheet saved it.",
    },
    example: Example {
        of: Base::ResultsWithdrawal,
        accepted: &[],
        refused: &[Edit::Content(
            FileKind::ResultsWithdrawal,
            b"\xEF\xBB\xBF202407,271004,0000209001,202505,2770200036,11\r\n",
        )],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn a_mark_is_one_finding_and_no_part_of_the_first_item() {
        let marked = Edit::Content(
            FileKind::ResultsWithdrawal,
            b"\xEF\xBB\xBF202407,271004,0000209001,202505,2770200036,11\r\n",
        );
        assert_eq!(found(Base::ResultsWithdrawal, &[marked]), ["encoding.byte-order-mark"]);
        let text = Edit::Recode(FileKind::Results, crate::example::Encoding::Utf8WithMark);
        assert_eq!(found(Base::Results, &[text]), ["encoding.byte-order-mark", "encoding.utf-8"]);
    }
}
