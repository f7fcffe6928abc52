//! CSV may be attached; a misspelt name looks the same.

use crate::{
    Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// CSV may be attached; a misspelt name looks the same.
pub(crate) static RULE: Rule = Rule {
    id: "attachment.csv",
    severity: Severity::Warning,
    because: Text {
        ja: "CSVは添付できるので拒みませんが、名前を書き違えた標準仕様のファイルかもしれません。",
        en: "CSV may be attached, so it is no reason to refuse; but it may be a file of the standard under a wrong name.",
    },
    clause: "システムの案内: 添付ファイル（PDF等）",
    states: Text {
        ja: "標準仕様のファイルではないCSVは、添付ファイルとして送られます。",
        en: "A CSV that is no file of the standard travels as an attachment.",
    },
    text: Text {
        ja: "標準仕様のファイルではないCSVです。添付ファイルとして扱います。",
        en: "This CSV is no file of the standard; it is taken for an attachment.",
    },
    advice: Text {
        ja: "標準仕様のファイルのつもりなら、名前を介護ソフトが出力したものに戻してください。",
        en: "If it was meant to be one, give it back the name that the care software gave it.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[],
        refused: &[Edit::AddFile("利用者一覧.csv", b"a,b\r\n")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn a_csv_that_is_not_meant_for_the_standard_is_an_attachment() {
        for name in ["利用者一覧.csv", "memo_20250501120000.csv", "2770200036.CSV"] {
            let found = found(Base::Results, &[Edit::AddFile(name, b"a,b\r\n")]);
            assert_eq!(found, ["?attachment.csv"], "{name}");
        }
    }

    #[test]
    fn one_that_is_meant_for_it_is_not() {
        for name in [
            "UPPLAN.csv",
            "UPPLAN_202505.CSV",
            "upjsk_202505_2770200036_11.csv",
            "PLAN_2770200036_2770100012.csv",
        ] {
            let found = found(Base::Results, &[Edit::AddFile(name, b"a,b\r\n")]);
            assert!(found.iter().all(|rule| rule.starts_with("name.")), "{name}: {found:?}");
        }
    }

    #[test]
    fn what_is_no_csv_may_be_called_as_it_likes() {
        let pdf = Edit::AddFile(
            "UPPLAN_202505_2770100012_43_2770200036_11_20250501120000.pdf",
            b"%PDF-1.7",
        );
        assert_eq!(found(Base::Results, &[pdf]), [""; 0]);
    }
}
