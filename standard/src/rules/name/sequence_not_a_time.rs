//! ファイル連番 is a time.

use crate::{
    FileKind, FileName, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::Breach,
    rules::because::STATED,
};

/// ファイル連番 is a time.
pub(crate) static RULE: Rule = Rule {
    id: "name.sequence-not-a-time",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: ファイル名（ファイル連番）",
    states: Text {
        ja: "ファイル連番は実在する日時です。",
        en: "The sequence is a time that exists.",
    },
    text: Text {
        ja: "ファイル名の連番「{found}」は実在する日時ではありません。",
        en: "The sequence {found} is no time that exists.",
    },
    advice: Text {
        ja: "連番は YYYYMMDDHHMMSS です。介護ソフトの提供元に連絡してください。",
        en: "The sequence is YYYYMMDDHHMMSS; tell the care software's vendor.",
    },
    example: Example {
        of: Base::ResultsWithdrawal,
        accepted: &[Edit::Rename(FileKind::ResultsWithdrawal, "20250501120000", "20240229235959")],
        refused: &[Edit::Rename(FileKind::ResultsWithdrawal, "20250501120000", "20250229120000")],
    },
};

pub(super) fn check(name: &FileName) -> Option<Breach> {
    (!name.sequence.is_real_time()).then(|| Breach::new(&RULE).found(name.sequence.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn a_sequence_is_a_time_that_exists() {
        let of = |to| {
            found(
                Base::ResultsWithdrawal,
                &[Edit::Rename(FileKind::ResultsWithdrawal, "20250501120000", to)],
            )
        };
        for not in [
            "20250229120000",
            "20251301120000",
            "20250532120000",
            "20250501240000",
            "20250501126000",
            "20250501120060",
            "00000000000000",
        ] {
            assert_eq!(of(not), ["name.sequence-not-a-time"], "{not}");
        }
        for real in ["20240229000000", "20251231235959"] {
            assert_eq!(of(real), [""; 0], "{real}");
        }
    }
}
