//! Findings on the wire, and the one object that `careplan check --format json` prints.

use careplan_standard::{self as standard, Lang, OfficeNumber, ServiceKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::schema;

/// How much a finding weighs. `error` refuses; the others never do.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// For knowing only.
    Info,
    /// Somebody should look.
    Warning,
    /// The sending is refused.
    Error,
}

/// Whether a sending, or one 送信単位 of it, may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// No error.
    Pass,
    /// An error.
    Fail,
}

/// A breach of a rule at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// The rule's identifier.
    pub rule: String,
    /// What it weighs here.
    pub severity: Severity,
    /// The file's name.
    pub file: Option<String>,
    /// The record, from 1.
    pub record: Option<u32>,
    /// The item's No in its layout.
    pub item: Option<u16>,
    /// Where the standard says so.
    pub clause: String,
    /// What is wrong and what to do next.
    pub message: String,
}

/// One side of a 送信単位.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Party {
    /// 事業所番号.
    #[serde(with = "crate::as_text")]
    #[schema(value_type = schema::OfficeNumber)]
    pub office: OfficeNumber,
    /// サービス種類コード; `null` in V3.
    #[serde(with = "crate::as_text::option")]
    #[schema(value_type = Option<schema::ServiceKind>)]
    pub kind: Option<ServiceKind>,
}

/// A 送信単位 as it was found in a sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unit {
    /// ファイル連番.
    pub sequence: String,
    /// 送信元.
    pub from: Party,
    /// 送信先.
    pub to: Party,
    /// Which of the standard's units, by [`standard::UnitKind::word`]; `unknown` if none.
    pub unit: String,
    /// CSVバージョン値; empty where the files do not agree on one.
    pub version: String,
    /// The files' names.
    pub files: Vec<String>,
    /// Whether this unit may go out.
    pub verdict: Verdict,
}

/// The outcome of a check of one sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckReport {
    /// Whether the sending may go out.
    pub verdict: Verdict,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// The 送信単位.
    pub units: Vec<Unit>,
}

impl From<standard::Severity> for Severity {
    fn from(severity: standard::Severity) -> Self {
        match severity {
            standard::Severity::Info => Self::Info,
            standard::Severity::Warning => Self::Warning,
            standard::Severity::Error => Self::Error,
        }
    }
}

impl From<standard::Verdict> for Verdict {
    fn from(verdict: standard::Verdict) -> Self {
        match verdict {
            standard::Verdict::Pass => Self::Pass,
            standard::Verdict::Fail => Self::Fail,
        }
    }
}

impl From<standard::Party> for Party {
    fn from(party: standard::Party) -> Self {
        Self { office: party.office, kind: party.kind }
    }
}

impl From<Party> for standard::Party {
    fn from(party: Party) -> Self {
        Self { office: party.office, kind: party.kind }
    }
}

impl Finding {
    /// The finding with its words in `lang`.
    pub fn new(finding: &standard::Finding, lang: Lang) -> Self {
        Self {
            rule: finding.rule.id.to_owned(),
            severity: finding.severity.into(),
            file: finding.place.file.clone(),
            record: finding.place.record,
            item: finding.place.item,
            clause: finding.rule.clause.to_owned(),
            message: finding.message(lang),
        }
    }
}

impl CheckReport {
    /// The check's outcome with its words in `lang`; `names` are the files' names, in the order
    /// that was checked.
    pub fn new(check: &standard::Check, names: &[&str], lang: Lang) -> Self {
        let name = |at: &usize| names.get(*at).map(|name| (*name).to_owned());
        let unit = |unit: &standard::Unit| Unit {
            sequence: unit.sequence.to_string(),
            from: unit.from.into(),
            to: unit.to.into(),
            unit: unit.kind.map_or("unknown", standard::UnitKind::word).to_owned(),
            version: unit.version.clone().unwrap_or_default(),
            files: unit.files.iter().filter_map(name).collect(),
            verdict: unit.verdict.into(),
        };
        Self {
            verdict: check.verdict().into(),
            findings: check.findings.iter().map(|found| Finding::new(found, lang)).collect(),
            units: check.units.iter().map(unit).collect(),
        }
    }

    /// With other names for the files, for instance with their folder in front.
    #[must_use]
    pub fn renamed(mut self, rename: impl Fn(&str) -> String) -> Self {
        let found = self.findings.iter_mut().filter_map(|finding| finding.file.as_mut());
        for name in found.chain(self.units.iter_mut().flat_map(|unit| &mut unit.files)) {
            *name = rename(name);
        }
        self
    }

    /// The outcomes of several sendings as one: it passes if all do.
    pub fn all(reports: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self { verdict: Verdict::Pass, findings: vec![], units: vec![] };
        for report in reports {
            if report.verdict == Verdict::Fail {
                all.verdict = Verdict::Fail;
            }
            all.findings.extend(report.findings);
            all.units.extend(report.units);
        }
        all
    }
}
