//! A quote that opens a text closes it.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// A quote that opens a text closes it.
pub(crate) static RULE: Rule = Rule {
    id: "csv.unclosed-quote",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: CSV形式（引用符）",
    states: Text {
        ja: "\" で始めた文字列は \" で閉じます。",
        en: "A text that a quote opens is closed by a quote.",
    },
    text: Text {
        ja: "{item}の引用符（\"）が閉じていません。",
        en: "The quote that opens {item} is never closed.",
    },
    advice: Text {
        ja: "ファイルが途中で切れていないか確かめ、出力し直してください。",
        en: "Check whether the file was cut short, and export again.",
    },
    example: Example {
        of: Base::ResultsWithdrawal,
        accepted: &[],
        refused: &[Edit::Content(
            FileKind::ResultsWithdrawal,
            b"202407,271004,0000209001,202505,2770200036,\"11\r\n",
        )],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn a_file_that_ends_within_a_text_was_cut_short() {
        let cut = Edit::SetBytes(FileKind::Results, 2, "サービス事業所名", b"\"\x82\xdd");
        let found = found(Base::Results, &[cut]);
        assert!(found.contains(&"csv.unclosed-quote@2.21".to_owned()), "{found:?}");
    }
}
