//! Prefix, month where the kind has one, sender, receiver, sequence.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// Prefix, month where the kind has one, sender, receiver, sequence.
pub(crate) static RULE: Rule = Rule {
    id: "name.parts",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: ファイル名（構成）",
    states: Text {
        ja: "ファイル名は、接頭辞・年月（ある種類だけ）・送信元・送信先・連番を _ でつなぎます。バージョン4では事業所番号の後にサービス種類コードが入り、画像は最後に枝番が付きます。",
        en: "A name joins prefix, month (where the kind has one), sender, receiver and sequence with _. In version 4 a service kind follows each office number; a picture ends in its branch.",
    },
    text: Text {
        ja: "ファイル名の区切り（_）の数が正しくありません。",
        en: "The name has too many or too few parts.",
    },
    advice: Text {
        ja: "介護ソフトが出力した名前のまま送ってください。「(1)」などが付いていないか確かめてください。",
        en: "Send it under the name that the care software gave it; look for a \"(1)\" that was added.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[],
        refused: &[Edit::Rename(FileKind::Results, "_43_", "_")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn no_part_is_missing_and_none_too_many() {
        for (from, to) in [
            ("_43_2025", "_2025"),
            ("_11_", "_"),
            ("_2770100012", ""),
            ("_20250501120000", ""),
            (".CSV", "_1.CSV"),
            (".CSV", "_copy.CSV"),
            ("_11_2770100012_43_20250501120000", ""),
        ] {
            let edit = Edit::Rename(FileKind::ResultsWithdrawal, from, to);
            let found = found(Base::ResultsWithdrawal, &[edit]);
            assert_eq!(found, ["name.parts"], "{from} → {to}");
        }
        let bare = Edit::Rename(
            FileKind::ResultsWithdrawal,
            "_202505_2770200036_11_2770100012_43_20250501120000",
            "",
        );
        assert_eq!(found(Base::ResultsWithdrawal, &[bare]), ["name.parts"]);
    }
}
