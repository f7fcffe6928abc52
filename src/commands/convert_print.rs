//! How `careplan convert` speaks with people: at most 80 columns, where Japanese takes two.

use std::collections::BTreeMap;

use careplan_standard::{
    Check, Finding, Severity, Version,
    convert::{Conversion, Note, NoteClass, NoteKind},
};

use super::convert::Done;
use crate::{
    table::{COLUMNS, fit, pad, width, wrap},
    ui::Ui,
};

/// How wide the column of the values is.
const VALUE_COLUMNS: usize = 36;

/// What became of one sending.
pub(super) fn sending(done: &Done<'_>, to: &Version, several: bool, ui: &Ui) {
    if let (true, Some(folder)) = (several, &done.sending.folder) {
        ui.line(&format!("== {}", folder.display()));
    }
    match &done.result {
        Ok(conversion) => {
            notes(&conversion.notes, ui);
            afterwards(&conversion.check, ui);
            for file in &conversion.files {
                ui.line(&format!("  → {}", file.name));
            }
            summary(conversion, done, to, ui);
        }
        Err(refused) => {
            notes(&refused.notes, ui);
            findings(refused.findings.iter(), ui);
            text("✘ ", ui.pick("変換していません。", "Nothing was converted."), ui);
        }
    }
}

/// The notes, class by class; of one kind, file and item as a table of values and records.
fn notes(notes: &[Note], ui: &Ui) {
    type Values<'a> = Vec<(&'a str, Vec<u32>)>;
    let (mut last_kind, mut last_file) = (None, None);
    let mut groups: BTreeMap<(NoteKind, Option<&str>, Option<u16>), Values<'_>> = BTreeMap::new();
    for note in notes {
        let group = (note.kind, note.place.file.as_deref(), note.place.item);
        let values = groups.entry(group).or_default();
        let at = match values.iter().position(|(value, _)| *value == note.value) {
            Some(at) => at,
            None => {
                values.push((&note.value, vec![]));
                values.len() - 1
            }
        };
        values[at].1.extend(note.place.record);
    }
    for ((kind, file, item), values) in &groups {
        if last_kind != Some(*kind) {
            ui.line(&format!("{} [{}]", class_word(kind.class(), ui), kind.word()));
            text("  ", &format!("{}{}", kind.text().get(ui.lang), option_for(*kind)), ui);
            (last_kind, last_file) = (Some(*kind), None);
        }
        if let Some(file) = file.filter(|file| last_file != Some(*file)) {
            ui.line(&format!("    {file}"));
            last_file = Some(file);
        }
        let is_it = |note: &&Note| note.kind == *kind && note.place.item == *item;
        let name = notes.iter().find(is_it).and_then(|note| note.item_name.as_deref());
        if let (Some(no), Some(name)) = (item, name) {
            let item = ui.pick(format!("項目{no} {name}"), format!("item {no} {name}"));
            let records = ui.pick("レコード", "records");
            ui.line(&format!("      {}  {records}", pad(&item, VALUE_COLUMNS)));
        }
        for (value, records) in values.iter().filter(|(value, _)| !value.is_empty()) {
            ui.line(value_line(value, records, ui).trim_end());
        }
    }
}

/// The argument by which the note can be answered.
fn option_for(kind: NoteKind) -> &'static str {
    match kind {
        NoteKind::FromKindNeeded => " [--kind-from]",
        NoteKind::ToKindNeeded => " [--kind-to]",
        NoteKind::Table3Needed => " [--add-table3]",
        _ => "",
    }
}

/// A value, and the records that it stands in, as many as fit.
fn value_line(value: &str, records: &[u32], ui: &Ui) -> String {
    let value: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if records.is_empty() {
        return fit(&format!("      {value}"), COLUMNS);
    }
    let mut line = format!("      {}  ", pad(&value, VALUE_COLUMNS));
    let room = COLUMNS - width(&line) - 14;
    let mut named = String::new();
    for (at, record) in records.iter().enumerate() {
        let next = if at == 0 { record.to_string() } else { format!(", {record}") };
        if room < named.len() + next.len() {
            let more = records.len() - at;
            named.push_str(&ui.pick(format!(" ほか{more}件"), format!(" and {more} more")));
            break;
        }
        named.push_str(&next);
    }
    line.push_str(&named);
    line
}

/// What the check says of the files as they are now, but what is for knowing only.
fn afterwards(check: &Check, ui: &Ui) {
    let found = || check.findings.iter().filter(|found| Severity::Info < found.severity);
    if found().next().is_some() {
        ui.line(ui.pick("変換後の検査の指摘", "what the check finds afterwards"));
        findings(found(), ui);
    }
}

/// Each rule once a file, with how often it is broken.
fn findings<'a>(found: impl Iterator<Item = &'a Finding>, ui: &Ui) {
    let mut rules: BTreeMap<(Option<&str>, &str), (&Finding, u32)> = BTreeMap::new();
    for finding in found {
        let rule = (finding.place.file.as_deref(), finding.rule.id);
        let (_, count) = rules.entry(rule).or_insert((finding, 0));
        *count = count.saturating_add(finding.more.saturating_add(1));
    }
    let mut last_file = None;
    for ((file, rule), (first, count)) in rules {
        if let Some(file) = file.filter(|file| last_file != Some(*file)) {
            ui.line(&format!("    {file}"));
            last_file = Some(file);
        }
        let severity = match first.severity {
            Severity::Error => ui.pick("エラー: ", "error: "),
            Severity::Warning => ui.pick("警告: ", "warning: "),
            Severity::Info => ui.pick("参考: ", "info: "),
        };
        let indent = format!("      {severity}");
        text(&indent, &format!("{} [{rule}] × {count}", first.what(ui.lang)), ui);
    }
}

fn summary(conversion: &Conversion, done: &Done<'_>, to: &Version, ui: &Ui) {
    let count = |class| conversion.count(class);
    let (lost, assumed) = (count(NoteClass::Lost), count(NoteClass::Assumed));
    let (files, out, label) = (conversion.files.len(), done.out.display(), &to.label);
    let what = ui.pick(
        format!(
            "{label}版の{files}ファイルを {out} に書きました（失われたもの {lost}、補ったもの {assumed}）。元のファイルはそのままです。"
        ),
        format!(
            "{files} files of version {label} were written to {out} (lost: {lost}, assumed: {assumed}); the originals are as they were."
        ),
    );
    if conversion.is_complete() {
        text("✔ ", &what, ui);
    } else {
        text("✘ ", &what, ui);
        let more = ui.pick(
            "このままでは送れません。上の「不足」とエラーを介護ソフトで補ってください。",
            "They cannot be sent as they are: supply what is needed, and mend the errors.",
        );
        text("  ", more, ui);
    }
}

fn class_word(class: NoteClass, ui: &Ui) -> &'static str {
    match class {
        NoteClass::Lost => ui.pick("失われたもの", "lost"),
        NoteClass::Assumed => ui.pick("補ったもの", "assumed"),
        NoteClass::Rewritten => ui.pick("書き方を変えたもの", "rewritten"),
        NoteClass::Needed => ui.pick("不足", "needed"),
        NoteClass::Refused => ui.pick("変換できない理由", "refused"),
    }
}

fn text(indent: &str, text: &str, ui: &Ui) {
    for line in wrap(indent, text) {
        ui.line(&line);
    }
}
