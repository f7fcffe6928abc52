//! The check of one file: its name, its encoding, its shape, its version, and every record.

use std::collections::BTreeSet;

use crate::{
    FileFacts, FileKind, FileName, FileRole, Finding, Item, Layout, NameFault, NameMonth, Reading,
    Record, Rule, SendingFile, ServiceKind, ServiceScope, ShapeKind, Standard, Version,
    attachments, item_check,
    keys::Keys,
    ms932, read_records, readable,
    report::{Entry, Report},
    roles,
    row::Row,
    rules::{self, encoding, name as names, record::rules_of, shape, version as versions},
};

/// A value of 202407's own examples; it means that version.
const PRINTED_IN_AN_EXAMPLE: (&str, &str) = ("202404", "202407");

/// How many different versions of one file are looked at.
const VERSIONS_MAX: usize = 8;

/// What was learned of a file, for the check of its unit too.
pub(crate) struct FileCheck {
    pub(crate) facts: FileFacts,
    pub(crate) findings: Vec<Finding>,
    pub(crate) keys: Keys,
}

/// Checks one file.
pub(crate) fn check(standard: &Standard, file: &SendingFile<'_>) -> FileCheck {
    let mut report = Report::new(file.name);
    let mut facts = FileFacts { role: FileRole::Attachment, version: None, records: 0 };
    let mut keys = Keys::default();
    match FileName::parse(file.name) {
        Ok(name) => {
            facts.role = FileRole::Member(name);
            check_name(&name, &mut report);
            if name.kind.is_image() {
                if !file.bytes.starts_with(b"\xFF\xD8\xFF") {
                    report.add(Entry::new(&shape::IMAGE_NOT_JPEG, ""));
                }
            } else {
                keys = check_records(standard, &name, file.bytes, &mut facts, &mut report);
            }
        }
        Err(fault) if is_meant_for_the_standard(file.name) => {
            facts.role = FileRole::Misnamed;
            let entry = Entry::new(name_rule(fault), file.name);
            report.add(entry.wanted(wanted_extension(file.name)));
        }
        Err(_) => attachments::check(file, &mut report),
    }
    FileCheck { facts, findings: report.finish(), keys }
}

/// Whether the name is built as the standard builds names, so that a mistake in it is no other
/// kind of file: a CSV or a file of a known prefix, with an office number or a ファイル連番 in it.
fn is_meant_for_the_standard(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let is_long_number =
        |part: &str| (9..=15).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let has_prefix = FileKind::ALL
        .iter()
        .any(|kind| stem.strip_prefix(kind.prefix()).is_some_and(|rest| rest.starts_with('_')));
    let is_csv = name.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case("csv"));
    (has_prefix || is_csv) && stem.split(['_', ' ']).any(is_long_number)
}

fn name_rule(fault: NameFault) -> &'static Rule {
    match fault {
        NameFault::Extension => &names::EXTENSION,
        NameFault::Prefix => &names::PREFIX,
        NameFault::Parts => &names::PARTS,
        NameFault::Month => &names::MONTH,
        NameFault::Office => &names::OFFICE,
        NameFault::ServiceKind => &names::SERVICE_KIND,
        NameFault::Sequence => &names::SEQUENCE,
        NameFault::Branch => &names::BRANCH,
    }
}

fn wanted_extension(name: &str) -> &'static str {
    if name.starts_with(FileKind::PersonRecordImage.prefix()) { ".jpg" } else { ".CSV" }
}

fn check_name(name: &FileName, report: &mut Report<'_>) {
    if !name.sequence.is_real_time() {
        report.add(Entry::new(&names::SEQUENCE_NOT_A_TIME, name.sequence.as_str()));
    }
    let kinds = [name.from.kind, name.to.kind].into_iter().flatten();
    let is_outside =
        |kind: &ServiceKind| !kind.scope().is_carried() && kind.scope() != ServiceScope::Planner;
    for kind in kinds.filter(is_outside) {
        report.add(Entry::new(&names::SERVICE_KIND_UNKNOWN, kind.as_str()));
    }
    for breach in roles::check(name) {
        report.add(Entry { wanted: breach.wanted, ..Entry::new(breach.rule, &breach.found) });
    }
    if name.month == Some(NameMonth::Zero) && !name.kind.has_month() {
        report.add(Entry::new(&names::UNUSUAL_FORM, "000000"));
    }
}

fn check_records(
    standard: &Standard,
    name: &FileName,
    bytes: &[u8],
    facts: &mut FileFacts,
    report: &mut Report<'_>,
) -> Keys {
    // One cause, one finding: the rest of the check goes on with the text that was meant.
    let readable = readable(bytes);
    if readable.had_mark {
        report.add(Entry::new(&encoding::BYTE_ORDER_MARK, ""));
    }
    if readable.was_utf8 {
        report.add(Entry::new(&encoding::UTF8, ""));
    }
    let reading = read_records(&readable.bytes);
    let mut keys = Keys::default();
    if reading.is_empty() {
        report.add(Entry::new(&shape::EMPTY_FILE, ""));
        return keys;
    }
    let mut file_rules = rules::file_rules(name);
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
            file_rules.iter_mut().for_each(|rule| rule.note(&row));
        }
    }
    for breach in file_rules.iter_mut().flat_map(|rule| rule.breaches()) {
        report.breach(breach);
    }
    keys
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
        // An item's name, or any words at all above a record that begins as records do.
        let is_item_name = |version: &Version| {
            let layout = version.layout(self.name.kind);
            layout.and_then(|layout| layout.item(1)).is_some_and(|item| item.name == first.trim())
        };
        let has_no_digit = !first.is_empty() && !first.bytes().any(|byte| byte.is_ascii_digit());
        let is_above_a_record = has_no_digit
            && second.is_some_and(|value| known_version(self.standard, &value).is_some());
        if is_above_a_record || self.standard.versions().iter().any(is_item_name) {
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
            self.check_version(&record, &value, before.as_deref());
            before.get_or_insert(value);
            if seen.len() == VERSIONS_MAX {
                break;
            }
        }
        let mut resolved = seen.iter().map(|value| known_version(self.standard, value));
        match (resolved.next(), resolved.next()) {
            (Some(version), None) => version.map(|version| version.value.clone()),
            _ => None,
        }
    }

    fn check_version(&mut self, record: &Record<'_>, value: &str, before: Option<&str>) {
        let at =
            |rule| Entry { item: Some((1, "")), ..Entry::new(rule, value).at(record.number()) };
        let Some(version) = known_version(self.standard, value) else {
            let carried = self.standard.versions().iter().map(|version| version.value.as_str());
            let carried = carried.collect::<Vec<_>>().join(", ");
            self.report.add(at(&versions::UNKNOWN).wanted(carried));
            return;
        };
        if let Some(before) = before {
            self.report.add(at(&versions::MIXED).wanted(before));
        }
        if version.value != value {
            self.report.add(at(&versions::AS_PRINTED).wanted(version.value.as_str()));
        }
        if version.names_have_kinds != self.name.has_kinds() {
            self.report.add(Entry::new(&names::FORM_DIFFERS, value));
        }
        if self.name.month.and_then(NameMonth::month).is_some_and(|month| month < version.since) {
            let since = version.since.to_string();
            self.report.add(Entry::new(&versions::BEFORE_SERVICE_MONTH, value).wanted(since));
        }
        if !version.has(self.name.kind) {
            self.report.add(Entry::new(&versions::LAYOUT_MISSING, value));
        }
    }

    /// The version that a record is checked by: its own, else what the name's form suggests.
    fn version_of(&self, record: &Record<'_>) -> Option<&'a Version> {
        let value = record.field(1).map(|field| field.text()).unwrap_or_default();
        known_version(self.standard, &value).or_else(|| self.standard.newest(self.name.has_kinds()))
    }

    fn check_shape(&mut self, layout: Option<&Layout>, record: &Record<'_>) {
        for fault in record.faults() {
            let rule = match fault.kind {
                ShapeKind::StrayQuote => &shape::STRAY_QUOTE,
                ShapeKind::UnclosedQuote => &shape::UNCLOSED_QUOTE,
                ShapeKind::BlankLine => {
                    if !std::mem::replace(&mut self.has_blank_line, true) {
                        self.report.add(Entry::new(&shape::BLANK_LINE, "").at(fault.record));
                    }
                    continue;
                }
            };
            let name = layout.and_then(|l| l.item(fault.item)).map_or("", |item| &item.name);
            let entry = Entry::new(rule, "").at(fault.record);
            self.report.add(Entry { item: Some((fault.item, name)), ..entry });
        }
    }

    fn has_all_items(&mut self, layout: &Layout, record: &Record<'_>) -> bool {
        let (found, wanted) = (record.len(), layout.items.len());
        if found != wanted {
            let entry = Entry::new(&shape::ITEM_COUNT, "").at(record.number());
            let found = found.to_string();
            self.report.add(Entry { found: &found, ..entry.wanted(wanted.to_string()) });
        }
        found == wanted
    }

    fn check_items(&mut self, layout: &Layout, record: &Record<'_>) {
        for (item, field) in layout.items.iter().zip(record.fields()) {
            let bytes = field.bytes();
            if self.check_encoding(item, record, &bytes) {
                continue;
            }
            let is_bare_text = item.is_text() && !field.is_quoted() && !field.is_empty();
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
        let Some(month) = self.name.month.filter(|_| self.name.kind.has_month()) else { return };
        let month = month.to_string();
        if bytes != month.as_bytes() && !std::mem::replace(&mut self.has_month_fault, true) {
            let found = ms932::decode_lossy(bytes);
            let entry = Entry::new(&names::MONTH_DIFFERS, &found).at(record.number());
            self.report.add(entry.item(item).wanted(month));
        }
    }

    fn value(&mut self, rule: &'static Rule, item: &Item, record: &Record<'_>, bytes: &[u8]) {
        let found = ms932::decode_lossy(bytes);
        self.report.add(Entry::new(rule, &found).at(record.number()).item(item));
    }
}

/// The version of this value, or the one that an example of the published text means by it.
fn known_version<'s>(standard: &'s Standard, value: &str) -> Option<&'s Version> {
    let (printed, meant) = PRINTED_IN_AN_EXAMPLE;
    let meant = || (value == printed).then(|| standard.version(meant)).flatten();
    standard.version(value).or_else(meant)
}
