//! The standard does not speak of blank lines, so they refuse nothing.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::NOT_STATED,
};

/// The standard does not speak of blank lines, so they refuse nothing.
pub(crate) static RULE: Rule = Rule {
    id: "csv.blank-line",
    severity: Severity::Warning,
    because: NOT_STATED,
    clause: "標準仕様 ファイル仕様: CSV形式",
    states: Text {
        ja: "レコードの間に空の行を置かないのが普通です。",
        en: "Usually there are no blank lines between records.",
    },
    text: Text { ja: "何もない行があります。", en: "There is a blank line." },
    advice: Text {
        ja: "読み飛ばしました。続くときは介護ソフトの提供元に連絡してください。",
        en: "It was skipped; tell the care software's vendor if it goes on.",
    },
    example: Example {
        of: Base::ResultsWithdrawal,
        accepted: &[],
        refused: &[Edit::Content(
            FileKind::ResultsWithdrawal,
            b"\r\n202407,271004,0000209001,202505,2770200036,11\r\n",
        )],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn blank_lines_are_said_once_and_count_as_no_record() {
        let of = |content| {
            found(Base::ResultsWithdrawal, &[Edit::Content(FileKind::ResultsWithdrawal, content)])
        };
        let record = "202407,271004,0000209001,202505,2770200036,11\r\n";
        assert_eq!(of(leak(format!("\r\n\r\n{record}\n{record}"))), ["?csv.blank-line@1"]);
        assert_eq!(of(leak(format!("{record}\r\n\r\n"))), [""; 0], "after the last record");
    }

    fn leak(content: String) -> &'static [u8] {
        content.leak().as_bytes()
    }
}
