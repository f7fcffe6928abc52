//! A name begins with the prefix of its kind.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// A name begins with the prefix of its kind.
pub(crate) static RULE: Rule = Rule {
    id: "name.prefix",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: ファイル名（接頭辞）",
    states: Text {
        ja: "ファイル名は、標準仕様のファイル種類の接頭辞（UPPLAN、UPJSK など）で始まります。",
        en: "A name begins with the prefix of a kind of file that the standard has (UPPLAN, UPJSK and so on).",
    },
    text: Text {
        ja: "ファイル名の先頭が標準仕様の種類ではありません。",
        en: "The name begins with no kind of file of the standard.",
    },
    advice: Text {
        ja: "介護ソフトが出力した名前のまま送ってください。",
        en: "Send it under the name that the care software gave it.",
    },
    example: Example {
        of: Base::ResultsWithdrawal,
        accepted: &[],
        refused: &[Edit::Rename(FileKind::ResultsWithdrawal, "DLTJSK", "DLJSK")],
    },
};

/// How many letters a slip of the pen takes away, adds or changes.
const SLIPS_MAX: usize = 2;

/// Whether a name begins nearly as one of the standard does, in either letter case.
pub(super) fn is_near(stem: &str) -> bool {
    let first = |name: &str| name.split('_').next().unwrap_or_default().to_ascii_uppercase();
    let begins = first(stem);
    ["UP", "DLT"].iter().any(|start| begins.starts_with(start))
        || FileKind::ALL.iter().any(|kind| slips(&begins, &first(kind.prefix())) <= SLIPS_MAX)
}

/// How many letters lie between two words (Levenshtein).
fn slips(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (above, letter) in from.chars().enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (at, other) in to.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn a_name_begins_as_the_standard_has_it() {
        for to in ["DLJSK", "dltjsk", "DLTJSK2", "XDLTJSK", "DLTJSK "] {
            let edit = Edit::Rename(FileKind::ResultsWithdrawal, "DLTJSK", to);
            assert_eq!(found(Base::ResultsWithdrawal, &[edit]), ["name.prefix"], "{to}");
        }
    }

    #[test]
    fn a_name_is_near_one_of_the_standard_up_to_two_letters() {
        for near in ["UPPLAM_1", "upplan_1", "PPLAN_1", "DTLJSK", "UP9XYZ_1", "UUPJISK_1"] {
            assert!(is_near(near), "{near}");
        }
        for other in ["20250428171502_2770100012", "実績_1", "PLANTS_1", "", "_1"] {
            assert!(!is_near(other), "{other}");
        }
    }

    #[test]
    fn letters_are_counted() {
        for (from, to, want) in
            [("", "", 0), ("", "AB", 2), ("UPJSK", "UPJISK", 1), ("AB", "BA", 2)]
        {
            assert_eq!(slips(from, to), want, "{from} {to}");
        }
    }
}
