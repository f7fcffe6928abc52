//! 第3表 and the 介護予防 layouts exist since V4.

use crate::{
    FileKind, FileName, Rule, Severity, Text, Version,
    example::{Base, Edit, Example},
    row::Breach,
    rules::because::STATED,
};

/// 第3表 and the 介護予防 layouts exist since V4.
pub(crate) static RULE: Rule = Rule {
    id: "version.layout-missing",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル一覧: 第3表・介護予防（バージョン4から）",
    states: Text {
        ja: "第3表と介護予防のファイル（利用者基本情報、介護予防サービス・支援計画書とその別表・削除）は、バージョン4にだけあります。",
        en: "第3表 and the files of 介護予防 (利用者基本情報, 介護予防サービス・支援計画書, their 別表 and withdrawals) exist in version 4 only.",
    },
    text: Text {
        ja: "CSVバージョン{found}にこの種類のファイルはありません。",
        en: "CSV version {found} has no file of this kind.",
    },
    advice: Text {
        ja: "相手がバージョン4に対応しているか確かめ、対応していなければPDFで送ってください。",
        en: "Check whether the partner's software has version 4; if not, send a PDF.",
    },
    example: Example {
        of: Base::PersonRecordWithdrawal,
        accepted: &[],
        refused: &[Edit::Set(FileKind::PersonRecordWithdrawal, 1, "CSVバージョン", "202208")],
    },
};

pub(super) fn check(name: &FileName, version: &Version) -> Option<Breach> {
    (!version.has(name.kind)).then(|| Breach::new(&RULE).found(&version.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn what_came_with_version_4_is_not_in_version_3() {
        for (base, kind) in [
            (Base::Plan, FileKind::PlanTable3),
            (Base::PersonRecord, FileKind::PersonRecord),
            (Base::PreventionPlan, FileKind::PreventionPlanAnnex),
            (Base::PreventionPlanWithdrawal, FileKind::PreventionPlanWithdrawal),
        ] {
            let found = found(base, &[Edit::Set(kind, 1, "CSVバージョン", "202208")]);
            assert!(found.contains(&"version.layout-missing".to_owned()), "{kind:?}: {found:?}");
        }
    }

    #[test]
    fn a_picture_is_of_the_version_that_its_name_has_the_form_of() {
        const PLAIN: &str = "UPKIHON_IMAGE_2770100012_2770200036_20250501120000_0001.jpg";
        let found = found(Base::SlipPlain, &[Edit::AddFile(PLAIN, b"\xFF\xD8\xFF")]);
        assert!(found.contains(&"version.layout-missing".to_owned()), "{found:?}");
    }
}
