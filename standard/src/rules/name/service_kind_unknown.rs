//! A side of an exchange is a service in scope, or 43, 46, AF.

use crate::{
    FileKind, FileName, Rule, ServiceKind, ServiceScope, Severity, Text,
    example::{Base, Edit, Example},
    row::Breach,
    rules::because::STATED,
};

/// A side of an exchange is a service in scope, or 43, 46, AF.
pub(crate) static RULE: Rule = Rule {
    id: "name.service-kind-not-carried",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 対象サービス種類: ファイル名のサービス種類コード",
    states: Text {
        ja: "ファイル名のサービス種類コードは、標準仕様の対象のサービス種類か、計画を作る側の 43・46・AF です。",
        en: "A service kind in a name is one that the standard carries, or 43, 46 or AF of those who plan.",
    },
    text: Text {
        ja: "ファイル名のサービス種類コード「{found}」は標準仕様の対象ではありません。",
        en: "The service kind {found} in the name is not carried by the standard.",
    },
    advice: Text {
        ja: "介護ソフトの事業所設定でサービス種類を確かめてください。",
        en: "Check the service kind in the care software's office settings.",
    },
    example: Example {
        of: Base::SlipWithdrawal,
        accepted: &[Edit::Rename(FileKind::SlipWithdrawal, "_11_", "_2A_")],
        refused: &[Edit::Rename(FileKind::SlipWithdrawal, "_11_", "_33_")],
    },
};

pub(super) fn check(name: &FileName) -> impl Iterator<Item = Breach> + use<> {
    let kinds = [name.from.kind, name.to.kind].into_iter().flatten();
    kinds.filter(is_outside).map(|kind| Breach::new(&RULE).found(kind.as_str()))
}

fn is_outside(kind: &ServiceKind) -> bool {
    !kind.scope().is_carried() && kind.scope() != ServiceScope::Planner
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    const ID: &str = "name.service-kind-not-carried";

    #[test]
    fn kinds_out_of_scope_or_of_nobody_are_refused_on_either_side() {
        for to in ["_33_", "_51_", "_59_", "_81_", "_44_", "_99_", "_A9_", "_00_"] {
            let edit = |from| Edit::Rename(FileKind::SlipWithdrawal, from, to);
            for from in ["_11_", "_43_"] {
                assert_eq!(found(Base::SlipWithdrawal, &[edit(from)]), [ID], "{from} {to}");
            }
        }
    }

    #[test]
    fn kinds_in_scope_and_those_who_plan_are_taken() {
        for to in ["_2A_", "_A8_", "_39_", "_46_", "_AF_"] {
            let edit = Edit::Rename(FileKind::SlipWithdrawal, "_11_", to);
            let found = found(Base::SlipWithdrawal, &[edit]);
            assert!(!found.iter().any(|rule| rule.contains(ID)), "{to}: {found:?}");
        }
    }
}
