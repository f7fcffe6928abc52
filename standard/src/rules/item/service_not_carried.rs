//! The first two characters of a service code are a service kind in scope.

use crate::{
    FileKind, Rule, ServiceKind, Severity, Text, Wanted,
    example::{Base, Edit, Example},
    item_check::Breach,
    rules::because::STATED,
};

/// The first two characters of a service code are a service kind in scope.
pub(crate) static RULE: Rule = Rule {
    id: "item.service-kind-not-carried",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 対象サービス種類: 第6表・第7表 サービスコード、補足・削除 サービス種類コード",
    states: Text {
        ja: "サービスコードの先頭2文字とサービス種類コードは、標準仕様の対象のサービス種類です。対象外のサービス（施設系など）は載せません。",
        en: "The first two characters of サービスコード, and サービス種類コード, are of a service kind in scope. Services out of scope (facilities and the like) are left out.",
    },
    text: Text {
        ja: "{item}「{found}」は標準仕様の対象外のサービス種類です。",
        en: "The value of {item} ({found}) is of a service kind that the standard does not carry.",
    },
    advice: Text {
        ja: "対象外のサービス（施設系など）は外し、種類コードの誤りなら介護ソフトで直してください。",
        en: "Leave services out of scope (facilities) out; mend the code if it is a mistake.",
    },
    example: Example {
        of: Base::ResultsWithdrawal,
        accepted: &[Edit::Set(FileKind::ResultsWithdrawal, 1, "サービス種類コード", "2A")],
        refused: &[Edit::Set(FileKind::ResultsWithdrawal, 1, "サービス種類コード", "51")],
    },
};

/// A service kind of two characters.
pub(crate) fn check(kind: ServiceKind) -> Option<Breach> {
    (!kind.scope().is_carried()).then(|| Breach::new(&RULE, Wanted::default()))
}

#[cfg(test)]
mod tests {
    use crate::{FileKind, item_check::tests::check_item};

    const CARRIED: &str = "11 12 13 14 15 16 17 21 22 23 2A 31 71 76 72 78 73 68 77 79 27 28 38 \
        62 63 64 66 67 24 25 26 2B 34 74 75 69 39 A1 A2 A3 A4 A5 A6 A7 A8";
    const NOT_CARRIED: &str =
        "33 36 32 41 42 51 52 53 54 55 59 81 35 37 44 45 43 46 AF 00 99 10 61 65 70 A0 A9 B1 2C";

    #[test]
    fn kinds_in_scope_are_taken_and_others_not() {
        let code =
            |kind: &str| check_item(FileKind::Slip, "サービスコード", &format!("{kind}1111"));
        let kind = |kind| check_item(FileKind::ResultsWithdrawal, "サービス種類コード", kind);
        let slot = |kind| check_item(FileKind::Supplement, "１サービス種類コード", kind);
        for carried in CARRIED.split_whitespace() {
            assert_eq!([code(carried), kind(carried), slot(carried)], [""; 3], "{carried}");
        }
        for other in NOT_CARRIED.split_whitespace() {
            let not_carried = "item.service-kind-not-carried";
            assert_eq!([code(other), kind(other), slot(other)], [not_carried; 3], "{other}");
        }
    }

    #[test]
    fn the_total_of_the_annex_is_of_no_kind() {
        assert_eq!(check_item(FileKind::SlipAnnex, "サービスコード", "999999"), "");
        assert_eq!(check_item(FileKind::SlipAnnex, "サービスコード", "17AAAA"), "");
        assert_eq!(
            check_item(FileKind::SlipAnnex, "サービスコード", "51AAAA"),
            "item.service-kind-not-carried",
        );
        assert_eq!(
            check_item(FileKind::Slip, "サービスコード", "999999"),
            "item.service-kind-not-carried",
        );
    }
}
