//! The grand total 999999 is required.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::Breach,
    rules::because::STATED,
};

use super::facts::OfPerson;

/// The grand total 999999 is required.
pub(crate) static RULE: Rule = Rule {
    id: "annex.total-missing",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 第7表: 項目 サービスコード（合計行）",
    states: Text {
        ja: "第7表には、利用者ごとにサービスコード999999の合計行があります。",
        en: "第7表 has a total line, service code 999999, for each person.",
    },
    text: Text {
        ja: "この利用者の合計行（サービスコード999999）がありません。",
        en: "This person has no total line (service code 999999).",
    },
    advice: Text {
        ja: "第7表を介護ソフトで計算し直し、出力し直してください。",
        en: "Calculate the 第7表 again in the care software and export again.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[],
        refused: &[Edit::DropRecord(FileKind::SlipAnnex, 4)],
    },
};

pub(super) fn check(person: &OfPerson<'_>) -> Option<Breach> {
    let has_total = person.seen.iter().any(|(_, seen)| seen.has_total);
    (!has_total).then(|| Breach::new(&RULE).at(person.record))
}
