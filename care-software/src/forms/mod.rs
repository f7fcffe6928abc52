//! Files of the standard as the paper forms that people know: 第1表 to 第7表, 利用者基本情報,
//! 介護予防サービス・支援計画書, and notices of what is withdrawn.
//!
//! What can be read is shown, whatever is wrong with the rest: a missing value is a blank cell, an
//! unknown code stands for itself. A page is one file that asks nobody for anything: no script, no
//! picture from elsewhere, no font.

mod annex;
mod blocks;
mod desk;
mod html;
mod month_grid;
mod notice;
mod pdf;
mod person_record;
mod plan;
mod prevention_plan;
mod rows;
mod slip;
mod text;
mod wareki;
mod week_grid;

use std::collections::HashSet;

use careplan_standard::{FileKind, Finding, Lang, SendingFile, Severity, Standard, check_sending};
use serde::Serialize;

use blocks::Form;
use desk::{Desk, Family, Group};
use slip::KnownResults;

/// The forms of one or more sendings, to be looked at.
#[derive(Debug)]
pub struct FormBook {
    forms: Vec<Form>,
    errors: u32,
    not_shown: Vec<String>,
}

/// One form of a [`FormBook`], for a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormEntry {
    /// Its title, 日本語.
    pub form: String,
    /// 被保険者番号; none for a notice about several people.
    pub insured: Option<String>,
    /// The files that it was read from.
    pub files: Vec<String>,
    /// Their ファイル連番, each once.
    pub sequences: Vec<String>,
}

impl FormBook {
    /// Reads the files of each sending. Never fails: what cannot be shown is named, what breaks the
    /// standard is counted.
    pub fn read(sendings: &[Vec<SendingFile<'_>>]) -> Self {
        let mut desk = Desk::default();
        let mut not_shown = vec![];
        let mut errors = 0;
        for (sending, files) in sendings.iter().enumerate() {
            not_shown.extend(desk.put(files, sending));
            let check = check_sending(Standard::bundled(), files);
            errors += errors_of(&check.findings);
        }
        Self { forms: forms(&desk), errors, not_shown }
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// How many errors the standard's check finds in the files.
    pub fn errors(&self) -> u32 {
        self.errors
    }

    /// The names of files that are on no form: attachments, names that say nothing, files without a
    /// record.
    pub fn not_shown(&self) -> &[String] {
        &self.not_shown
    }

    /// The forms, in the order in which they are shown.
    pub fn entries(&self) -> Vec<FormEntry> {
        self.forms.iter().map(entry).collect()
    }

    /// One page of HTML, which prints on A4 landscape, a form a sheet.
    pub fn html(&self, lang: Lang) -> String {
        html::page(self, lang)
    }

    /// The forms as text in 80 columns, where a Japanese character takes two.
    pub fn text(&self, lang: Lang) -> String {
        text::page(self, lang)
    }

    /// The forms as a PDF of A4 pages, which can be attached to a sending. Pictures are not on it.
    pub fn pdf(&self, lang: Lang) -> Vec<u8> {
        pdf::document(&text::page(self, lang))
    }
}

fn entry(form: &Form) -> FormEntry {
    let mut sequences: Vec<String> = vec![];
    for source in &form.sources {
        if !source.sequence.is_empty() && !sequences.contains(&source.sequence) {
            sequences.push(source.sequence.clone());
        }
    }
    FormEntry {
        form: format!("{} {}", form.mark, form.title.ja).trim().to_owned(),
        insured: form.person.as_ref().map(|whose| whose.key.insured.clone()),
        files: form.sources.iter().map(|source| source.file.clone()).collect(),
        sequences,
    }
}

fn errors_of(findings: &[Finding]) -> u32 {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.fold(0, |sum: u32, finding| sum.saturating_add(finding.more).saturating_add(1))
}

fn forms(desk: &Desk) -> Vec<Form> {
    let groups = desk.groups();
    let results = KnownResults::of(&groups);
    // 実績 stands on its own slip only where no 予定 of the same person and month is there.
    let month_of = |group: &Group<'_>| (group.person.clone(), group.key.clone());
    let planned = groups.iter().filter(|group| !group.found(FileKind::Slip).is_empty());
    let mut with_slip: HashSet<_> = planned.map(month_of).collect();
    let mut forms = vec![];
    for group in &groups {
        match group.family {
            Family::Plan => forms.extend(plan::forms(desk, group)),
            Family::Month => {
                let has_slip = !group.found(FileKind::Slip).is_empty();
                let known = if has_slip { results.about(group) } else { &[] };
                forms.extend(slip::form(desk, group, known));
                forms.extend(annex::form(desk, group));
            }
            Family::Results if with_slip.insert(month_of(group)) => {
                forms.extend(slip::form(desk, group, results.about(group)));
            }
            Family::Results => {}
            Family::Record => forms.push(person_record::form(desk, group)),
            Family::Prevention => forms.push(prevention_plan::form(desk, group)),
            Family::Single(FileKind::Supplement) => forms.extend(left_over(group, &groups)),
            Family::Single(kind) => forms.extend(notice::withdrawal(desk, group, kind)),
        }
    }
    forms
}

/// 補足 of people who have no form in their unit.
fn left_over(group: &Group<'_>, groups: &[Group<'_>]) -> Vec<Form> {
    let of_unit = groups.iter().filter(|other| other.unit == group.unit);
    let people: HashSet<_> = of_unit.map(|other| &other.person).collect();
    let rows = group.rows(FileKind::Supplement).into_iter();
    let left = rows.filter(|row| !people.contains(&row.person()));
    left.map(|row| notice::supplement(row, group)).collect()
}
