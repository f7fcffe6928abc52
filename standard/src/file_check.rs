//! The check of one file: its name, its encoding, its shape, its version, and every record.

use std::collections::BTreeSet;

use crate::{
    FileFacts, FileName, FileRole, Finding, Item, Layout, Reading, Record, Rule, SendingFile,
    ShapeKind, Standard, Version, attachments,
    gist::Gist,
    item_check,
    keys::Keys,
    ms932, read_records, readable,
    report::{Entry, Report},
    roles,
    row::Row,
    rules::{
        self, encoding,
        name::{self as names, month_differs},
        record::rules_of,
        shape::{self, header_line, item_count, text_unquoted},
        version,
    },
};

/// How many different versions of one file are looked at.
const VERSIONS_MAX: usize = 8;

/// What was learned of a file, for the check of its unit too.
pub(crate) struct FileCheck {
    pub(crate) facts: FileFacts,
    pub(crate) findings: Vec<Finding>,
    pub(crate) keys: Keys,
    pub(crate) gist: Gist,
}

/// Checks one file.
pub(crate) fn check(standard: &Standard, file: &SendingFile<'_>) -> FileCheck {
    let mut report = Report::new(file.name);
    let mut facts = FileFacts { role: FileRole::Attachment, version: None, records: 0 };
    let (mut keys, mut gist) = Default::default();
    match FileName::parse(file.name) {
        Ok(name) => {
            facts.role = FileRole::Member(name);
            check_name(&name, &mut report);
            if name.kind.is_image() {
                if !shape::image_not_jpeg::is_jpeg(file.bytes) {
                    report.add(Entry::new(&shape::IMAGE_NOT_JPEG, ""));
                }
            } else {
                (keys, gist) = check_records(standard, &name, file.bytes, &mut facts, &mut report);
            }
        }
        Err(fault) => match names::misread(file, fault) {
            Some(breach) => {
                facts.role = FileRole::Misnamed;
                report.breach(breach);
            }
            None => attachments::check(file, &mut report),
        },
    }
    FileCheck { facts, findings: report.finish(), keys, gist }
}

fn check_name(name: &FileName, report: &mut Report<'_>) {
    names::check(name).into_iter().for_each(|breach| report.breach(breach));
    for breach in roles::check(name) {
        report.add(Entry { wanted: breach.wanted, ..Entry::new(breach.rule, &breach.found) });
    }
}

fn check_records(
    standard: &Standard,
    name: &FileName,
    bytes: &[u8],
    facts: &mut FileFacts,
    report: &mut Report<'_>,
) -> (Keys, Gist) {
    // One cause, one finding: the rest of the check goes on with the text that was meant.
    let readable = readable(bytes);
    readable.breaches.iter().for_each(|breach| report.breach(breach.clone()));
    let reading = read_records(&readable.bytes);
    let (mut keys, mut gist) = <(Keys, Gist)>::default();
    if reading.is_empty() {
        report.add(Entry::new(&shape::EMPTY_FILE, ""));
        return (keys, gist);
    }
    let mut file_rules = None;
    let mut file = RecordCheck {
        standard,
        name,
        report,
        has_bare_text: false,
        has_blank_line: false,
        has_month_fault: false,
    };
    let first = file.first_data_record(&reading);
    facts.version = file.check_versions(&reading, first);
    for record in reading.records() {
        facts.records = record.number();
        let layout = file.version_of(&record).and_then(|version| version.layout(name.kind));
        file.check_shape(layout, &record);
        let Some(layout) = layout.filter(|_| first <= record.number()) else { continue };
        if file.has_all_items(layout, &record) {
            file.check_items(layout, &record);
            keys.add(name, layout, &record);
            let row = Row::new(layout, &record);
            // A second layout in one file is a finding of its own.
            let (of, rules) =
                file_rules.get_or_insert_with(|| (layout, rules::file_rules(name, layout)));
            if std::ptr::eq(*of, layout) {
                rules.iter_mut().for_each(|rule| rule.note(&row, file.report));
            }
        }
    }
    let rules = file_rules.into_iter().flat_map(|(_, rules)| rules);
    rules.for_each(|mut rule| rule.finish(file.report, &mut gist));
    (keys, gist)
}

struct RecordCheck<'a, 'b> {
    standard: &'a Standard,
    name: &'a FileName,
    report: &'a mut Report<'b>,
    has_bare_text: bool,
    has_blank_line: bool,
    has_month_fault: bool,
}

impl<'a> RecordCheck<'a, '_> {
    /// 2 after a header line, else 1.
    fn first_data_record(&mut self, reading: &Reading<'_>) -> u32 {
        let mut records = reading.records();
        let mut version = || records.next()?.field(1).map(|field| field.text());
        let (Some(first), second) = (version(), version()) else { return 1 };
        if header_line::is_header(self.standard, self.name.kind, &first, second.as_deref()) {
            self.report.add(Entry::new(&shape::HEADER_LINE, &first).at(1));
            return 2;
        }
        1
    }

    /// The one version of all records, if there is one, and what is wrong with the versions.
    fn check_versions(&mut self, reading: &Reading<'_>, first: u32) -> Option<String> {
        let mut seen = BTreeSet::new();
        let mut before = None;
        for record in reading.records().filter(|record| first <= record.number()) {
            let value = record.field(1).map(|field| field.text()).unwrap_or_default();
            if value.is_empty() || !seen.insert(value.clone()) {
                continue;
            }
            let met = (value.as_str(), record.number());
            for breach in version::check(self.standard, self.name, met, before.as_deref()) {
                self.report.breach(breach);
            }
            before.get_or_insert(value);
            if seen.len() == VERSIONS_MAX {
                break;
            }
        }
        let mut resolved = seen.iter().map(|value| version::known(self.standard, value));
        match (resolved.next(), resolved.next()) {
            (Some(version), None) => version.map(|version| version.value.clone()),
            _ => None,
        }
    }

    /// The version that a record is checked by: its own, else what the name's form suggests.
    fn version_of(&self, record: &Record<'_>) -> Option<&'a Version> {
        let value = record.field(1).map(|field| field.text()).unwrap_or_default();
        version::known(self.standard, &value)
            .or_else(|| self.standard.newest(self.name.has_kinds()))
    }

    fn check_shape(&mut self, layout: Option<&Layout>, record: &Record<'_>) {
        for fault in record.faults() {
            let rule = shape::rule_of(fault.kind);
            if fault.kind == ShapeKind::BlankLine {
                if !std::mem::replace(&mut self.has_blank_line, true) {
                    self.report.add(Entry::new(rule, "").at(fault.record));
                }
                continue;
            }
            let name = layout.and_then(|l| l.item(fault.item)).map_or("", |item| &item.name);
            let entry = Entry::new(rule, "").at(fault.record);
            self.report.add(Entry { item: Some((fault.item, name)), ..entry });
        }
    }

    fn has_all_items(&mut self, layout: &Layout, record: &Record<'_>) -> bool {
        let breach = item_count::check(layout, record);
        let has_all = breach.is_none();
        breach.into_iter().for_each(|breach| self.report.breach(breach));
        has_all
    }

    fn check_items(&mut self, layout: &Layout, record: &Record<'_>) {
        for (item, field) in layout.items.iter().zip(record.fields()) {
            let bytes = field.bytes();
            if self.check_encoding(item, record, &bytes) {
                continue;
            }
            let is_bare_text = text_unquoted::is_bare(item, &field);
            if is_bare_text && !std::mem::replace(&mut self.has_bare_text, true) {
                self.value(&shape::TEXT_UNQUOTED, item, record, &bytes);
            }
            if let Some(breach) = item_check::check(item, &bytes, self.name.kind) {
                let found = ms932::decode_lossy(&bytes);
                let entry = Entry::new(breach.rule, &found).at(record.number()).item(item);
                let (severity, wanted) = (breach.severity, breach.wanted);
                self.report.add(Entry { severity, wanted, ..entry });
            } else if item.is_service_month() {
                self.check_month(item, record, &bytes);
            }
        }
        let row = Row::new(layout, record);
        for rule in rules_of(self.name.kind) {
            if let Some(breach) = rule(&row) {
                self.report.breach(breach);
            }
        }
    }

    /// Whether the value's bytes are at fault.
    fn check_encoding(&mut self, item: &Item, record: &Record<'_>, bytes: &[u8]) -> bool {
        let Some(fault) = ms932::fault(bytes) else { return false };
        let rule = match fault.kind {
            ms932::FaultKind::Broken => &encoding::BROKEN,
            ms932::FaultKind::UserDefined => &encoding::USER_DEFINED,
        };
        let end = bytes.len().min(fault.at + 2);
        let hex: Vec<String> = bytes[fault.at..end].iter().map(|b| format!("{b:02X}")).collect();
        let hex = hex.join(" ");
        self.report.add(Entry::new(rule, &hex).at(record.number()).item(item));
        true
    }

    /// Once a file: the month chosen for export is one cause, however many records there are.
    fn check_month(&mut self, item: &Item, record: &Record<'_>, bytes: &[u8]) {
        let Some(breach) = month_differs::check(self.name, bytes) else { return };
        if !std::mem::replace(&mut self.has_month_fault, true) {
            let found = ms932::decode_lossy(bytes);
            let entry = Entry::new(breach.rule, &found).at(record.number()).item(item);
            self.report.add(Entry { wanted: breach.wanted, ..entry });
        }
    }

    fn value(&mut self, rule: &'static Rule, item: &Item, record: &Record<'_>, bytes: &[u8]) {
        let found = ms932::decode_lossy(bytes);
        self.report.add(Entry::new(rule, &found).at(record.number()).item(item));
    }
}
