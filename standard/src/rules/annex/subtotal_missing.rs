//! kind + AAAA is required where a kind has several lines within the limit.

use std::collections::BTreeMap;

use crate::{
    FileKind, LineKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    report::Report,
    rules::because::STATED,
};

use super::{
    lines::{Line, shown},
    subtotal_over_offices::RULE as OVER_OFFICES,
};

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
pub(super) fn check(lines: &[&Line], report: &mut Report) {
    let mut kinds: BTreeMap<[u8; 2], Kind> = BTreeMap::new();
    for line in lines {
        let kind = kinds.entry(line.service_kind()).or_default();
        match (line.kind, line.group()) {
            (LineKind::Limited, _) => kind.has_subtotal = true,
            (LineKind::Service, LineKind::Limited) => kind.offices.push(line.tally.service.office),
            _ => {}
        }
    }
    for (kind, Kind { mut offices, has_subtotal }) in kinds {
        let count = offices.len();
        offices.sort_unstable();
        offices.dedup();
        let rule = match (count, offices.len()) {
            (0 | 1, _) => continue,
            _ if has_subtotal => continue,
            (lines, offices) if offices < lines => &RULE,
            _ => &OVER_OFFICES,
        };
        let first = lines.first().expect("a kind has lines");
        report.breach(first.breach(rule, &shown(kind)));
    }
}

#[derive(Default)]
struct Kind {
    /// The office of each line within the limit.
    offices: Vec<[u8; 10]>,
    has_subtotal: bool,
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
