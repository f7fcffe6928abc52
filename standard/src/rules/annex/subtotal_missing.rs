//! kind + AAAA is required where a kind has several lines within the limit.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    report::Report,
    row::Breach,
    rules::because::STATED,
};

use super::{facts::OfPerson, lines::shown, subtotal_over_offices::RULE as OVER_OFFICES};

/// kind + AAAA is required where a kind has several lines within the limit.
pub(crate) static RULE: Rule = Rule {
    id: "annex.subtotal-missing",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 第7表: 項目 サービスコード（小計行）",
    states: Text {
        ja: "一つの事業所の同じサービス種類に、限度額管理の対象となる行が2行以上あれば、小計行（種類＋AAAA）を書きます。",
        en: "Where an office has several lines of one service kind within the limit, their subtotal, kind + AAAA, stands with them.",
    },
    text: Text {
        ja: "この利用者に、サービス種類{found}の小計行（{found}AAAA）がありません。",
        en: "This person has no subtotal line ({found}AAAA) for service kind {found}.",
    },
    advice: Text {
        ja: "第7表を介護ソフトで計算し直し、出力し直してください。",
        en: "Calculate the 第7表 again in the care software and export again.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[
            Edit::DropRecord(FileKind::SlipAnnex, 2),
            Edit::DropRecord(FileKind::SlipAnnex, 2),
        ],
        refused: &[Edit::DropRecord(FileKind::SlipAnnex, 3)],
    },
};

/// Where lines of several offices alone make up the several, whether they want a subtotal is open.
pub(super) fn check(person: &OfPerson<'_>, report: &mut Report) {
    for of_kind in person.seen.chunk_by(|(one, _), (other, _)| one.kind == other.kind) {
        let seen = || of_kind.iter().map(|(_, seen)| seen);
        let lines: u32 = seen().map(|seen| u32::from(seen.limited)).sum();
        if lines < 2 || seen().any(|seen| seen.has_subtotal) {
            continue;
        }
        let has_several = seen().any(|of_office| 1 < of_office.limited);
        let rule = if has_several { &RULE } else { &OVER_OFFICES };
        let (whose, _) = of_kind[0];
        report.breach(Breach::new(rule).at(person.record).found(&shown(whose.kind)));
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    #[test]
    fn a_line_outside_the_limit_wants_no_subtotal() {
        let drop = Edit::DropRecord(FileKind::SlipAnnex, 3);
        assert_eq!(found(Base::Slip, &[drop]), ["annex.subtotal-missing@1"]);
        let outside = |value| {
            let set = |item, value| Edit::Set(FileKind::SlipAnnex, 2, item, value);
            let total = Edit::Set(FileKind::SlipAnnex, 4, "給付管理単位数", "488");
            found(Base::Slip, &[set("給付管理単位数", value), total, drop])
        };
        for value in ["", "0"] {
            assert!(!outside(value).contains(&"annex.subtotal-missing@1".to_owned()), "{value}");
        }
    }

    #[test]
    fn one_line_each_of_two_offices_is_left_open() {
        let edits = [
            Edit::DropRecord(FileKind::SlipAnnex, 3),
            Edit::Set(FileKind::SlipAnnex, 2, "サービス事業所コード", "2770200099"),
            Edit::Set(FileKind::Slip, 3, "サービス事業者コード", "2770200099"),
        ];
        assert_eq!(found(Base::Slip, &edits), ["?annex.subtotal-over-offices@1"]);
    }
}
