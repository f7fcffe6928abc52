//! 送信単位: which files may travel together under one ファイル連番.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    CheckedFile, FileKind, FileName, FileRole, Finding, Month, NameMonth, Party, Place, Rule,
    Sequence, Standard, Text, Verdict, Wanted,
    check::verdict_of,
    keys,
    report::{PLACES_MAX, Report as FileReport},
    rules::{picture, unit as rules},
    tables::{Member, UnitTable},
};

/// A 送信単位 as it was found in a sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// ファイル連番.
    pub sequence: Sequence,
    /// 送信元.
    pub from: Party,
    /// 送信先.
    pub to: Party,
    /// Which of the standard's units it is; none if the files make up none.
    pub kind: Option<UnitKind>,
    /// CSVバージョン値, where the files agree on one.
    pub version: Option<String>,
    /// The service month, for monthly units.
    pub month: Option<Month>,
    /// Its files: places in the sending, ascending.
    pub files: Vec<usize>,
    /// `Fail` if an error lies in one of its files or in how they go together.
    pub verdict: Verdict,
}

/// The 送信単位 that the standard lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitKind {
    /// (1) 居宅サービス計画書 with 補足.
    Plan,
    /// (2), (9) 予定: 第6表, 第7表 and 補足.
    Slip,
    /// (3) 第1表_削除.
    PlanWithdrawal,
    /// (4) 第6表_削除 計画.
    SlipWithdrawal,
    /// (5) 実績.
    Results,
    /// (6) 第6表_削除 実績.
    ResultsWithdrawal,
    /// (7) 利用者基本情報 with 別表 and pictures.
    PersonRecord,
    /// (8) 介護予防サービス・支援計画書, with or without 利用者基本情報.
    PreventionPlan,
    /// (10) 利用者基本情報_削除.
    PersonRecordWithdrawal,
    /// (11) 介護予防サービス・支援計画書_削除.
    PreventionPlanWithdrawal,
}

impl UnitKind {
    /// Every unit, with the word that stands for it in tables, on the wire and in reports.
    const WORDS: [(Self, &'static str); 10] = [
        (Self::Plan, "plan"),
        (Self::Slip, "slip"),
        (Self::PlanWithdrawal, "plan-withdrawal"),
        (Self::SlipWithdrawal, "slip-withdrawal"),
        (Self::Results, "results"),
        (Self::ResultsWithdrawal, "results-withdrawal"),
        (Self::PersonRecord, "person-record"),
        (Self::PreventionPlan, "prevention-plan"),
        (Self::PersonRecordWithdrawal, "person-record-withdrawal"),
        (Self::PreventionPlanWithdrawal, "prevention-plan-withdrawal"),
    ];

    /// What people call it.
    pub const fn title(self) -> Text {
        let (ja, en) = match self {
            Self::Plan => ("居宅サービス計画書（第1～3表）", "care plan (第1～3表)"),
            Self::Slip => ("予定（第6表・第7表）", "planned services (第6表, 第7表)"),
            Self::PlanWithdrawal => ("居宅サービス計画書の削除", "withdrawal of a care plan"),
            Self::SlipWithdrawal => ("予定の削除", "withdrawal of planned services"),
            Self::Results => ("実績", "services provided (実績)"),
            Self::ResultsWithdrawal => ("実績の削除", "withdrawal of 実績"),
            Self::PersonRecord => ("利用者基本情報", "person's record (利用者基本情報)"),
            Self::PreventionPlan => {
                ("介護予防サービス・支援計画書", "prevention plan (支援計画書)")
            }
            Self::PersonRecordWithdrawal => {
                ("利用者基本情報の削除", "withdrawal of a person's record")
            }
            Self::PreventionPlanWithdrawal => {
                ("介護予防サービス・支援計画書の削除", "withdrawal of a prevention plan")
            }
        };
        Text { ja, en }
    }

    /// The word that stands for it.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// The unit of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }
}

/// The files of the standard, by their ファイル連番. Which unit each is, [`check`] finds out.
pub(crate) fn group(files: &[CheckedFile]) -> Vec<Unit> {
    let mut units: BTreeMap<Sequence, Unit> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        let FileRole::Member(name) = &file.facts.role else { continue };
        let unit = units.entry(name.sequence).or_insert_with(|| Unit {
            sequence: name.sequence,
            from: name.from,
            to: name.to,
            kind: None,
            version: None,
            month: None,
            files: vec![],
            verdict: Verdict::Pass,
        });
        unit.files.push(at);
        unit.month = unit.month.or_else(|| name.month.and_then(NameMonth::month));
    }
    units.into_values().collect()
}

/// Names the unit, and says what is wrong with how its files go together.
pub(crate) fn check(standard: &Standard, unit: &mut Unit, files: &[CheckedFile]) -> Vec<Finding> {
    let mut report = Report { sequence: unit.sequence, findings: vec![] };
    let members: Vec<Part<'_>> = unit.files.iter().filter_map(|at| part(&files[*at])).collect();
    check_agreement(unit, &members, &mut report);
    let version = unit
        .version
        .as_deref()
        .and_then(|value| standard.version(value))
        .or_else(|| standard.newest(unit.from.kind.is_some()));
    let Some(version) = version else { return report.findings };
    // A kind of file that the version lacks is a finding about that file already.
    let found: Vec<Member> = members
        .iter()
        .filter(|part| version.has(part.name.kind))
        .map(|part| as_member(part.name))
        .collect();
    if !found.is_empty() {
        unit.kind = check_composition(&version.units, &found, &mut report);
    }
    check_keys(unit.kind, &members, &mut report);
    report.findings.extend(check_services(&members));
    report.findings.extend(check_pictures(&members));
    report.findings
}

/// A file of the unit.
struct Part<'a> {
    file: &'a str,
    name: &'a FileName,
    check: &'a CheckedFile,
}

fn part(check: &CheckedFile) -> Option<Part<'_>> {
    match &check.facts.role {
        FileRole::Member(name) => Some(Part { file: &check.name, name, check }),
        FileRole::Misnamed | FileRole::Attachment => None,
    }
}

/// Each record of a dependent file has its base, and each of the base its dependents.
fn check_keys(kind: Option<UnitKind>, parts: &[Part<'_>], report: &mut Report) {
    let mut seen = vec![];
    for dependent in parts {
        let Some(base) = keys::base_of(dependent.name) else { continue };
        // A second file of a kind is a finding already, and there may be any number of pictures.
        let member = as_member(dependent.name);
        if seen.contains(&member) {
            continue;
        }
        seen.push(member);
        let Some(base) = parts.iter().find(|part| part.name.kind == base) else {
            // 支援計画書 goes with or without 利用者基本情報, but not with a part of it.
            let wanted = Wanted::same(base.title());
            let is_said = report.findings.iter().any(|finding| finding.wanted == wanted);
            if kind == Some(UnitKind::PreventionPlan) && !is_said {
                report.add(&rules::MEMBER_MISSING, wanted);
            }
            continue;
        };
        if !dependent.check.keys.are_sound() || !base.check.keys.are_sound() {
            continue;
        }
        report.keys(&rules::KEY_NOT_IN_BASE, dependent, base);
        // 別表1 and 別表2 are written where there is something to say.
        if base.name.kind != FileKind::PersonRecord {
            report.keys(&rules::BASE_WITHOUT_DEPENDENT, base, dependent);
        }
    }
}

/// 第6表 and 第7表 have the same services. Files that are wrong in themselves are mended first.
fn check_services(parts: &[Part<'_>]) -> Vec<Finding> {
    let part = |kind| parts.iter().find(|part| part.name.kind == kind);
    let (Some(slip), Some(annex)) = (part(FileKind::Slip), part(FileKind::SlipAnnex)) else {
        return vec![];
    };
    let is_sound = |part: &&Part<'_>| verdict_of(&part.check.findings) == Verdict::Pass;
    let services = [slip, annex]
        .map(|part| Some(part).filter(is_sound).and_then(|part| part.check.gist.services.as_ref()));
    let [Some(planned), Some(billed)] = services else { return vec![] };
    let mut reports = [slip, annex].map(|part| FileReport::new(part.file));
    let [of_slip, of_annex] = &mut reports;
    rules::compare_services([planned, billed], of_slip, of_annex);
    reports.into_iter().flat_map(FileReport::finish).collect()
}

/// The pictures of 利用者基本情報 are those that its records name.
fn check_pictures(parts: &[Part<'_>]) -> Vec<Finding> {
    let is_record = |part: &&Part<'_>| part.name.kind == FileKind::PersonRecord;
    let Some(records) = parts.iter().find(is_record) else { return vec![] };
    let images = parts.iter().filter(|part| part.name.kind.is_image());
    let images: Vec<_> = images.map(|part| (part.file, part.name)).collect();
    let mut report = FileReport::new(records.file);
    let of_images = picture::compare_names(&records.check.gist, &images, &mut report);
    let mut findings = report.finish();
    findings.extend(of_images);
    findings
}

/// One sender, one receiver, one month, one version.
fn check_agreement(unit: &mut Unit, parts: &[Part<'_>], report: &mut Report) {
    let names = || parts.iter().map(|part| part.name);
    let parties = distinct(names().map(|name| format!("{} → {}", name.from, name.to)));
    if 1 < parties.len() {
        report.add(&rules::PARTIES_DIFFER, listed(&parties));
    }
    let months = names().filter_map(|name| name.month.and_then(NameMonth::month));
    let months = distinct(months.map(|month| month.to_string()));
    if 1 < months.len() {
        report.add(&rules::MONTH_DIFFERS, listed(&months));
    }
    let versions = distinct(parts.iter().filter_map(|part| part.check.facts.version.clone()));
    if 1 < versions.len() {
        report.add(&rules::VERSION_DIFFERS, listed(&versions));
    } else {
        unit.version = versions.into_iter().next();
    }
}

fn check_composition(
    units: &[UnitTable],
    found: &[Member],
    report: &mut Report,
) -> Option<UnitKind> {
    let missing = |unit: &UnitTable| unit.must.iter().filter(|m| !found.contains(m)).count();
    let fitting = units.iter().filter(|unit| found.iter().all(|member| unit.takes(*member)));
    let Some(unit) = fitting.min_by_key(|unit| missing(unit)) else {
        let titles = distinct(found.iter().map(|member| member.title()));
        report.add(&rules::UNKNOWN, Wanted::same(titles.join(", ")));
        return None;
    };
    for member in unit.must.iter().filter(|member| !found.contains(member)) {
        report.add(&rules::MEMBER_MISSING, Wanted::same(member.title()));
    }
    for member in unit.wanted.iter().filter(|member| !found.contains(member)) {
        report.add(&rules::MEMBER_WANTED, Wanted::same(member.title()));
    }
    let mut counts: Vec<(Member, u32)> = vec![];
    for member in found.iter().filter(|member| !member.kind.is_image()) {
        match counts.iter_mut().find(|(counted, _)| counted == member) {
            Some((_, count)) => *count += 1,
            None => counts.push((*member, 1)),
        }
    }
    for (member, count) in counts.into_iter().filter(|(_, count)| 1 < *count) {
        report.add_several(&rules::MEMBER_TWICE, Wanted::same(member.title()), count - 2);
    }
    Some(unit.kind)
}

impl UnitTable {
    fn takes(&self, member: Member) -> bool {
        [&self.must, &self.wanted, &self.may].into_iter().any(|members| members.contains(&member))
    }
}

impl Member {
    fn title(self) -> String {
        let zero = if self.has_zero_month { "_000000" } else { "" };
        format!("{}{zero} {}", self.kind.prefix(), self.kind.title())
    }
}

/// The `000000` of 補足 says which unit it belongs to; on other files it says nothing.
fn as_member(name: &FileName) -> Member {
    let has_zero_month = name.kind.has_month() && name.month == Some(NameMonth::Zero);
    Member { kind: name.kind, has_zero_month }
}

/// Each once, in the order of their first appearance.
fn distinct(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    values.filter(|value| seen.insert(value.clone())).collect()
}

/// How many of the values that differ are listed.
const LISTED_MAX: usize = 5;

/// The first values, and how many others there are.
fn listed(values: &[String]) -> Wanted {
    let first = values[..values.len().min(LISTED_MAX)].join(", ");
    match values.len().saturating_sub(LISTED_MAX) {
        0 => Wanted::same(first),
        more => Wanted {
            ja: format!("{first} ほか{more}件"),
            en: format!("{first} and {more} more"),
        },
    }
}

struct Report {
    sequence: Sequence,
    findings: Vec<Finding>,
}

impl Report {
    fn add(&mut self, rule: &'static Rule, wanted: Wanted) {
        self.add_several(rule, wanted, 0);
    }

    /// A finding, and how many more there are of the same.
    fn add_several(&mut self, rule: &'static Rule, wanted: Wanted, more: u32) {
        self.findings.push(Finding {
            rule,
            severity: rule.severity,
            place: Place::default(),
            item_name: None,
            found: self.sequence.to_string(),
            wanted,
            more,
        });
    }

    /// The persons and days that `part` has and `other` lacks: so many are listed, the rest counted.
    fn keys(&mut self, rule: &'static Rule, part: &Part<'_>, other: &Part<'_>) {
        let missing = part.check.keys.missing_in(&other.check.keys);
        let listed = missing.len().min(PLACES_MAX as usize);
        let more = u32::try_from(missing.len() - listed).unwrap_or(u32::MAX);
        for (at, (record, key)) in missing.into_iter().take(listed).enumerate() {
            let file = Some(part.file.to_owned());
            self.findings.push(Finding {
                rule,
                severity: rule.severity,
                place: Place { file, record: Some(record), item: None },
                item_name: None,
                found: key.to_string(),
                wanted: Wanted::same(other.name.kind.title()),
                more: if at == 0 { more } else { 0 },
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        SendingFile, check_sending,
        example::{Base, Edit},
    };

    #[test]
    fn many_files_of_a_kind_are_said_once_and_the_first_alone_is_compared() {
        let copy = |to| Edit::CopyFile(FileKind::Supplement, "_11_", to);
        let stranger = Edit::Set(FileKind::Supplement, 1, "被保険者番号", "0000209002");
        let copies = ["_12_", "_13_", "_14_", "_15_", "_17_", "_21_", "_22_"].map(copy);
        let files = Base::Slip.with(&[[stranger].as_slice(), &copies].concat());
        let files: Vec<_> = files.iter().map(|(name, bytes)| SendingFile { name, bytes }).collect();
        let findings = check_sending(Standard::bundled(), &files).findings;
        let of = |rule: &'static Rule| findings.iter().filter(move |f| f.rule.id == rule.id);
        let twice: Vec<_> = of(&rules::MEMBER_TWICE).map(|finding| finding.more).collect();
        assert_eq!(twice, [6], "seven copies");
        assert_eq!(of(&rules::KEY_NOT_IN_BASE).count(), 1);
        let parties = of(&rules::PARTIES_DIFFER).next().expect("the copies are for others");
        assert!(parties.wanted.ja.ends_with(" ほか3件"), "{}", parties.wanted.ja);
        assert!(parties.wanted.en.ends_with(" and 3 more"), "{}", parties.wanted.en);
    }
}
