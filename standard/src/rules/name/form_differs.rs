//! V4 names carry service kinds, V3 names do not.

use crate::{
    FileKind, FileName, Rule, Severity, Text, Version,
    example::{Base, Edit, Example},
    row::Breach,
    rules::because::STATED,
};

/// V4 names carry service kinds, V3 names do not.
pub(crate) static RULE: Rule = Rule {
    id: "name.form-differs",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: ファイル名（バージョン3・バージョン4）",
    states: Text {
        ja: "バージョン4のファイル名にはサービス種類コードが2つ入り、バージョン3のファイル名には入りません。中身のCSVバージョンに合う形で名付けます。",
        en: "Names of version 4 hold two service kinds, names of version 3 none. The form goes with the CSVバージョン of the content.",
    },
    text: Text {
        ja: "ファイル名の形と中身のCSVバージョン（{found}）が合いません。",
        en: "The form of the name does not go with the content's CSV version ({found}).",
    },
    advice: Text {
        ja: "バージョン4の名前にはサービス種類コードが入り、バージョン3には入りません。出力し直してください。",
        en: "Names of version 4 carry service kinds, those of version 3 do not; export again.",
    },
    example: Example {
        of: Base::ResultsPlain,
        accepted: &[],
        refused: &[Edit::Rename(
            FileKind::Results,
            "2770200036_2770100012",
            "2770200036_11_2770100012_43",
        )],
    },
};

pub(crate) fn check(name: &FileName, version: &Version) -> Option<Breach> {
    let differs = version.names_have_kinds != name.has_kinds();
    differs.then(|| Breach::new(&RULE).found(&version.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn the_name_s_form_goes_with_the_content_s_version() {
        let with = Edit::Rename(FileKind::Results, "2770200036_", "2770200036_11_");
        let both = Edit::Rename(FileKind::Results, "2770100012_", "2770100012_43_");
        assert_eq!(found(Base::ResultsPlain, &[with, both]), ["name.form-differs"]);
        let from = Edit::Rename(FileKind::Results, "_11_", "_");
        let to = Edit::Rename(FileKind::Results, "_43_", "_");
        let found = found(Base::Results, &[from, to]);
        assert!(found.contains(&"name.form-differs".to_owned()), "{found:?}");
    }
}
