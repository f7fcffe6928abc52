//! The month is YYYYMM, where the kind has one; `000000` only for 補足 with 第1表–第3表.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// The month is YYYYMM, where the kind has one; `000000` only for 補足 with 第1表–第3表.
pub(crate) static RULE: Rule = Rule {
    id: "name.month",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: ファイル名（年月）",
    states: Text {
        ja: "年月は YYYYMM で、補足・第6表・第7表・実績とその削除のファイル名にだけ入ります。000000 は、第1表～第3表と送る補足だけです。",
        en: "The month is YYYYMM and stands in the names of 補足, 第6表, 第7表, 実績 and their withdrawals only. 000000 is for 補足 that goes with 第1表 to 第3表.",
    },
    text: Text {
        ja: "ファイル名の年月が正しくありません。",
        en: "The month in the name is not as it should be.",
    },
    advice: Text {
        ja: "この種類のファイルに年月が要るか、実在する年月かを確かめてください。",
        en: "Check whether this kind of file carries a month, and whether it exists.",
    },
    example: Example {
        of: Base::Plan,
        accepted: &[],
        refused: &[Edit::Rename(FileKind::PlanTable1, "UP1KYO_", "UP1KYO_202505_")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn monthly_files_have_a_month_that_exists() {
        for to in ["202513", "202500", "000000", "2025", "20250501", "20250A", "R70505"] {
            let edit = Edit::Rename(FileKind::ResultsWithdrawal, "202505_", leak(to));
            assert_eq!(found(Base::ResultsWithdrawal, &[edit]), ["name.month"], "{to}");
        }
        let none = Edit::Rename(FileKind::ResultsWithdrawal, "202505_", "");
        assert_eq!(found(Base::ResultsWithdrawal, &[none]), ["name.month"]);
        let none = Edit::Rename(FileKind::Supplement, "000000_", "");
        assert!(found(Base::Plan, &[none]).contains(&"name.month".to_owned()));
    }

    #[test]
    fn other_files_have_none() {
        for to in ["DLT1KYO_202505", "DLT1KYO_000000"] {
            let edit = Edit::Rename(FileKind::PlanWithdrawal, "DLT1KYO", to);
            assert_eq!(found(Base::PlanWithdrawal, &[edit]), ["name.month"], "{to}");
        }
        let edit = Edit::Rename(FileKind::PersonRecordWithdrawal, "DLTKIHON", "DLTKIHON_202505");
        assert_eq!(found(Base::PersonRecordWithdrawal, &[edit]), ["name.month"]);
    }

    /// The part with the line that joins it to the next.
    fn leak(part: &str) -> &'static str {
        Box::leak(format!("{part}_").into_boxed_str())
    }
}
