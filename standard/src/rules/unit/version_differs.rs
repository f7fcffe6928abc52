//! The files of one unit are of one version.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// The files of one unit are of one version.
pub(crate) static RULE: Rule = Rule {
    id: "unit.version-differs",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 各レイアウト: 項目1 CSVバージョン",
    states: Text {
        ja: "一つの送信単位のファイルは、同じCSVバージョンです。",
        en: "The files of one 送信単位 are of one CSVバージョン.",
    },
    text: Text {
        ja: "同じ連番{found}のファイルで、CSVバージョンが違います（{wanted}）。",
        en: "Files of one sequence {found} are of different CSV versions ({wanted}).",
    },
    advice: Text {
        ja: "1つのバージョンで出力し直してください。",
        en: "Export again in one version.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[],
        refused: &[Edit::Replace(FileKind::Supplement, "202407", "202208")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn one_file_of_another_version_is_seen_whichever_it_is() {
        for kind in [FileKind::Supplement, FileKind::Slip, FileKind::SlipAnnex] {
            let found = found(Base::Slip, &[Edit::Replace(kind, "202407,", "202208,")]);
            assert!(found.iter().any(|id| id.contains(RULE.id)), "{kind:?}: {found:?}");
        }
        let found = found(Base::SlipPlain, &[]);
        assert!(!found.iter().any(|id| id.contains(RULE.id)), "{found:?}");
    }
}
