//! What is said of findings and units that are too many to be shown one by one: how often each rule
//! is broken, on one screen.

use std::collections::{BTreeMap, BTreeSet};

use careplan_standard::{Check, Finding, Rule, Severity, Verdict};

use crate::{
    table::{COLUMNS, fit, pad},
    ui::Ui,
};

/// How many causes or units are shown one by one.
pub(super) const ONE_BY_ONE_MAX: usize = 30;

/// How many rules are listed.
const RULES_MAX: usize = 12;

/// A rule and how often it is broken.
struct Count<'a> {
    rule: &'static Rule,
    severity: Severity,
    findings: u32,
    files: BTreeSet<&'a str>,
}

/// The rules that are broken, the worst and then the most frequent first.
pub(super) fn rules(check: &Check, ui: &Ui) {
    let counts = counts(&check.findings);
    ui.line(ui.pick("件数    ファイル  規則", "findings files  rule"));
    for Count { rule, severity, findings, files } in counts.iter().take(RULES_MAX) {
        let severity = match severity {
            Severity::Error => ui.pick("エラー", "error"),
            Severity::Warning => ui.pick("警告", "warning"),
            Severity::Info => ui.pick("参考", "info"),
        };
        let states = ui.pick(rule.states.ja, rule.states.en);
        let line = format!("{findings:>8} {:>6}  {severity} {} {states}", files.len(), rule.id);
        ui.line(&fit(&line, COLUMNS));
    }
    if let Some(more) = counts.len().checked_sub(RULES_MAX).filter(|more| 0 < *more) {
        ui.line(&ui.pick(format!("ほかに{more}種類の規則"), format!("and {more} more rules")));
    }
    ui.line(ui.pick(
        "1件ずつ見るには --all、すべてのデータは --format json",
        "--all shows each finding, --format json has all of them",
    ));
    ui.line("");
}

fn counts(findings: &[Finding]) -> Vec<Count<'_>> {
    let mut counts: BTreeMap<&str, Count<'_>> = BTreeMap::new();
    for finding in findings {
        let count = counts.entry(finding.rule.id).or_insert_with(|| Count {
            rule: finding.rule,
            severity: finding.severity,
            findings: 0,
            files: BTreeSet::new(),
        });
        count.severity = count.severity.max(finding.severity);
        count.findings = count.findings.saturating_add(finding.more).saturating_add(1);
        count.files.extend(finding.place.file.as_deref());
    }
    let mut counts: Vec<_> = counts.into_values().collect();
    counts.sort_by_key(|count| std::cmp::Reverse((count.severity, count.findings)));
    counts
}

/// How many 送信単位 of each kind pass and fail.
pub(super) fn units(check: &Check, ui: &Ui) {
    let mut counts: BTreeMap<_, [u32; 2]> = BTreeMap::new();
    for unit in &check.units {
        let [passed, failed] = counts.entry(unit.kind).or_default();
        *if unit.verdict == Verdict::Pass { passed } else { failed } += 1;
    }
    for (kind, [passed, failed]) in counts {
        let unknown = ui.pick("送信単位ではない組み合わせ", "no 送信単位");
        let title = pad(kind.map_or(unknown, |kind| kind.title().get(ui.lang)), 40);
        ui.line(&ui.pick(
            format!("{title} 合格 {passed}、不合格 {failed}"),
            format!("{title} pass {passed}, fail {failed}"),
        ));
    }
}
