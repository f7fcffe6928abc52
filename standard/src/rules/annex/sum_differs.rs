//! Subtotals and the total are the sums of their lines.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    FileKind, LineKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    report::Report,
    row::Breach,
};

use super::lines::{FIRST_OF_YEN, Line};

/// Subtotals and the total are the sums of their lines.
pub(crate) static RULE: Rule = Rule {
    id: "annex.sum-differs",
    severity: Severity::Warning,
    because: Text {
        ja: "計算の方法と端数の扱いは標準仕様に定めがないので、拒みません。",
        en: "How sums are calculated and rounded is not stated, so it never refuses.",
    },
    clause: "標準仕様 第7表: 小計行・合計行",
    states: Text {
        ja: "小計行と合計行の単位数と金額は、その利用者の行を足したものです。",
        en: "Units and yen of subtotals and of the total are the sums of the person's lines.",
    },
    text: Text {
        ja: "{item}（{found}）が、行の合計（{wanted}）と合いません。",
        en: "{item} ({found}) is not the sum of its lines ({wanted}).",
    },
    advice: Text {
        ja: "第7表を介護ソフトで計算し直してください。端数の扱いの違いなら、そのまま送れます。",
        en: "Calculate the 第7表 again; it can be sent as it is if only rounding differs.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::Set(FileKind::SlipAnnex, 4, "費用総額保険／事業対象分", "5881")],
        refused: &[Edit::Set(FileKind::SlipAnnex, 4, "給付管理単位数", "600")],
    },
};

/// `items` are No and name of each of [`SUMS`](super::lines::SUMS).
pub(super) fn check(lines: &[&Line], items: &[(u16, String)], report: &mut Report) {
    let mut parts: BTreeMap<_, Part<'_>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.kind != LineKind::Total) {
        let part = parts.entry((line.service_kind(), line.group())).or_default();
        if line.kind == LineKind::Service { &mut part.lines } else { &mut part.sums }.push(line);
    }
    parts.values_mut().for_each(Part::divide);
    // A line left out shows in every sum of its subtotal and of the total: said once for each.
    let mut said = BTreeSet::new();
    for (at, item) in items.iter().enumerate() {
        // Yen are rounded down line by line, or once: a yen a line is no difference.
        let slack = if at < FIRST_OF_YEN { 0 } else { u64::try_from(lines.len()).unwrap_or(0) };
        let mut differ = |sum: &Line, found: u64, wanted: u64| {
            if slack < found.abs_diff(wanted) && said.insert(sum.tally.record) {
                let breach = sum.breach(&RULE, &found.to_string()).wanted(wanted.to_string());
                report.breach(Breach { item: Some(item.clone()), ..breach });
            }
        };
        for part in parts.values() {
            let (all, own) = (total(&part.lines, at), total(&part.of_sums, at));
            if let (Some(found), Some(wanted)) = (total(&part.sums, at), own.or(all))
                && all != Some(found)
            {
                differ(part.sums[0], found, wanted);
            }
        }
        let of_parts = parts.values().try_fold(0, |sum, part| Some(sum + part.total(at)?));
        let totals = lines.iter().filter(|line| line.kind == LineKind::Total);
        for line in totals {
            if let (Some(found), Some(wanted)) = (line.sums[at], of_parts) {
                differ(line, u64::from(found), wanted);
            }
        }
    }
}

/// The lines of one kind, within the limit or outside it or beyond 30 days, with their subtotals:
/// one an office, or one for all.
#[derive(Default)]
struct Part<'a> {
    lines: Vec<&'a Line>,
    sums: Vec<&'a Line>,
    /// The lines of offices that have a subtotal.
    of_sums: Vec<&'a Line>,
    /// Those of the others.
    others: Vec<&'a Line>,
}

impl Part<'_> {
    /// Once all are there: tells the lines whose office has a subtotal from the others.
    fn divide(&mut self) {
        let office = |line: &Line| line.tally.service.office;
        let offices: BTreeSet<_> = self.sums.iter().map(|sum| office(sum)).collect();
        (self.of_sums, self.others) =
            self.lines.iter().copied().partition(|line| offices.contains(&office(line)));
    }

    /// What it adds to the total: by its subtotals, where they say so, else by its lines.
    fn total(&self, at: usize) -> Option<u64> {
        let is_empty = |line: &&Line| line.sums[at].is_none() && at < FIRST_OF_YEN;
        if self.lines.iter().chain(&self.sums).all(is_empty) {
            return Some(0);
        }
        let Some(sums) = total(&self.sums, at) else { return total(&self.lines, at) };
        if self.others.is_empty() || total(&self.lines, at) == Some(sums) {
            return Some(sums);
        }
        Some(sums + total(&self.others, at)?)
    }
}

/// None where there is no line, or one that leaves the item empty.
fn total(lines: &[&Line], at: usize) -> Option<u64> {
    let sum = lines.iter().try_fold(0, |sum, line| Some(sum + u64::from(line.sums[at]?)));
    sum.filter(|_| !lines.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    fn annex(edits: &[(u32, &'static str, &'static str)]) -> Vec<String> {
        let edits = edits
            .iter()
            .map(|&(record, item, value)| Edit::Set(FileKind::SlipAnnex, record, item, value));
        found(Base::Slip, &edits.collect::<Vec<_>>())
    }

    #[test]
    fn units_are_exact_and_yen_may_be_rounded() {
        assert_eq!(annex(&[(3, "給付管理単位数", "589")]).len(), 2, "subtotal and total");
        assert_eq!(annex(&[(4, "給付管理単位数", "589")]), ["?annex.sum-differs@4.18"]);
        assert_eq!(annex(&[(4, "費用総額保険／事業対象分", "5883")]), [""; 0]);
        assert_eq!(annex(&[(4, "費用総額保険／事業対象分", "5890")]), ["?annex.sum-differs@4.24"]);
    }

    #[test]
    fn what_lines_leave_to_their_subtotal_is_not_missed() {
        let over = "区分支給限度基準超単位数";
        assert_eq!(annex(&[(1, over, ""), (2, over, "")]), [""; 0]);
        assert_eq!(annex(&[(1, over, ""), (2, over, ""), (3, over, "")]), [""; 0]);
    }

    #[test]
    fn one_subtotal_may_be_of_one_office_or_of_all() {
        let of_all = [
            Edit::Set(FileKind::SlipAnnex, 2, "サービス事業所コード", "2770200099"),
            Edit::Set(FileKind::Slip, 3, "サービス事業者コード", "2770200099"),
        ];
        assert_eq!(found(Base::Slip, &of_all), [""; 0]);
    }
}
